package plan

import (
	"math/rand/v2"
	"time"

	"crosstalk/harness/history"
)

// lag is how long after the other's step a follower performs the same.
type lag struct {
	after time.Duration
	life  Life
}

// shortLags find what is kept for a moment: at once, while a cache still holds
// what it stored, and a second later, when whatever refreshes each second has
// done so.
var shortLags = []lag{{after: 100 * time.Millisecond}, {after: time.Second}}

// lifeLags go by how long a copy lives: in the midst of its life, and a second
// after it, when a cache fetches anew (and may be serving the old copy
// meanwhile). Where no lifetime is known they are those of a cache that keeps
// pages for the few seconds that take the load off a shop.
var lifeLags = []lag{{after: 3 * time.Second, life: LifeHalf}, {after: 6 * time.Second, life: LifePast}}

// passerLag is how long after the one before it a passer-by comes: while
// whatever was left still lives.
const passerLag = 100 * time.Millisecond

// relay is A, then B, then nobody, on new connections: B follows A step by
// step, so that every place is visited by B at one known age of whatever A left
// there (an entry of a few seconds would be gone if B began when A had ended).
// It finds pages and cookies that a cache hands to the next one, and what stays
// behind in workers, threads and pooled connections: of n workers that take
// turns, about 3n pairs find the one that kept something.
//
// The first round has the short lags, the second goes by the lifetimes, and the
// others draw. Chains of an app cost next to nothing, so there are twice as
// many; who follows whom goes through all ordered pairs.
func (p *Plan) relay(r *rand.Rand, number int) Round {
	round := Round{Window: copyWindow}
	lags, from := relayLags(r, number)
	most := max(1, p.setting.Parallel/4)
	for i, m := range p.meetings("relay/browser", p.journeys.browser, most, number) {
		p.chain(&round, m, lags[(i+from)%len(lags)], p.turn(number, most, i), p.journeys.passers)
	}
	for i, m := range p.meetings("relay/api", p.journeys.api, 2*most, number) {
		passers := p.journeys.quick
		if i == 0 {
			passers = p.journeys.passers // a browser's walk costs: one a round
		}
		p.chain(&round, m, lags[(i+from)%len(lags)], p.turn(number, 2*most, i), passers)
	}
	return round
}

// relayLags are the lags of a round's chains, and with which the first begins.
func relayLags(r *rand.Rand, number int) ([]lag, int) {
	from, lives := r.IntN(2), r.IntN(2) == 0
	if number <= 2 {
		lives = number == 2
	}
	if lives {
		return lifeLags, from
	}
	return shortLags, from
}

// turn counts the pairs of chains (one within the life of a copy, one past it),
// each of which goes by the next lifetime that is known.
func (p *Plan) turn(number, most, chain int) int { return (number-1)*((most+1)/2) + chain/2 }

// chain adds A, B who follows, and the passers-by.
//
// A passer-by comes last, so that it does not put a stranger's page in front of
// B. Where B comes in the midst of a copy's life, that would be too late: by
// the end of B's walk the copy is gone. There it comes between the two, which
// hides nothing from B: as long as A's copy lives, the passer-by is shown it.
func (p *Plan) chain(round *Round, m meeting, l lag, turn int, passers []string) {
	lead := len(round.Walks)
	a, b := p.walk(m.first, m.journey), p.walk(m.second, m.journey)
	b.Follow, b.InStep, b.Lag, b.Life = lead, true, l.after, l.life
	if l.life != "" {
		b.Turn = turn // and whoever finds out the lifetime widens the window
	} else {
		round.Window = max(round.Window, l.after+copyWindow)
	}
	round.Walks = append(round.Walks, a, b)
	before := lead + 1
	if l.life == LifeHalf {
		before = lead
	}
	for _, name := range passers {
		w := p.walk(history.Nobody, name)
		w.Follow, w.Lag = before, passerLag
		round.Walks = append(round.Walks, w)
	}
}
