package browser

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// DriverOptions say how a Driver's sessions behave.
type DriverOptions struct {
	StepTimeout time.Duration    // of a step that names none; zero: scenarios.DefaultStepTimeout
	Header      []history.Header // sent with every request to the target's own host, and to no other
	Files       string           // folder that the files of upload steps are relative to; empty: the working folder
	Quiet       time.Duration    // how long the network must be silent before a page counts as settled; zero: 100 ms
	SettleCap   time.Duration    // how long a page that never falls silent is waited for; zero: 2 s
	Assets      *Assets          // what the run knows of files that all are given; nil: every one is read

	handOut time.Duration // how long a cut may be put off by asking for what came so far; zero: 50 ms
}

func (o DriverOptions) withDefaults() DriverOptions {
	for _, d := range []struct {
		value *time.Duration
		usual time.Duration
	}{
		{&o.StepTimeout, scenarios.DefaultStepTimeout},
		{&o.Quiet, 100 * time.Millisecond},
		{&o.SettleCap, 2 * time.Second},
		{&o.handOut, 50 * time.Millisecond},
	} {
		if *d.value <= 0 {
			*d.value = d.usual
		}
	}
	return o
}

// Driver opens sessions in one browser and sorts the browser's events to
// them. It reads them once for all sessions: rod would hand every event to
// every page.
type Driver struct {
	browser *Browser
	options DriverOptions

	begin    sync.Once
	beginErr error
	tabs     bool            // the browser tells of tabs; not changed after start
	ctx      context.Context // the driver's own lifetime
	cancel   context.CancelFunc
	tasks    sync.WaitGroup
	overdue  atomic.Int32 // contexts that are ending in the background

	mu       sync.Mutex
	contexts map[proto.BrowserBrowserContextID]*Session
	channels map[proto.TargetSessionID]*Session // which session a protocol channel belongs to
}

// NewDriver is a driver of sessions in b. Close it before b.
func NewDriver(b *Browser, o DriverOptions) *Driver {
	d := &Driver{
		browser: b, options: o.withDefaults(),
		contexts: map[proto.BrowserBrowserContextID]*Session{},
		channels: map[proto.TargetSessionID]*Session{},
	}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	return d
}

// Close ends what the driver does in the background. Its sessions must have
// been closed.
func (d *Driver) Close() {
	d.cancel()
	d.tasks.Wait()
}

// start listens to the browser and asks it to hold every new page until its
// session has put up guard and observation: a pop-up's first request too.
func (d *Driver) start(ctx context.Context) error {
	d.begin.Do(func() {
		events := d.browser.Rod().Context(d.ctx).Event() //nolint:contextcheck // the driver outlives its first session
		d.tasks.Add(1)
		go d.sort(events)
		d.beginErr = d.call(ctx, proto.TargetSetAutoAttach{
			AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: true,
			Filter: proto.TargetTargetFilter{
				{Type: "page"}, {Type: "service_worker"}, {Type: "shared_worker"}, {Exclude: true},
			},
		}, nil)
		if d.beginErr == nil {
			d.beginErr = d.startTabs(ctx)
		}
		var answer *cdp.Error
		if d.tabs = d.beginErr == nil; errors.As(d.beginErr, &answer) {
			d.beginErr = nil // an older browser tells of pages alone
		}
	})
	return d.beginErr
}

// startTabs asks for the tabs too, over a channel of their own: only a tab
// tells of the pages that are made ready in it before anybody sees them, and
// one channel may not report both tabs and pages. See hold for why both are
// needed.
func (d *Driver) startTabs(ctx context.Context) error {
	var beside proto.TargetAttachToBrowserTargetResult
	if err := d.call(ctx, proto.TargetAttachToBrowserTarget{}, &beside); err != nil {
		return err
	}
	return callOn(ctx, d.browser.conn, beside.SessionID, proto.TargetSetAutoAttach{
		AutoAttach: true, Flatten: true,
		Filter: proto.TargetTargetFilter{{Type: string(kindTab)}, {Exclude: true}},
	}, nil)
}

