package leak

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// proof is one sighting that proves something; findings are groups of them.
type proof struct {
	rule, strength, viewer, victim, kind, where, value string
	decoded                                            []string
	sighting                                           *sighting
	note                                               string // how it was shown, as a sentence
	told                                               bool   // the note says what else of the victim's stands there
	snippet                                            string // "" when it has to be cut from the body
	hit                                                hit
	from                                               *reception // of a shared token: who had it first
	meant                                              *exchange  // of a misplaced response: the request it answers, where one is known
}

// foreign applies the rules "foreign marker" and "predecessor": a strong
// marker is proof wherever it stands.
func (c *court) foreign(s *sighting, _ []proof) []proof {
	var proofs []proof
	for _, h := range c.seen.hitsOf(s) {
		m := c.own.markers[h.marker]
		if m.public || m.earlier != "" || m.Owner == s.viewer || m.Strength != customer.Strong {
			continue
		}
		key := match.Key(m.Value)
		if c.own.mine[s.viewer][key] || c.echoed(s, key) {
			continue
		}
		rule, strength := foreignRule(s, m.Owner, c.slots.is(s, h.where, m.Kind))
		proofs = append(proofs, proof{
			rule: rule, strength: strength, viewer: s.viewer, victim: m.Owner, kind: string(m.Kind), where: h.where,
			value: m.Value, decoded: append([]string{}, h.decoded...), sighting: s, hit: h,
			note: fmt.Sprintf("%s was shown %s's %s %s, %s", name(s.viewer), m.Owner, kindWords(m.Kind), spot(s, h.where), moment(s.at)),
		})
	}
	return proofs
}

// foreignRule tells a leak of the shop's from what the customer before left in
// the same client: proof once the next one has signed in, a suspicion before,
// when a remembered e-mail address may still stand in a form. What the client
// keeps and has not shown is residue, and a suspicion, at any time.
//
// A shop that goes on with the first one's session never shows the next one
// their own, so that no sign-in is journaled: there, what stands in the place of
// one's own is what tells, if it is strong. By first name shops greet whom they
// remember.
func foreignRule(s *sighting, owner string, ownPlace bool) (string, string) {
	if !s.session.predecessors(s.at)[owner] {
		return RuleForeignMarker, Proof
	}
	if !s.kept() && (s.session.signedIn(s.at) || s.entered() || ownPlace && s.answersHeir()) {
		return RulePredecessor, Proof
	}
	return RulePredecessor, Suspicion
}

// kept says that a sighting is of what a client keeps: its storage or its jar.
func (s *sighting) kept() bool {
	return stored(s) || s.surface == history.SurfaceCookie && s.exchange == nil
}

// answersHeir says that a sighting is of what the shop shows who has used the
// client since another did, after it took their password: an answer that it gave
// then, or what stands on the page where the journey looks for one's own.
func (s *sighting) answersHeir() bool {
	by := s.session.admitted(s.at)
	if x := s.exchange; x != nil && s.surface == history.SurfaceResponse {
		by = s.session.admitted(arrival(x))
		return by != nil && (x == by || x.start >= arrival(by)) && x.from == "" && x.status < http.StatusMultipleChoices
	}
	return by != nil && !s.session.aside(s.at) && slices.ContainsFunc(s.session.steps, func(st step) bool {
		return st.Op == "shows" && !st.beside() && st.Start >= arrival(by) && st.Start <= s.at
	})
}

// echoed says whether the session had sent the value with the very request
// that the sighting answers: what comes back then proves nothing about whose
// data the shop holds.
func (c *court) echoed(s *sighting, key string) bool {
	if s.exchange == nil {
		return s.surface != history.SurfaceCookie && sends(s.url, key)
	}
	if sends(s.exchange.url, key) {
		return true
	}
	request := s.exchange.request
	if request.Hash == "" {
		return false
	}
	body, err := c.history.Body(request.Hash)
	if err != nil {
		return false
	}
	return contains(plainForm(string(body)), key) || contains(string(body), key)
}

// plainForm is a request's body as it was typed, if it is a form's.
func plainForm(body string) string {
	if plain, err := url.QueryUnescape(body); err == nil {
		return plain
	}
	return body
}

// sends says whether an address carries a value in its path or query.
func sends(address, key string) bool {
	_, rest, ok := strings.Cut(address, "://")
	if ok {
		_, rest, _ = strings.Cut(rest, "/")
	} else {
		rest = address
	}
	if plain, err := url.QueryUnescape(rest); err == nil {
		rest = plain
	}
	return contains(rest, key)
}

// longKey is from how many bytes on a folded value is not in a text by chance,
// so that it need not stand there as whole words.
const longKey = 10

func contains(text, key string) bool {
	if len(key) >= longKey {
		return strings.Contains(string(match.Fold([]byte(text)).Bytes()), key)
	}
	words := wordsOf(text)
	joined, starts := join(words)
	for i := range words {
		for k := i + 1; k <= len(words) && starts[k]-starts[i] <= len(key); k++ {
			if joined[starts[i]:starts[k]] == key {
				return true
			}
		}
	}
	return false
}
