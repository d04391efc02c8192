package leak

import (
	"slices"
	"strconv"

	"crosstalk/harness/customer"
)

// neighbors are where solo showed numbers beside one's own: what a shop that
// counts up shows of its queue, and what it shows of one's own twice.
type neighbors struct {
	twice map[[2]spotOf]bool // one number of one's own stood at both, each time alone
	queue map[queueAt]bool   // what is not one's own stood there, before or behind one's own
}

// spotOf is where numbers of a kind stand at a place.
type spotOf struct {
	on    stage
	where string
	kind  customer.Kind
}

// queueAt is what holds a queue's numbers, whatever the place: the name of the
// object or the element.
type queueAt struct {
	name string
	kind customer.Kind
}

func newNeighbors() neighbors {
	return neighbors{twice: map[[2]spotOf]bool{}, queue: map[queueAt]bool{}}
}

func queueOf(where string, kind customer.Kind) queueAt {
	return queueAt{lastStep(container(where)), kind}
}

// learnTwice learns from a visit of solo's where one number stands twice: as the
// order that is looked at, and as the latest. A queue shows none of its numbers
// twice. What stands in lists is all of them, and says nothing.
func (s *slots) learnTwice(v *sighting, own []ownNumber) {
	at := map[spotOf][]int{}
	for _, o := range own {
		spot := spotOf{stage{v.place, v.surface}, o.where, o.kind}
		at[spot] = append(at[spot], o.n)
	}
	for a, x := range at {
		for b, y := range at {
			if a != b && a.kind == b.kind && len(x) == 1 && len(y) == 1 && x[0] == y[0] {
				s.twice[[2]spotOf{a, b}] = true
			}
		}
	}
}

// learnQueue learns from what solo showed a customer where a number stands that
// is none of theirs, and a neighbor of one that is.
func (s *slots) learnQueue(p piece, kind customer.Kind, viewer string, own []ownNumber) {
	for _, w := range wordsOf(p.text) {
		n, err := strconv.Atoi(w.key)
		if err == nil && countsUp(kind, w.key) && !s.own.mine[viewer][w.key] && slices.ContainsFunc(own, func(o ownNumber) bool { return o.kind == kind && o.next(n) }) {
			s.queue[queueOf(p.where, kind)] = true
		}
	}
}

// notNeighbors leaves out numbers of others that only stand beside one's own:
// who is before and behind in a queue, the order before and the next. In solo,
// where one customer comes after the other, the order before is often one's own
// too, and its place looks like an own place. It is none: what counts up has
// neighbors, and one's own number stands elsewhere in the same body, where solo
// showed it at least as often. An answer that is another's does not show it.
//
// Where solo showed one number in both places, the second is no queue's: it shows
// one's own again (one's latest order), and another's there is proof.
func (s *slots) notNeighbors(v *sighting, theirs []another) []another {
	if !slices.ContainsFunc(theirs, func(a another) bool { return countsUp(a.kind, a.key) }) {
		return theirs
	}
	own := s.ownNumbers(v)
	return slices.DeleteFunc(slices.Clone(theirs), func(a another) bool { return s.neighbor(v, own, a.where, a.kind, a.key) })
}

// neighbor says that a number only stands beside one's own; or, in what solo showed
// to be a queue, beside one of nobody's we know that stands where solo showed own
// ones: of an order whose answer was cut before its customer had read it.
func (s *slots) neighbor(v *sighting, own []ownNumber, where string, kind customer.Kind, key string) bool {
	n, err := strconv.Atoi(key)
	if err != nil || !countsUp(kind, key) {
		return false
	}
	on, shown := stage{v.place, v.surface}, s.shown(v, where, kind)
	beside := func(o ownNumber) bool {
		again := s.twice[[2]spotOf{{on, where, kind}, {on, o.where, o.kind}}]
		return o.kind == kind && o.where != where && o.next(n) && shown <= o.shown && !again
	}
	return slices.ContainsFunc(own, beside) || s.queue[queueOf(where, kind)] && slices.ContainsFunc(s.unheard(v, kind), beside)
}

// unheard are the numbers of nobody's we know that stand where solo showed own
// ones, and no queue.
func (s *slots) unheard(v *sighting, kind customer.Kind) []ownNumber {
	var all []ownNumber
	for _, p := range s.seen.contentOf(v).pieces {
		st := s.all[slot{v.place, v.surface, p.where, kind}]
		if p.owned || st == nil || !st.established() || s.queue[queueOf(p.where, kind)] {
			continue
		}
		for _, w := range wordsOf(p.text) {
			if n, err := strconv.Atoi(w.key); err == nil && countsUp(kind, w.key) {
				all = append(all, ownNumber{kind, p.where, n, st.own})
			}
		}
	}
	return all
}

// unqueued are the numbers that were left out as neighbors, though solo showed
// everybody their own there and never another's, here or wherever the shop shows
// the like: a queue would have done so when the second customer came. One's
// previous order looks the same, and the one before it is another's. Nothing
// tells which it is, so it is a suspicion. A shop that shows everybody the latest
// order of all, in solo too, cannot be told from a queue.
func (s *slots) unqueued(theirs, kept []another) []another {
	var all []another
	for _, a := range theirs {
		left := !slices.ContainsFunc(kept, func(k another) bool { return k.where == a.where && k.kind == a.kind && k.key == a.key })
		if left && !s.queue[queueOf(a.where, a.kind)] {
			a.unsure = true
			all = append(all, a)
		}
	}
	return all
}

// shown is how often solo showed own values there.
func (s *slots) shown(v *sighting, where string, kind customer.Kind) int {
	st := s.all[slot{v.place, v.surface, where, kind}]
	if st == nil {
		return 0
	}
	return st.own
}

// countsUp says whether a value is a number that the shop issued: the planted
// ones (of a house, say) have no neighbors that mean anything.
func countsUp(kind customer.Kind, key string) bool {
	strength, _ := customer.StrengthOf(kind)
	return strength == customer.Silent && isNumber(key) && kind != customer.Total
}

// ownNumber is a number of the viewer's, and where it stands.
type ownNumber struct {
	kind  customer.Kind
	where string
	n     int
	shown int // how often solo showed own numbers there
}

// next says that a number is the one before or behind.
func (o ownNumber) next(n int) bool { return o.n == n-1 || o.n == n+1 }

// ownNumbers are those that a sighting shows its viewer where solo showed each
// their own.
func (s *slots) ownNumbers(v *sighting) []ownNumber {
	var all []ownNumber
	for _, p := range s.seen.contentOf(v).pieces {
		if !p.owned {
			continue
		}
		words := wordsOf(p.text)
		for _, e := range s.own.mask(words, s.own.find(words), v.viewer) {
			n, err := strconv.Atoi(e.key)
			st := s.all[slot{v.place, v.surface, p.where, e.kind}]
			if err == nil && countsUp(e.kind, e.key) && st != nil {
				all = append(all, ownNumber{e.kind, p.where, n, st.own})
			}
		}
	}
	return all
}
