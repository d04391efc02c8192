package leak

import (
	"fmt"
	"sort"

	"crosstalk/harness/history"
)

// owed is what the run as a whole says of shifted replies. Each reply that
// went astray was asked for by its owner, who never read it: their request was
// cut, or was itself given a reply that somebody else had asked for. So replies
// are conserved: nobody's data goes astray more often than they were left
// without an answer. A race knows no such rule, for the victim of one is
// answered as well; nor does what a worker or a cache keeps.
type owed struct {
	all, paid int
	first     *wrong    // of the run
	cut       *exchange // without whose answer it began
}

// Of so many wrong answers, the most must be replies that were owed: some
// requests are cut before they reach the shop, and some after their answer was
// read by the shop's client.
const (
	fewestOwed = 4
	mostlyOwed = 0.9
)

// owing counts the wrong answers of the run that were owed.
func (c *court) owing() owed {
	if c.clues.owed != nil {
		return *c.clues.owed
	}
	var o owed
	given := map[string]int{}
	for _, w := range c.strays() {
		o.all++
		left, cut := c.leftWithout(w.victim, w.x)
		if left > given[w.victim] {
			o.paid++
		}
		given[w.victim]++
		if o.first == nil {
			o.first, o.cut = w, cut
		}
	}
	c.clues.owed = &o
	return o
}

// strays are the answers that showed their viewer anything of another
// customer's, a token alone too, in the order in which they were read.
func (c *court) strays() []*wrong {
	if c.clues.strayed != nil {
		return c.clues.strays
	}
	known := map[*exchange]*wrong{}
	var all []*wrong
	for _, p := range c.proofs {
		x := p.sighting.exchange
		known[x].add(p)
		inAnswer := p.sighting.surface == history.SurfaceResponse && x != nil && x.from == "" && p.meant == nil
		if !inAnswer || p.victim == "" || p.victim == history.Nobody || p.from != nil && p.from.token.cookie || known[x] != nil {
			continue
		}
		w := &wrong{x: x, victim: p.victim, token: p.rule == RuleSharedToken}
		known[x] = w
		all = append(all, w)
	}
	c.clues.strayed, c.clues.strays = known, all
	sort.Slice(all, func(i, k int) bool {
		return all[i].x.end < all[k].x.end || all[i].x.end == all[k].x.end && all[i].x.id < all[k].x.id
	})
	return all
}

// add notes what else of the victim's a wrong answer showed.
func (w *wrong) add(p proof) {
	if w != nil && p.victim == w.victim && p.rule != RuleSharedToken {
		w.token = false
	}
}

// leftWithout counts the requests of a customer that ended without an answer of
// their own until x ended, and finds the first of those that were cut.
func (c *court) leftWithout(victim string, x *exchange) (count int, cut *exchange) {
	for _, e := range c.traffic.lanes[victim].until(x.end) {
		switch {
		case whyCut(e) != "":
			if cut == nil {
				cut = e
			}
			count++
		case c.clues.strayed[e] != nil:
			count++
		}
	}
	return count, cut
}

// until are the requests of a lane that had ended at a moment.
func (l *lane) until(at history.Moment) []*exchange {
	if l == nil {
		return nil
	}
	var all []*exchange
	for _, e := range l.all[:sort.Search(len(l.all), func(i int) bool { return l.all[i].start >= at })] {
		if e.end <= at {
			all = append(all, e)
		}
	}
	return all
}

// owedReplies says of a run that replies were shifted in it. Many requests that
// were cut owe as much as an error path leaves in workers: but of what is left
// there nothing is handed on.
func (c *court) owedReplies() []string {
	o := c.owing()
	if o.all < fewestOwed || o.cut == nil || float64(o.paid) < mostlyOwed*float64(o.all) || 2*c.handing().handed < o.all {
		return nil
	}
	return []string{
		fmt.Sprintf("of %d wrong answers in this run, %d are answers that their owners had asked for and never been given: their requests were cut, or were themselves answered with somebody else's", o.all, o.paid),
		fmt.Sprintf("the first of them, %s's %s, came after %s's request %s (%s) had ended without its answer (%s); before that, none was wrong",
			name(o.first.x.viewer), o.first.x.id, name(o.cut.viewer), o.cut.id, o.cut.place, whyCut(o.cut)),
	}
}
