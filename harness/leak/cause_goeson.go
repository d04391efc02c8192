package leak

import (
	"fmt"
	"sort"
)

// begun is the wrong answer that another goes on with: the first of its round that
// showed its viewer the victim's data came while the victim asked for the same,
// nobody else's was shown since, and to nobody else. A race can leave behind what
// lasts, such as an entry of a cache that is another's; later answers then need
// nobody else's request, and whoever asked before them is chance. Such an entry may
// be the customer's, so that another session of theirs goes on with it. Nil where
// there is none.
func (c *court) begun(q inquiry) *wrong {
	c.strays()
	this := c.clues.strayed[q.x]
	if this == nil || this.victim != q.victim {
		return nil
	}
	var first *wrong
	for _, w := range c.strayedIn(outingOf(q.x)) {
		if w == this {
			break
		}
		if w.victim != q.victim {
			first = nil
		} else if first == nil {
			first = w
		}
	}
	if first == nil || c.asksToo(first) == nil || c.sharedOut(first, this) {
		return nil
	}
	return first
}

// sharedOut says that the victim's data was shown to others, too, between two
// wrong answers: what is kept for everybody is no entry of the viewer's.
func (c *court) sharedOut(first, last *wrong) bool {
	all := c.strays()
	from := sort.Search(len(all), func(i int) bool { return all[i].x.end >= first.x.end })
	for _, w := range all[from:] {
		if w == last {
			return false
		}
		if w.victim == last.victim && w.x.viewer != last.x.viewer {
			return true
		}
	}
	return false
}

// asksToo is a request of the victim's, for the same place and at the same time as
// a wrong answer; nil when there is none.
func (c *court) asksToo(w *wrong) *exchange {
	for _, e := range c.rivalsOf(w) {
		if e.place == w.x.place {
			return e
		}
	}
	return nil
}

// outing is what a customer does in one round, in whatever sessions; a stranger's is
// one session.
type outing struct {
	owner, phase string
	round        int
}

func outingOf(x *exchange) outing {
	return outing{ownerOf(x.viewer, x.session.ID), x.session.Phase, x.session.Round}
}

// strayedIn are the wrong answers that came in an outing, in order.
func (c *court) strayedIn(o outing) []*wrong {
	if c.clues.strayedIn == nil {
		c.clues.strayedIn = map[outing][]*wrong{}
		for _, w := range c.strays() {
			at := outingOf(w.x)
			c.clues.strayedIn[at] = append(c.clues.strayedIn[at], w)
		}
	}
	return c.clues.strayedIn[o]
}

// goesOn says of an answer without a rival that it goes on with one that had one.
func (c *court) goesOn(q inquiry) []string {
	first := c.begun(q)
	if first == nil || q.rule == RuleSharedToken || q.inherited() || c.unmarked(q.x) != nil {
		return nil
	}
	beside := c.asksToo(first)
	return []string{fmt.Sprintf("%s was shown %s's since %s (%s), with which %s's %s (%s) was in flight together; %s goes on with what that left behind",
		name(q.x.viewer), name(q.victim), first.x.id, first.x.place, name(q.victim), beside.id, beside.place, q.x.id)}
}
