package browser

import (
	"context"
	"time"
)

// A new page is reported twice. The browser's own channel reports it at its
// birth, so that it is held before its first script; but a page that is
// observed there may have no others made ready in advance, as it could in a
// customer's browser. Its tab reports it too late to hold it, and changes
// nothing. So the session's own page, which is empty at first, is held by the
// first report and observed by the second; a pop-up, which asks for something
// at once, is observed by the first.

// holdLimit is how long a page is held until its tab tells of it; then it is
// observed without.
const holdLimit = 2 * time.Second

// toldTwice sorts the two reports of a page, and reports whether this one is
// not to be followed now.
func (s *Session) toldTwice(t *target) bool {
	if !t.page() || t.hidden.Load() || !s.driver.tabs {
		return false
	}
	s.mu.Lock()
	known := s.byID(t.targetID) != nil
	hold := !known && s.main == nil && t.tab == ""
	if hold {
		s.holds[t.targetID] = t
		s.preparing.Add(1)
	}
	s.mu.Unlock()
	if known {
		s.driver.letGo(t.tab, t.channel, t.tab == "")
	}
	if hold {
		s.spawn(2*holdLimit, func(ctx context.Context) {
			if sleep(ctx, holdLimit) == nil && s.takeHold(t) != nil {
				s.adopt(t)
			}
		})
	}
	return known || hold
}

// takeHold answers what holds this page, once; nil for nothing.
func (s *Session) takeHold(t *target) *target {
	s.mu.Lock()
	defer s.mu.Unlock()
	hold := s.holds[t.targetID]
	if hold != nil {
		delete(s.holds, t.targetID)
		s.preparing.Add(-1)
	}
	return hold
}

// unhold lets a page run that has been told everything.
func (s *Session) unhold(t *target) {
	if !t.page() {
		return
	}
	if hold := s.takeHold(t); hold != nil {
		s.driver.letGo("", hold.channel, true)
	}
}
