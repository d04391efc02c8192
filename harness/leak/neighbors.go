package leak

import (
	"slices"
	"strconv"

	"crosstalk/harness/customer"
)

// notNeighbors leaves out numbers of others that only stand beside one's own:
// who is before and behind in a queue, the order before and the next. In solo,
// where one customer comes after the other, the order before is often one's own
// too, and its place looks like an own place. It is none: what counts up has
// neighbors, and one's own number stands elsewhere in the same body, where solo
// showed it at least as often. An answer that is another's does not show it.
func (s *slots) notNeighbors(v *sighting, theirs []another) []another {
	if !slices.ContainsFunc(theirs, func(a another) bool { return countsUp(a.kind, a.key) }) {
		return theirs
	}
	own := s.ownNumbers(v)
	return slices.DeleteFunc(theirs, func(a another) bool {
		n, err := strconv.Atoi(a.key)
		return err == nil && countsUp(a.kind, a.key) && slices.ContainsFunc(own, func(o ownNumber) bool {
			return o.kind == a.kind && o.where != a.where && (o.n == n-1 || o.n == n+1) && s.shown(v, a) <= o.shown
		})
	})
}

// shown is how often solo showed own values where another's stands.
func (s *slots) shown(v *sighting, a another) int {
	st := s.all[slot{v.place, v.surface, a.where, a.kind}]
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
