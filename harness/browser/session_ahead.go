package browser

import (
	"context"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
)

// What a page has the browser fetch or make ready in advance is not held by
// the guard's own hook when somebody then goes there: it comes from memory.
// The guard looks at where pages set out to, and where they arrive.

// boundLimit is how long a hidden page is held until the browser says where
// it goes. One that says nothing runs: an older browser does not.
const boundLimit = time.Second

// setOutEvent says that a frame begins to go somewhere.
type setOutEvent struct {
	FrameID proto.PageFrameID `json:"frameId"`
	URL     string            `json:"url"`
	Kind    string            `json:"navigationType"`
}

// ProtoEvent is the event's name.
func (setOutEvent) ProtoEvent() string { return "Page.frameStartedNavigating" }

// setOut learns where a page is going.
func (s *Session) setOut(t *target, m *rod.Message) {
	var e setOutEvent
	if t == nil || !t.page() || !load(m, &e) || e.FrameID != t.frame() {
		return
	}
	if t.hidden.Load() {
		select {
		case t.bound <- e.URL:
		default: // it has said so before
		}
		return
	}
	host, ok := s.allowed(e.URL)
	if ok || !s.heldBeside(t) {
		return // the request itself will be held
	}
	s.guard.refuse(host)
	s.spawn(releaseLimit, func(ctx context.Context) { _ = t.callOnce(ctx, proto.PageStopLoading{}, nil) })
}

// mayRun reports whether a hidden page goes to a host that it may stand at.
func (s *Session) mayRun(ctx context.Context, t *target) bool {
	ctx, cancel := context.WithTimeout(ctx, boundLimit)
	defer cancel()
	select {
	case address := <-t.bound:
		_, ok := s.allowed(address)
		t.held.Store(!ok)
		return ok
	case <-ctx.Done():
		return s.ctx.Err() == nil
	}
}

// heldBeside reports whether a page is held for ever in this one's tab.
func (s *Session) heldBeside(page *target) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.targets {
		if t.tab == page.tab && t.held.Load() {
			return true
		}
	}
	return false
}

// arrivedAt has a page leave a host that it may not stand at.
func (s *Session) arrivedAt(t *target, m *rod.Message) {
	var e proto.PageFrameNavigated
	if t == nil || !t.page() || t.hidden.Load() || !load(m, &e) || e.Frame.ParentID != "" || e.Frame.UnreachableURL != "" {
		return
	}
	if host, ok := s.allowed(e.Frame.URL); !ok {
		s.spawn(releaseLimit, func(ctx context.Context) { s.expel(ctx, t, host) })
	}
}

// expel refuses a host and takes the page away from it.
func (s *Session) expel(ctx context.Context, t *target, host string) {
	s.guard.refuse(host)
	_ = t.callOnce(ctx, proto.PageNavigate{URL: "about:blank"}, nil) // a page that is gone has left
}
