package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/go-rod/rod/lib/launcher"
	"github.com/ysmood/fetchup"
)

// machine is what Provide asks of the machine it runs on; tests give another.
type machine struct {
	goos       string
	root       bool
	lockFile   string // beside it nobody else installs
	getenv     func(name string) string
	lookPath   func(name string) (string, error)
	isScript   func(path string) bool
	version    func(ctx context.Context, path string) (string, error)
	downloaded func() string // rod's download, when it is there
	download   func(ctx context.Context, log io.Writer) (string, error)
	run        func(ctx context.Context, out io.Writer, name string, args ...string) error
	limits     limits
}

// limits are the deadlines of what takes long.
type limits struct {
	lock     time.Duration // until the other crosstalk has installed its browser
	download time.Duration
	update   time.Duration // of the package manager's lists
	install  time.Duration
}

func thisMachine() machine {
	return machine{
		goos: runtime.GOOS, root: os.Geteuid() == 0, lockFile: lockFile(),
		getenv: os.Getenv, lookPath: exec.LookPath, isScript: isScript,
		version: versionOf, downloaded: downloaded, download: download, run: runProgram,
		limits: limits{lock: 20 * time.Minute, download: 5 * time.Minute, update: 3 * time.Minute, install: 10 * time.Minute},
	}
}

// lockFile stands in the user's cache, or where that can't be, in the
// temporary folder.
func lockFile() string {
	if cache, err := os.UserCacheDir(); err == nil {
		dir := filepath.Join(cache, "crosstalk")
		if os.MkdirAll(dir, 0o755) == nil {
			return filepath.Join(dir, "browser.lock")
		}
	}
	return filepath.Join(os.TempDir(), "crosstalk-browser.lock")
}

// isScript reports whether a program begins with "#!".
func isScript(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	var start [2]byte
	_, err = io.ReadFull(f, start[:])
	return err == nil && string(start[:]) == "#!"
}

// versionOf asks a program for its version. On Windows Chrome would open a
// window instead: there it is enough that it is there.
func versionOf(ctx context.Context, path string) (string, error) {
	if runtime.GOOS == "windows" {
		return strings.TrimSuffix(filepath.Base(path), ".exe"), nil
	}
	var out bytes.Buffer
	if err := runProgram(ctx, &out, path, "--version"); err != nil {
		return "", fmt.Errorf("%s does not run: %w", path, err)
	}
	line, _, _ := strings.Cut(strings.TrimSpace(out.String()), "\n")
	if !strings.ContainsAny(line, "0123456789") {
		return "", fmt.Errorf("%s is no browser: asked for its version it says %q", path, line)
	}
	return strings.TrimSpace(line), nil
}

// runProgram runs a program to its end, or kills it with all that it started
// when ctx ends. The error carries the end of what it printed.
func runProgram(ctx context.Context, out io.Writer, name string, args ...string) error {
	kept := newTail(out)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = kept, kept
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "HOMEBREW_NO_AUTO_UPDATE=1")
	cmd.WaitDelay = time.Second
	ownGroup(cmd)
	cmd.Cancel = func() error {
		killGroup(cmd.Process.Pid)
		return cmd.Process.Kill()
	}
	err := cmd.Run()
	if ctx.Err() != nil {
		err = fmt.Errorf("no end in time: %w", ctx.Err())
	}
	if text := kept.text(); err != nil && text != "" {
		err = fmt.Errorf("%w; it printed:\n%s", err, text)
	}
	return err
}

// downloaded is the browser that rod downloaded earlier; empty when it didn't.
func downloaded() string {
	path := launcher.NewBrowser().BinPath()
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return ""
	}
	return path
}

// download lets rod download its browser, into a folder beside the final one:
// what stands there is always whole.
func download(ctx context.Context, out io.Writer) (string, error) {
	final := launcher.NewBrowser()
	if err := os.MkdirAll(final.RootDir, 0o755); err != nil {
		return "", fmt.Errorf("make download folder: %w", err)
	}
	part, err := os.MkdirTemp(final.RootDir, "part-")
	if err != nil {
		return "", fmt.Errorf("make download folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(part) }()
	b := launcher.NewBrowser()
	b.RootDir, b.Context, b.Logger = part, ctx, progress{out}
	if err := b.Download(); err != nil {
		var nobody *fetchup.ErrNoURLs
		switch {
		case ctx.Err() != nil:
			err = fmt.Errorf("no end in time: %w", ctx.Err())
		case errors.As(err, &nobody):
			err = errors.New("none of the hosts that rod knows has answered with a browser")
		}
		return "", err
	}
	_ = os.RemoveAll(final.Dir())
	if err := os.Rename(b.Dir(), final.Dir()); err != nil {
		return "", fmt.Errorf("keep download: %w", err)
	}
	return final.BinPath(), nil
}

// progress prints rod's news about a download.
type progress struct{ out io.Writer }

// Println makes it a logger of rod's.
func (p progress) Println(news ...any) {
	_, _ = fmt.Fprint(p.out, "browser: ", fmt.Sprintln(news...))
}
