package plan

import "math/rand/v2"

// meeting is one customer coming after another at one journey.
type meeting struct{ first, second, journey string }

// meetings are those of a round: at most so many, all of different customers,
// spread over the journeys. Over the rounds all ordered pairs meet at each of
// the journeys before any meets there again: two customers alone must meet
// both ways round.
func (p *Plan) meetings(key string, names []string, most, number int) []meeting {
	groups := p.groups(key, max(1, most))
	if len(names) == 0 || len(groups) == 0 {
		return nil
	}
	turn, cycle := (number-1)%len(groups), (number-1)/len(groups)
	var out []meeting
	for i, pair := range groups[turn] {
		// The shift goes on with the turn, so that few rounds see many
		// journeys; the cycle makes each group come to each of them.
		out = append(out, meeting{pair[0], pair[1], names[(i+turn+cycle)%len(names)]})
	}
	return out
}

// groups are all ordered pairs of customers, each in one group, in an order of
// this seed's own. Nobody is twice in one group: a customer who walked the same
// journey twice at once would fill one basket from two sides, and what went
// wrong then would be our doing.
func (p *Plan) groups(key string, most int) [][][2]string {
	r := p.random("pairs/"+key, 0)
	people := p.shuffled(r)
	var groups [][][2]string
	for turn := range rotations(len(people)) {
		matching := match(people, turn)
		r.Shuffle(len(matching), func(i, j int) { matching[i], matching[j] = matching[j], matching[i] })
		for len(matching) > 0 {
			n := min(most, len(matching))
			groups = append(groups, matching[:n], swapped(matching[:n]))
			matching = matching[n:]
		}
	}
	shuffle(r, groups)
	return groups
}

func shuffle(r *rand.Rand, groups [][][2]string) {
	r.Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
}

// rotations is how many rounds a tournament of n takes in which each meets each
// once. An odd number plays with a free place.
func rotations(n int) int {
	if n < 2 {
		return 0
	}
	return n + n%2 - 1
}

// match pairs everybody for one round of the tournament: the last one stays,
// the others go round a table.
func match(people []string, turn int) [][2]string {
	m := rotations(len(people))
	pairs := [][2]string{}
	add := func(a, b int) {
		if a < len(people) && b < len(people) { // not the free place
			pairs = append(pairs, [2]string{people[a], people[b]})
		}
	}
	add(turn, m)
	for i := 1; i <= m/2; i++ {
		add((turn+i)%m, (turn-i+m)%m)
	}
	return pairs
}

func swapped(pairs [][2]string) [][2]string {
	var out [][2]string
	for _, p := range pairs {
		out = append(out, [2]string{p[1], p[0]})
	}
	return out
}
