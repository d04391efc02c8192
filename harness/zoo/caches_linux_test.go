package zoo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"text/template"
	"time"
)

// kind is one real cache, as Debian packages it.
type kind struct {
	name, binary, ending string
	args                 func(dir, config, listen string) []string
}

func kinds() []kind {
	return []kind{
		{"varnish", "varnishd", ".vcl", func(dir, config, listen string) []string {
			return []string{"-F", "-a", listen, "-f", config, "-n", filepath.Join(dir, "work"), "-s", "malloc,16m", "-j", "none", "-T", "none",
				"-p", "thread_pools=1", "-p", "thread_pool_min=20", "-p", "thread_pool_max=200", "-p", "vsl_space=1M"}
		}},
		{"nginx", "nginx", ".conf", func(dir, config, _ string) []string {
			return []string{"-p", dir, "-c", config, "-e", "stderr"}
		}},
	}
}

// find is the cache's program. Debian keeps both in a folder that only root has
// in its path.
func (k kind) find() (string, error) {
	path, err := exec.LookPath(k.binary)
	if err != nil {
		path, err = exec.LookPath(filepath.Join("/usr/sbin", k.binary))
	}
	if err != nil {
		return "", fmt.Errorf("find %s: %w", k.name, err)
	}
	return path, nil
}

// settings are what the configurations are filled in with.
type settings struct {
	Origin, Host, Port string // of the shop
	Listen             string // where the cache is to listen
	Dir                string // where it may write
	Mute               bool   // it sends no header of its own that tells a copy
}

// mostTries is how often a cache is started: between finding a free port and
// its listening there, somebody else may take it.
const mostTries = 5

// before opens a cache before a shop. The caller stops it, also when ctx has
// ended before.
func (k kind) before(ctx context.Context, dir, origin, rules string, mute bool) (*process, error) {
	binary, err := k.find()
	if err != nil {
		return nil, err
	}
	shop, err := url.Parse(origin)
	if err != nil {
		return nil, fmt.Errorf("read address of the shop: %w", err)
	}
	for try := 1; ; try++ {
		s := settings{Origin: shop.Host, Host: shop.Hostname(), Port: shop.Port(), Dir: filepath.Join(dir, strconv.Itoa(try)), Mute: mute}
		p, err := k.start(binary, s, rules)
		if err != nil {
			return nil, err
		}
		if err = p.ready(ctx); err == nil {
			return p, nil
		}
		p.stop()
		if try == mostTries {
			return nil, fmt.Errorf("open %s: %w; it said:\n%s", k.name, err, p.log)
		}
	}
}

// start runs the cache with a configuration made of its frame and the rules.
func (k kind) start(binary string, s settings, rules string) (*process, error) {
	var err error
	if s.Listen, err = freePort(); err != nil {
		return nil, err
	}
	config := filepath.Join(s.Dir, "config"+k.ending)
	text, err := k.configuration(s, rules)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.MkdirAll(s.Dir, 0o700), os.WriteFile(config, text, 0o600)); err != nil {
		return nil, fmt.Errorf("write configuration: %w", err)
	}
	return startProcess("http://"+s.Listen, exec.Command(binary, k.args(s.Dir, config, s.Listen)...)) //nolint:gosec // a program that was looked for by its name
}

func (k kind) configuration(s settings, rules string) ([]byte, error) {
	folder := filepath.Join("testdata", "caches")
	frame, err := template.ParseFiles(filepath.Join(folder, k.name+k.ending+".tmpl"), filepath.Join(folder, k.name, rules+k.ending+".tmpl"))
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	var b bytes.Buffer
	if err := frame.Execute(&b, s); err != nil {
		return nil, fmt.Errorf("fill in configuration: %w", err)
	}
	return b.Bytes(), nil
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }() // it has served its purpose
	return l.Addr().String(), nil
}

// process is a cache that runs, with all that it starts.
type process struct {
	base  string // address that it serves at
	cmd   *exec.Cmd
	log   *lockedBuffer
	ended chan struct{} // closed once it has ended and was waited for
}

// startProcess runs a command in a group of its own; the kernel ends it should
// the test be killed.
func startProcess(base string, cmd *exec.Cmd) (*process, error) {
	p := &process{base: base, cmd: cmd, log: &lockedBuffer{}, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.log, p.log
	cmd.WaitDelay = 2 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	started := make(chan error)
	go func() {
		// The kernel watches the thread that started it, not the process: so
		// that thread waits for it as well.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // a cache that is told to end ends with a signal
		}
		close(p.ended)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	return p, nil
}

// stop ends the process and its children: by asking, and where that takes too
// long, at once.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(5 * time.Second):
	}
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // its children, too; none is left as a rule
	<-p.ended
}

var errEnded = errors.New("it ended")

// ready waits until the shop answers through the cache.
func (p *process) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+"/healthz", nil)
		if err != nil {
			return fmt.Errorf("ask %s: %w", p.base, err)
		}
		resp, err := client.Do(r)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-p.ended:
			return errEnded
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", p.base, ctx.Err())
		case <-tick.C:
		}
	}
}
