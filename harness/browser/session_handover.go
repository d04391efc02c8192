package browser

import (
	"context"
	"errors"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// kindTab is what a page stands in. A page that was made ready before
	// anybody went there takes the old page's place in its tab.
	kindTab = proto.TargetTargetInfoType("tab")
	// heirLimit is how long after a page's end its tab may take to say which
	// page stands there now. It says so with its next message.
	heirLimit = 500 * time.Millisecond
)

func newTarget(conn *connection, e *proto.TargetAttachedToTarget) *target {
	t := &target{
		conn: conn, channel: e.SessionID,
		targetID: e.TargetInfo.TargetID, kind: e.TargetInfo.Type, opener: e.TargetInfo.OpenerID, address: e.TargetInfo.URL,
		bound: make(chan string, 1), gone: make(chan struct{}),
	}
	t.hidden.Store(t.page() && e.TargetInfo.Subtype != "")
	return t
}

// front is the page that the session's steps act on: the one that its tab
// shows now.
func (s *Session) front() *target {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.main
}

// retold takes the news that a hidden page is shown from now on, in place of
// the page that its tab showed before.
func (s *Session) retold(m *rod.Message) {
	var e proto.TargetTargetInfoChanged
	if !load(m, &e) || e.TargetInfo == nil || e.TargetInfo.Subtype != "" {
		return
	}
	s.mu.Lock()
	heir := s.byID(e.TargetInfo.TargetID)
	if heir == nil || !heir.hidden.CompareAndSwap(true, false) {
		s.mu.Unlock()
		return
	}
	old := s.main
	if old != nil && old.tab == heir.tab {
		s.main = heir
	} else {
		old = nil
	}
	s.mu.Unlock()
	if old != nil {
		s.watch.tookOver(e.TargetInfo.URL)
		old.bequeath(heir)
	}
	s.spawn(openLimit, func(ctx context.Context) { s.bringUp(ctx, heir, e.TargetInfo.URL) })
}

// byID finds a target by its id. s.mu must be held.
func (s *Session) byID(id proto.TargetTargetID) *target {
	for _, t := range s.targets {
		if t.targetID == id {
			return t
		}
	}
	return nil
}

// bringUp gives a page its window that had none while it was hidden, and has
// it leave a place that it may not stand at.
func (s *Session) bringUp(ctx context.Context, t *target, address string) {
	if sent, err := t.postAll(ctx, frontOrders()); err == nil {
		_ = t.answered(ctx, sent) // without them the page is only slower
	}
	if host, ok := s.allowed(address); !ok {
		s.expel(ctx, t, host)
	}
}

// awaitHeir waits until the tab of a page that has ended shows another, and
// gives the session up if it does not.
func (s *Session) awaitHeir(t *target) {
	s.spawn(2*heirLimit, func(ctx context.Context) {
		timer := time.NewTimer(heirLimit)
		defer timer.Stop()
		select {
		case <-t.gone:
			return
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		t.bequeath(nil)
		if s.front() == t {
			s.lose("tab", "the page was closed")
		}
	})
}

// bequeath says who takes the page's place; nil for nobody. The first word
// counts.
func (t *target) bequeath(heir *target) {
	t.ending.Do(func() {
		t.heir.Store(heir)
		close(t.gone)
	})
}

// latest is the page that stands where t stood.
func (t *target) latest() *target {
	for heir := t.heir.Load(); heir != nil; heir = t.heir.Load() {
		t = heir
	}
	return t
}

// follow does f with the page that stands where t stood, and again with the
// next where the page was gone before it was told.
func (t *target) follow(ctx context.Context, f func(now *target) error) error {
	now := t.latest()
	err := f(now)
	if !now.page() || !isUntold(err) {
		return err
	}
	wait, cancel := context.WithTimeout(ctx, heirLimit)
	defer cancel()
	select {
	case <-now.gone:
	case <-wait.Done():
	}
	if next := now.latest(); next != now {
		return f(next)
	}
	return err
}

// isUntold reports whether the browser had no page any more that could be
// told: nothing was done, so it may be asked again.
func isUntold(err error) bool {
	return errors.Is(err, history.ErrLost) && saysOneOf(err, []string{"Session with given id not found"})
}

// tookOver notes that the main page's tab shows another page now, which was
// loaded before.
func (o *observer) tookOver(address string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.page = movement{address: address, committed: time.Now()}
	o.lastChange = o.page.committed
}

// mostFrameIDs bounds the frames that a session knows as its own.
const mostFrameIDs = 20000

// ownFrame notes a frame as the session's.
func (o *observer) ownFrame(id proto.PageFrameID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.frames) < mostFrameIDs {
		o.frames[id] = true
	}
}
