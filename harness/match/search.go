package match

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Search finds the patterns in a whole body: it is Find of Read.
func (x *Index) Search(mediaType string, body []byte) []Hit {
	if x.empty() {
		return nil
	}
	return x.Find(Read(mediaType, body))
}

// SearchText finds the patterns in one segment's text as it stands; positions
// are in it. Encoded stretches of it are not opened.
func (x *Index) SearchText(content string) []Hit {
	if x.empty() {
		return nil
	}
	t := &text{span: span{0, len(content)}, data: []byte(content)}
	t.fold()
	return answers(settle(x.lookInto(t, 0, nil)))
}

// Find answers where the index's patterns stand in what was read, in the order
// of the body. What stands in several layers is answered once, from the
// outermost; a pattern has no more than MaxRepeats hits.
func (x *Index) Find(r *Reading) []Hit {
	if x.empty() {
		return nil
	}
	var found []finding
	for i, t := range r.texts {
		found = x.lookInto(t, i, found)
	}
	if len(found) == 0 {
		return nil
	}
	// Most bodies hold nothing that is ours: places are worked out only when
	// there is something to place.
	r.mu.Lock()
	for i := range found {
		found[i].Where = found[i].text.where(found[i].from)
	}
	r.mu.Unlock()
	return answers(settle(found))
}

// MaxRepeats is how many occurrences of one pattern a search answers: enough
// for every place of a page, not for a body that is nothing else.
const MaxRepeats = 1000

// finding is a hit with the text it was found in.
type finding struct {
	Hit
	text *text
	from int // in the text
	rank int // lower ones are to be preferred
}

// Ranks of findings: first the whole value, then its parts.
const (
	rankHollow   = 1 << 28
	rankFragment = 1 << 29
)

// lookInto appends what is found in one text.
func (x *Index) lookInto(t *text, rank int, found []finding) []finding {
	var repeats map[int]int
	add := func(id, from, to, fragment int, decoded func() []string) {
		if !t.allows(from, to) || fragment > 0 && t.joined() {
			return // a leftover is in one piece
		}
		if repeats == nil {
			repeats = map[int]int{}
		}
		if repeats[id]++; repeats[id] > MaxRepeats {
			return
		}
		f := finding{text: t, from: from, rank: rank}
		f.Hit = Hit{ID: id, Fragment: fragment, Decoded: decoded()}
		f.Start, f.End = t.origin(from, to)
		if t.hollow {
			f.rank += rankHollow
		}
		if fragment > 0 {
			f.rank += rankFragment
		}
		found = append(found, f)
	}
	x.scan(t.folded, func(e *entry, start, end int) {
		from, to := t.folded.Origin(start, end)
		if e.kind == formPhone {
			from = phoneFrom(t.folded, start)
		}
		add(e.id, from, to, e.fragment(end-start), func() []string {
			return append(t.names(from, to, e.written(end-start)), e.names(end-start)...)
		})
	})
	x.findTyped(t.folded, func(id, from, to int, decoded []string) {
		add(id, from, to, 0, func() []string { return append(t.chain(), decoded...) })
	})
	return found
}

// names are what had to be undone to see a value in data[from:to] as it is
// written, outermost first.
func (t *text) names(from, to int, value string) []string {
	if t.name != DecodedMarkup {
		return append(t.chain(), layers(t.data[from:to], value)...)
	}
	a, b := t.back(from, to)
	return append(t.parent.chain(), markupLayers(t.parent.data[a:b], string(t.data[from:to]) == value)...)
}

// layers says what had to be undone to see a value in raw bytes, outermost
// first.
func layers(raw []byte, value string) []string {
	if string(raw) == value {
		return nil
	}
	decoded, seen := make([]byte, 0, len(raw)), plain
	for i := 0; i < len(raw); {
		r, size, e := unit(raw, i)
		decoded, seen = utf8.AppendRune(decoded, r), seen|e
		i += size
	}
	names := escapeNames(nil, seen)
	// A stretch ends with letters: "o.o." without its last dot is no other
	// spelling, nor is a part of the value.
	if !strings.Contains(value, string(decoded)) {
		names = append(names, DecodedFold)
	}
	return names
}

// escapeNames appends the names of escapes, in the order in which they are
// usually undone.
func escapeNames(names []string, seen escape) []string {
	for _, l := range []struct {
		e    escape
		name string
	}{{json, DecodedJSON}, {percent, DecodedPercent}, {entity, DecodedEntity}} {
		if seen&l.e != 0 {
			names = append(names, l.name)
		}
	}
	return names
}

// settle keeps of each pattern's findings those that say something new: of
// several that stand at one place of the body the one with the lowest rank,
// and what other places the same text has for it.
func settle(found []finding) []finding {
	slices.SortStableFunc(found, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.rank, b.rank), cmp.Compare(a.Start, b.Start),
			cmp.Compare(b.End, a.End), cmp.Compare(len(a.Decoded), len(b.Decoded)))
	})
	kept, id, rank, repeats := found[:0], 0, -1, 0
	var covered, fresh cover
	for i, f := range found {
		if i == 0 || f.ID != id {
			covered, fresh, repeats, rank = nil, nil, 0, -1
		}
		if f.rank != rank {
			covered, fresh = covered.with(fresh), nil
		}
		id, rank = f.ID, f.rank
		if repeats >= MaxRepeats || covered.overlaps(f.Start, f.End) || repeated(kept, f) {
			continue
		}
		fresh = append(fresh, span{f.Start, f.End})
		kept = append(kept, f)
		repeats++
	}
	return kept
}

// repeated says whether the last findings kept say the same: the same place,
// or a longer form of the value there.
func repeated(kept []finding, f finding) bool {
	for i := len(kept) - 1; i >= 0; i-- {
		k := kept[i]
		if k.ID == f.ID && k.rank == f.rank && k.Start <= f.Start && f.End <= k.End && k.End-k.Start > f.End-f.Start {
			return true
		}
		if k.ID != f.ID || k.rank != f.rank || k.Start != f.Start || k.End != f.End {
			return false
		}
		if k.Where == f.Where {
			return true
		}
	}
	return false
}

// cover is what of a body was found already: sorted stretches.
type cover []span

// with adds stretches.
func (c cover) with(more cover) cover {
	if len(more) == 0 {
		return c
	}
	c = append(c, more...)
	slices.SortFunc(c, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	merged := c[:1]
	for _, s := range c[1:] {
		if last := &merged[len(merged)-1]; s.start < last.end {
			last.end = max(last.end, s.end)
		} else {
			merged = append(merged, s)
		}
	}
	return merged
}

// overlaps says whether something of a stretch is covered.
func (c cover) overlaps(start, end int) bool {
	i, _ := slices.BinarySearchFunc(c, start, func(s span, start int) int {
		if s.end <= start {
			return -1
		}
		return 1
	})
	return i < len(c) && c[i].start < end
}

// answers are the hits in the order of the body.
func answers(found []finding) []Hit {
	if len(found) == 0 {
		return nil
	}
	hits := make([]Hit, len(found))
	for i, f := range found {
		hits[i] = f.Hit
	}
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.ID, b.ID))
	})
	return hits
}
