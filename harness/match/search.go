package match

import (
	"slices"
	"unicode/utf8"
)

// Search finds the patterns in a whole body. The bytes as they are come
// first, whatever the media type says; then, in markup, what is split over
// inline elements. Hits are in the order of the body, each occurrence once and
// no more than MaxRepeats of a pattern.
func (x *Index) Search(mediaType string, body []byte) []Hit {
	if x.empty() {
		return nil
	}
	hits := x.searchBytes(body)
	kind := kindOf(mediaType, body)
	if len(hits) == 0 && !kind.joins() {
		return nil
	}
	// Most bodies hold nothing that is ours: places are worked out only when
	// there is something to place.
	doc := parse(kind, body, len(hits) == 0)
	for _, run := range doc.runs {
		hits = append(hits, x.searchRun(doc, run)...)
	}
	if doc.light && len(hits) > 0 {
		doc = parse(kind, body, false)
	}
	doc.locate(hits)
	return tidy(hits)
}

// SearchText finds the patterns in one segment's text; positions are in it.
func (x *Index) SearchText(text string) []Hit {
	if x.empty() {
		return nil
	}
	return tidy(x.searchBytes([]byte(text)))
}

// MaxRepeats is how many occurrences of one pattern a search answers: enough
// for every place of a page, not for a body that is nothing else.
const MaxRepeats = 1000

func (x *Index) searchBytes(text []byte) []Hit {
	var hits []Hit
	f, repeats := Fold(text), map[*entry]int{}
	x.scan(f, func(e *entry, start, end int) {
		if repeats[e]++; repeats[e] > MaxRepeats {
			return
		}
		from, to := f.Origin(start, end)
		decoded := append(layers(text[from:to], e.text), e.names(end-start)...)
		hits = append(hits, Hit{ID: e.id, Start: from, End: to, Decoded: decoded, Fragment: e.fragment(end - start)})
	})
	return hits
}

// searchRun finds what is split over the pieces of a run. What stands in one
// piece was found before.
func (x *Index) searchRun(doc *document, run []span) []Hit {
	var hits []Hit
	joined := make([]byte, 0, run[len(run)-1].end-run[0].start)
	starts := make([]int, len(run))
	for i, s := range run {
		starts[i] = len(joined)
		joined = append(joined, doc.body[s.start:s.end]...)
	}
	f := Fold(joined)
	for _, at := range starts {
		f.breakAt(at)
	}
	x.scan(f, func(e *entry, start, end int) {
		from, to := f.Origin(start, end)
		a, b := pieceAt(starts, from), pieceAt(starts, to-1)
		if a != b {
			decoded := append([]string{DecodedSplit}, layers(joined[from:to], e.text)...)
			decoded = append(decoded, e.names(end-start)...)
			hits = append(hits, Hit{
				ID: e.id, Decoded: decoded, Fragment: e.fragment(end - start),
				Start: run[a].start + from - starts[a], End: run[b].start + to - starts[b],
			})
		}
	})
	return hits
}

// breakAt lets a word begin at a position of the text.
func (f *Folded) breakAt(pos int) {
	i, _ := slices.BinarySearch(f.at, uint32(pos)) //nolint:gosec // bodies are far below 4 GiB
	if i < len(f.bytes) {
		f.breaks[i>>6] |= 1 << (i & 63)
	}
}

// pieceAt is the last piece that begins at or before pos.
func pieceAt(starts []int, pos int) int {
	i, found := slices.BinarySearch(starts, pos)
	if !found {
		i--
	}
	for i+1 < len(starts) && starts[i+1] == starts[i] {
		i++
	}
	return i
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
	var names []string
	for _, l := range []struct {
		e    escape
		name string
	}{{json, DecodedJSON}, {percent, DecodedPercent}, {entity, DecodedEntity}} {
		if seen&l.e != 0 {
			names = append(names, l.name)
		}
	}
	if string(decoded) != value {
		names = append(names, DecodedFold)
	}
	return names
}

// tidy sorts hits by where they stand and drops repetitions.
func tidy(hits []Hit) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		if a.End != b.End {
			return a.End - b.End
		}
		return a.ID - b.ID
	})
	return slices.CompactFunc(hits, func(a, b Hit) bool {
		return a.ID == b.ID && a.Start == b.Start && a.End == b.End
	})
}
