package match

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// MinKey is the shortest key of a pattern, in bytes. The search looks at
// stretches of this length.
const MinKey = 8

// Index finds all of its patterns in one pass. It is made once, never changed
// afterwards, and safe for concurrent use.
//
// Every stretch of MinKey folded bytes is hashed into a bitmap that is almost
// empty; only where the bit is set are patterns compared. Each pattern is
// entered under its rarest stretch, so that common words do not wake it.
type Index struct {
	entries []entry
	bitmap  []uint64
	shift   uint
	first   map[uint64]int32 // stretch → first entry under it
	typed   typedPatterns    // dates and amounts: they have scanners of their own
}

// entry is a pattern, prepared.
type entry struct {
	id      int
	text    string // what layers compares with
	decoded string // what the form adds to Hit.Decoded; "" for nothing
	key     string
	gram    int   // where in key its rarest stretch begins
	next    int32 // entry under the same stretch; -1 at the end
	phone   bool  // key is a telephone number without prefixes: see phone.go
	loose   bool  // may stand inside a longer word
}

// looseKey is the shortest key of a value without white space that is found
// inside longer words too: a token or gift word is nothing else by chance,
// whereas "Anna Berg" is part of "Hanna Bergman".
const looseKey = 14

// New makes an index. It fails when a pattern's key is shorter than MinKey.
func New(patterns []Pattern) (*Index, error) {
	x := &Index{first: make(map[uint64]int32, len(patterns))}
	for _, p := range patterns {
		if x.typed.enter(p) {
			continue
		}
		for i, f := range p.forms() {
			if i == 0 && len(f.key) < MinKey {
				return nil, fmt.Errorf("index pattern %d: %q folds to %d bytes, at least %d are needed", p.ID, p.Text, len(f.key), MinKey)
			}
			if len(f.key) >= MinKey && f.kind < formFragmentHead {
				x.entries = append(x.entries, prepare(p.ID, f))
			}
		}
	}
	x.sizeBitmap()
	common := x.commonness()
	for i := range x.entries {
		x.enter(int32(i), common) //nolint:gosec // patterns are far fewer
	}
	return x, nil
}

// prepare makes an entry of a form.
func prepare(id int, f form) entry {
	e := entry{id: id, text: f.text, decoded: f.decoded, key: f.key, phone: f.kind == formPhone}
	e.loose = len(e.key) >= looseKey && !hasSpace(f.text)
	return e
}

// empty says whether there is nothing to be found.
func (x *Index) empty() bool { return len(x.entries) == 0 && x.typed.empty() }

// fragment is what Hit.Fragment says of a stretch of so many folded bytes that
// scan found: 0 when it is the whole value.
func (e *entry) fragment(n int) int {
	if n == len(e.key) {
		return 0
	}
	return n
}

// names are what Hit.Decoded gets, after what layers says, for a stretch of so
// many folded bytes.
func (e *entry) names(n int) []string {
	switch {
	case e.fragment(n) > 0:
		return []string{DecodedFragment}
	case e.decoded != "":
		return []string{e.decoded}
	}
	return nil
}

// sizeBitmap makes room for about 64 bits to each pattern: few enough set for
// the filter to be sharp, few enough in all to stay in the processor's cache.
func (x *Index) sizeBitmap() {
	size := max(bits.Len(uint(len(x.entries)*64)), 13)
	x.shift = uint(64 - size)
	x.bitmap = make([]uint64, 1<<size/64)
}

// counts says, roughly, in how many places the patterns have a stretch. Two
// stretches may share a counter: that makes a choice worse, never wrong.
type counts struct {
	shift uint
	n     []uint16
}

func (c counts) at(stretch uint64) *uint16 { return &c.n[hash(stretch)>>c.shift] }

// commonness counts the stretches of all patterns.
func (x *Index) commonness() counts {
	total := 0
	for i := range x.entries {
		total += len(x.entries[i].key)
	}
	size := bits.Len(uint(total)) + 1
	c := counts{shift: uint(64 - size), n: make([]uint16, 1<<size)}
	for i := range x.entries {
		key := []byte(x.entries[i].key)
		for g := 0; g+MinKey <= len(key); g++ {
			if n := c.at(binary.LittleEndian.Uint64(key[g:])); *n < math.MaxInt16 {
				*n++
			}
		}
	}
	return c
}

// enter files an entry under its rarest stretch.
func (x *Index) enter(i int32, common counts) {
	e := &x.entries[i]
	key := []byte(e.key)
	best := int32(0)
	for g := 0; g+MinKey <= len(key); g++ {
		// Letters decide only between stretches that are equally rare among
		// the patterns themselves.
		cost := int32(*common.at(binary.LittleEndian.Uint64(key[g:])))<<16 + letterCost(key[g:g+MinKey])
		if g == 0 || cost < best {
			e.gram, best = g, cost
		}
	}
	stretch := binary.LittleEndian.Uint64(key[e.gram:])
	e.next = -1
	if head, ok := x.first[stretch]; ok {
		e.next = head
	}
	x.first[stretch] = i
	h := hash(stretch) >> x.shift
	x.bitmap[h>>6] |= 1 << (h & 63)
}

// letterCost estimates how common a stretch is in pages, by how common its
// letters are in the languages we speak.
func letterCost(stretch []byte) int32 {
	const often = "etanirosldhcumgpfbykwvzjxq" // most common first
	cost := int32(0)
	for _, b := range stretch {
		rank := int32(13) // digits and other scripts
		for i := range len(often) {
			if often[i] == b {
				rank = int32(len(often) - i) //nolint:gosec // 26 letters
				break
			}
		}
		cost += rank
	}
	return cost
}

// hash spreads a stretch over 64 bits; its upper ones are the best.
func hash(stretch uint64) uint64 { return stretch * 0x9e3779b97f4a7c15 }

// scan calls found with every verified occurrence in a folded text, as
// positions in the folded bytes.
func (x *Index) scan(f Folded, found func(e *entry, start, end int)) {
	b, bitmap, shift := f.bytes, x.bitmap, x.shift
	for i := 0; i+MinKey <= len(b); i++ {
		stretch := binary.LittleEndian.Uint64(b[i:])
		h := hash(stretch) >> shift
		if bitmap[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		at, ok := x.first[stretch]
		if !ok {
			continue
		}
		for ; at >= 0; at = x.entries[at].next {
			e := &x.entries[at]
			start := i - e.gram
			end := start + len(e.key)
			if start >= 0 && end <= len(b) && string(b[start:end]) == e.key && e.stands(f, start, end) {
				found(e, start, end)
			}
		}
	}
}

// stands says whether the key at this stretch of the stream is the value, and
// not a part of another word or a sum of distant pieces.
func (e *entry) stands(f Folded, start, end int) bool {
	if e.phone {
		return phoneStands(f, start, end)
	}
	// Escapes and separators make a value longer, but not without bounds.
	from, to := f.Origin(start, end)
	if to-from > 12*len(e.text)+32 {
		return false
	}
	return e.loose || f.border(start) && f.border(end)
}

// border says whether a word begins or ends at folded byte i: something was
// dropped there, or a digit stands beside a letter.
func (f Folded) border(i int) bool {
	if i == 0 || f.wordStart(i) {
		return true
	}
	return isDigit(f.bytes[i-1]) != isDigit(f.bytes[i])
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func hasSpace(s string) bool {
	for _, r := range s {
		if r == ' ' || r == '\u00a0' || r == '\t' || r == '\n' {
			return true
		}
	}
	return false
}
