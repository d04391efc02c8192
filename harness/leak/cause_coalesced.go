package leak

import (
	"fmt"
	"slices"

	"crosstalk/harness/history"
)

// Times by which one answer for two requests is told from two answers.
const (
	atOnce = history.Moment(10_000) // by how much one answer arrives later at one than at the other
	midway = history.Moment(20_000) // how long before it arrives an answer can be in a cache already
)

// coalesced is the cause "coalesced request": the victim's request for the
// same URL was not answered yet when the viewer asked, and one answer came to
// both at the same moment. A copy cannot have been stored by then; and two
// answers of their own come as far apart as they were asked for, unless they
// share what the shop makes for one answer alone.
func (c *court) coalesced(q inquiry) ([]string, string) {
	if q.rule != RuleSharedToken {
		if facts := c.since(q.proof, CauseCoalesced); facts != nil {
			return facts, ""
		}
	}
	if q.x == nil {
		return nil, ""
	}
	for _, e := range c.traffic.victims(q.proof).beside(q.x) {
		if !sharesAnswer(e, q) {
			continue
		}
		gap, lag := q.x.start-e.start, distance(arrival(e), arrival(q.x))
		times := fmt.Sprintf("%s (%s) asked for the same URL %s after %s's %s, before that was answered, and both were answered within %s",
			q.x.id, name(q.x.viewer), length(gap), name(e.viewer), e.id, length(lag))
		if id := sameID(e, q.x); id != "" {
			return []string{times + ": " + id + " the same, no sign of a stored copy"}, ""
		}
		if gap >= midway && gap >= 4*lag {
			return []string{times + ": " + whatShared(q) + ", no sign of a stored copy"}, ""
		}
		return nil, fmt.Sprintf("a coalesced request (%s)", times)
	}
	return nil, ""
}

// sharesAnswer says whether e's answer, by its bytes or its Set-Cookie line,
// could have been given to q.x as well, while both waited.
func sharesAnswer(e *exchange, q inquiry) bool {
	if !waited(e, q.x) {
		return false
	}
	if q.cookieToken() {
		return slices.Contains(e.cookies, cookie{q.where, q.value})
	}
	return e.body.Hash != "" && e.body.Hash == q.x.body.Hash
}

// cookieToken says that a cookie is what was shared.
func (q inquiry) cookieToken() bool { return q.rule == RuleSharedToken && q.from.token.cookie }

// waited says that x asked for the same while e was not answered yet, and was
// answered with it at one moment, by no cache.
func waited(e, x *exchange) bool {
	return e.url == x.url && e.method == x.method && e.request.Hash == x.request.Hash &&
		e.start <= x.start && arrival(e)-x.start >= midway && distance(arrival(e), arrival(x)) <= atOnce &&
		x.copy.hit() == "" && (x.copy.age == "" || x.copy.age == "0")
}

// sameID is the header that names one response, and names both.
func sameID(e, x *exchange) string {
	for _, name := range sortedKeys(x.copy.ids) {
		if x.copy.ids[name] == e.copy.ids[name] {
			return name
		}
	}
	return ""
}

func whatShared(q inquiry) string {
	if q.cookieToken() {
		return "same Set-Cookie line"
	}
	return "same bytes"
}
