package leak

import (
	"fmt"
	"strings"

	"crosstalk/harness/history"
)

// shifted is the cause "shifted replies": a request of the victim's was cut
// off before its answer was read, and since then each request got the answer
// to the one before. Without the cut request it could be what a worker keeps.
func (c *court) shifted(q inquiry) ([]string, string) {
	if q.x == nil || q.rule == RuleSharedToken && !q.ofCookie() {
		return nil, ""
	}
	if meant := c.meantFor(q.x); meant != nil {
		return c.shiftedFrom(q, meant)
	}
	if facts := c.handedCookie(q); facts != nil || q.cookieToken() {
		return facts, ""
	}
	w := c.wrongs()[q.x]
	var chain []*wrong
	var cut *exchange
	if w != nil {
		chain = w.chain()
		cut = c.unanswered(chain[0])
	}
	if cut == nil || len(chain) < shortestChain {
		if facts := c.shiftedRun(q.x); facts != nil {
			return facts, ""
		}
	}
	if cut == nil {
		return nil, ""
	}
	first := chain[0]
	began := fmt.Sprintf("%s's request %s (%s) ended without its answer (%s), %s before %s's %s got what was meant for it",
		name(cut.viewer), cut.id, cut.place, whyCut(cut), length(first.x.start-cut.end), name(first.x.viewer), first.x.id)
	switch {
	case len(chain) >= shortestChain:
		return []string{began, links(chain)}, ""
	case cut.place != q.x.place && c.givenOnlyAt(q.x, cut.place):
		return []string{began, fmt.Sprintf("what %s (%s) was answered with is an answer to %s, where the cut request went", q.x.id, q.x.place, cut.place)}, ""
	}
	return nil, fmt.Sprintf("shifted replies (%s; no later answer was found to be the one before)", began)
}

// handedCookie says that a cookie came with an answer of a run in which whole
// answers were handed on, with all that is in them.
func (c *court) handedCookie(q inquiry) []string {
	if !q.ofCookie() || markOf(q.x) != "" {
		return nil
	}
	return c.handedOn()
}

// shiftedRun is what the run as a whole says of an answer that went astray.
func (c *court) shiftedRun(x *exchange) []string {
	if c.strays(); c.clues.strayed[x] == nil {
		return nil
	}
	if facts := c.owedReplies(); facts != nil {
		return facts
	}
	return c.handedOn()
}

// shiftedFrom is shifted where it is known which request an answer was meant
// for: that was over before, and had no answer of its own.
func (c *court) shiftedFrom(q inquiry, meant *exchange) ([]string, string) {
	if meant.end > q.x.start {
		return nil, "" // both were in flight: see raced
	}
	over := fmt.Sprintf("the answer to %s was meant for %s's %s (%s), which was over %s before", q.x.id, name(meant.viewer), meant.id, meant.place, length(q.x.start-meant.end))
	if why := whyCut(meant); why != "" {
		return []string{over, fmt.Sprintf("%s had ended without its answer (%s)", meant.id, why)}, ""
	}
	if before := c.meantFor(meant); before != nil && before.end <= meant.start {
		return []string{over, fmt.Sprintf("%s itself had been given the answer that was meant for %s", meant.id, before.id)}, ""
	}
	return nil, ""
}

// shortestChain is from how many wrong answers on, each of which belongs to the
// one before, the last requester was not met by chance.
const shortestChain = 2

// lately is how long before the first wrong answer the cut request can be.
const lately = history.Moment(30_000_000)

// unanswered is the victim's request that was cut off before the first wrong
// answer of a chain, and after which the victim was not answered any more.
func (c *court) unanswered(w *wrong) *exchange {
	if c.comesUncut(w.x.place) {
		return nil
	}
	return c.cutBefore(w)
}

func (c *court) cutBefore(w *wrong) *exchange {
	e := c.traffic.lanes[w.victim].before(w.x.start)
	if e == nil || w.x.start-e.end > lately || whyCut(e) == "" {
		return nil
	}
	return e
}

// whyCut says why a request ended without its answer; "" when it did not.
func whyCut(e *exchange) string {
	switch {
	case e.failed != "":
		return e.failed
	case e.body.Unseen == history.UnseenAborted || e.body.Unseen == history.UnseenCancelled:
		return e.body.Unseen
	case e.status == 0 && e.body.Hash == "":
		return "no status"
	case e.session.cut(e.end) && e.body.Hash == "":
		return "its step was cut"
	}
	return ""
}

// givenOnlyAt says that these bytes were given at that place, and by no other
// answer at the place where they were shown.
func (c *court) givenOnlyAt(x *exchange, place history.Place) bool {
	there := false
	for _, e := range c.alike(x) {
		if e.place == x.place {
			return false
		}
		there = there || e.place == place
	}
	return there
}

// alike are the other answers with the bytes of a wrong one.
func (c *court) alike(x *exchange) []*exchange {
	if c.clues.twins == nil {
		c.clues.twins = map[string][]*exchange{}
		for w := range c.wrongs() {
			c.clues.twins[w.body.Hash] = nil
		}
		for _, e := range c.rec.exchanges {
			if known, ok := c.clues.twins[e.body.Hash]; ok && c.wrongs()[e] == nil && len(known) < mostAnswers {
				c.clues.twins[e.body.Hash] = append(known, e)
			}
		}
	}
	return c.clues.twins[x.body.Hash]
}

// links tells a chain: "c02's x05 showed c01's, c03's x07 showed c02's".
func links(chain []*wrong) string {
	const named = 5
	var all []string
	for _, w := range chain[:min(named, len(chain))] {
		all = append(all, fmt.Sprintf("%s's %s showed %s's data", name(w.x.viewer), w.x.id, name(w.victim)))
	}
	text := "each was answered as the one before: " + strings.Join(all, ", ")
	if len(chain) > named {
		text += fmt.Sprintf(", and %d more", len(chain)-named)
	}
	return text
}
