package leak

import (
	"fmt"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// ledger says which credential the shop minted for whom.
type ledger struct {
	names  map[string]map[string]*token // name → value → token
	values map[string][]*token
	rec    *record
}

// token is one value under one name: a cookie's name, or a URL and the place
// in its body.
type token struct {
	name, value string
	cookie      bool
	owners      []*reception // the first of each owner, in order of time
	minted      bool         // first seen in a response of the shop
}

// reception is the first time one owner had a token.
type reception struct {
	token    *token
	owner    string // customer, or "nobody/" and the session
	sighting *sighting
	where    string
	at       history.Moment
	setBy    *exchange // whose Set-Cookie line or body brought it; nil when it was found in a jar
	early    bool      // in the baseline, at sign-up or in solo
}

// ownerOf is whose a token is that a session receives. All walks of a
// customer are one owner, signed in or not, so a guest who signs in stays the
// same; each passer-by is an owner for himself.
func ownerOf(viewer, session string) string {
	if viewer == history.Nobody || viewer == "" {
		return history.Nobody + "/" + session
	}
	return viewer
}

func openLedger(rec *record, own *owners, seen *inspection) *ledger {
	l := &ledger{names: map[string]map[string]*token{}, values: map[string][]*token{}, rec: rec}
	for _, e := range timeline(rec) {
		switch {
		case e.exchange != nil:
			l.cookies(e.exchange)
		case e.sighting.surface == history.SurfaceCookie && e.sighting.body.Hash != "":
			for _, c := range seen.contentOf(e.sighting).jar {
				l.jar(e.sighting, c)
			}
		case e.sighting.surface == history.SurfaceResponse && !static(e.sighting.exchange):
			l.body(e.sighting, seen.contentOf(e.sighting).tokens, own)
		}
	}
	return l
}

// happening is an exchange (its headers) or a sighting, at its moment.
type happening struct {
	at       history.Moment
	exchange *exchange
	sighting *sighting
}

// timeline is everything in the order in which the sessions had it: what an
// exchange brings, it brings when it ends.
func timeline(rec *record) []happening {
	var all []happening
	for _, x := range rec.exchanges {
		if len(x.cookies) > 0 {
			all = append(all, happening{arrival(x), x, nil})
		}
	}
	for _, s := range rec.sightings {
		when := s.at
		if s.surface == history.SurfaceResponse {
			when = arrival(s.exchange)
		}
		all = append(all, happening{when, nil, s})
	}
	sortHappenings(all)
	return all
}

// arrival is when a response began to arrive.
func arrival(x *exchange) history.Moment {
	if x.response > 0 {
		return x.response
	}
	return x.end
}

func (l *ledger) cookies(x *exchange) {
	for _, c := range x.cookies {
		if !looksMinted(c.value) || innocentCookie(c.name) {
			continue
		}
		s := &sighting{
			scene: l.rec.shown(x, history.SurfaceCookie), id: x.id, session: x.session, step: x.step,
			at: x.start, exchange: x, body: &history.Body{},
		}
		t := l.token(c.name, c.value, true)
		t.minted = t.minted || len(t.owners) == 0
		t.receive(s, c.name, arrival(x), x)
	}
}

func (l *ledger) jar(s *sighting, c cookie) {
	if !looksMinted(c.value) || innocentCookie(c.name) {
		return
	}
	l.token(c.name, c.value, true).receive(s, c.name, s.at, nil)
}

func (l *ledger) body(s *sighting, found []minting, own *owners) {
	for _, c := range found {
		key := match.Key(c.value)
		if len(own.values[key]) > 0 || sends(s.url, key) {
			continue // somebody's value has a rule of its own; an id in the address is the address's
		}
		// The exact address, not the place: what /products/1 and
		// /products/2 show is different because the products are.
		t := l.token(s.exchange.method+" "+s.url+" "+c.where, c.value, false)
		t.minted = t.minted || len(t.owners) == 0
		t.receive(s, c.where, arrival(s.exchange), s.exchange)
	}
}

func (l *ledger) token(name, value string, cookie bool) *token {
	if l.names[name] == nil {
		l.names[name] = map[string]*token{}
	}
	t := l.names[name][value]
	if t == nil {
		t = &token{name: name, value: value, cookie: cookie}
		l.names[name][value] = t
		l.values[value] = append(l.values[value], t)
	}
	return t
}

func (t *token) receive(s *sighting, where string, at history.Moment, by *exchange) {
	owner := ownerOf(s.viewer, s.session.ID)
	for _, r := range t.owners {
		if r.owner == owner {
			return
		}
	}
	t.owners = append(t.owners, &reception{
		token: t, owner: owner, sighting: s, where: where, at: at, setBy: by,
		early: !s.session.round() && s.session.Phase != history.PhaseCleanUp,
	})
}

// Measures of a name that holds credentials; see credential.
const (
	fewestOwners = 3
	fewestValues = 3
)

// credential says whether what stands under a name is minted for one owner
// each, as the baseline, sign-up and solo showed it.
//
// What an owner had as a stored copy of an answer to another is left out of
// account: a session cookie that a cache handed on in solo would otherwise
// launder itself, its name would be one whose values are shared.
//
// Cookies are then judged by their values: a clear majority (two of three)
// must have had one owner, for a cache need not leave signs of itself. A load
// balancer's cookie has as many values as backends, each with many owners, and
// so stays silent; so does a build id, with its one value.
//
// Names in bodies are judged by all their values: ids of things that customers
// happen to own stand there as well, and two customers can own the same thing.
func (l *ledger) credential(name string) bool {
	owners, single, total := map[string]bool{}, 0, 0
	for _, t := range l.names[name] {
		early := l.earlyOwners(t)
		for _, owner := range early {
			owners[owner] = true
		}
		switch {
		case len(early) == 0:
			continue
		case len(early) == 1:
			single++
		case !t.cookie:
			return false
		}
		total++
	}
	return len(owners) >= fewestOwners && total >= fewestValues && 3*single >= 2*total
}

// earlyOwners are the owners to whom a token was given before the rounds.
func (l *ledger) earlyOwners(t *token) []string {
	var early []string
	for _, r := range t.owners {
		if r.early && (len(early) == 0 || !l.storedCopy(t, r)) {
			early = append(early, r.owner)
		}
	}
	return early
}

// storedCopy says whether an owner had the token from a stored copy of an
// answer to somebody else.
func (l *ledger) storedCopy(t *token, r *reception) bool {
	if r.setBy == nil {
		return false
	}
	for _, earlier := range t.owners {
		if earlier.setBy != nil && earlier != r && earlier.setBy.url == r.setBy.url {
			if _, ok := copied(earlier.setBy, r.setBy); ok {
				return true
			}
		}
	}
	return false
}

// sharedTokens applies the rule "shared token".
func (c *court) sharedTokens() []proof { return c.tokens.shared(c.thing) }

// shared answers what was minted for one owner, in
// another's hands; thing tells what is no credential after all.
func (l *ledger) shared(thing func(*token) bool) []proof {
	var proofs []proof
	for _, name := range sortedKeys(l.names) {
		if !l.credential(name) {
			continue
		}
		had := l.holders(name)
		for _, value := range sortedKeys(l.names[name]) {
			t := l.names[name][value]
			if !t.minted || len(t.owners) < 2 || l.common(t, had) || thing(t) {
				continue
			}
			proofs = append(proofs, t.proofs()...)
		}
	}
	return proofs
}

// holders counts the owners who ever had something under a name.
func (l *ledger) holders(name string) int {
	who := map[string]bool{}
	for _, t := range l.names[name] {
		for _, r := range t.owners {
			who[r.owner] = true
		}
	}
	return len(who)
}

func (t *token) proofs() []proof {
	first := t.owners[0]
	var proofs []proof
	for _, r := range t.owners[1:] {
		strength := Proof
		if first.sighting.session == r.sighting.session && r.sighting.session.predecessors(r.at)[first.owner] {
			strength = Suspicion // it stayed in the client of whom it was given to
		}
		if first.sighting.session.baseline() && r.sighting.session.baseline() {
			strength = Suspicion // two empty jars were given one: it was nobody's yet
		}
		proofs = append(proofs, proof{
			rule: RuleSharedToken, strength: strength, viewer: r.sighting.viewer, victim: first.sighting.viewer, kind: string(customer.Token),
			where: r.where, value: t.value, decoded: []string{}, sighting: r.sighting, from: first,
			snippet: oneLine(r.where + "=" + t.value),
			note: fmt.Sprintf("the shop gave %s to %s (session %s, %s), and %s had it too (session %s), %s",
				t.called(r.where), name(first.owner), first.sighting.session.ID, moment(first.at),
				name(r.owner), r.sighting.session.ID, moment(r.at)),
		})
	}
	return proofs
}

func (t *token) called(where string) string {
	if t.cookie {
		return "the cookie " + where
	}
	return "the value at " + where
}
