package match

import (
	"fmt"
)

// MinKey is the shortest key of a pattern, in bytes.
const MinKey = 8

// Index finds all of its patterns in one pass. It is made once, never changed
// afterwards, and safe for concurrent use.
//
// A search looks at every second stretch of gramSize folded bytes (scan.go)
// and asks a small, almost empty filter whether any key has it (filter.go);
// only then does it look up whose it is (places.go) and compare the whole key
// (entry.go). Each key is entered under two stretches, so that one of them
// stands at an even position wherever the key stands; they are its rarest
// ones, so that common words wake nothing (gram.go).
type Index struct {
	entries []entry
	keys    []byte // of all entries, one behind the other, and gramPad bytes
	filter  filter
	places  places
	typed   typedPatterns // dates and amounts: they are read, not searched
}

// New makes an index. It fails when a pattern's key is shorter than MinKey.
func New(patterns []Pattern) (*Index, error) {
	x := &Index{entries: make([]entry, 0, len(patterns))}
	for _, p := range patterns {
		if x.typed.enter(p) {
			continue
		}
		for i, f := range p.forms() {
			if len(f.key) >= MinKey {
				x.add(p.ID, f)
			} else if i == 0 {
				return nil, fmt.Errorf("index pattern %d: %q folds to %d bytes, at least %d are needed", p.ID, p.Text, len(f.key), MinKey)
			}
		}
	}
	x.keys = append(x.keys, make([]byte, gramPad)...)
	x.dropSharedFragments()
	x.enter(x.choose())
	return x, nil
}

// empty says whether there is nothing to be found.
func (x *Index) empty() bool { return len(x.entries) == 0 && x.typed.empty() }

// add makes an entry of a form. Forms of one value often have one key: it is
// stored once.
func (x *Index) add(id int, f form) {
	at := len(x.keys)
	if n := len(x.entries); n > 0 && x.entries[n-1].id == id && string(x.key(&x.entries[n-1])) == f.key {
		at = int(x.entries[n-1].at)
	} else {
		x.keys = append(x.keys, f.key...)
	}
	e := prepare(id, f)
	e.at = uint32(at) //nolint:gosec // a run's values are far below 4 GiB
	x.entries = append(x.entries, e)
}

// key is an entry's key.
func (x *Index) key(e *entry) []byte { return x.keys[e.at : e.at+e.size] }

// part is what of an entry's key the search looks for, as a stretch of keys.
func (x *Index) part(e *entry) (start, end int) {
	from, to := e.part()
	return int(e.at) + from, int(e.at) + to
}
