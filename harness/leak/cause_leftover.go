package leak

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"crosstalk/harness/history"
)

// leftover is what the wrong answers of one place say together. A worker, a
// pooled connection or a loader keeps what is left in it over many requests of
// others, so that the victim's need not be the last one before, and in a busy
// round one of theirs is in flight by chance. One such answer proves nothing;
// but a race gives none while the victim asks for nothing, again and again.
type leftover struct {
	all   int      // wrong answers that could have begun something
	alone []*wrong // those of them that came while the victim asked for nothing, and are no copies
	round []*wrong // those that came while the victim asked for something else, and that others had been given, too
	aside int      // of alone, those that came while the victim asked as a stranger
}

// sure says that neither a race nor a copy can be the reason.
func (l *leftover) sure(fewest int) bool {
	apart := slices.Concat(l.alone, l.round)
	return shareAlone*len(apart) >= l.all && pairsOf(apart) >= fewest
}

// Of so many wrong answers, of different people, neither a race nor a copy may
// be the reason; and not of too few among all, for clocks are not exact.
const (
	fewestAlone = 2
	fewestTold  = 4 // of a run, where a place has no more than fewHere answers by itself
	fewHere     = 3
	shareAlone  = 4
	partlyOwed  = 2.0 / 3
)

// leftovers are the wrong answers that nothing but a worker's residue explains,
// by place: of each viewer's the first with this victim's data there. Where that
// began while the victim asked, it may be what a race left behind, and go on.
// Where so many of a run's wrong answers could be replies that were owed, and
// were handed on, there are none.
func (c *court) leftovers() map[history.Place]*leftover {
	if c.clues.leftovers != nil {
		return c.clues.leftovers
	}
	c.clues.leftovers, c.clues.leftover = map[history.Place]*leftover{}, &leftover{}
	if o := c.owing(); float64(o.paid) >= partlyOwed*float64(o.all) && 2*c.handing().handed >= o.all || c.handedOn() != nil {
		return c.clues.leftovers
	}
	raced, known := map[[2]string]bool{}, map[[2]string]map[history.Place]bool{}
	for _, w := range c.strays() {
		pair := pairOf(w)
		if raced[pair] || known[pair][w.x.place] || w.x.status >= 400 || w.x.session.predecessors(w.x.start)[w.victim] {
			continue
		}
		if known[pair] == nil {
			known[pair] = map[history.Place]bool{}
		}
		known[pair][w.x.place] = true
		beside := len(c.rivalsOf(w)) > 0
		round := beside && c.handedRound(w)
		raced[pair] = beside && !round
		c.noteLeftover(w, raced[pair], round)
	}
	return c.clues.leftovers
}

func (c *court) noteLeftover(w *wrong, raced, round bool) {
	here := c.clues.leftovers[w.x.place]
	if here == nil {
		here = &leftover{}
		c.clues.leftovers[w.x.place] = here
	}
	if here.all == mostAnswers {
		return // enough to go by
	}
	apart := !raced && c.traffic.lanes[w.victim].before(w.x.start) != nil && c.noCopy(w.x, w.victim)
	for _, l := range []*leftover{here, c.clues.leftover} {
		l.all++
		switch {
		case apart && round:
			l.round = append(l.round, w)
		case apart:
			l.alone = append(l.alone, w)
			if len(c.traffic.lanes[w.victim].beside(w.x)) > 0 {
				l.aside++
			}
		}
	}
}

func pairOf(w *wrong) [2]string { return [2]string{ownerOf(w.x.viewer, w.x.session.ID), w.victim} }

// noCopy says that an answer is none that the address gave this customer: this
// shop's caches mark their copies, and it has no mark; or the customer had been
// given none; or the address has answered otherwise since. A cache that had kept
// it would have gone on giving it; one that knows who may be given what does so
// with everybody who is signed in, or with nobody.
func (c *court) noCopy(x *exchange, of string) bool {
	switch {
	case markOf(x) != "":
		return false
	case c.traffic.marks:
		return true
	}
	theirs := c.givenAt(x, of)
	if theirs == nil {
		return true
	}
	for _, e := range c.earlierAt(x) {
		if e.start < arrival(theirs) {
			break
		}
		if e.end <= x.start && e.body.Hash != theirs.body.Hash && c.shownElse(e, x.viewer, of) {
			return true
		}
	}
	return false
}

// shownElse says that somebody of whom as much is known as of the viewer was
// answered with nothing of this customer's.
func (c *court) shownElse(e *exchange, viewer, of string) bool {
	if (e.viewer == history.Nobody) != (viewer == history.Nobody) || e.viewer == of || e.status >= 500 || e.body.Hash == "" || markOf(e) != "" {
		return false
	}
	stray := c.clues.strayed[e]
	return !c.holdsOf(e, of) && (stray == nil || stray.victim != of)
}

