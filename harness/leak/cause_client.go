package leak

import (
	"fmt"

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
	case q.x != nil && q.x.start >= takeover || pushed(s):
		return nil, "" // it came over the network since
	case q.kept != nil && q.kept.from != "":
		if q.x == nil && c.original(q.kept) == nil {
			return nil, fmt.Sprintf("client storage (the client took %s out of its own cache, %q, but the record does not have what it had put there)", q.kept.id, q.kept.from)
		}
		return []string{used, fmt.Sprintf("the client took %s out of its own cache (%s), where the answer to %s had put it", q.kept.id, q.kept.from, name(q.victim))}, ""
	}
	return c.nothingSince(q, takeover, used)
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
		case x.body.Hash != "" && c.holdsOf(x, q.victim):
			return nil, ""
		default:
			seen++
		}
	}
	if seen == 0 || missing > 0 {
		return nil, fmt.Sprintf("client storage (%s; %s since are not in the record)", used, missed(seen, missing))
	}
	return []string{used, fmt.Sprintf("none of %s since had anything of %s's", count(seen, "answer over the network", "answers over the network"), name(q.victim))}, ""
}

func missed(seen, missing int) string {
	if seen == 0 && missing == 0 {
		return "the answers"
	}
	return count(missing, "answer's bytes", "answers' bytes")
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
