package match

import (
	"encoding/binary"
	"strings"
	"unicode"
)

// A fragment is a beginning or an end of a value: what a buffer that was used
// again without being cleared leaks. It says something only when no other
// value has these bytes.

// headExtent is how far the key goes that begins at start, if it goes MinKey
// bytes and not to its end: the whole value has an entry of its own.
func headExtent(key, b []byte, start int) (int, int, bool) {
	if start < 0 {
		return 0, 0, false
	}
	n := 0
	for n < len(key) && start+n < len(b) && b[start+n] == key[n] {
		n++
	}
	return start, start + n, n >= MinKey && n < len(key)
}

// tailExtent is the same for the key that ends at end.
func tailExtent(key, b []byte, end int) (int, int, bool) {
	if end > len(b) {
		return 0, 0, false
	}
	n := 0
	for n < len(key) && end-n > 0 && b[end-n-1] == key[len(key)-n-1] {
		n++
	}
	return end - n, end, n >= MinKey && n < len(key)
}

// cut says whether a fragment is written as in the value, letter by letter: a
// buffer's leftover is cut, not rewritten. So "30 29 28 27" is no part of a
// hash, nor "alternative to" the end of an unusual word.
func (e *entry) cut(f Folded, start, end int) bool {
	value := Fold([]byte(e.text))
	n := end - start
	if !f.near(start, end, n) || len(value.bytes) != int(e.size) {
		return false
	}
	from := 0
	if e.kind == formFragmentTail {
		from = len(value.bytes) - n
	}
	return f.characters(start, end) == value.characters(from, from+n) && f.spelled(start, end, e.text)
}

// separators are what stands between the words of a value as people write it.
const separators = " \u00a0-‐‑'’._,+@"

// spelled says whether between the words of a stretch nothing stands but what
// separates the words of values, or is in this one. Quotes, brackets, tags,
// colons and ends of lines stand between values: a list of first names is no
// part of anybody's full name.
func (f Folded) spelled(start, end int, value string) bool {
	for pos, to := f.Origin(start, end); pos < to; {
		r, size, _ := unit(f.text, pos)
		if !spells(r) && !strings.ContainsRune(separators, r) && !strings.ContainsRune(value, r) {
			return false
		}
		pos += size
	}
	return true
}

// spells says whether a character is part of a word.
func spells(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r)
}

// trim makes a fragment shorter until it is written as in the value: what
// stands behind a leftover can begin as the value would have gone on.
func (e *entry) trim(f Folded, start, end int) (int, int, bool) {
	for ; end-start >= MinKey; e.shorten(&start, &end) {
		if e.cut(f, start, end) {
			return start, end, true
		}
	}
	return start, end, false
}

// shorten drops a byte at the end where a fragment was cut.
func (e *entry) shorten(start, end *int) {
	if e.kind == formFragmentTail {
		*start++
		return
	}
	*end--
}

// characters counts what stands in a stretch of the stream, without what
// nobody sees and marks on letters.
func (f Folded) characters(start, end int) int {
	n := 0
	for pos, to := f.Origin(start, end); pos < to; {
		r, size, _ := unit(f.text, pos)
		if !unicode.Is(unicode.M, r) && !unicode.Is(unicode.Cf, r) {
			n++
		}
		pos += size
	}
	return n
}

// shared marks the bytes of a fragment that patterns of several IDs have.
const shared = -1

// dropSharedFragments leaves out the fragments whose MinKey bytes stand
// anywhere in a key of another ID.
func (x *Index) dropSharedFragments() {
	owner := x.fragmentOwners()
	if len(owner) == 0 {
		return
	}
	maybe := newFilter(len(owner))
	for eight := range owner {
		maybe.add(hashEight(eight))
	}
	for i := range x.entries {
		x.markShared(&x.entries[i], owner, maybe)
	}
	x.keepUnique(owner)
}

// fragmentOwners are the entries' fragments, each with the one ID that has it.
// IDs may be any number: they are told by the entry's.
func (x *Index) fragmentOwners() map[uint64]int {
	owner := map[uint64]int{}
	for i := range x.entries {
		if e := &x.entries[i]; e.isFragment() {
			owner[x.fragmentOf(e)] = i
		}
	}
	return owner
}

// markShared marks the fragments that an entry's key contains and whose owner
// is another ID.
func (x *Index) markShared(e *entry, owner map[uint64]int, maybe filter) {
	if e.isFragment() {
		return // its whole key is another entry's
	}
	key := x.key(e)
	for g := 0; g+MinKey <= len(key); g++ {
		eight := binary.LittleEndian.Uint64(key[g:])
		if !maybe.has(hashEight(eight)) {
			continue
		}
		if i, ok := owner[eight]; ok && i != shared && x.entries[i].id != e.id {
			owner[eight] = shared
		}
	}
}

// keepUnique drops the entries of fragments that are marked.
func (x *Index) keepUnique(owner map[uint64]int) {
	kept := x.entries[:0]
	for _, e := range x.entries {
		if e.isFragment() && owner[x.fragmentOf(&e)] == shared {
			continue
		}
		kept = append(kept, e)
	}
	clear(x.entries[len(kept):])
	x.entries = kept
}

// fragmentOf are the MinKey bytes of a fragment, as a number.
func (x *Index) fragmentOf(e *entry) uint64 {
	start, _ := x.part(e)
	return binary.LittleEndian.Uint64(x.keys[start:])
}

func hashEight(eight uint64) uint64 { return eight * 0x9e3779b97f4a7c15 }
