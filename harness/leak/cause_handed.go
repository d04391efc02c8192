package leak

import (
	"cmp"
	"fmt"
	"slices"

	"crosstalk/harness/history"
)

// shift is what the run as a whole says of replies that are handed from one to
// the next, where not all of them can be seen: calls that show nothing of what
// strays take replies as well, so the account of who is owed what (see owed)
// has gaps. Two things stay. It is set off: nothing is wrong until a request is
// cut or refused, which leaves a reply too many. And it is handed on: whoever
// was given somebody else's reply has their own go to another. A race needs
// nothing to set it off; what an error leaves in a worker goes to the next and
// no further.
type shift struct {
	all, handed, passed, alone int
	chained                    int      // of them, in chains that chance makes hardly
	longest                    []*wrong // chain
	queued                     int      // of them, in queues at the places of wrong answers; zero without a long one
	queue                      []*wrong // the longest of these
}

// settingOff are the requests of a kind that can leave a reply too many, and the
// answers that came soon after one and at other times.
type settingOff struct {
	kind         string
	all          []*exchange // in order of end
	soon         int         // wrong answers that came soon after one
	near         int         // answers at the same places soon after one, wrong or right
	calm, calmed int         // answers there at other times; of them, while somebody else was being answered there
}

const (
	// soonAfter is how long a connection with a reply too many may be in use:
	// while there is something to do it is used up, or given up, soon.
	soonAfter = history.Moment(10_000_000)
	// fewestCalm is how many answers must have been right while nothing had
	// set anything off.
	fewestCalm = 6
	// fewestHanded is from how many wrong answers on shares of them tell.
	fewestHanded = 10
	mostlyHanded = 0.9
	// halfHanded is from which share on where some were no answers to what was asked.
	halfHanded = 0.5
	// nearlyHalf is the share of wrong answers that must be matched, one by one,
	// by later ones with the viewer's own.
	nearlyHalf = 0.45
	// onTheirWay is how many are not known to be handed on yet where a run is
	// judged early: each connection has one.
	onTheirWay = 4
	// longChain is how many wrong answers in a row are no chance where few are known.
	longChain   = 3
	mostChained = 0.5
	// fewestAgainst is how many wrong answers must speak against a race.
	fewestAgainst = 3
	amplyOwed     = 0.7
)

// handing counts the wrong answers of the run that were handed on.
func (c *court) handing() shift {
	if c.clues.shift != nil {
		return *c.clues.shift
	}
	all := c.strays()
	s := shift{all: len(all)}
	got, given := map[string]int{}, map[string]int{}
	for _, w := range slices.Backward(all) {
		if given[w.x.viewer] > 0 {
			s.handed++
		}
		if given[w.x.viewer] > got[w.x.viewer] {
			s.passed++
		}
		got[w.x.viewer]++
		given[w.victim]++
		if len(c.traffic.lanes[w.victim].beside(w.x)) == 0 {
			s.alone++
		}
	}
	c.findChains(&s)
	c.findQueues(&s)
	c.clues.shift = &s
	return s
}

// findChains finds the long chains of wrong answers of the run.
func (c *court) findChains(s *shift) {
	for _, stray := range c.strays() {
		w := c.wrongs()[stray.x]
		if w == nil || w.earlier != nil {
			continue
		}
		if chain := w.chain(); len(chain) >= longChain {
			s.chained += len(chain)
			if len(chain) > len(s.longest) {
				s.longest = chain
			}
		}
	}
}

// goesOn says that the wrong answers went from one customer to the next.
func (s shift) goesOn() bool {
	all := float64(s.all)
	if s.all < fewestHanded {
		return s.inChains() || float64(s.queued) >= mostlyQueued*all
	}
	return float64(s.handed) >= mostlyHanded*(all-onTheirWay) && float64(s.passed) >= nearlyHalf*(all-onTheirWay)
}

// inChains says that the wrong answers went from one to the next, and nobody was
// shown what is theirs in between, anywhere.
func (s shift) inChains() bool { return float64(s.chained) >= mostChained*float64(s.all) }

// handedOn says of a run that replies were shifted in it, by what set it off and
// how it went on.
func (c *court) handedOn() []string {
	if c.clues.handed != nil {
		return *c.clues.handed
	}
	facts := c.mistakenReplies()
	if facts == nil {
		facts = c.handedFacts()
	}
	c.clues.handed = &facts
	return facts
}

