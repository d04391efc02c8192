package match

import "math/bits"

// places tells which entries have a gram: buckets by the upper bits of the
// gram's hash, each a stretch of one array. Many entries may share a gram,
// and nothing is chained.
type places struct {
	shift uint
	first []uint32 // bucket → its first place; the next bucket's is its end
	all   []place  // and one more, so that empty buckets begin at one too
}

// place is a gram of an entry.
type place struct {
	check uint32 // bits of the gram's hash that do not number the bucket
	entry uint32
	gram  uint16  // where it begins in the part of the key that is searched
	sides [4]byte // of that part, two before and two behind the gram; anySide for none
}

// anySide stands for no byte: keys are UTF-8 and never have it.
const anySide = 0xff

func checkOf(hash uint64) uint32 { return uint32(hash >> 16) } //nolint:gosec // some of its bits

// enter files every entry under its chosen grams.
func (x *Index) enter(choices []choice) {
	grams := stride * len(choices)
	size := max(bits.Len(uint(grams)), 1) //nolint:gosec // not negative
	p := places{shift: uint(64 - size), first: make([]uint32, 1<<size+1), all: make([]place, grams+1)}
	x.filter = newFilter(grams)
	for i, c := range choices {
		part, _ := x.part(&x.entries[i])
		for _, g := range c {
			h := x.gram(part + int(g))
			x.filter.add(h)
			p.first[h>>p.shift]++
		}
	}
	p.sum()
	for i, c := range choices {
		start, end := x.part(&x.entries[i])
		for _, g := range c {
			h, sides := x.gram(start+int(g)), sidesOf(x.keys[start:end], int(g))
			p.put(h, place{checkOf(h), uint32(i), g, sides}) //nolint:gosec // entries are far fewer
		}
	}
	x.places = p
}

// sum turns how many places each bucket has into where it ends.
func (p *places) sum() {
	sum := uint32(0)
	for b := range p.first {
		sum += p.first[b]
		p.first[b] = sum
	}
}

// put files a place, from the end of its bucket to the beginning.
func (p *places) put(hash uint64, at place) {
	b := hash >> p.shift
	p.first[b]--
	p.all[p.first[b]] = at
}

// bucket says where the places of a gram are in all; their checks are still to
// be compared.
func (p *places) bucket(hash uint64) (first, end uint32) {
	b := hash >> p.shift
	return p.first[b], p.first[b+1]
}

// side is where the n-th side of a gram is, from where the gram begins.
func side(n int) int {
	if n < 2 {
		return n - 2
	}
	return gramSize + n - 2
}

// sidesOf are the bytes beside the gram at position g of a part of a key.
func sidesOf(part []byte, g int) [4]byte {
	var sides [4]byte
	for n := range sides {
		sides[n] = anySide
		if at := g + side(n); at >= 0 && at < len(part) {
			sides[n] = part[at]
		}
	}
	return sides
}

// fits says whether the bytes beside the gram at a position of the text are
// the key's. Most grams that stand in a text by chance end here, without a
// look at the key.
func (p *place) fits(b []byte, at int) bool {
	for n, want := range p.sides {
		i := at + side(n)
		if want != anySide && (i < 0 || i >= len(b) || b[i] != want) {
			return false
		}
	}
	return true
}
