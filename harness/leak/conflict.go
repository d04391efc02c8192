package leak

import (
	"fmt"
	"sort"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// contest is a learned value that two customers or more claim as theirs, and
// nothing tells whose it is.
type contest struct {
	kind, value string
	claims      []*claim // the first of each customer, in order of time
}

// claim is the first time a customer was told that a value is theirs.
type claim struct {
	learned
	shown   *sighting // that told them; nil when the record has none
	created *exchange // their own request that made the shop issue it, if one did
}

// settle decides whose the values are that several customers claim. Who was
// told first owned them so far; the request that made the shop issue a value
// knows better: a cached page can tell the wrong one first. Where no such
// request decides, the value is everybody's who claims it, and a contest.
func (o *owners) settle(rec *record, seen *inspection) []contest {
	claims := o.contested(rec)
	seen.tell(rec, claims)
	var open []contest
	for _, key := range sortedKeys(claims) {
		all := claims[key]
		for _, c := range all {
			c.created = createdBy(c.shown)
		}
		if owner := decided(all); owner != "" {
			o.give(all[0], owner)
			continue
		}
		for _, c := range all[1:] {
			o.add(c.Customer, reading{kind: customer.Kind(c.Kind), text: c.Value, rank: rankLearned}, true)
		}
		open = append(open, contest{kind: all[0].Kind, value: all[0].Value, claims: all})
	}
	return open
}

// contested are the claims of values that several customers claim, by value.
func (o *owners) contested(rec *record) map[string][]*claim {
	said := claimsOf(rec)
	claims, known := map[string][]*claim{}, map[string]bool{}
	for _, l := range rec.learned {
		key := claimKey(l)
		who := l.Customer + "\x00" + key
		if len(said.all.who[key]) > 1 && !known[who] && !said.shared(l) && o.sole(l) {
			known[who] = true
			claims[key] = append(claims[key], &claim{learned: l})
		}
	}
	for key := range claims {
		if len(claims[key]) < 2 { // the other was a passer-by
			delete(claims, key)
		}
	}
	return claims
}

// sole says that the value can be one customer's only: others of its kind (a
// total, a counter) two can well have.
func (o *owners) sole(l learned) bool {
	return l.Customer != history.Nobody && match.Key(l.Value) != "" &&
		(customer.LearnedStrength(l.Value) == customer.Strong || customer.Kind(l.Kind) == customer.Order)
}

// tell finds the sighting that told each claim: the latest of its session
// before it that shows the value.
func (in *inspection) tell(rec *record, claims map[string][]*claim) {
	sessions := map[string][]*claim{}
	for _, all := range claims {
		for _, c := range all {
			sessions[c.Session] = append(sessions[c.Session], c)
		}
	}
	for _, s := range rec.sightings {
		for _, c := range sessions[s.session.ID] {
			if s.at <= c.at && in.shows(s, match.Key(c.Value)) {
				c.shown = s
			}
		}
	}
}

// shows says whether a sighting has a value of somebody's.
func (in *inspection) shows(s *sighting, key string) bool {
	content := in.contentOf(s)
	for _, h := range content.hits {
		if match.Key(in.own.markers[h.marker].Value) == key {
			return true
		}
	}
	return in.has(content, key)
}

// createdBy is the request that made the shop issue what a sighting shows: the
// one that it answers, or the one that was answered by sending the client
// there. A request that only asks creates nothing.
func createdBy(s *sighting) *exchange {
	if s == nil {
		return nil
	}
	last := s.exchange
	for _, x := range s.session.exchanges { // in order of start
		if x.start > s.at {
			break
		}
		if !asks(x) && (s.exchange == nil || x.start <= s.exchange.start) {
			last = x
		}
	}
	switch {
	case last == nil || asks(last):
		return nil
	case last == s.exchange, last.status >= 300 && last.status < 400, s.exchange == nil:
		return last
	}
	return nil
}

// asks says that a request has no effect, by its method.
func asks(x *exchange) bool {
	return x.method == "GET" || x.method == "HEAD" || x.method == "OPTIONS" || x.method == ""
}

// decided is the one customer whose request can have made the shop issue the
// value: they sent it before anybody was told, and whoever else sent one had
// not begun by then. "" when that is nobody, or two.
func decided(claims []*claim) string {
	owner := ""
	var issued history.Moment // when the first was told
	for i, c := range claims {
		at := c.at
		if c.shown != nil {
			at = c.shown.at
			if c.shown.surface == history.SurfaceResponse {
				at = arrival(c.shown.exchange)
			}
		}
		if i == 0 || at < issued {
			issued = at
		}
	}
	for _, c := range claims {
		if c.created == nil || c.created.start > issued {
			continue
		}
		if owner != "" {
			return ""
		}
		owner = c.Customer
	}
	return owner
}

// give makes one customer the owner of a learned value.
func (o *owners) give(c *claim, owner string) {
	key := match.Key(c.Value)
	for id := range o.markers {
		if m := &o.markers[id]; m.Learned && string(m.Kind) == c.Kind && match.Key(m.Value) == key {
			if m.Owner == owner {
				return
			}
			delete(o.mine[m.Owner], key)
			for i := range o.values[key] {
				if v := &o.values[key][i]; v.owner == m.Owner && string(v.kind) == c.Kind {
					v.owner = owner
				}
			}
			m.Owner = owner
			if o.mine[owner] == nil {
				o.mine[owner] = map[string]bool{}
			}
			o.mine[owner][key] = true
		}
	}
}

// conflict applies the rule "conflict": two customers were told that one value
// is theirs, so one was told what is the other's. The direction is open.
func (c *court) conflict() []proof {
	var proofs []proof
	for _, contest := range c.contests {
		first := contest.claims[0]
		for _, other := range contest.claims[1:] {
			pair := []string{first.Customer, other.Customer}
			sort.Strings(pair)
			s := other.shown
			if s == nil {
				s = c.rec.claimed(other)
			}
			proofs = append(proofs, proof{
				rule: RuleConflict, strength: Proof, victim: pair[0], viewer: pair[1], kind: contest.kind, where: c.seen.where(s, other),
				value: contest.value, decoded: []string{}, sighting: s, snippet: oneLine(contest.value),
				note: fmt.Sprintf("the shop told %s (session %s, %s) and %s (session %s, %s) that %s is their own %s, and no request of either decides whose it is: which of the two was shown the other's is open",
					first.Customer, first.Session, moment(first.at), other.Customer, other.Session, moment(other.at), contest.value, kindWords(customer.Kind(contest.kind))),
			})
		}
	}
	return proofs
}

// claimed is what stands for the sighting of a claim that the record has none
// of.
func (r *record) claimed(c *claim) *sighting {
	return &sighting{
		scene:   r.pool.scene(scene{viewer: c.Customer, place: c.Place, surface: history.SurfacePage}),
		session: r.session(c.Session), at: c.at, body: &body{},
	}
}

// where the value stands in what told it; where the scenario took it from
// when that is not known.
func (in *inspection) where(s *sighting, c *claim) string {
	key := match.Key(c.Value)
	content := in.contentOf(s)
	for _, h := range content.hits {
		if match.Key(in.own.markers[h.marker].Value) == key {
			return h.where
		}
	}
	for _, p := range content.pieces {
		if p.owned && strings.Contains(match.Key(p.text), key) {
			return p.where
		}
	}
	return c.Where
}