// givenAt is the latest answer by an address to a customer that was their own.
func (c *court) givenAt(x *exchange, who string) *exchange {
	for _, e := range c.earlierAt(x) {
		if e.viewer == who && e.status < 400 && arrival(e) <= x.start && c.clues.strayed[e] == nil {
			return e
		}
	}
	return nil
}

// earlierAt are the requests for an address before x, the latest first.
func (c *court) earlierAt(x *exchange) []*exchange {
	var found []*exchange
	all := c.rec.byURL[x.url]
	end := sort.Search(len(all), func(i int) bool { return all[i].start >= x.start })
	for i := end - 1; i >= max(0, end-mostCopies); i-- {
		if e := all[i]; e.method == x.method && e.from == "" {
			found = append(found, e)
		}
	}
	return found
}

// leftBehind says of an answer that it is one of a place that shows what was
// left behind.
func (c *court) leftBehind(q inquiry) []string {
	if q.cookieToken() || q.rule == RuleMisplaced || q.inherited() || markOf(q.x) != "" {
		return nil
	}
	if here := c.leftovers()[q.x.place]; here != nil && here.sure(fewestAlone) {
		return append(here.told(fmt.Sprintf("at %s", q.x.place)), c.whyNoCopy())
	} else if here != nil && here.all > fewHere {
		return nil
	}
	return c.leftLikewise(q)
}

// leftLikewise says of an answer of a place that has too few to tell anything
// that nearly everywhere in the run they show what was left behind. A machine so
// busy that all requests overlap gives each of them a rival by chance; but one at
// the very place may be no chance.
func (c *court) leftLikewise(q inquiry) []string {
	e, _ := c.rival(q)
	lane := c.traffic.victims(q.proof)
	switch run := c.clues.leftover; {
	case c.clues.strayed[q.x] == nil || e != nil && e.place == q.x.place || e == nil && lane.before(q.x.start) == nil:
	case run.sure(fewestTold) && c.leftSomewhere() && c.noCopy(q.x, q.victim):
		return append(run.told("of this run"), c.whyNoCopy())
	case run.sure(fewestAgainst) && c.onlyStrangers() != "" && c.noCopy(q.x, q.victim):
		return append(run.told("of this run"), c.onlyStrangers(), c.whyNoCopy())
	}
	return nil
}

// leftSomewhere says that one place of the run tells as much by itself: many that
// tell nothing can have come about in as many ways.
func (c *court) leftSomewhere() bool {
	for _, l := range c.leftovers() {
		if l.sure(fewestTold) {
			return true
		}
	}
	return false
}

// told are the facts of the wrong answers of a place, or of a run.
func (l *leftover) told(where string) []string {
	wrong := fmt.Sprintf("of %s %s that showed another customer's data, ", count(l.all, "answer", "answers"), where)
	var facts []string
	if len(l.alone) > 0 {
		but := ""
		if l.aside > 0 {
			but = fmt.Sprintf(" (%d of them beside one from before their sign-in or after their sign-out, which can bring nothing of theirs)", l.aside)
		}
		facts = append(facts, fmt.Sprintf("%s%d came while no request of that customer's was in flight%s: %s", wrong, len(l.alone), but, showings(l.alone)))
	}
	if len(l.round) > 0 {
		facts = append(facts, fmt.Sprintf("%s%d came after that customer had been answered there and asked for other things, and after %d others or more had been given the same since: %s",
			wrong, len(l.round), fewestRound, showings(l.round)))
	}
	return facts
}

// whyNoCopy says what speaks against a copy where all are unmarked.
func (c *court) whyNoCopy() string {
	if c.traffic.marks {
		return "this shop's caches mark their copies, and none of these has a mark: what was shown was kept behind them"
	}
	return "none of these is a copy of an answer to that customer: the address had given them none, or had given something else since"
}

// pairsOf counts the pairs of viewer and victim.
func pairsOf(all []*wrong) int {
	pairs := map[[2]string]bool{}
	for _, w := range all {
		pairs[pairOf(w)] = true
	}
	return len(pairs)
}

// showings names some wrong answers: "c02's x05 showed c01's".
func showings(all []*wrong) string {
	const named = 3
	var said []string
	for _, w := range all[:min(named, len(all))] {
		said = append(said, fmt.Sprintf("%s's %s showed %s's", name(w.x.viewer), w.x.id, name(w.victim)))
	}
	text := strings.Join(said, ", ")
	if len(all) > named {
		text += fmt.Sprintf(", and %d more", len(all)-named)
	}
	return text
}
