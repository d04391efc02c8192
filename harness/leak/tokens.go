package leak

import (
	"strings"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// ledger says which credential the shop minted for whom.
type ledger struct {
	names  map[string]map[string]*token // name → value → token
	values map[string][]*token
	issues map[string][]issue // of a cookie's name: each session's first of a value, in order of time
	given  map[issueKey]bool
	rec    *record
	pools  map[string]returning // by name; see returns
}

// token is one value under one name: a cookie's or a header's name, a URL and
// the place in its body, the key of a storage.
type token struct {
	name, value string
	source      source
	cookie      bool
	owners      []*reception // the first of each owner, in order of time
	had         map[string]bool
	minted      bool                // first seen in a response of the shop
	kept        map[*session]keeper // who had it first in a client that others used next
}

// source is how a token comes to a session.
type source int

const (
	inCookie  source = iota
	inHeader         // another header line
	inAddress        // where a redirect leads
	inBody           // of a response, or in a socket's message
	inStorage        // of the client: what the shop's script put there
)

// reception is the first time one owner had a token.
type reception struct {
	token    *token
	owner    string // customer, or "nobody/" and the session
	sighting *sighting
	where    string
	at       history.Moment
	setBy    *exchange // whose header lines or body brought it; nil when it was found in a jar or a storage
	early    bool      // in the baseline, at sign-up or in solo
	left     bool      // it was in the client when its next user signed in
}

// ownerOf is whose a token is that a session receives. All walks of a
// customer are one owner, signed in or not, on whichever device, so a guest who
// signs in stays the same; each passer-by is an owner for himself.
func ownerOf(viewer, session string) string {
	if viewer == history.Nobody || viewer == "" {
		return history.Nobody + "/" + session
	}
	return viewer
}

func openLedger(rec *record, own *owners, seen *inspection) *ledger {
	l := &ledger{
		names: map[string]map[string]*token{}, values: map[string][]*token{}, issues: map[string][]issue{}, given: map[issueKey]bool{}, rec: rec,
		pools: map[string]returning{},
	}
	for _, e := range timeline(rec) {
		if e.exchange != nil {
			l.cookies(e.exchange)
			l.lines(e.exchange, own)
			continue
		}
		s := e.sighting
		switch s.surface {
		case history.SurfaceCookie:
			for _, c := range seen.contentOf(s).jar {
				l.jar(s, c)
			}
		case history.SurfaceResponse:
			if !static(s.exchange) {
				l.body(s, s.body.tokens, own)
			}
		case history.SurfaceStorage:
			l.storage(s, s.body.tokens, own)
		case history.SurfaceSocket:
			l.socket(s, s.body.tokens, own)
		default:
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
		if len(x.cookies) > 0 || len(x.carried) > 0 {
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

// shownBy is the sighting that a header line of an exchange is.
func (l *ledger) shownBy(x *exchange, on history.Surface) *sighting {
	return &sighting{
		scene: l.rec.shown(x, on), id: x.id, session: x.session, step: x.step,
		at: x.start, exchange: x, body: &body{},
	}
}

func (l *ledger) cookies(x *exchange) {
	for _, c := range x.cookies {
		if !credentialCookie(c) {
			continue
		}
		t := l.token(c.name, c.value, inCookie)
		l.issue(t, x)
		t.brought(l.shownBy(x, history.SurfaceCookie), c.name, x)
	}
}

// lines are the other header lines: what they are named like is the same for
// all of a shop's answers, where they send a session differs by the address.
func (l *ledger) lines(x *exchange, own *owners) {
	for _, c := range x.carried {
		key := match.Key(c.value)
		if len(own.values[key]) > 0 || sends(x.url, key) || c.name != "" && static(x) {
			continue // where a picture lies is the same for all, signed or not
		}
		name, from := c.where+": …", inHeader
		if c.name != "" {
			name, from = c.where+": "+c.name, inAddress
		}
		l.token(name, c.value, from).brought(l.shownBy(x, history.SurfaceHeader), c.where, x)
	}
}

func (l *ledger) jar(s *sighting, c cookie) {
	if !credentialCookie(c) {
		return
	}
	l.token(c.name, c.value, inCookie).receive(s, c.name, s.at, nil)
}

func (l *ledger) body(s *sighting, found []minting, own *owners) {
	for _, c := range found {
		key := match.Key(c.value)
		if len(own.values[key]) > 0 || sends(s.url, key) {
			continue // somebody's value has a rule of its own; an id in the address is the address's
		}
		l.token(bodyName(s.exchange, c), c.value, inBody).brought(s, c.where, s.exchange)
	}
}

// bodyName is under what a value of a body is compared with others' values.
// It has the exact address, not the place: what /products/1 and /products/2
// show is different because the products are. What an answer to a POST calls a
// token is made by the shop for who asked, wherever that was sent.
func bodyName(x *exchange, c minting) string {
	address := x.method + " " + x.url
	if x.method != "GET" && x.method != "HEAD" && (secret(c.where) || secret(c.name)) {
		address = string(x.place)
	}
	return strings.TrimSpace(address + " " + c.where + " " + c.name)
}

// storage holds what the page's script kept. That the shop minted it, another
// surface must say.
func (l *ledger) storage(s *sighting, found []minting, own *owners) {
	for _, c := range found {
		if len(own.values[match.Key(c.value)]) == 0 && !innocentCookie(c.where) {
			l.token("storage "+c.where, c.value, inStorage).receive(s, c.where, s.at, nil)
		}
	}
}

// socket looks at what its name calls a secret: ids of events that concern
// everybody reach, in solo, one session at a time.
func (l *ledger) socket(s *sighting, found []minting, own *owners) {
	for _, c := range found {
		if secret(c.where) && len(own.values[match.Key(c.value)]) == 0 {
			t := l.token("socket "+string(s.place)+" "+c.where, c.value, inBody)
			t.minted = t.minted || len(t.owners) == 0
			t.receive(s, c.where, s.at, nil)
		}
	}
}

func (l *ledger) token(name, value string, from source) *token {
	if l.names[name] == nil {
		l.names[name] = map[string]*token{}
	}
	t := l.names[name][value]
	if t == nil {
		t = &token{name: name, value: value, source: from, cookie: from == inCookie}
		l.names[name][value] = t
		l.values[value] = append(l.values[value], t)
	}
	return t
}

// brought enters what a response brought.
func (t *token) brought(s *sighting, where string, by *exchange) {
	t.minted = t.minted || len(t.owners) == 0
	t.receive(s, where, arrival(by), by)
}

func (t *token) receive(s *sighting, where string, at history.Moment, by *exchange) {
	owner := ownerOf(s.viewer, s.session.ID)
	left := false
	if s.session.heirs() {
		keeper := t.keep(s, at)
		if left = keeper.viewer != s.viewer; left && (keeper.nobodys || !s.session.signedIn(at) && (by == nil || !s.session.knows(at))) {
			return
		}
	}
	if t.hadBy(owner) {
		return
	}
	t.owners = append(t.owners, &reception{
		token: t, owner: owner, sighting: s, where: where, at: at, setBy: by,
		left: left, early: !s.session.round() && s.session.Phase != history.PhaseCleanUp,
	})
}

// fewHolders are looked through one by one: most tokens have one, and build ids
// as many as there are visitors.
const fewHolders = 8

func (t *token) hadBy(owner string) bool {
	if len(t.owners) < fewHolders {
		for _, r := range t.owners {
			if r.owner == owner {
				return true
			}
		}
		return false
	}
	if t.had == nil {
		t.had = map[string]bool{}
		for _, r := range t.owners {
			t.had[r.owner] = true
		}
	}
	known := t.had[owner]
	t.had[owner] = true // it is received now
	return known
}

// madeByShop says whether the shop made the value, as far as was seen: it came
// first in a response, here or elsewhere. A script can put into a cookie or a
// storage what a response brought.
func (l *ledger) madeByShop(t *token) bool {
	if t.minted {
		return true
	}
	for _, other := range l.values[t.value] {
		if other.minted && other.owners[0].at <= t.owners[0].at {
			return true
		}
	}
	return false
}
