package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"sync"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
)

const (
	// launchLimit is how long a browser may take to start and answer.
	launchLimit = 45 * time.Second
	// shutdownLimit is how long closing may take altogether.
	shutdownLimit = 5 * time.Second
)

// Options say how a browser is started. The zero value of every field but
// Binary is usable.
type Options struct {
	Binary  Binary        // from Provide
	Headed  bool          // with a window; needs the full browser
	Proxy   string        // URL of a proxy for everything, loopback included; empty: none
	Resolve []string      // HOST:IP pairs that replace name resolution
	Profile string        // folder of user data that is kept; empty: a fresh one, removed by Close
	Timeout time.Duration // for starting and the first answer; 0: 45 s
	Log     io.Writer     // gets what the browser prints; nil: nobody
	// TrustedKeys are base64 SHA-256 hashes of public keys whose certificates
	// are accepted though nobody vouches for them: of a server of one's own.
	TrustedKeys []string

	pace pace // zero: the usual one
}

// Browser is one running Chromium and the connection to it. Its methods may
// be called from any goroutine.
type Browser struct {
	binary  Binary
	version string
	remote  bool // found running; not ours to end
	sandbox bool
	proxy   string // for each context of a remote browser

	rod     *rod.Browser
	conn    *connection
	process *process // nil when remote
	profile *profile // nil when remote
	end     context.CancelFunc

	closing sync.Once
	closed  error
}

// Launch starts the browser, or connects to it where Binary names an address,
// and returns when it answers. ctx bounds the start alone: the browser lives
// until Close. Whatever fails, nothing is left running.
func Launch(ctx context.Context, o Options) (*Browser, error) {
	if o.Timeout == 0 {
		o.Timeout = launchLimit
	}
	if o.pace == (pace{}) {
		o.pace = usualPace()
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	b := &Browser{binary: o.Binary, remote: isAddress(o.Binary.Path), sandbox: needsNoSandbox() == ""}
	if err := b.launch(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("launch browser %s: %w", shown(o.Binary.Path), err), b.Close()) //nolint:contextcheck // a launch that was given up is cleaned up too
	}
	return b, nil
}

func (b *Browser) launch(ctx context.Context, o Options) error {
	endpoint, err := b.endpoint(ctx, o)
	if err != nil {
		return err
	}
	if b.conn, err = dial(ctx, endpoint, o.pace, b.explain); err != nil {
		return err
	}
	// A launch that is given up must not wait for the connection's own limit.
	giveUp := context.AfterFunc(ctx, func() { b.conn.lose("browser did not answer in time", ctx.Err()) })
	defer giveUp()
	return b.attach(ctx)
}

// endpoint is where the browser is to be spoken to.
func (b *Browser) endpoint(ctx context.Context, o Options) (string, error) {
	if b.remote {
		if o.Headed || o.Profile != "" || len(o.Resolve) > 0 {
			return "", errors.New("a window, a profile and resolving of names can only be had from a browser that crosstalk starts")
		}
		b.proxy = o.Proxy
		return endpointOf(ctx, o.Binary.Path)
	}
	if o.Headed && isShell(o.Binary.Path) {
		return "", errors.New("a headless shell has no window: give a full Chrome or Chromium")
	}
	return b.start(ctx, o)
}

// start starts the process and waits until it listens.
func (b *Browser) start(ctx context.Context, o Options) (string, error) {
	var err error
	if b.profile, err = newProfile(o.Profile); err != nil {
		return "", err
	}
	args, err := arguments(o, b.profile.dir, b.sandbox)
	if err != nil {
		return "", err
	}
	if b.process, err = startProcess(o.Binary.Path, args, b.profile.environment(isShell(o.Binary.Path)), o.Log); err != nil {
		return "", err
	}
	return b.process.address(ctx)
}

// attach gives the connection to rod and asks who is there.
func (b *Browser) attach(ctx context.Context) error {
	var life context.Context
	life, b.end = context.WithCancel(context.WithoutCancel(ctx))
	// rod takes settings from the environment: none of them is for us.
	b.rod = rod.New().Client(b.conn).ControlURL("").Monitor("").Trace(false).SlowMotion(0).
		NoDefaultDevice().Logger(log.New(io.Discard, "", 0)).Context(life)
	if err := b.rod.Connect(); err != nil {
		return fmt.Errorf("greet it: %w", err)
	}
	v, err := proto.BrowserGetVersion{}.Call(b.rod)
	if err != nil {
		return fmt.Errorf("ask its version: %w", err)
	}
	b.version = v.Product
	return nil
}

func (b *Browser) explain(err error) error {
	if b.process == nil {
		return err
	}
	return b.process.explain(err)
}

// Rod is the browser as rod sees it, with a context that lives until Close.
func (b *Browser) Rod() *rod.Browser { return b.rod }

// Version is the product and version that the browser says it is.
func (b *Browser) Version() string { return b.version }

// Lost is closed when the browser can't be used any more: its process or
// connection died, it stopped answering, or it was closed.
func (b *Browser) Lost() <-chan struct{} { return b.conn.lost }

// Err says why the browser was lost, in an error that wraps history.ErrLost;
// nil while it is well.
func (b *Browser) Err() error {
	select {
	case <-b.conn.lost:
		return b.conn.err
	default:
		return nil
	}
}

// NewContext makes an incognito context: a browser of its own, with cookies,
// storage, caches and connections of its own. It is gone with DisposeContext
// or when the connection ends.
func (b *Browser) NewContext(ctx context.Context) (proto.BrowserBrowserContextID, error) {
	var id proto.BrowserBrowserContextID
	err := do(ctx, "make a browser context", func(ctx context.Context) error {
		made, err := proto.TargetCreateBrowserContext{DisposeOnDetach: true, ProxyServer: b.proxy}.Call(b.rod.Context(ctx))
		if err == nil {
			id = made.BrowserContextID
		}
		return err
	})
	return id, err
}

// DisposeContext ends a context with all its pages, without asking them.
func (b *Browser) DisposeContext(ctx context.Context, id proto.BrowserBrowserContextID) error {
	return doOnce(ctx, "dispose of a browser context", func(ctx context.Context) error {
		return proto.TargetDisposeBrowserContext{BrowserContextID: id}.Call(b.rod.Context(ctx))
	})
}

// Close ends the browser with all its processes, waits for them and removes
// its profile. A browser that was found running is only left, with all
// contexts of ours disposed. It takes at most about five seconds, may be
// called more than once, and returns the same error then.
func (b *Browser) Close() error {
	b.closing.Do(func() { b.closed = b.close() })
	return b.closed
}

func (b *Browser) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownLimit)
	defer cancel()
	if b.conn != nil {
		b.conn.close()
	}
	if b.end != nil {
		b.end()
	}
	var errs []error
	if b.process != nil {
		errs = append(errs, b.process.kill(ctx))
	}
	if b.profile != nil {
		errs = append(errs, b.profile.remove(ctx))
	}
	return errors.Join(errs...)
}

// needsNoSandbox says why the sandbox has to be off; empty when it is on.
// Chromium refuses to start as root with it.
func needsNoSandbox() string {
	if os.Geteuid() == 0 {
		return "running as root, where Chromium refuses to start with it"
	}
	return ""
}
