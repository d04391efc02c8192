package leak

import (
	"fmt"
	"sort"
)

// afterFailure is the request of the victim's that ended without what it asked
// for right before a wrong answer, with nobody's between them; nil where there is
// none. What puts away who was served last is skipped by an error, or where the
// client is gone: then the next is served as them. Where something else of the
// victim's had begun by then, either can be the reason; but not where they asked
// for the very same.
func (c *court) afterFailure(q inquiry) *exchange {
	e, _ := c.rival(q)
	last := c.traffic.victims(q.proof).before(q.x.start)
	switch {
	case q.cookieToken() || q.inherited() || e == nil || e.place == q.x.place || last == nil:
		return nil
	case e.start < last.end || !failed(last) || q.x.start-last.end > lately || c.endedSince(last, q.x):
		return nil
	}
	return last
}

func failed(e *exchange) bool { return whyCut(e) != "" || e.status >= 400 }

// endedSince says that anybody's request ended between one and another.
func (c *court) endedSince(e, x *exchange) bool {
	all := c.traffic.all
	end := sort.Search(len(all), func(i int) bool { return all[i].start >= x.start })
	for i := end - 1; i >= max(0, end-mostCopies); i-- {
		if b := all[i]; b != e && over(b) > e.end && over(b) <= x.start {
			return true
		}
	}
	return false
}

// leftByFailure is what an answer is consistent with that came right after the
// victim's request had failed.
func (c *court) leftByFailure(q inquiry) string {
	e := c.afterFailure(q)
	if e == nil {
		return ""
	}
	return fmt.Sprintf("worker residue (%s's request %s (%s) had ended (%s) %s before, and nobody was answered in between)",
		name(e.viewer), e.id, e.place, whyLoose(e), length(q.x.start-e.end))
}