// sort hands each event to the session it belongs to, in order, and never
// waits for one.
func (d *Driver) sort(events <-chan *rod.Message) {
	defer d.tasks.Done()
	for m := range events {
		d.route(m)
	}
}

func (d *Driver) route(m *rod.Message) {
	switch m.Method {
	case "Target.attachedToTarget":
		d.adopt(m)
	case "Target.detachedFromTarget":
		d.abandon(m)
	case "Browser.downloadWillBegin", "Browser.downloadProgress":
		for _, s := range d.sessions() {
			s.inbox.put(m)
		}
	default:
		if m.SessionID == "" {
			return
		}
		if s := d.owner(m.SessionID); s != nil {
			s.inbox.put(m)
		}
	}
}

// adopt gives a new target to the session whose context it lives in, and lets
// everybody else's go on undisturbed.
func (d *Driver) adopt(m *rod.Message) {
	var e proto.TargetAttachedToTarget
	if !load(m, &e) || e.TargetInfo == nil || e.TargetInfo.Type == proto.TargetTargetInfoTypeBrowser {
		return // the browser itself is the channel that tells of tabs
	}
	d.mu.Lock()
	s := d.contexts[e.TargetInfo.BrowserContextID]
	if s == nil && m.SessionID != "" {
		s = d.channels[m.SessionID]
	}
	if s != nil {
		d.channels[e.SessionID] = s
	}
	d.mu.Unlock()
	if s != nil {
		s.inbox.put(m)
		return
	}
	d.letGo(m.SessionID, e.SessionID, e.WaitingForDebugger)
}

// letGo releases a target that parent's channel reported, and waits for nothing.
func (d *Driver) letGo(parent, id proto.TargetSessionID, waiting bool) {
	d.mu.Lock()
	delete(d.channels, id)
	d.mu.Unlock()
	d.tasks.Add(1)
	go d.release(parent, id, waiting)
}

// abandon tells a target's session that it is gone, and forgets its channel: a
// page may open and close pop-ups without end.
func (d *Driver) abandon(m *rod.Message) {
	var e proto.TargetDetachedFromTarget
	if !load(m, &e) {
		return
	}
	d.mu.Lock()
	s := d.channels[e.SessionID]
	delete(d.channels, e.SessionID)
	d.mu.Unlock()
	if s != nil {
		s.inbox.put(m)
	}
}

// release lets a target run that is not observed.
func (d *Driver) release(parent, id proto.TargetSessionID, waiting bool) {
	defer d.tasks.Done()
	ctx, cancel := context.WithTimeout(d.ctx, releaseLimit)
	defer cancel()
	// The target may be gone already, and then there is nothing to let go.
	if waiting {
		_ = proto.RuntimeRunIfWaitingForDebugger{}.Call(wire{d.browser.conn, ctx, id})
	}
	_ = proto.TargetDetachFromTarget{SessionID: id}.Call(wire{d.browser.conn, ctx, parent})
}

func (d *Driver) owner(id proto.TargetSessionID) *Session {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.channels[id]
}

func (d *Driver) sessions() []*Session {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Collect(maps.Values(d.contexts))
}

func (d *Driver) register(s *Session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.contexts[s.contextID] = s
}

func (d *Driver) forget(s *Session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.contexts, s.contextID)
	for id, owner := range d.channels {
		if owner == s {
			delete(d.channels, id)
		}
	}
}

// call asks the browser itself, not one of its pages.
func (d *Driver) call(ctx context.Context, request proto.Request, result any) error {
	return callOn(ctx, d.browser.conn, "", request, result)
}

// load decodes an event. rod panics on one that is not what it expects, and a
// browser newer than rod must not end the run.
func load(m *rod.Message, e proto.Event) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			ok = false
		}
	}()
	return m.Load(e)
}

// describeLoss is the reason of a lost browser, as one line.
func describeLoss(err error) string {
	if err == nil {
		return "the browser is gone"
	}
	return fmt.Sprint(err)
}
