package leak

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"crosstalk/harness/history"
)

// cachedCookie is the cause "cached Set-Cookie": the line that brought the
// cookie is a copy of one that another had been sent; or the viewer's session
// was handed such a cookie before.
func (c *court) cachedCookie(q inquiry) ([]string, string) {
	if !q.ofCookie() {
		return c.since(q.proof, CauseCachedSetCookie), ""
	}
	if q.x == nil {
		return nil, ""
	}
	if first := c.firstSet(q); first != nil {
		return []string{setCookieEvidence(q.x, first, q.line.name)}, ""
	}
	return nil, ""
}

// firstSet is the earlier exchange of another owner, with the same address,
// that had delivered the same Set-Cookie line; x is a stored copy of it, by its
// headers, or could be: a cache that leaves no sign answers what may be stored,
// with what it has had before.
func (c *court) firstSet(q inquiry) *exchange {
	x := q.x
	for _, e := range c.traffic.set[q.line] {
		_, proven := copied(e, x)
		could := e.url == x.url && e.method == x.method && storable(x.method) && arrival(e) <= x.start
		if (proven || could && (q.strength == Proof || !c.freshBetween(e, x, q.line))) && !sameAsker(e, x) {
			return e
		}
	}
	return nil
}

// freshBetween says that the address gave out another value between the two
// answers: what is stored there without a sign is one answer. Of a proof that is
// no doubt: those who have a cookie can be passed by the cache, and given theirs.
func (c *court) freshBetween(e, x *exchange, line cookie) bool {
	all := c.rec.byURL[x.url]
	end := sort.Search(len(all), func(i int) bool { return all[i].start >= x.start })
	for i := end - 1; i >= max(0, end-mostCopies) && all[i].start > e.start; i-- {
		for _, other := range all[i].cookies {
			if other.name == line.name && other.value != line.value && wellApart(all[i], x) {
				return true
			}
		}
	}
	return false
}

func setCookieEvidence(x, first *exchange, cookieName string) string {
	text := fmt.Sprintf("%s (%s) was sent the very Set-Cookie line for %s that %s had been sent by the same URL %s earlier (%s)",
		x.id, name(x.viewer), cookieName, name(first.viewer), length(x.start-first.start), first.id)
	if signs, _ := copied(first, x); len(signs) > 0 {
		text += ": " + strings.Join(signs, ", ")
	}
	return text
}

// handed is a cookie that was handed to another, and how that came about.
type handed struct {
	proof    proof
	cause    string
	evidence []string
}

// handedOver are the shared cookies whose cause is known, by who had them.
func (c *court) handedOver() map[string][]handed {
	all := map[string][]handed{}
	for _, p := range c.proofs {
		if c.lineOf(p).name == "" || p.rule == RuleSharedToken && !p.from.token.cookie {
			continue
		}
		_, cause, evidence := c.cause(p)
		if cause == CauseUnknown || cause == CauseClientStorage {
			continue // a cookie that stayed in its client was not handed to anybody
		}
		if p.rule != RuleSharedToken {
			all[p.viewer] = append(all[p.viewer], handed{p, cause, evidence})
			continue
		}
		for _, r := range p.from.token.owners {
			if who := r.sighting.viewer; !slices.ContainsFunc(all[who], func(h handed) bool { return h.proof.value == p.value && h.proof.viewer == p.viewer }) {
				all[who] = append(all[who], handed{p, cause, evidence})
			}
		}
	}
	return all
}

// since says that the viewer's session had been handed a cookie that the
// victim holds too, in this way: from then on, what it is shown is theirs.
func (c *court) since(p proof, cause string) []string {
	for _, h := range c.handed[p.viewer] {
		if h.cause != cause {
			continue
		}
		if h.proof.rule != RuleSharedToken {
			if c.rendered(h.proof, p) {
				return append(slices.Clone(h.evidence), fmt.Sprintf("since then this client keeps %s's in the cookie %s", name(p.victim), h.proof.where))
			}
			continue
		}
		if c.holds(h.proof, p) {
			return append(slices.Clone(h.evidence),
				fmt.Sprintf("since then this session shares a session cookie with %s", name(p.victim)))
		}
	}
	return nil
}

// holds says whether viewer and victim both had the token of t before p, the
// viewer in this very session: each has a jar of its own.
func (c *court) holds(t, p proof) bool {
	viewer, victim := false, c.leadsTo(t, p, mostHops)
	for _, r := range t.from.token.owners {
		if r.at > p.sighting.at+sameMoment {
			continue
		}
		viewer = viewer || r.sighting.session == p.sighting.session
	}
	for _, e := range c.traffic.set[cookie{t.where, t.value}] {
		viewer = viewer || e.session == p.sighting.session && arrival(e) <= p.sighting.at+sameMoment
	}
	return viewer && victim
}

// mostHops is over how many others a session can have come: a shop that renews
// cookies gives each of them another one for it.
const mostHops = 4

// leadsTo says whether one of those who had the token of t before p is p's
// victim, or was handed the victim's session before having it.
func (c *court) leadsTo(t, p proof, hops int) bool {
	for _, r := range t.from.token.owners {
		switch {
		case r.at > p.sighting.at+sameMoment:
		case r.owner == p.victim:
			return true
		case hops > 0 && r.sighting.session != p.sighting.session && c.handedDown(r, t, p, hops):
			return true
		}
	}
	return false
}

// handedDown says whether a session that had a token had been handed another one
// before, that leads to p's victim.
func (c *court) handedDown(r *reception, t, p proof, hops int) bool {
	for _, h := range c.handed[r.sighting.viewer] {
		if h.proof.rule != RuleSharedToken || h.proof.value == t.value || !c.setFor(r.sighting.session, h.proof, r.at) {
			continue
		}
		if c.leadsTo(h.proof, p, hops-1) {
			return true
		}
	}
	return false
}

// setFor says whether a session was sent the cookie of a proof before a moment.
func (c *court) setFor(s *session, t proof, before history.Moment) bool {
	return slices.ContainsFunc(c.traffic.set[cookie{t.where, t.value}], func(e *exchange) bool { return e.session == s && arrival(e) <= before })
}

// sameMoment is how far apart two records of one event can be.
const sameMoment = history.Moment(250_000)
