package match

import (
	"bytes"
	"encoding/binary"
)

// scan calls found with every verified occurrence in a folded text, as
// positions in the folded bytes. Of a fragment it is the longest stretch that
// agrees with the key.
func (x *Index) scan(f Folded, found func(e *entry, start, end int)) {
	if len(f.bytes) < MinKey || len(x.entries) == 0 {
		return
	}
	b, words, masks, shift := f.bytes, x.filter.words, x.filter.masks, x.filter.shift&63
	s, i := sieve{x: x, f: f, found: found}, 0
	for ; i+4*stride+8 <= len(b); i += 4 * stride {
		// Four at once: their looks at memory do not wait for each other.
		c := b[i : i+3*stride+8 : i+3*stride+8]
		h0 := hashGram(binary.LittleEndian.Uint64(c))
		h1 := hashGram(binary.LittleEndian.Uint64(c[stride:]))
		h2 := hashGram(binary.LittleEndian.Uint64(c[2*stride:]))
		h3 := hashGram(binary.LittleEndian.Uint64(c[3*stride:]))
		m0, m1, m2, m3 := masks[maskOf(h0)], masks[maskOf(h1)], masks[maskOf(h2)], masks[maskOf(h3)]
		w0, w1, w2, w3 := words[h0>>shift], words[h1>>shift], words[h2>>shift], words[h3>>shift]
		if w0&m0 == m0 {
			s.add(i, h0)
		}
		if w1&m1 == m1 {
			s.add(i+stride, h1)
		}
		if w2&m2 == m2 {
			s.add(i+2*stride, h2)
		}
		if w3&m3 == m3 {
			s.add(i+3*stride, h3)
		}
	}
	s.end(i)
}

// sieve gathers the positions that pass the filter and looks at many of them
// together, step by step: each step is a miss of the processor's cache, and
// those of one step do not wait for each other.
type sieve struct {
	x     *Index
	f     Folded
	found func(e *entry, start, end int)

	n      int
	at     [sieveSize]int
	hash   [sieveSize]uint64
	bucket [sieveSize][2]uint32 // first and end in places.all

	touched uint32 // so that places are fetched before they are compared
}

const sieveSize = 32

// add takes a position of the text and its gram's hash.
func (s *sieve) add(at int, hash uint64) {
	s.at[s.n&(sieveSize-1)], s.hash[s.n&(sieveSize-1)] = at, hash
	if s.n++; s.n == sieveSize {
		s.empty()
	}
}

// end takes what is left of the text behind position i, gram by gram, and
// looks at what was gathered last.
func (s *sieve) end(i int) {
	b, filter := s.f.bytes, s.x.filter
	for ; i+gramSize <= len(b); i += stride {
		var eight [8]byte
		copy(eight[:gramSize], b[i:])
		if h := hashGram(binary.LittleEndian.Uint64(eight[:])); filter.has(h) {
			s.add(i, h)
		}
	}
	s.empty()
}

// empty looks at what was gathered.
func (s *sieve) empty() {
	p := &s.x.places
	for i, h := range s.hash[:s.n] {
		s.bucket[i][0], s.bucket[i][1] = p.bucket(h)
	}
	for _, b := range s.bucket[:s.n] {
		s.touched += p.all[b[0]].check
	}
	for i, h := range s.hash[:s.n] {
		bucket := p.all[s.bucket[i][0]:s.bucket[i][1]]
		for j := range bucket {
			if p := &bucket[j]; p.check == checkOf(h) && p.fits(s.f.bytes, s.at[i]) {
				s.verify(p, s.at[i])
			}
		}
	}
	s.n = 0
}

// verify compares the whole key of the entry whose gram is at a position.
func (s *sieve) verify(p *place, at int) {
	e := &s.x.entries[p.entry]
	part, _ := e.part()
	start, end, ok := s.x.extent(e, s.f.bytes, at-int(p.gram)-part)
	if ok && e.isFragment() {
		start, end, ok = e.trim(s.f, start, end)
	}
	if ok && e.stands(s.f, start, end) {
		s.found(e, start, end)
	}
}

// extent is where an entry whose key would begin at start stands in b.
func (x *Index) extent(e *entry, b []byte, start int) (int, int, bool) {
	key, end := x.key(e), start+int(e.size)
	switch e.kind {
	case formFragmentHead:
		return headExtent(key, b, start)
	case formFragmentTail:
		return tailExtent(key, b, end)
	default:
		return start, end, start >= 0 && end <= len(b) && bytes.Equal(b[start:end], key)
	}
}
