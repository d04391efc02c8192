package leak

import (
	"slices"
	"sort"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// hit is a marker, or a part of one, in a body, a header or a cookie.
type hit struct {
	marker     int
	where      string
	decoded    []string
	start, end int
	text       string   // of a header or cookie
	parts      []string // folded; of a fragment: what was there, or may have been
}

// hits are what a search found, apart by what it can prove.
type hits struct {
	strong []hit // whole strong markers
	weak   []hit // whole weak ones
	parts  []hit // beginnings and ends of strong ones
}

// sorted puts what was found in its place. What lies within something longer
// is not shown twice: a name within an e-mail address of the same owner, and a
// beginning within anything whole.
func (o *owners) sorted(found []match.Hit, text func(from, to int) string) hits {
	var all hits
	for _, m := range found {
		h := hit{marker: m.ID, where: m.Where, decoded: m.Decoded, start: m.Start, end: m.End}
		switch strength := o.markers[m.ID].Strength; {
		case m.Fragment > 0 && strength == customer.Strong:
			if h.parts = partsOf(o.markers[m.ID].Value, m, text); h.parts != nil {
				all.parts = append(all.parts, h)
			}
		case m.Fragment > 0:
		case strength == customer.Strong:
			all.strong = append(all.strong, h)
		default:
			all.weak = append(all.weak, h)
		}
	}
	all.strong = o.outermost(all.strong)
	all.weak = o.outside(all.strong, o.outermost(all.weak), true)
	all.parts = o.outside(all.weak, o.outside(all.strong, all.parts, false), false)
	return all
}

// partsOf are the beginnings or ends of a value that a fragment can be: one,
// unless it was found in something encoded, where only its length is known.
func partsOf(value string, m match.Hit, text func(from, to int) string) []string {
	key := match.Key(value)
	if m.Fragment >= len(key) {
		return nil
	}
	head, tail := key[:m.Fragment], key[len(key)-m.Fragment:]
	switch match.Key(text(m.Start, m.End)) {
	case head:
		return []string{head}
	case tail:
		return []string{tail}
	}
	return []string{head, tail}
}

// outermost leaves out markers that lie within a longer one of the same owner.
func (o *owners) outermost(found []hit) []hit {
	if len(found) < 2 {
		return found
	}
	sort.SliceStable(found, func(i, k int) bool {
		a, b := found[i], found[k]
		if a.start != b.start || a.end != b.end {
			return a.start < b.start || a.start == b.start && a.end > b.end
		}
		return len(o.markers[a.marker].Value) > len(o.markers[b.marker].Value)
	})
	reach := map[string]hit{} // by owner: the hit that ends last so far
	kept := found[:0]
	for _, h := range found {
		owner := o.markers[h.marker].Owner
		over, some := reach[owner]
		if some && (h.marker == over.marker && h.end <= over.end || o.within(h, over)) {
			continue
		}
		reach[owner] = h
		kept = append(kept, h)
	}
	return kept
}

// within says whether a hit is only a part of another. Of what was decoded as
// a whole only the encoded stretch is known, the same for all that is in it:
// there the values themselves must tell.
func (o *owners) within(h, over hit) bool {
	if h.start < over.start || h.end > over.end {
		return false
	}
	if h.end-h.start < over.end-over.start {
		return true
	}
	if h.where != over.where || !slices.Equal(islands(h), islands(over)) {
		return false
	}
	whole := match.Key(o.markers[over.marker].Value)
	if h.parts != nil {
		return slices.ContainsFunc(h.parts, func(part string) bool { return strings.Contains(whole, part) })
	}
	return h.marker != over.marker && strings.Contains(whole, match.Key(o.markers[h.marker].Value))
}

// islands are the encodings of whole stretches that a hit was found through.
func islands(h hit) []string {
	var all []string
	for _, name := range h.decoded {
		switch name {
		case match.DecodedSplit, match.DecodedFold, match.DecodedFragment, match.DecodedOrder, match.DecodedLatin:
		default:
			all = append(all, name)
		}
	}
	return all
}

// nearby is how many hits before a place are looked at for one that reaches
// over it: a page can hold thousands, and hardly two over one place.
const nearby = 64

// outside leaves out those that are only a part of something found: of the
// same owner, or of anybody. What was found is in order.
func (o *owners) outside(found, rest []hit, same bool) []hit {
	if len(found) == 0 || len(rest) == 0 {
		return rest
	}
	return slices.DeleteFunc(rest, func(h hit) bool {
		to := sort.Search(len(found), func(i int) bool { return found[i].start > h.start })
		return slices.ContainsFunc(found[max(0, to-nearby):to], func(over hit) bool {
			return (!same || o.markers[h.marker].Owner == o.markers[over.marker].Owner) && o.within(h, over)
		})
	})
}
