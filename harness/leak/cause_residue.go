package leak

import (
	"fmt"
	"sort"
	"strings"
)

// residue is the cause "worker residue": no request of the victim's was in
// flight, but theirs was the last of any customer's before this one; and what
// was shown is no copy of an earlier answer: either it follows who asked last
// from one to the next, or nobody had been given it at this place.
func (c *court) residue(q inquiry) ([]string, string) {
	if !q.cookieToken() {
		if facts := c.since(q.proof, CauseWorkerResidue); facts != nil {
			return facts, ""
		}
	}
	if q.x == nil || pushed(q.sighting) {
		return nil, ""
	}
	lane := c.traffic.victims(q.proof)
	if len(c.rivals(q)) > 0 || c.begun(q) != nil {
		return c.leftBehind(q), c.leftByFailure(q)
	}
	last := lane.before(q.x.start)
	if last == nil {
		return nil, ""
	}
	if facts := c.chained(q, last); facts != nil && len(lane.beside(q.x)) == 0 {
		return c.unlessShifted(q, facts)
	}
	if facts := c.leftBehind(q); facts != nil {
		return facts, ""
	}
	return c.nextAfter(q, last)
}

// nextAfter says that the answer came next after the victim's last request.
func (c *court) nextAfter(q inquiry, last *exchange) ([]string, string) {
	if c.traffic.between(q.viewer, q.victim, over(last), q.x.start) > 0 {
		return nil, ""
	}
	between, sentOn := c.ended(q, last)+"; no customer asked in between", c.traffic.lanes[q.viewer].redirects(over(last), q.x.start)
	if sentOn > 0 {
		between = fmt.Sprintf("%s; in between no other customer asked, and %s was only sent on", c.ended(q, last), name(q.viewer))
	}
	other := q.rule == RuleSharedToken || q.rule == RuleMisplaced || q.inherited()
	next := c.traffic.customers.ended(over(last), q.x.start) == sentOn // the viewer's own would have come between too
	switch {
	case other || !next || c.unmarked(q.x) != nil:
	case !c.givenBefore(q):
		return []string{between, fmt.Sprintf("%s had not been given it at %s before: this is no copy of such an answer", name(q.victim), q.x.place)}, ""
	case c.traffic.marks && markOf(q.x) == "":
		return []string{between, "this shop's caches mark their copies, and this has no mark: it was kept behind them"}, ""
	}
	return nil, fmt.Sprintf("worker residue, or something else that keeps the last request's data (%s; no other customer asked in between)", c.ended(q, last))
}

// chained says that the answer is one of a chain of wrong ones that no cut
// request began.
func (c *court) chained(q inquiry, last *exchange) []string {
	w := c.wrongs()[q.x]
	if w == nil || q.rule == RuleSharedToken {
		return nil
	}
	chain := w.chain()
	if len(chain) < shortestChain || c.unanswered(chain[0]) != nil {
		return nil
	}
	facts := []string{c.ended(q, last), links(chain) + "; nothing was in flight together, and no answer between them was right"}
	if cut := c.cutBefore(chain[0]); cut != nil {
		facts = append(facts, c.cutByChance(cut, w.x.place))
	}
	return facts
}

// unlessShifted is a chain of wrong answers, with what speaks against a worker's
// residue if something does.
func (c *court) unlessShifted(q inquiry, facts []string) ([]string, string) {
	cut := c.cutLately(q.x)
	if cut == nil || c.comesUncut(q.x.place) {
		return facts, ""
	}
	return nil, fmt.Sprintf("shifted replies, or with worker residue (%s; %s's request %s had ended without its answer (%s) %s before)",
		strings.Join(facts, "; "), name(cut.viewer), cut.id, whyCut(cut), length(q.x.start-cut.end))
}

// cutLately is anybody's latest request that ended without its answer not long
// before another. Several that were cut shift replies by more than one: a chain
// then goes on from an answer to somebody else.
func (c *court) cutLately(x *exchange) *exchange {
	all := c.traffic.customers.all
	end := sort.Search(len(all), func(i int) bool { return all[i].start >= x.start })
	for i := end - 1; i >= max(0, end-mostCopies); i-- {
		if e := all[i]; e.end <= x.start && x.start-e.end <= lately && whyCut(e) != "" {
			return e
		}
	}
	return nil
}

func (c *court) ended(q inquiry, last *exchange) string {
	had := "ended"
	if over(last) < last.end {
		had = "been answered"
	}
	return fmt.Sprintf("%s's last request before, %s (%s), had %s %s before %s's %s began",
		name(last.viewer), last.id, last.place, had, length(q.x.start-over(last)), name(q.viewer), q.x.id)
}

// givenBefore says whether the victim had been given the value at the same
// place before, so that something between could have kept that answer.
func (c *court) givenBefore(q inquiry) bool {
	at, ok := c.traffic.first[visit{q.x.place, q.victim}]
	if !ok || at > arrival(q.x) {
		return false
	}
	l := c.traffic.lanes[q.victim]
	end := sort.Search(len(l.all), func(i int) bool { return l.all[i].start >= q.x.start })
	for i := end - 1; i >= max(0, end-mostCopies); i-- {
		if e := l.all[i]; e.place == q.x.place && (e.body.Unseen != "" || c.carries(e, q.proof)) {
			return true
		}
	}
	return end > mostCopies // it may have been before those
}
