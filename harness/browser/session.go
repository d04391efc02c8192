package browser

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// openLimit is how long a session may take to get its page.
	openLimit = 20 * time.Second
	// sessionCloseLimit is how long Close may take in all, and lastLookLimit how
	// much of that the last look may take.
	sessionCloseLimit = 3 * time.Second
	lastLookLimit     = 2 * time.Second
)

// Session is one customer's browser: a context, and a page in it, that nobody
// used before and nobody will use afterwards. Its methods are for one
// goroutine at a time.
type Session struct {
	driver     *Driver
	spec       history.SessionSpec
	options    DriverOptions
	targetHost string
	contextID  proto.BrowserBrowserContextID
	folder     string // uploads and downloads, removed at Close
	inbox      *inbox
	main       *target
	ready      chan struct{} // closed when main is set and can be used
	watch      *observer
	guard      guard
	excess     excess
	downloads  downloads
	notices    notices
	flashes    flashes
	frames     frames
	storage    storage
	cookies    string                // the jar as it was last recorded
	shown      *pageView             // read by the step under way, not recorded yet
	turns      turns                 // who uses the session
	network    atomic.Pointer[order] // how bad the network is made; nil: it is normal
	handed     chan struct{}         // the page told that it has told everything, at a handover
	left       atomic.Bool           // the plan closed the tab

	ctx    context.Context // from Open to Close or loss
	cancel context.CancelCauseFunc
	tasks  sync.WaitGroup

	closing   atomic.Bool
	preparing atomic.Int32 // targets that were attached and do not run yet
	mu        sync.Mutex
	targets   map[proto.TargetSessionID]*target
	holds     map[proto.TargetTargetID]*target // pages that are held until their tab has told of them
	lossErr   error

	attachedSoFar int // targets, under mu
}

// Open begins a session: a fresh context with an empty jar and one empty page
// that is guarded and observed before its first request. An error means that
// the browser is lost, or did not give a page within 20 s.
func (d *Driver) Open(ctx context.Context, spec history.SessionSpec) (*Session, error) {
	return d.open(ctx, spec, d.options)
}

func (d *Driver) open(ctx context.Context, spec history.SessionSpec, o DriverOptions) (*Session, error) {
	ctx, cancel := context.WithTimeout(ctx, openLimit)
	defer cancel()
	if err := d.start(ctx); err != nil {
		return nil, fmt.Errorf("open session %s: %w", spec.Session.ID, err)
	}
	d.giveRoom(ctx)
	s, err := d.newSession(spec, o) //nolint:contextcheck // a session outlives its opening
	if err != nil {
		return nil, fmt.Errorf("open session %s: %w", spec.Session.ID, err)
	}
	if err := s.openPage(ctx); err != nil {
		_ = s.Close(ctx) // the error that matters is why it could not be opened
		return nil, fmt.Errorf("open session %s: %w", spec.Session.ID, err)
	}
	return s, nil
}

func (d *Driver) newSession(spec history.SessionSpec, o DriverOptions) (*Session, error) {
	shop, err := url.Parse(spec.Target)
	if err != nil {
		return nil, fmt.Errorf("parse target: %w", err)
	}
	spec.Session.Customer = cmp.Or(spec.Session.Customer, history.Nobody)
	folder, err := os.MkdirTemp("", "crosstalk-session-")
	if err != nil {
		return nil, fmt.Errorf("make folder for files: %w", err)
	}
	s := &Session{
		driver: d, spec: spec, options: o.withDefaults(), targetHost: shop.Host, folder: folder,
		inbox: newInbox(), ready: make(chan struct{}), targets: map[proto.TargetSessionID]*target{},
		holds: map[proto.TargetTargetID]*target{}, handed: make(chan struct{}, 1),
	}
	s.turns.begin(spec.Sink.Now(), spec.Session.Customer)
	s.flashes.whose, s.notices.whose = s.turns.now, s.turns.now
	s.ctx, s.cancel = context.WithCancelCause(d.ctx)
	s.watch = newObserver(s)
	s.tasks.Add(1)
	go s.listen()
	return s, nil
}

// openPage makes context and page and waits until the page can be used.
func (s *Session) openPage(ctx context.Context) error {
	id, err := s.driver.browser.NewContext(ctx)
	if err != nil {
		return fmt.Errorf("create context: %w", err)
	}
	s.contextID = id
	s.driver.register(s)
	if err := s.acceptDownloads(ctx); err != nil {
		return err
	}
	page := proto.TargetCreateTarget{URL: "about:blank", BrowserContextID: id}
	if err := callOnceOn(ctx, s.driver.browser.conn, "", page, nil); err != nil {
		return fmt.Errorf("create page: %w", err)
	}
	select {
	case <-s.ready:
		return nil
	case <-s.ctx.Done():
		return context.Cause(s.ctx) //nolint:contextcheck // why the session ended
	case <-ctx.Done():
		return fmt.Errorf("wait for the page: %w", ctx.Err())
	}
}

// lose ends the session before its time, once. A tab that is gone because its
// browser is was lost with it, whoever notices first.
func (s *Session) lose(what, reason string) {
	if err := s.driver.browser.Err(); err != nil {
		what, reason = "browser", describeLoss(err)
	}
	s.mu.Lock()
	if s.lossErr != nil || s.closing.Load() || s.left.Load() {
		s.mu.Unlock()
		return
	}
	s.lossErr = lost(what+" lost", errors.New(reason))
	s.mu.Unlock()
	s.spec.Sink.Lost(history.Lost{Session: s.spec.Session.ID, What: what, Reason: reason})
	s.cancel(s.lossErr)
}

// loss is why the session cannot go on; nil while it can.
func (s *Session) loss() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lossErr
}

// spawn runs f beside the session's steps; Close waits for it. f gets a
// context that ends with the session, or after limit.
func (s *Session) spawn(limit time.Duration, f func(ctx context.Context)) {
	s.tasks.Add(1)
	go func() {
		defer s.tasks.Done()
		ctx, cancel := context.WithTimeout(s.ctx, limit)
		defer cancel()
		f(ctx)
	}()
}

// Close records what is still on its way, ends the session and disposes of
// its context. It takes 3 s at most and may be called once; a context that is
// not gone by then ends in the background.
func (s *Session) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sessionCloseLimit)
	defer cancel()
	if s.loss() == nil && s.contextID != "" {
		s.seeOff(ctx)
	}
	s.closing.Store(true)
	err := s.driver.dispose(ctx, s.contextID, s.folder)
	s.cancel(errClosed)
	s.tasks.Wait()
	s.recordTold(s.ctx, &s.flashes.told) //nolint:contextcheck // nobody can take a picture of what has ended
	s.recordTold(s.ctx, &s.notices.told) //nolint:contextcheck // likewise
	s.watch.finish()
	s.driver.forget(s)
	return err
}

// seeOff records what is still on its way. A page that answers nothing must
// leave the time to end it.
func (s *Session) seeOff(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lastLookLimit)
	defer cancel()
	s.watch.letAllGo()
	if s.left.Load() {
		s.seeOffLeft(ctx)
	}
	s.watch.drain(ctx)
	s.lastLook(ctx)
	s.recordUnfinished()
}

// errClosed is why a closed session's own context ended.
var errClosed = errors.New("session closed")
