package leak

import (
	"sort"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// wrong is an answer that showed its viewer another customer's data.
type wrong struct {
	x              *exchange
	victim         string
	token          bool   // only that was shown
	earlier, later *wrong // of its chain
}

// wrongs are the wrong answers of a run, by their exchange. They are linked to
// chains: the victim of each is the viewer of the one before, who had not been
// answered rightly in between. A copy of an answer makes no chain: who is
// given a copy of another's answer fills no cache with data of their own.
func (c *court) wrongs() map[*exchange]*wrong {
	if c.clues.astray != nil {
		return c.clues.astray
	}
	c.clues.astray = map[*exchange]*wrong{}
	var all []*wrong
	for _, p := range c.proofs {
		x := p.sighting.exchange
		if !c.byAnswer(p) || c.clues.astray[x] != nil {
			continue
		}
		w := &wrong{x: x, victim: p.victim}
		c.clues.astray[x] = w
		all = append(all, w)
	}
	sort.SliceStable(all, func(i, k int) bool {
		return all[i].x.start < all[k].x.start || all[i].x.start == all[k].x.start && all[i].x.id < all[k].x.id
	})
	last := map[string]*wrong{} // by viewer
	for _, w := range all {
		if before := last[w.victim]; before != nil && before.later == nil && before.x.viewer != w.x.viewer && c.follows(before.x, w.x) {
			w.earlier, before.later = before, w
		}
		last[w.x.viewer] = w
	}
	return c.clues.astray
}

// byAnswer says that an answer over the network proves a customer's data to
// have been shown, and not just a token of theirs.
func (c *court) byAnswer(p proof) bool {
	x := p.sighting.exchange
	return p.strength == Proof && p.rule != RuleSharedToken && p.kind != string(customer.Token) &&
		p.sighting.surface == history.SurfaceResponse && x != nil && x.from == "" && c.traffic.lanes[p.victim] != nil
}

// follows says that the viewer of the wrong answer a was not shown any of
// their own data between it and the request b.
func (c *court) follows(a, b *exchange) bool {
	if a.end > b.start {
		return false
	}
	since := c.traffic.lanes[a.viewer].around(a.start, b.start)
	if len(since) > mostAnswers {
		return false
	}
	for _, e := range since {
		if c.holdsOf(e, a.viewer) {
			return false
		}
	}
	return true
}

// around are the requests of a lane that began between two moments.
func (l *lane) around(from, until history.Moment) []*exchange {
	if l == nil {
		return nil
	}
	first := sort.Search(len(l.all), func(i int) bool { return l.all[i].start >= from })
	end := sort.Search(len(l.all), func(i int) bool { return l.all[i].start > until })
	return l.all[first:max(first, end)]
}

// chain is the chain that an answer is in, in order; only itself if in none.
func (w *wrong) chain() []*wrong {
	first := w
	for first.earlier != nil {
		first = first.earlier
	}
	var all []*wrong
	for one := first; one != nil; one = one.later {
		all = append(all, one)
	}
	return all
}

// meantFor is the request that an answer was meant for, where what the shop
// hands back of each request says so; nil where it does not.
func (c *court) meantFor(x *exchange) *exchange {
	if c.clues.misled == nil {
		c.clues.misled = map[*exchange]*exchange{}
		for _, p := range c.proofs {
			if p.meant != nil && p.sighting.exchange != nil {
				c.clues.misled[p.sighting.exchange] = p.meant
			}
		}
	}
	return c.clues.misled[x]
}
