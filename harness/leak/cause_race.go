package leak

import (
	"fmt"

	"crosstalk/harness/history"
)

// raced is the cause "race": a request of the victim's was in flight together
// with the one that was answered with the victim's data. That alone is not
// certain where the answer could be a copy as well, or one answer for both.
func (c *court) raced(q inquiry) ([]string, string) {
	if q.rule == RuleSharedToken {
		if q.from.setBy == nil {
			return nil, ""
		}
	} else if facts := c.since(q.proof, CauseRace); facts != nil {
		return facts, ""
	}
	if q.x == nil {
		return nil, ""
	}
	e, overlap := c.rival(q)
	if e == nil {
		return nil, ""
	}
	if !q.cookieToken() && c.unmarked(q.x) != nil || c.together(q) != nil && !c.lonely(q.x.place) {
		return nil, fmt.Sprintf("a race (%s's request %s was in flight together with it for %s)", name(e.viewer), e.id, length(overlap))
	}
	return []string{fmt.Sprintf("%s's request %s (%s) was in flight together with %s's %s (%s) for %s",
		name(e.viewer), e.id, e.place, name(q.x.viewer), q.x.id, q.x.place, length(overlap))}, ""
}

// rival is the victim's request that was in flight together with q.x: at the
// same place if one was, and else the longest.
func (c *court) rival(q inquiry) (*exchange, history.Moment) {
	var best *exchange
	var most history.Moment
	for _, e := range c.traffic.victims(q.proof).beside(q.x) {
		overlap := min(e.end, q.x.end) - max(e.start, q.x.start)
		same := e.place == q.x.place
		if best == nil || same && best.place != q.x.place || same == (best.place == q.x.place) && overlap >= most {
			best, most = e, overlap
		}
	}
	return best, most
}
