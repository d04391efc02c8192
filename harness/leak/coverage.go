package leak

import (
	"fmt"
	"sort"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// mostEdgesOfPlace is how many names of who answered a place's coverage has;
// the rest is summed under otherEdges.
const mostEdgesOfPlace = 32

// tally is the coverage of one own place as it is counted.
type tally struct {
	Coverage
	sessions, ownSessions map[string]bool
	kinds                 map[customer.Kind]bool
	presence              presence
	soloOwn, soloVisits   int
	soloKinds, roundKinds map[customer.Kind]int // signed-in visits that showed one's own of a kind
	connections           map[int32]bool
}

// coverage counts what the run saw at each own place: a place with an own slot
// that solo showed its visitors reliably. A place that shows one's own only
// now and then (an order list that is empty at first) cannot be a positive
// control; its slots still serve to tell others' values.
func (c *court) coverage(visits *visits) []Coverage {
	tallies := visits.end()
	c.countUnseen(tallies)
	all := []Coverage{}
	for _, t := range tallies {
		if t.soloVisits > 0 && float64(t.soloOwn) >= c.ownSeen()*float64(t.soloVisits) {
			all = append(all, t.done())
			if c.covered(t.Place) {
				c.faded = append(c.faded, t.faded()...)
				c.thin = append(c.thin, t.thin(c.ownSeen())...)
			}
		}
	}
	sort.Slice(all, func(i, k int) bool {
		if all[i].Place != all[k].Place {
			return all[i].Place < all[k].Place
		}
		return all[i].Surface < all[k].Surface
	})
	return all
}

func newTally(at stage) *tally {
	return &tally{
		Coverage: Coverage{Place: at.place, Surface: at.surface, Edges: map[string]int{}, Cache: map[string]int{}},
		sessions: map[string]bool{}, ownSessions: map[string]bool{}, kinds: map[customer.Kind]bool{}, presence: newPresence(),
		soloKinds: map[customer.Kind]int{}, roundKinds: map[customer.Kind]int{}, connections: map[int32]bool{},
	}
}

func (t *tally) add(v *stay, window history.Moment) {
	s := v.first
	if v.signed && s.viewer != history.Nobody {
		t.Visits++
		t.sessions[s.session.ID] = true
		kinds := t.roundKinds
		if s.session.solo() {
			t.soloVisits++
			kinds = t.soloKinds
		}
		for kind := range v.kinds {
			kinds[kind]++
		}
		if v.own {
			t.OwnVisits++
			t.ownSessions[s.session.ID] = true
			if s.session.solo() {
				t.soloOwn++
			}
		}
	}
	for kind := range v.kinds {
		t.kinds[kind] = true
	}
	t.take(v.by)
	if s.session.round() && !v.turnedAway() && t.presence.expose(v, window) {
		t.Exposures++
	}
}

// take counts who brought a visit, and how.
func (t *tally) take(x *exchange) {
	if x == nil {
		return
	}
	if x.connection > 0 {
		t.connections[x.connection] = true
	}
	for _, edge := range x.route.edges {
		if t.Edges[edge] == 0 && len(t.Edges) >= mostEdgesOfPlace {
			edge = otherEdges
		}
		t.Edges[edge]++
	}
	if x.route.cache != "" {
		t.Cache[x.route.cache]++
	}
}

func (c *court) countUnseen(tallies map[stage]*tally) {
	unseen := func(at stage, s *session, b *body) {
		t := tallies[at]
		if t == nil || !s.solo() && !s.round() {
			return
		}
		if b.Unseen != "" && !expected(b.Unseen) {
			t.Unseen++
		}
	}
	for _, x := range c.rec.exchanges {
		unseen(stage{x.place, history.SurfaceResponse}, x.session, x.body)
	}
	for _, s := range c.rec.sightings {
		if s.surface != history.SurfaceResponse {
			unseen(stage{s.place, s.surface}, s.session, s.body)
		} else if t := tallies[stage{s.place, s.surface}]; t != nil && s.body.gone {
			t.Unseen++
		}
		c.countClosed(tallies, s)
	}
}

// countClosed counts what was had, and not decoded to its end.
func (c *court) countClosed(tallies map[stage]*tally, s *sighting) {
	t := tallies[stage{s.place, s.surface}]
	if t != nil && s.body.closed != "" && (s.session.solo() || s.session.round()) {
		t.Unseen++
	}
}

// fewVisits are too few to say that a place shows something no more.
const fewVisits = 4

// faded are the kinds that all of solo was shown here, and nobody in the
// rounds: other kinds at the same place make up for none of them. What depends
// on what a customer did before (a gift note in a list of orders, whatever the
// shop issued) comes and goes; name, address and the like do not.
func (t *tally) faded() []string {
	var all []string
	visits := t.Visits - t.soloVisits
	for _, kind := range []customer.Kind{customer.Name, customer.First, customer.Last, customer.Email, customer.Phone, customer.Address, customer.Street, customer.Company} {
		if n := t.soloKinds[kind]; n > 0 && n == t.soloVisits && t.roundKinds[kind] == 0 && visits >= fewVisits {
			all = append(all, fmt.Sprintf("%s at %s %s", kindWords(kind), t.Surface, t.Place))
		}
	}
	return all
}

// thin says, of a place that showed enough of its visits their own, that the
// rounds taken by themselves are short of that share: solo was shown its own by
// definition, and its visits make up for none of the rounds'. One miss is none.
func (t *tally) thin(ownSeen float64) []string {
	visits, own := t.Visits-t.soloVisits, t.OwnVisits-t.soloOwn
	enough := float64(t.OwnVisits) >= ownSeen*float64(t.Visits)
	if !enough || visits-own < 2 || float64(own) >= ownSeen*float64(visits) {
		return nil
	}
	return []string{fmt.Sprintf("%s %s (%d of %d in the rounds)", t.Surface, t.Place, own, visits)}
}

func (t *tally) done() Coverage {
	cov := t.Coverage
	cov.Sessions, cov.OwnSeen, cov.Pairs = len(t.sessions), len(t.ownSessions), len(t.presence.pairs)
	cov.Schedules, cov.SharedEdge, cov.Connections = t.presence.schedules(), len(t.presence.same), len(t.connections)
	cov.Bound = bound(cov.Exposures)
	cov.Kinds = []string{}
	for kind := range t.kinds {
		cov.Kinds = append(cov.Kinds, string(kind))
	}
	sort.Strings(cov.Kinds)
	return cov
}

// bound is the rate that n exposures without a leak rule out with 95 %
// confidence.
func bound(n int) float64 {
	if n == 0 {
		return 0
	}
	return 3 / float64(n)
}

// unseenShare is the share of a place's bodies that could not be had.
func unseenShare(cov Coverage) float64 {
	total := cov.Unseen + cov.Visits
	if total == 0 {
		return 0
	}
	return float64(cov.Unseen) / float64(total)
}
