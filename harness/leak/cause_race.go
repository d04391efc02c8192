package leak

import (
	"fmt"

	"crosstalk/harness/history"
)

// aRace is how a race is named among what fits.
const aRace = "a race"

// raced is the cause "race": a request of the victim's was in flight together
// with the one that was answered with the victim's data. That alone is not
// certain where the answer could be a copy as well, or one answer for both, or
// what a request that failed had left behind.
func (c *court) raced(q inquiry) ([]string, string) {
	if q.rule == RuleSharedToken && q.from.setBy == nil {
		return nil, "" // nobody knows when it was made
	}
	if !q.cookieToken() {
		if facts := c.since(q.proof, CauseRace); facts != nil {
			return facts, ""
		}
	}
	if q.x == nil {
		return nil, ""
	}
	if meant := c.meantFor(q.x); meant != nil {
		return swappedInFlight(q.x, meant), ""
	}
	e, overlap := c.rival(q)
	if e == nil {
		return c.goesOn(q), ""
	}
	if q.inherited() || !q.cookieToken() && c.unmarked(q.x) != nil || c.together(q) != nil && !c.lonely(q.x.place) || c.afterFailure(q) != nil {
		return nil, fmt.Sprintf(aRace+" (%s's request %s was in flight together with it for %s)", name(e.viewer), e.id, length(overlap))
	}
	return []string{fmt.Sprintf("%s's request %s (%s) was in flight together with %s's %s (%s) for %s",
		name(e.viewer), e.id, e.place, name(q.x.viewer), q.x.id, q.x.place, length(overlap))}, ""
}

// swappedInFlight says that an answer was meant for another request that was
// in flight at the same time.
func swappedInFlight(x, meant *exchange) []string {
	overlap := min(meant.end, x.end) - max(meant.start, x.start)
	if overlap <= 0 {
		return nil
	}
	return []string{fmt.Sprintf("the answer to %s (%s) was meant for %s's %s (%s), which was in flight together with it for %s",
		x.id, x.place, name(meant.viewer), meant.id, meant.place, length(overlap))}
}

// rival is the victim's request that was in flight together with q.x: at the
// same place if one was, and else the longest.
func (c *court) rival(q inquiry) (*exchange, history.Moment) {
	var best *exchange
	var most history.Moment
	for _, e := range c.rivals(q) {
		overlap := min(over(e), q.x.end) - max(e.start, q.x.start)
		same := e.place == q.x.place
		if best == nil || same && best.place != q.x.place || same == (best.place == q.x.place) && overlap >= most {
			best, most = e, overlap
		}
	}
	return best, most
}
