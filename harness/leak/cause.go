package leak

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"crosstalk/harness/history"
)

func sortHappenings(all []happening) {
	sort.SliceStable(all, func(i, k int) bool { return all[i].at < all[k].at })
}

// copied says whether x shows signs of being a stored copy of the answer e,
// which has the same address, was asked for earlier and came no later. (It
// need not have ended: a cache has an answer before a busy client has read it
// to its end.) The bodies being alike is the caller's business. No sign is
// trusted that an origin gives as well: Age is 0 on many misses, and two
// answers of one second share a Date.
func copied(e, x *exchange) ([]string, bool) {
	if e == x || e.start >= x.start || arrival(e) > arrival(x) || e.url != x.url || e.method != x.method {
		return nil, false
	}
	signs, proven := sameAnswer(e, x)
	for _, name := range sortedKeys(x.copy.ids) {
		if x.copy.ids[name] == e.copy.ids[name] {
			signs = append(signs, name+" the same")
			proven = true
		}
	}
	return signs, proven
}

// sameAnswer says what the usual headers of caches tell.
func sameAnswer(e, x *exchange) ([]string, bool) {
	var signs []string
	proven := false
	if x.copy.date != "" && x.copy.date == e.copy.date {
		signs = append(signs, "Date: "+x.copy.date)
		proven = proven || x.start-arrival(e) > 1_000_000
	}
	if x.copy.age != "" {
		signs = append(signs, "Age: "+x.copy.age)
		seconds, err := strconv.Atoi(x.copy.age)
		proven = proven || err == nil && seconds > 0 || e.copy.age == ""
	}
	if hit := x.copy.hit(); hit != "" {
		signs = append(signs, hit)
		proven = proven || e.copy.hit() == ""
		proven = proven || x.copy.etag != "" && x.copy.etag == e.copy.etag
	}
	return signs, proven
}

// cause answers why a proof could come about, with the evidence as sentences.
func (c *court) cause(p proof) (string, []string) {
	x := c.delivery(p)
	if p.rule == RuleSharedToken {
		return c.tokenCause(p, x)
	}
	if x != nil {
		if evidence, ok := c.fromCache(p, x); ok {
			return CauseSharedCache, evidence
		}
	}
	if evidence, ok := c.sharedSession(p); ok {
		return CauseCachedSetCookie, evidence
	}
	if x != nil {
		if evidence, ok := c.raced(p, x); ok {
			return CauseRace, evidence
		}
	}
	return CauseUnknown, nil
}

// delivery is the exchange that brought what a proof shows: its own, or, for
// a rendered page, the latest response of the session that has the same value.
func (c *court) delivery(p proof) *exchange {
	s := p.sighting
	if s.exchange != nil && s.exchange.session != nil {
		return s.exchange
	}
	var document, theirs *exchange
	for i := len(s.session.exchanges) - 1; i >= 0; i-- {
		x := s.session.exchanges[i]
		if x.start > s.at || x.body.Hash == "" || static(x) {
			continue
		}
		if c.carries(x, p) {
			return x
		}
		if theirs == nil && c.holdsOf(x, p.victim) {
			theirs = x
		}
		if document == nil && x.resource == "document" && path(x.url) == path(s.url) {
			document = x
		}
	}
	if theirs != nil {
		return theirs // a page puts together what it fetched: first and last name
	}
	return document
}

// holdsOf says whether a response has any strong marker of the customer's.
func (c *court) holdsOf(x *exchange, who string) bool {
	content := c.seen.contents[contentKey{x.body.Hash, x.body.Type}]
	return content != nil && slices.ContainsFunc(content.hits, func(h hit) bool {
		m := c.own.markers[h.marker]
		return who == m.Owner || who == "" && !m.public
	})
}

// carries says whether a response has the proof's value.
func (c *court) carries(x *exchange, p proof) bool {
	content := c.seen.contents[contentKey{x.body.Hash, x.body.Type}]
	if content == nil {
		return false
	}
	for _, h := range content.hits {
		if m := c.own.markers[h.marker]; m.Owner == p.victim && string(m.Kind) == p.kind {
			return true
		}
	}
	return c.seen.has(content, keyOfValue(p))
}

// fromCache looks for the answer that x is a stored copy of: the victim's
// own, if there is one, or the latest to anybody.
func (c *court) fromCache(p proof, x *exchange) ([]string, bool) {
	var best *exchange
	var signs []string
	for _, e := range c.rec.byURL[x.url] {
		if e.start >= x.start {
			break
		}
		s, ok := copied(e, x)
		if !ok || e.body.Hash == "" || e.body.Hash != x.body.Hash && !c.carries(e, p) {
			continue
		}
		if best == nil || best.viewer != p.victim || e.viewer == p.victim {
			best, signs = e, s
		}
	}
	if best == nil {
		return nil, false
	}
	same := "with the same value in it"
	if best.body.Hash == x.body.Hash {
		same = "same bytes"
	}
	return []string{fmt.Sprintf("%s (%s) was answered %s after %s's own request for the same URL (%s): %s, %s",
		x.id, name(x.viewer), length(x.start-best.start), name(best.viewer), best.id, same, strings.Join(signs, ", "))}, true
}

