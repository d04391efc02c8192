package plan

import (
	"math/rand/v2"
	"time"

	"crosstalk/scenarios"
)

// The bounds of herd's pause: long enough for connections to be dropped and
// short entries to expire, short enough to be had often.
const (
	herdPauseLeast = time.Second
	herdPauseMost  = 3 * time.Second
)

// herd lets everybody walk up to one point, rest there, and return at once; the
// user's hook (to flush a cache, to restart a service) runs while they rest. It
// finds what goes wrong when a shop is cold: a service that maps ids to data
// while it fills its cache under load, order numbers and session ids that begin
// again, sockets that come back into another's room.
//
// The point is the same for all who walk a journey, and lies in its second
// half: who returns must be known to the shop, or nothing of theirs is asked
// for. Then only what they ask for first is held; the rest is a herd's own
// doing. A third of the customers return in a browser: many that start
// their work at once on one machine do not return at once.
func (p *Plan) herd(r *rand.Rand, number int) Round {
	round := Round{Hold: true, Window: copyWindow}
	round.Pause = herdPauseLeast + time.Duration(r.Int64N(int64(herdPauseMost-herdPauseLeast)))
	people := p.shuffled(r)
	places := min(len(people), p.setting.Parallel)
	// Only journeys with a point to rest at take turns: a round without walks
	// would end the run.
	browsers := p.journeys.restable(p.journeys.browser)
	if n := len(browsers); n > 0 {
		some := min(places, max(2, (len(people)+2)/3))
		p.addResting(&round, r, people[:some], browsers[(number-1)%n])
	}
	for _, name := range p.heldAPI(p.journeys.restable(p.journeys.api), places, number) {
		p.addResting(&round, r, people[len(people)-places:], name)
	}
	return round
}

// restable are those of the names that have a point to rest at.
func (o *journeys) restable(names []string) []string {
	var out []string
	for _, name := range names {
		if len(restingPlaces(o.steps[name])) > 0 {
			out = append(out, name)
		}
	}
	return out
}

// addResting adds walks that rest at a common point. A journey that is narrowed
// to so little that there is none is walked as a whole.
func (p *Plan) addResting(round *Round, r *rand.Rand, people []string, journey string) {
	steps, until := p.journeys.walked(journey), p.journeys.until[journey]
	places := restingPlaces(steps)
	if len(places) == 0 {
		steps, until = p.journeys.steps[journey], 0
		places = restingPlaces(steps)
	}
	at := places[r.IntN(len(places))]
	for _, c := range people {
		w := p.walk(c, journey)
		w.Until, w.Rest = until, at
		round.Walks = append(round.Walks, w)
	}
}

// restingPlaces are how many steps may be performed before a rest: before a
// request, in the second half. Who returns only to sign out is shown nothing:
// that comes last, and so does a request in the first half.
func restingPlaces(steps []scenarios.Step) []int {
	sending := after(indices(steps, sends), 0)
	staying := func(k int) bool { return !signsOut(steps[k]) }
	late := filter(sending, func(k int) bool { return k >= len(steps)/2 })
	if telling := filter(late, staying); len(telling) > 0 {
		return telling
	}
	if telling := filter(sending, staying); len(telling) > 0 {
		return telling[len(telling)-1:]
	}
	return late
}

func filter(in []int, keep func(k int) bool) []int {
	var out []int
	for _, k := range in {
		if keep(k) {
			out = append(out, k)
		}
	}
	return out
}
