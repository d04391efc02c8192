package leak

import "fmt"

// renewal is how the wrong answers of a run fit a cache that leaves no sign, and
// hands out an old copy while it fetches a new one with the credentials of
// whoever came: what is fetched is given to nobody until the next comes.
type renewal struct {
	copies  int // the latest that their address had given
	kept    int // of those, given again though another customer had asked since
	renewed int // new ones, of a customer who had been given the old copy
	other   int // neither
}

// fewestKept is how many copies must have outlived other customers' requests:
// what keeps whoever asked last hands on new ones just so, but keeps none.
const fewestKept = 3

func (r renewal) sure() bool {
	return r.renewed > 0 && r.other == 0 && r.copies >= fewestCopies && r.kept >= fewestKept && r.kept > r.renewed
}

func (c *court) renewal() renewal {
	if c.clues.renewal != nil {
		return *c.clues.renewal
	}
	var r renewal
	for x, w := range c.wrongs() {
		switch {
		case c.unmarked(x) != nil:
			r.copies++
			if c.outlives(x, w.victim) {
				r.kept++
			}
		case c.fetchedAs(x, w.victim) != nil:
			r.renewed++
		default:
			r.other++
		}
	}
	c.clues.renewal = &r
	return r
}

// outlives says that the last customer whom the address answered before x is
// neither whose data x shows, nor who was shown it.
func (c *court) outlives(x *exchange, victim string) bool {
	for _, e := range c.earlierAt(x) {
		if _, customer := c.traffic.lanes[e.viewer]; customer && e.end <= x.start {
			return e.viewer != victim && e.viewer != x.viewer
		}
	}
	return false
}

// fetchedAs is the victim's latest request for the address of x, if it was
// answered with the copy that the address gave everybody, and could have made a
// cache fetch what x brought.
func (c *court) fetchedAs(x *exchange, victim string) *exchange {
	if !storable(x.method) || x.body.Hash == "" || c.traffic.marks {
		return nil
	}
	var since []*exchange
	for _, e := range c.earlierAt(x) {
		switch {
		case arrival(e) > x.start || e.body.Hash == "":
		case e.viewer != victim:
			since = append(since, e)
		case e.body.Hash != x.body.Hash && c.unmarked(e) != nil && turned(since, e, x):
			return e
		default:
			return nil
		}
	}
	return nil
}

// turned says that since e was given the old copy nobody was given anything but
// that, for as long as it takes to fetch another, and what x brought.
func turned(since []*exchange, e, x *exchange) bool {
	for _, f := range since {
		old := f.body.Hash == e.body.Hash && f.start-arrival(e) <= afar
		if !old && f.body.Hash != x.body.Hash {
			return false
		}
	}
	return true
}

// renewed is the cause "shared cache" where no header tells a copy, and all wrong
// answers of the run are copies, or were fetched while an old one was given out.
func (c *court) renewed(q inquiry) []string {
	if q.rule == RuleSharedToken || q.rule == RuleEarlierRun || c.wrongs()[q.x] == nil {
		return nil
	}
	r := c.renewal()
	if !r.sure() {
		return nil
	}
	return []string{
		c.howRenewed(q),
		fmt.Sprintf("so it is with all %d wrong answers of this run: %d are byte for byte the latest that their address had given, %d of them though another customer had asked since, and %s of a customer who had been given an old copy last, though no header calls any a copy",
			r.copies+r.renewed, r.copies, r.kept, count(r.renewed, "is a new one", "are new ones")),
	}
}

func (c *court) howRenewed(q inquiry) string {
	if e := c.unmarked(q.x); e != nil {
		return fmt.Sprintf("%s (%s) was given the bytes that %s had been given by the same URL %s before (%s)",
			q.x.id, name(q.x.viewer), name(e.viewer), length(q.x.start-arrival(e)), e.id)
	}
	victim := c.wrongs()[q.x].victim
	e := c.fetchedAs(q.x, victim)
	return fmt.Sprintf("%s (%s) was given what nobody had been given before; when %s had asked for the same URL %s before (%s), they were given an old copy, as if a new one was fetched for the cache, as them",
		q.x.id, name(q.x.viewer), name(victim), length(q.x.start-e.start), e.id)
}
