package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fakeMachine is a machine on which nothing real is run. What it has and can
// do is said by its fields; what was done to it is in done.
type fakeMachine struct {
	mu       sync.Mutex
	programs map[string]string // name or path → path
	scripts  map[string]bool
	broken   map[string]error // path → why it does not run
	env      map[string]string
	cache    string   // rod's earlier download
	download string   // what downloading gives; empty: it fails
	installs []string // packages that can be had, each bringing the program of its name
	fresh    bool     // lists were updated
	stale    bool     // lists must be updated first
	done     []string
}

func (f *fakeMachine) machine(t testing.TB) machine {
	return machine{
		goos: "linux", root: true, lockFile: filepath.Join(t.TempDir(), "lock"),
		getenv: func(name string) string { return f.env[name] },
		lookPath: func(name string) (string, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			if p, ok := f.programs[name]; ok {
				return p, nil
			}
			return "", exec.ErrNotFound
		},
		isScript: func(path string) bool { return f.scripts[path] },
		version: func(_ context.Context, path string) (string, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			return "Chromium 1 (" + path + ")", f.broken[path]
		},
		downloaded: func() string { return f.cache },
		download: func(ctx context.Context, _ io.Writer) (string, error) {
			f.did("download")
			if f.download == "hangs" {
				<-ctx.Done()
				return "", ctx.Err()
			}
			if f.download == "" {
				return "", errors.New("no host answers")
			}
			return f.download, nil
		},
		run:    f.run,
		limits: limits{lock: 100 * time.Millisecond, download: 50 * time.Millisecond, update: 50 * time.Millisecond, install: 50 * time.Millisecond},
	}
}

func (f *fakeMachine) did(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done = append(f.done, what)
}

// run is every command: the last word of an install is the package.
func (f *fakeMachine) run(ctx context.Context, _ io.Writer, name string, args ...string) error {
	command := strings.Join(append([]string{name}, args...), " ")
	f.did(command)
	wanted := args[len(args)-1]
	if wanted == "update" {
		f.fresh = f.broken[wanted] == nil
		return f.broken[wanted]
	}
	if name == "sudo" && wanted == "true" {
		return f.broken["sudo"]
	}
	if err := f.broken[wanted]; err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, can := range f.installs {
		if can == "hangs" {
			<-ctx.Done()
			return ctx.Err()
		}
		if can == wanted && (f.fresh || !f.stale) {
			f.programs[can] = "/usr/bin/" + can
			return nil
		}
	}
	return fmt.Errorf("exit status 100; it printed:\nE: Unable to locate package %s", wanted)
}

func (f *fakeMachine) provide(t testing.TB, w Want) (Binary, string, error) {
	t.Helper()
	if f.programs == nil {
		f.programs = map[string]string{}
	}
	log := &ledger{}
	w.Log = log
	b, err := newSearch(w, f.machine(t)).provide(soon(t))
	return b, log.String(), err
}

func TestABrowserIsLookedForInThePromisedOrder(t *testing.T) {
	shell, chrome := "/usr/lib/chromium/chromium-headless-shell", "google-chrome-stable"
	all := func() map[string]string {
		return map[string]string{"mine": "/home/me/mine", shell: shell, chrome: "/opt/chrome", "apt-get": "/usr/bin/apt-get"}
	}
	cases := map[string]struct {
		machine *fakeMachine
		want    Want
		path    string
		done    []string
	}{
		"the one given comes first":             {&fakeMachine{programs: all()}, Want{Path: "mine"}, "/home/me/mine", nil},
		"the one in the environment is given":   {&fakeMachine{programs: all(), env: map[string]string{"CROSSTALK_BROWSER": "mine"}}, Want{}, "/home/me/mine", nil},
		"an address is taken as it is":          {&fakeMachine{}, Want{Path: "ws://grid:9222/x"}, "ws://grid:9222/x", nil},
		"a headless shell before a browser":     {&fakeMachine{programs: all()}, Want{}, shell, nil},
		"a full browser where one is wanted":    {&fakeMachine{programs: all()}, Want{Full: true}, "/opt/chrome", nil},
		"a broken shell is passed over":         {&fakeMachine{programs: all(), broken: map[string]error{shell: errors.New("no libnss3")}}, Want{}, "/opt/chrome", nil},
		"an installed one before a download":    {&fakeMachine{programs: all(), cache: "/cache/chrome"}, Want{}, shell, nil},
		"an earlier download before a new one":  {&fakeMachine{cache: "/cache/chrome", download: "/new/chrome"}, Want{}, "/cache/chrome", nil},
		"a broken download is downloaded again": {&fakeMachine{cache: "/cache/chrome", download: "/new/chrome", broken: map[string]error{"/cache/chrome": errors.New("half")}}, Want{}, "/new/chrome", []string{"download"}},
		"a download before the package manager": {&fakeMachine{programs: map[string]string{"apt-get": "/usr/bin/apt-get"}, download: "/new/chrome", installs: []string{"chromium"}}, Want{}, "/new/chrome", []string{"download"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b, log, err := c.machine.provide(t, c.want)
			require.NoError(t, err, log)
			require.Equal(t, c.path, b.Path)
			require.NotEmpty(t, b.How)
			require.Equal(t, c.done, c.machine.done)
		})
	}
}

func TestAWrapperScriptIsReplacedByWhatItStarts(t *testing.T) {
	f := &fakeMachine{
		programs: map[string]string{
			"chromium-headless-shell":                   "/usr/bin/chromium-headless-shell",
			"/usr/lib/chromium/chromium-headless-shell": "/usr/lib/chromium/chromium-headless-shell",
			"own": "/home/me/own",
		},
		scripts: map[string]bool{"/usr/bin/chromium-headless-shell": true, "/home/me/own": true},
	}
	b, _, err := f.provide(t, Want{Path: "chromium-headless-shell"})
	require.NoError(t, err)
	require.Equal(t, "/usr/lib/chromium/chromium-headless-shell", b.Path)
	b, _, err = f.provide(t, Want{Path: "own"})
	require.NoError(t, err)
	require.Equal(t, "/home/me/own", b.Path, "a script of the user's own is their choice")
}