// tokenCause is the cause of a shared token.
func (c *court) tokenCause(p proof, x *exchange) (string, []string) {
	by, from := p.broughtBy(x), p.from.setBy
	if by == nil || from == nil {
		return CauseUnknown, nil
	}
	if p.from.token.cookie {
		if first := c.firstSet(by, p); first != nil {
			return CauseCachedSetCookie, []string{setCookieEvidence(by, first, p.where)}
		}
	} else if signs, ok := copied(from, by); ok {
		return CauseSharedCache, []string{fmt.Sprintf("%s (%s) was answered %s after %s's own request for the same URL (%s): %s",
			by.id, name(by.viewer), length(by.start-from.start), name(from.viewer), from.id, strings.Join(signs, ", "))}
	}
	if evidence, ok := c.raced(p, by); ok {
		return CauseRace, evidence
	}
	return CauseUnknown, nil
}

// broughtBy is the exchange that brought the token; for one that was found in
// a jar, the session's Set-Cookie line that put it there.
func (p proof) broughtBy(x *exchange) *exchange {
	if x != nil {
		return x
	}
	for _, e := range p.sighting.session.exchanges {
		if e.start <= p.sighting.at && slices.Contains(e.cookies, cookie{p.where, p.value}) {
			return e
		}
	}
	return nil
}

// firstSet is the earlier exchange of another owner, with the same address,
// that had delivered the same Set-Cookie line; x is a stored copy of it, by its
// headers, or could be: a cache that leaves no sign answers what may be stored,
// with what it has had before.
func (c *court) firstSet(x *exchange, p proof) *exchange {
	for _, e := range c.rec.byURL[x.url] {
		_, proven := copied(e, x)
		could := e.method == x.method && (x.method == "GET" || x.method == "HEAD") && arrival(e) <= x.start
		if (proven || could) && ownerOf(e.viewer, e.session.ID) != ownerOf(x.viewer, x.session.ID) &&
			slices.Contains(e.cookies, cookie{p.where, p.value}) {
			return e
		}
	}
	return nil
}

func setCookieEvidence(x, first *exchange, cookieName string) string {
	text := fmt.Sprintf("%s (%s) was sent the very Set-Cookie line for %s that %s had been sent by the same URL %s earlier (%s)",
		x.id, name(x.viewer), cookieName, name(first.viewer), length(x.start-first.start), first.id)
	if signs, _ := copied(first, x); len(signs) > 0 {
		text += ": " + strings.Join(signs, ", ")
	}
	return text
}

// handed is a credential that a Set-Cookie line handed to another.
type handed struct {
	proof    proof
	evidence []string
}

// handedOver are the shared cookies whose cause is a cached Set-Cookie.
func (c *court) handedOver() []handed {
	var all []handed
	for _, p := range c.proofs {
		if p.rule != RuleSharedToken {
			continue
		}
		if cause, evidence := c.tokenCause(p, c.delivery(p)); cause == CauseCachedSetCookie {
			all = append(all, handed{p, evidence})
		}
	}
	return all
}

// sharedSession says whether the viewer's session had been handed a credential
// that the victim holds too: from then on, what it is shown is theirs.
func (c *court) sharedSession(p proof) ([]string, bool) {
	for _, h := range c.handed {
		if c.holds(h.proof, p) {
			return append(append([]string{}, h.evidence...),
				fmt.Sprintf("since then this session shares a session cookie with %s", name(p.victim))), true
		}
	}
	return nil, false
}

// holds says whether viewer and victim both had the token of t before p.
func (c *court) holds(t, p proof) bool {
	viewer, victim := false, false
	for _, r := range t.from.token.owners {
		if r.at > p.sighting.at+sameMoment {
			continue
		}
		viewer = viewer || r.sighting.session == p.sighting.session || r.owner == p.viewer
		victim = victim || r.owner == p.victim
	}
	return viewer && victim
}

// sameMoment is how far apart two records of one event can be.
const sameMoment = history.Moment(250_000)

// raced says whether a request of the victim was in flight together with x.
func (c *court) raced(p proof, x *exchange) ([]string, bool) {
	var best *exchange
	var most history.Moment
	for _, e := range c.rec.exchanges {
		if e.start >= x.end {
			break
		}
		personal := !static(e) || c.holdsOf(e, "") // a picture can be somebody's
		if e == x || e.end <= x.start || !personal || e.from != "" || !c.isVictim(p, e) {
			continue
		}
		overlap := min(e.end, x.end) - max(e.start, x.start)
		better := best == nil || e.place == x.place && best.place != x.place || (e.place == x.place) == (best.place == x.place) && overlap > most
		if better {
			best, most = e, overlap
		}
	}
	if best == nil {
		return nil, false
	}
	return []string{fmt.Sprintf("%s's request %s (%s) was in flight together with %s's %s (%s) for %s",
		name(best.viewer), best.id, best.place, name(x.viewer), x.id, x.place, length(most))}, true
}

func (c *court) isVictim(p proof, e *exchange) bool {
	if p.victim == history.Nobody {
		return p.from != nil && e.session == p.from.sighting.session && e.session != p.sighting.session
	}
	return e.viewer == p.victim
}