func (c *court) handedFacts() []string {
	s := c.handing()
	misses := c.elsewhere()
	halfway := len(misses) >= fewestAgainst && float64(s.handed) >= halfHanded*(float64(s.all)-onTheirWay)
	if s.all < fewestOwed || !s.goesOn() && !halfway {
		return nil
	}
	off := c.setOff(s)
	if off == nil {
		return nil
	}
	against := c.noRace(s, off)
	if against == "" {
		return nil
	}
	first := c.strays()[0]
	by := off.before(first.x.end)
	facts := []string{
		fmt.Sprintf("all %d wrong answers of this run came within %s after a request that was %s, and of %d other answers at the same places none was wrong",
			s.all, length(soonAfter), off.kind, off.calm),
		fmt.Sprintf("the first of them, %s's %s, came %s after %s's request %s (%s) had ended (%s)",
			name(first.x.viewer), first.x.id, length(first.x.end-by.end), name(by.viewer), by.id, by.place, whyLoose(by)),
	}
	if n := len(misses); n >= fewestAgainst {
		facts = append(facts, fmt.Sprintf("%d of them are no answers to what was asked, but to what their owners had asked for at other places: %s", n, showings(misses)))
	}
	switch {
	case s.all < fewestHanded && len(s.longest) > 0:
		facts = append(facts, links(s.longest))
	case s.all < fewestHanded && len(s.queue) > 0:
		facts = append(facts, links(s.queue))
	default:
		facts = append(facts, fmt.Sprintf("of those who were given them, %d had what is theirs go to somebody else afterwards", s.handed))
	}
	return append(facts, against)
}

// noRace is what speaks against a race, of which a busy run has the signs by
// chance: "" when nothing does.
func (c *court) noRace(s shift, off *settingOff) string {
	if s.alone >= fewestAgainst {
		return fmt.Sprintf("%d of them came while no request of the one was in flight whose data they showed", s.alone)
	}
	// Those who walk one behind the other are beside the one before them also in a
	// race, and queue for what is owed: there only what came at other times tells.
	queued := s.all < fewestHanded && !s.inChains()
	if o := c.owing(); !queued && float64(o.paid) >= amplyOwed*float64(o.all) {
		return fmt.Sprintf("%d of them are answers that their owners had asked for and never been given", o.paid)
	}
	if off.near > 0 && off.calmed*off.soon >= fewestAgainst*off.near {
		return fmt.Sprintf("at other times, %d answers came there right while others were being answered", off.calmed)
	}
	return ""
}

// setOff is the kind of request after which all wrong answers came, where there
// were answers at other times as well; nil when there is none. A passer-by is
// refused what is for customers, and leaves a reply too many like anybody.
func (c *court) setOff(s shift) *settingOff {
	cut, refused, either := &settingOff{kind: "cut"}, &settingOff{kind: "refused"}, &settingOff{kind: "cut or refused"}
	for _, e := range c.traffic.all {
		switch {
		case whyCut(e) != "":
			cut.all, either.all = append(cut.all, e), append(either.all, e)
		case e.status >= 400 && c.clues.strayed[e] == nil:
			refused.all, either.all = append(refused.all, e), append(either.all, e)
		}
	}
	var best *settingOff
	for _, one := range []*settingOff{cut, refused, either} {
		c.attribute(one)
		if one.soon == s.all && one.calm >= fewestCalm && (best == nil || one.calm > best.calm) {
			best = one
		}
	}
	return best
}

// attribute counts the answers at the places of wrong ones, soon after one of
// these requests and at other times.
func (c *court) attribute(one *settingOff) {
	one.sort()
	at := map[history.Place]bool{}
	for _, w := range c.strays() {
		at[w.x.place] = true
		if one.lately(w.x) {
			one.soon++
		}
	}
	for _, e := range c.traffic.customers.all {
		if !at[e.place] || whyCut(e) != "" || e.status >= 400 {
			continue
		}
		if one.lately(e) {
			one.near++
			continue
		}
		one.calm++
		if slices.ContainsFunc(c.traffic.customers.beside(e), func(b *exchange) bool { return b.viewer != e.viewer && at[b.place] }) {
			one.calmed++
		}
	}
}

func (o *settingOff) sort() {
	slices.SortStableFunc(o.all, func(a, b *exchange) int { return cmp.Compare(a.end, b.end) })
}

// before is the latest of these requests that had ended at a moment.
func (o *settingOff) before(at history.Moment) *exchange {
	i, found := slices.BinarySearchFunc(o.all, at, func(e *exchange, at history.Moment) int { return cmp.Compare(e.end, at) })
	for found && i+1 < len(o.all) && o.all[i+1].end == at {
		i++
	}
	switch {
	case found:
		return o.all[i]
	case i == 0:
		return nil
	}
	return o.all[i-1]
}

func (o *settingOff) lately(x *exchange) bool {
	by := o.before(x.end)
	return by != nil && x.end-by.end <= soonAfter
}

// whyLoose says why a request can have left a reply too many.
func whyLoose(e *exchange) string {
	if why := whyCut(e); why != "" {
		return why
	}
	return fmt.Sprintf("status %d", e.status)
}
