package plan

import (
	"math/rand/v2"
	"time"
)

// swapWindow is how long what one customer left in a client can wait for the
// next one: a whole walk lies between their visits at one place.
const swapWindow = 120 * time.Second

// swap lets two customers use one client, one after the other: A signs out, B
// signs in. It finds what a page keeps in the client beyond its session: in
// storage, in a service worker's cache, in a cookie that names a device, in the
// pages that going back brings again, in a basket that is merged into the next
// one's. Losing the network and a slow one are what makes a page fall back to
// what it kept.
//
// Who follows whom goes through all ordered pairs. A walk goes to its end even
// where rounds are narrowed to the first steps: A must have signed out, or B
// would see A's data by right. Journeys that end otherwise are not walked. Few walk in a
// browser at once: two walks one after the other are the longest chain there is,
// and the round lasts as long as its slowest.
func (p *Plan) swap(r *rand.Rand, number int) Round {
	round := Round{Window: swapWindow}
	browsers, apps := max(1, p.setting.Parallel/8), max(2, p.setting.Parallel/2)
	add := func(m meeting, page bool) {
		w := p.walk(m.first, m.journey)
		w.Until, w.Heir = 0, m.second
		w.Moves = p.moves(r, m.journey, page)
		round.Walks = append(round.Walks, w)
	}
	for _, m := range p.meetings("swap/browser", p.journeys.swappable(p.journeys.browser), browsers, number) {
		add(m, true)
	}
	for _, m := range p.meetings("swap/api", p.journeys.swappable(p.journeys.api), apps, number) {
		add(m, false)
	}
	return round
}

// moves are what the two do beside the journey: one thing in A's turn, before
// anything of B's the most telling (going back to A's pages, loading them again
// with and without a network), and one when B has signed in. Each comes before
// a step that does the same on any page, or the journey would fail by our
// doing; the first step is one, since it must do on an empty page.
func (p *Plan) moves(r *rand.Rand, journey string, page bool) []Move {
	steps := p.journeys.steps[journey]
	safe := indices(steps, independent)
	var out []Move
	if later := after(safe, 0); len(later) > 0 {
		out = append(out, Move{Before: later[r.IntN(len(later))], What: anyMove(r, page)})
	}
	for _, what := range takingOver(r, page) {
		out = append(out, Move{Heir: true, What: what})
	}
	if shown := indices(steps, shows); len(shown) > 0 {
		if later := after(safe, shown[0]); len(later) > 0 {
			k := max(r.IntN(len(later)), r.IntN(len(later))) // rather late
			out = append(out, Move{Before: later[k], Heir: true, What: anyMove(r, page)})
		}
	}
	return out
}

// takingOver are the moves before B's first step. An app has no way back.
func takingOver(r *rand.Rand, page bool) []string {
	moves := []string{MoveReload, MoveOffline}
	if page {
		moves = []string{MoveBack, moves[r.IntN(len(moves))]}
	}
	r.Shuffle(len(moves), func(i, j int) { moves[i], moves[j] = moves[j], moves[i] })
	return moves
}

func anyMove(r *rand.Rand, page bool) string {
	moves := []string{MoveReload, MoveOffline, MoveSlow, MoveBack}
	if !page {
		moves = moves[:3]
	}
	return moves[r.IntN(len(moves))]
}

// after are those of the sorted indices that are greater than k.
func after(sorted []int, k int) []int {
	for i, n := range sorted {
		if n > k {
			return sorted[i:]
		}
	}
	return nil
}
