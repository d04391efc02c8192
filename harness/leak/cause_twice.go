package leak

import (
	"fmt"

	"crosstalk/harness/history"
)

// madeTwice is the cause "swapped session" where a shop made one value for two:
// the answers to two sign-ins each set the same cookie, and are otherwise two
// answers, each its own customer's. A generator with one seed, or an id made from
// a clock, needs no overlap for that; and an overlap makes no race of it.
func (c *court) madeTwice(q inquiry) []string {
	if !q.ofCookie() || q.x == nil || storable(q.x.method) {
		return nil
	}
	var facts []string
	for _, e := range c.traffic.set[q.line] {
		if facts != nil && e.viewer != q.victim || sameAsker(e, q.x) || !c.twin(e, q.x) {
			continue
		}
		if own := c.otherwiseOwn(e, q.x, q.line); own != "" {
			facts = []string{
				fmt.Sprintf("%s's %s and %s's %s (both %s) each set the cookie %s to the same value, which was made twice: neither answer is a copy",
					name(e.viewer), e.id, name(q.x.viewer), q.x.id, q.x.place, q.line.name),
				own,
			}
		}
	}
	return facts
}

// twin says that two answers are to the same kind of request of two sessions,
// and neither is a copy of the other.
func (c *court) twin(e, x *exchange) bool {
	_, one := copied(e, x)
	_, other := copied(x, e)
	return e.session != x.session && e.place == x.place && e.method == x.method && sameID(e, x) == "" && !one && !other
}

// otherwiseOwn says in what two answers that set one cookie differ: each set
// another one as its own; or, of two that were under way together, that this
// cookie is given to two one after the other as well, so that no race is needed. It is empty when
// nothing does.
func (c *court) otherwiseOwn(e, x *exchange, line cookie) string {
	for _, a := range e.cookies {
		for _, b := range x.cookies {
			if a.name == b.name && a.name != line.name && a.value != b.value && a.value != "" && b.value != "" {
				return fmt.Sprintf("each of the two also set the cookie %s, to a value of its own", a.name)
			}
		}
	}
	if wellApart(e, x) || wellApart(x, e) {
		return "" // what keeps the last answer's cookie could do that too
	}
	if first, second := c.apart(x.place, line.name); first != nil {
		return fmt.Sprintf("so did %s's %s and %s's %s, %s apart", name(first.viewer), first.id, name(second.viewer), second.id, length(second.start-arrival(first)))
	}
	return ""
}

// apart are two answers of a place that set a cookie to one value for two, one
// after the other: both nil where there are none.
func (c *court) apart(place history.Place, cookieName string) (first, second *exchange) {
	for _, p := range c.proofs {
		if p.rule != RuleSharedToken || !p.from.token.cookie || p.where != cookieName {
			continue
		}
		set := c.traffic.set[cookie{p.where, p.value}]
		for i, e := range set {
			for _, x := range set[i+1:] {
				if e.place == place && x.place == place && !sameAsker(e, x) && c.twin(e, x) && wellApart(e, x) {
					return e, x
				}
			}
		}
	}
	return nil, nil
}
