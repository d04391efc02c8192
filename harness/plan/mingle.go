package plan

import (
	"math/rand/v2"
	"time"

	"crosstalk/harness/history"
)

// mingleThink bounds the pause before a step of a mingling walk.
const mingleThink = 200 * time.Millisecond

// mingleStray is which of the mingling customers walks another journey than
// the rest: every fourth.
const mingleStray = 4

// mingle lets everybody walk at once with random think times, and meet where
// the scenario says so: it finds races that need one to be in the midst of
// something while another begins, and what nobody thought of. Most walk the
// same browser journey, the next round the next one: two customers at one
// place in one moment is what a race needs. Some walk another, so that journeys
// mix. Each customer's app is used as well, and nothing else of every fourth: so
// many browsers at once say more about the machine than about the shop. A
// passer-by is among them.
func (p *Plan) mingle(r *rand.Rand, number int) Round {
	round := Round{Meet: p.together(), Window: copyWindow}
	add := func(customer, journey string) {
		w := p.walk(customer, journey)
		for range p.journeys.walked(journey) {
			w.Think = append(w.Think, time.Duration(r.Int64N(int64(mingleThink))))
		}
		round.Walks = append(round.Walks, w)
	}
	for i, c := range p.shuffled(r)[:p.atOnce()] {
		if n := len(p.journeys.browser); n > 0 && (len(p.journeys.api) == 0 || i < p.atOnce()*3/4 || i < 2) {
			main := number - 1
			if p.atOnce() >= 2*mingleStray && i%mingleStray == mingleStray-1 {
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
	if len(p.journeys.browser)+len(p.journeys.api) == 0 {
		round.Walks = nil // passers-by alone mingle with nobody
	}
	return round
}
