package leak

import (
	"slices"
	"strings"

	"crosstalk/harness/customer"
)

// strays learns at which slots for names and cities strangers' stand as well:
// of those who bought, wrote a review, or work for the shop.
type strays struct {
	slots   *slots
	kinds   map[stage]map[string][]customer.Kind // of slots, by where
	gaps    map[slot][]gap
	fillers map[string]bool
}

func newStrays(s *slots, kinds map[stage]map[string][]customer.Kind) *strays {
	st := &strays{slots: s, kinds: kinds, gaps: map[slot][]gap{}, fillers: wordSet(fillers)}
	for at, standing := range s.all {
		if !isCalled(at.kind) {
			continue
		}
		for _, skeleton := range sortedKeys(standing.skeletons) {
			if g, ok := gapOf(skeleton, at.kind); ok {
				st.gaps[at] = append(st.gaps[at], g)
			}
		}
	}
	return st
}

// isCalled says that values of a kind are what people, firms and towns are
// called: any shop shows many.
func isCalled(kind customer.Kind) bool {
	switch kind {
	case customer.First, customer.Last, customer.Name, customer.CardHolder, customer.City, customer.Company:
		return true
	default:
		return false
	}
}

// crowd is of how many strangers' names, beside one's own, an answer is a list of
// names: those that are offered while one types hold one's own for whoever has a
// usual one. Nobody is shown as many of those whom they know.
const crowd = 8

// learn counts the slots at which a visit showed a stranger's name, and nobody's
// of ours, and those at which it showed a crowd beside ours.
func (st *strays) learn(v *sighting, taken map[slot]bool) {
	kinds := st.kinds[stage{v.place, v.surface}]
	if len(kinds) == 0 {
		return
	}
	found := map[slot]int{}
	for _, p := range st.slots.seen.contentOf(v).pieces {
		for _, kind := range kinds[p.where] {
			at := slot{v.place, v.surface, p.where, kind}
			if isCalled(kind) && found[at] < st.enough(taken[at]) && (!taken[at] || !p.owned) && st.shows(v, p, at) {
				found[at]++
			}
		}
	}
	for at, names := range found {
		switch standing := st.slots.all[at]; {
		case names < st.enough(taken[at]):
		case taken[at]:
			standing.crowds++
		default:
			standing.strays++
		}
	}
}

// enough is how many strangers' names tell something of a slot in one visit.
func (st *strays) enough(taken bool) int {
	if taken {
		return crowd
	}
	return 1
}

// shows says whether a name stands in a text between the words that stand
// around one's own in solo. Only the nearest count: further away other things
// can vary.
func (st *strays) shows(v *sighting, p piece, at slot) bool {
	words := wordsOf(p.text)
	m := st.slots.own.mask(words, st.slots.own.find(words), v.viewer)
	for from := range m {
		for to := from + 1; to <= min(len(m), from+mostNameWords); to++ {
			first, last := m.words(from, to)
			if st.between(at, m, from, to) && st.isName(strings.Trim(valueAround(p.text, words[first].from, words[last-1].to), "()")) {
				return true
			}
		}
	}
	return false
}

const mostNameWords = 4

func (st *strays) between(at slot, m masked, from, to int) bool {
	return slices.ContainsFunc(st.gaps[at], func(g gap) bool {
		left, right := from == 0, to == len(m)
		if n := len(g.left); n > 0 {
			left = from > 0 && like(m[from-1:from], g.left[n-1:])
		}
		if len(g.right) > 0 {
			right = to < len(m) && like(m[to:to+1], g.right[:1])
		}
		return left && right
	})
}

// isName says that a text has the form of a name and is no word that stands for
// a missing one.
func (st *strays) isName(text string) bool {
	for _, w := range wordsOf(text) {
		if st.fillers[w.key] {
			return false
		}
	}
	return isNameOf(text, 1, 4)
}
