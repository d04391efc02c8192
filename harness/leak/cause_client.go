package leak

import (
	"fmt"
	"strings"

	"crosstalk/harness/history"
)

// fromClient is the cause "client storage": the victim had used this client
// before the viewer, and what is shown came out of it: out of its storage, its
// own cache, or without anything that came over the network since.
func (c *court) fromClient(q inquiry) ([]string, string) {
	s := q.sighting
	takeover, ok := s.session.tookOver(q.victim, s.at)
	if !ok {
		return nil, ""
	}
	used := fmt.Sprintf("%s had used this client until %s took it over, %s before", name(q.victim), name(q.viewer), length(s.at-takeover))
	switch {
	case stored(s):
		return []string{used, fmt.Sprintf("%s was read out of the client's own storage", s.id)}, ""
	case q.rule == RuleSharedToken:
		return c.stayed(q, used)
	case pushed(s):
		return nil, ""
	case q.kept != nil && q.kept.from != "":
		if c.original(q.kept) == nil {
			return nil, fmt.Sprintf("client storage (the client took %s out of its own cache, %s, but the record does not have what had put it there)", q.kept.id, q.kept.from)
		}
		if q.x == nil {
			return []string{used, fmt.Sprintf("the client took %s out of its own cache (%s), where the answer to %s had put it", q.kept.id, q.kept.from, name(q.victim))}, ""
		}
		return nil, "" // it was put there since
	case q.x != nil && q.x.start >= takeover && c.brought(q):
		return c.byLeftCookie(q, takeover, used)
	}
	return c.nothingSince(q, takeover, used)
}

// brought says whether the exchange by which something was shown had it. A page
// that the client kept is shown again at the address of the document that
// another was sent.
func (c *court) brought(q inquiry) bool {
	return q.sighting.exchange != nil || c.carries(q.x, q.proof) || c.holdsOf(q.x, q.victim)
}

// stayed says that a cookie is still in the jar of the client that its owner
// had used.
func (c *court) stayed(q inquiry, used string) ([]string, string) {
	if q.from.sighting.session != q.sighting.session || q.x != nil && q.x.viewer == q.viewer {
		return nil, ""
	}
	return []string{used, fmt.Sprintf("the cookie %s stayed in its jar", q.where)}, ""
}

// nothingSince says that no answer since the takeover had the value: the
// record has answers since, and the bodies of them all.
func (c *court) nothingSince(q inquiry, takeover history.Moment, used string) ([]string, string) {
	seen, missing := 0, 0
	for _, x := range q.sighting.session.exchanges {
		switch {
		case x.start < takeover || x.start > q.sighting.at || x.from != "" || static(x):
		case x.body.Unseen != "" && x.body.Unseen != history.UnseenRedirect:
			missing++
		case x.body.Hash != "" && (c.holdsOf(x, q.victim) || c.carries(x, q.proof)):
			return nil, ""
		default:
			seen++
		}
	}
	switch {
	case missing > 0:
		return nil, fmt.Sprintf("client storage (%s, but the bytes of %s since are not in the record)", used, count(missing, "answer", "answers"))
	case seen == 0:
		return nil, fmt.Sprintf("client storage (%s, but the record has no answer since)", used)
	}
	return []string{used, fmt.Sprintf("%s came over the network since, without anything of %s's", count(seen, "answer", "answers"), name(q.victim))}, ""
}

// fewestApart is from how many answers on, to clients that nobody else had used,
// it is no chance that none of them showed another customer's data.
const fewestApart = 6

// byLeftCookie says that the shop answered with the victim's data because of a
// cookie that the victim had left in this client: the shop can have known them
// by it, and nobody who had no such client was shown another's data there. A
// worker that keeps the last request's data does not look who asks.
func (c *court) byLeftCookie(q inquiry, takeover history.Moment, used string) ([]string, string) {
	perhaps := c.leftCookie(q, takeover)
	if perhaps == "" {
		return nil, ""
	}
	apart, only := c.heirsOnly(q.x.place)
	if !only || apart < fewestApart {
		return nil, perhaps
	}
	return []string{used, strings.TrimSuffix(strings.TrimPrefix(perhaps, "client storage ("), ")"),
		fmt.Sprintf("%s asked for the same place by clients that nobody else had used, and none was shown another's data there", count(apart, "time customers", "times customers"))}, ""
}

// heirsOnly says whether all proofs of a place are of customers who were shown
// what is of those who had their client before, and how many answers it gave to
// others.
func (c *court) heirsOnly(place history.Place) (apart int, only bool) {
	if n, known := c.clues.heirs[place]; known {
		return n, n >= 0
	}
	if c.clues.heirs == nil {
		c.clues.heirs = map[history.Place]int{}
	}
	c.clues.heirs[place] = c.countApart(place)
	return c.clues.heirs[place], c.clues.heirs[place] >= 0
}

// countApart is how many answers a place gave to customers in clients of their
// own; less than zero when one of them showed another's data.
func (c *court) countApart(place history.Place) int {
	for _, p := range c.proofs {
		if p.sighting.place == place && !p.sighting.session.predecessors(p.sighting.at)[p.victim] {
			return -1
		}
	}
	apart := 0
	for _, x := range c.rec.exchanges {
		s := x.session
		if x.place == place && x.viewer != history.Nobody && x.from == "" && x.body.Hash != "" && (s.solo() || s.round()) && len(s.predecessors(x.start)) == 0 {
			apart++
		}
	}
	return apart
}

// leftCookie says that the shop may have known the victim by a cookie that
// stayed in the client.
func (c *court) leftCookie(q inquiry, takeover history.Moment) string {
	left := map[string]string{} // name → exchange
	for _, x := range q.sighting.session.exchanges {
		if x.start > q.x.start {
			break
		}
		for _, line := range x.cookies {
			delete(left, line.name)
			if x.start < takeover && x.viewer == q.victim && looksMinted(line.value) && !innocentCookie(line.name) {
				left[line.name] = x.id
			}
		}
	}
	for _, name := range sortedKeys(left) {
		return fmt.Sprintf("client storage (the cookie %s that %s had been given with %s stayed in this client)", name, q.victim, left[name])
	}
	return ""
}

// inherited says that the victim had used the viewer's client before: what the
// client sends of theirs explains more than any chance.
func (q inquiry) inherited() bool {
	_, ok := q.sighting.session.tookOver(q.victim, q.sighting.at)
	return ok
}

// tookOver is when another began to use the client after this customer.
func (s *session) tookOver(from string, at history.Moment) (history.Moment, bool) {
	if !s.predecessors(at)[from] {
		return 0, false
	}
	now, when := s.Customer, history.Moment(0)
	for _, id := range s.identities {
		if id.at > at {
			break
		}
		if id.State == history.Became {
			if now == from {
				when = id.at
			}
			now = id.Customer
		}
	}
	return when, true
}
