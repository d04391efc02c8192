package plan

import (
	"math/rand/v2"
	"time"
)

// burstWindow is how long after one customer was at a place the next one there
// counts as exposed to a race: their requests went out together, but the
// answers of a slow shop, and the pages that several browsers draw on few
// cores, come over a second or two. More would count visits that no race can
// join.
const burstWindow = 2 * time.Second

// burst lets everybody perform the same step of the same journey at once: their
// requests are held at the network and let go together. It finds variables that
// handlers share, requests that are coalesced, order numbers and session ids
// that are given twice, and files that two write under one name. Such things
// happen within milliseconds and once in hundreds of times, so many requests
// must come closely.
//
// How many are held together changes: the first time all, then two, then either
// or some in between. What two do to each other can be undone by a third (the
// last one to write wins), and what needs many never happens to two.
func (p *Plan) burst(r *rand.Rand, number int) Round {
	round := Round{Meet: p.together(), Hold: p.together(), Window: burstWindow}
	people := p.shuffled(r)[:p.burstSize(r, number)]
	if n := len(p.journeys.browser); n > 0 {
		p.add(&round, people, p.journeys.browser[(number-1)%n])
	}
	for _, name := range p.heldAPI(p.journeys.api, len(people), number) {
		p.add(&round, people, name)
	}
	return round
}

func (p *Plan) add(round *Round, people []string, journey string) {
	for _, c := range people {
		round.Walks = append(round.Walks, p.walk(c, journey))
	}
}

func (p *Plan) burstSize(r *rand.Rand, number int) int {
	all := p.atOnce()
	few := min(2, all)
	switch draw := r.IntN(3); {
	case number == 1, number > 2 && draw == 0, !p.together():
		return all
	case number == 2, draw == 1:
		return few
	}
	return few + r.IntN(all-few+1)
}

// heldAPI are those of the apps' journeys that so many people walk in a round
// whose requests are held: as many as there are places for, others the next time.
func (p *Plan) heldAPI(all []string, people, number int) []string {
	n := len(all)
	var names []string
	for i := range min(n, max(1, p.setting.Parallel/people)) {
		names = append(names, all[(number-1+i)%n])
	}
	return names
}
