package plan

import (
	"math/rand/v2"
	"slices"
	"time"

	"crosstalk/harness/history"
)

// schedules is the one table of what the rounds can do. A new schedule is a
// new line and a function in a file of its own.
var schedules = map[string]func(p *Plan, r *rand.Rand, number int) Round{
	history.PhaseRelay:  (*Plan).relay,
	history.PhaseMingle: (*Plan).mingle,
}

// Names are the schedules, in the order in which a run walks them by default.
func Names() []string { return []string{history.PhaseRelay, history.PhaseMingle} }

// Round is the n-th round of the run, zero-based: the schedules take turns.
func (p *Plan) Round(n int) Round {
	names := p.setting.Schedules
	name, number := names[n%len(names)], n/len(names)+1
	round := schedules[name](p, p.random(name, number), number)
	round.Schedule, round.Number, round.Parallel = name, number, p.setting.Parallel
	return round
}

// relayLags are how long after the other's step the follower performs the
// same: at once, while a cache still holds what it stored, and a second later,
// when whatever refreshes each second has done so.
var relayLags = []time.Duration{100 * time.Millisecond, time.Second}

// relay is A, then B, then nobody, on new connections: B follows A step by
// step, so that every place is visited by B within the life of whatever A left
// there (a cache entry of a few seconds would be gone if B began when A had
// ended). It finds caches, and what stays behind in workers and threads.
//
// Who follows whom goes through all ordered pairs, for each journey on its own,
// before any comes again: two customers alone must meet both ways round.
func (p *Plan) relay(r *rand.Rand, number int) Round {
	var round Round
	walkable := slices.Concat(p.journeys.browser, p.journeys.api)
	pairs := p.orderedPairs()
	if len(walkable) == 0 || len(pairs) == 0 {
		return round
	}
	chains := min(max(1, p.setting.Parallel/4), max(1, len(p.setting.Customers)/2))
	lag := relayLags[r.IntN(len(relayLags))]
	for chain := range chains {
		turn := (number-1)*chains + chain
		journey := turn % len(walkable)
		pair := pairs[(turn/len(walkable)+journey*len(pairs)/len(walkable))%len(pairs)]
		round.Walks = append(round.Walks, Walk{Customer: pair[0], Journey: walkable[journey], Part: PartSteps, Follow: Alone})
		lead := len(round.Walks) - 1
		round.Walks = append(round.Walks, Walk{Customer: pair[1], Journey: walkable[journey], Part: PartSteps, Follow: lead, InStep: true, Lag: lag})
		for _, passer := range p.journeys.passers {
			round.Walks = append(round.Walks, Walk{Customer: history.Nobody, Journey: passer, Part: PartSteps, Follow: lead + 1, Lag: relayLags[0]})
		}
	}
	return round
}

// orderedPairs are all ways in which one customer can follow another, in an
// order of this seed's own.
func (p *Plan) orderedPairs() [][2]string {
	var pairs [][2]string
	for _, a := range p.setting.Customers {
		for _, b := range p.setting.Customers {
			if a != b {
				pairs = append(pairs, [2]string{a, b})
			}
		}
	}
	r := p.random("pairs", 0)
	r.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	return pairs
}

// mingleThink bounds the pause before a step of a mingling walk.
const mingleThink = 300 * time.Millisecond

// mingleStray is which of the mingling customers walks another journey than
// the rest: every fourth.
const mingleStray = 4

// mingle lets everybody walk at once with random think times, and meet where
// the scenario says so: it finds races, and what nobody thought of. Most walk
// the same browser journey, the next round the next one: two customers at one
// place in one moment is what a race needs. Some walk another, so that journeys
// mix. Each customer's app is used as well, and a passer-by is among them.
func (p *Plan) mingle(r *rand.Rand, number int) Round {
	round := Round{Meet: true}
	add := func(customer, journey string) {
		w := Walk{Customer: customer, Journey: journey, Part: PartSteps, Follow: Alone}
		for range p.journeys.steps[journey] {
			w.Think = append(w.Think, time.Duration(r.Int64N(int64(mingleThink))))
		}
		round.Walks = append(round.Walks, w)
	}
	for i, c := range p.shuffled(r) {
		if n := len(p.journeys.browser); n > 0 {
			main := number - 1
			if len(p.setting.Customers) >= 2*mingleStray && i%mingleStray == mingleStray-1 {
				main++
			}
			add(c, p.journeys.browser[main%n])
		}
		for _, name := range p.journeys.api {
			add(c, name)
		}
	}
	for _, name := range p.journeys.passers {
		add(history.Nobody, name)
	}
	return round
}
