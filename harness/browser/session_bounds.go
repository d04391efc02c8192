package browser

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// mostPages is how many pages a session may have open at once. Another
	// pop-up is closed before it asks for anything.
	mostPages = 12
	// mostBelow is how many frames and workers of a session are observed at
	// once. Others run as they like, unseen.
	mostBelow = 150
	// mostShut is how many pages are remembered that are being closed.
	mostShut = 10_000
	// excessKept is how many of those that were too many are recorded.
	excessKept = 10
	// releaseLimit is how long closing or letting go of a target may take.
	releaseLimit = 5 * time.Second
)

// excess counts what was too much to be observed.
type excess struct {
	mu     sync.Mutex
	told   int
	closed map[proto.TargetTargetID]bool // pages that are being closed, and that their tabs have not told of
}

// shut notes that a page is being closed.
func (x *excess) shut(id proto.TargetTargetID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed == nil || len(x.closed) > mostShut {
		x.closed = map[proto.TargetTargetID]bool{} // no tab told of these
	}
	x.closed[id] = true
}

// isShut reports whether a page is being closed, once.
func (x *excess) isShut(id proto.TargetTargetID) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	defer delete(x.closed, id)
	return x.closed[id]
}

// next reports whether one more is to be recorded.
func (x *excess) next() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.told++
	return x.told <= excessKept
}

// tooMany closes a page, or lets a frame or worker go, when the session has
// too many already; a hostile page must not hold up the others.
func (s *Session) tooMany(parent proto.TargetSessionID, t *target, e *proto.TargetAttachedToTarget) bool {
	pages, below := s.census()
	switch {
	case t.hidden.Load() && pages >= mostPages:
		// It stays held: closing it would close the tab that it is hidden in.
		s.recordExcess(e.TargetInfo, fmt.Sprintf("not made ready: more than %d pages are open", mostPages))
	case t.page() && t.tab != "" && s.excess.isShut(t.targetID):
		// Its tab tells of it too; it is being closed.
	case t.page() && t.tab == "" && pages >= mostPages:
		s.excess.shut(t.targetID)
		s.spawn(releaseLimit, func(ctx context.Context) {
			// It may have been closed by its opener meanwhile.
			_ = s.driver.call(ctx, proto.TargetCloseTarget{TargetID: t.targetID}, nil)
		})
		s.recordExcess(e.TargetInfo, fmt.Sprintf("closed unseen: more than %d pages are open", mostPages))
	case t.kind != kindTab && !t.page() && below >= mostBelow:
		s.driver.letGo(parent, e.SessionID, e.WaitingForDebugger)
		s.recordExcess(e.TargetInfo, fmt.Sprintf("not observed: the page runs more than %d frames and workers", mostBelow))
	default:
		return false
	}
	return true
}

// census counts the session's pages, and its frames and workers. A page that
// is held and told of is one page.
func (s *Session) census() (pages, below int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.holds {
		if s.byID(id) == nil {
			pages++
		}
	}
	for _, t := range s.targets {
		switch {
		case t.page():
			pages++
		case t.kind != kindTab:
			below++
		}
	}
	return pages, below
}

func (s *Session) recordExcess(info *proto.TargetTargetInfo, reason string) {
	if !s.spec.Observe || !s.excess.next() {
		return
	}
	surface := history.SurfaceResponse
	if info.Type == proto.TargetTargetInfoTypePage {
		surface = history.SurfacePage
	}
	x := s.sighting(surface, info.URL)
	x.Body.Unseen = reason
	s.spec.Sink.Sighting(x, nil)
}
