package leak

import (
	"fmt"
	"slices"

	"crosstalk/harness/history"
)

// rivals are the victim's requests that were in flight together with q.x, and of
// which the shop could know whose they are, the latest first: without that, they
// can have brought no customer's data anywhere. What a token is, or an answer to
// something sent, anybody's request brings along.
func (c *court) rivals(q inquiry) []*exchange {
	all := c.traffic.victims(q.proof).beside(q.x)
	if q.rule == RuleSharedToken || q.rule == RuleMisplaced {
		return all
	}
	return slices.DeleteFunc(all, func(e *exchange) bool { return c.stranger(e) && !c.carries(e, q.proof) })
}

// rivalsOf are likewise those beside a wrong answer.
func (c *court) rivalsOf(w *wrong) []*exchange {
	all := c.traffic.lanes[w.victim].beside(w.x)
	if w.token {
		return all
	}
	return slices.DeleteFunc(all, c.stranger)
}

// stranger says that the shop could not know who sent a request: the session had
// only looked around until then, as anybody can, and gave a name or a password
// later; or it had signed out. Where it shows its own all the same, it was known.
func (c *court) stranger(e *exchange) bool {
	if known, ok := c.clues.strangers[e]; ok {
		return known
	}
	if c.clues.strangers == nil {
		c.clues.strangers = map[*exchange]bool{}
	}
	s := e.session
	since, out := s.tookLeave(e.start)
	unknown := e.viewer != history.Nobody && !s.heirs() && !s.signedIn(e.start) && !s.signedIn(e.end) && since <= e.start &&
		c.lookedAround(s, since, e.end) && (out || c.introduced(s, e.end))
	c.clues.strangers[e] = unknown
	return unknown
}

// tookLeave is when the shop had answered the sign-out of a session before a
// moment. Of one without, it is its beginning, and out is false.
func (s *session) tookLeave(at history.Moment) (since history.Moment, out bool) {
	for _, id := range s.identities {
		if id.at <= at {
			since, out = id.at, true
		}
	}
	if !out {
		return 0, false
	}
	for _, x := range s.exchanges {
		if x.start >= since && x.status > 0 && x.status < 400 && (!storable(x.method) || len(x.cookies) > 0) {
			return x.end, true
		}
	}
	return at + 1, true // for all we know, never
}

// lookedAround says that a session sent nothing between two moments but requests
// for what is to be seen, was not sent on with a cookie, and was shown nothing of
// its own.
func (c *court) lookedAround(s *session, since, until history.Moment) bool {
	for _, x := range s.exchanges {
		if x.start < since {
			continue
		}
		if x.start > until {
			break
		}
		sentOn := x.status >= 300 && x.status < 400 && len(x.cookies) > 0
		if !storable(x.method) || sentOn || c.holdsOf(x, x.viewer) {
			return false
		}
	}
	return true
}

// introduced says that a session told the shop who it is after a moment, before it
// was shown anything of its own: a link from a mail or a key in a header needs no
// such telling.
func (c *court) introduced(s *session, after history.Moment) bool {
	for _, x := range s.exchanges {
		if x.start > after && !storable(x.method) {
			return true
		}
		if x.start > after && c.holdsOf(x, x.viewer) {
			return false
		}
	}
	return false
}

// onlyStrangers says of a run that whoever was given a wrong answer had not signed
// in, and that those who had were given theirs at the same places, as often at
// least, while others were being answered. A worker's filter puts who signed in in
// place of whom it served last, and is passed by without; a race meets either.
func (c *court) onlyStrangers() string {
	if c.clues.unmet != nil {
		return *c.clues.unmet
	}
	text, all := "", c.strays()
	known := slices.ContainsFunc(all, func(w *wrong) bool { return w.x.session.signedIn(w.x.start) || w.x.session.signedIn(w.x.end) })
	if right := c.rightBeside(placesOf(all)); !known && right >= max(fewestCalm, len(all)) {
		text = fmt.Sprintf("all %d were given to who was not signed in; of those who were, nobody was given another's at the same places, %d times while others were being answered", len(all), right)
	}
	c.clues.unmet = &text
	return text
}

// rightBeside counts the right answers at some places to customers who were signed
// in, while another's request was in flight.
func (c *court) rightBeside(at map[history.Place]bool) int {
	n := 0
	for _, e := range c.traffic.customers.all {
		if !at[e.place] || c.clues.strayed[e] != nil || failed(e) || !e.session.signedIn(e.start) {
			continue
		}
		if slices.ContainsFunc(c.traffic.customers.beside(e), func(b *exchange) bool { return b.viewer != e.viewer && b.session.signedIn(b.start) }) {
			n++
		}
	}
	return n
}
