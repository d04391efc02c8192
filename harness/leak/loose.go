package leak

import (
	"fmt"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// loose are the session cookies that the shop gave out, to be looked for where
// none belongs: a page that prints its headers, a buffer that held another's
// request.
type loose struct {
	index   *match.Index // nil when there are none
	cookies []cookie     // by the ID of their pattern
	known   map[string]bool
}

// newLoose takes the cookies that are called like a credential's. Whether they
// are, the ledger says once it is there.
func newLoose(rec *record) (*loose, error) {
	l := &loose{known: map[string]bool{}}
	var patterns []match.Pattern
	seen := map[string]bool{}
	for _, x := range rec.exchanges {
		for _, c := range x.cookies {
			if seen[c.value] || !secret(c.name) || innocentCookie(c.name) || !looksMinted(c.value) || len(match.Key(c.value)) < match.MinKey {
				continue
			}
			seen[c.value] = true
			patterns = append(patterns, match.Pattern{ID: len(l.cookies), Text: c.value, Shape: match.ShapeText})
			l.cookies = append(l.cookies, c)
		}
	}
	if len(patterns) == 0 {
		return l, nil
	}
	index, err := match.New(patterns)
	if err != nil {
		return nil, fmt.Errorf("index cookies: %w", err)
	}
	l.index = index
	return l, nil
}

// find answers where a body has such cookies; the marker of a hit is the
// position of its cookie.
func (l *loose) find(reading *match.Reading) []hit {
	if l.index == nil {
		return nil
	}
	var all []hit
	for _, h := range l.index.Find(reading) {
		all = append(all, hit{marker: h.ID, where: h.Where, decoded: h.Decoded})
	}
	return all
}

// looseTokens applies the rule "shared token" to the text of what is shown: the
// credential of one session's cookie, in a body that another was sent.
func (c *court) looseTokens(s *sighting, _ []proof) []proof {
	if s.surface == history.SurfaceCookie {
		return nil // the ledger's
	}
	var proofs []proof
	for _, h := range c.seen.contentOf(s).cookies {
		t := c.tokens.token(c.own.loose.cookies[h.marker].name, c.own.loose.cookies[h.marker].value, inCookie)
		if !c.strayed(s, t) {
			continue
		}
		first, strength := t.owners[0], Proof
		if _, kept := t.kept[s.session]; kept || first.sighting.session == s.session {
			strength = Suspicion // of whoever had the client before
		}
		proofs = append(proofs, proof{
			rule: RuleSharedToken, strength: strength, viewer: s.viewer, victim: first.sighting.viewer, kind: string(customer.Token),
			where: h.where, value: t.value, decoded: append([]string{}, h.decoded...), sighting: s, from: asText(first),
			snippet: oneLine(placeWithin(h.where) + ": " + t.value),
			note: fmt.Sprintf("the shop gave %s to %s (session %s, %s), and %s was shown it %s (session %s), %s",
				t.called(first.where), name(first.owner), first.sighting.session.ID, moment(first.at),
				name(s.viewer), spot(s, h.where), s.session.ID, moment(s.at)),
		})
	}
	return proofs
}

// asText is a reception of what is a cookie no more: it came to nobody's jar, and
// the causes of cookies are none of its.
func asText(r *reception) *reception {
	text, token := *r, *r.token
	token.cookie = false
	text.token = &token
	return &text
}

// strayed says whether a cookie's value is one customer's credential, and the
// viewer of a sighting is somebody else, who neither has the cookie nor sent it.
func (c *court) strayed(s *sighting, t *token) bool {
	if len(t.owners) == 0 || t.owners[0].at > s.at || t.owners[0].sighting.session.before() {
		return false
	}
	if keeper, kept := t.kept[s.session]; kept && (keeper.nobodys || !s.session.signedIn(s.at)) {
		return false
	}
	viewer := ownerOf(s.viewer, s.session.ID)
	for _, r := range t.owners {
		if r.owner == viewer {
			return false
		}
	}
	good, known := c.own.loose.known[t.name]
	if !known {
		good = c.tokens.credential(t.name) && !c.tokens.scarce(t.name) && c.tokens.returns(t.name) == never
		c.own.loose.known[t.name] = good
	}
	return good && !c.echoed(s, match.Key(t.value)) && c.turns(t.value) == stays
}
