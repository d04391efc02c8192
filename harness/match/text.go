package match

import (
	"slices"
	"sort"
)

// text is something that is searched: the body, or what was made from a
// stretch of another text.
type text struct {
	span             // the stretch of parent it was made from
	parent *text     // nil for the body
	data   []byte    //
	from   []stretch // where each part of data stands in parent; nil when only the whole is known
	media  string    // media type, as far as it is known
	kind   kind
	name   string // what Hit.Decoded says was undone; "" when that needs no saying
	label  string // a place of its own behind the parent's: the name of a form's part
	layers int    // how many encodings were opened to come here
	depth  int    // how many texts it is in
	hollow bool   // all of it was decoded: only a vessel, and searched last
	echo   bool   // it shows again what parent shows
	guess  bool   // may be compressed without saying so

	// Joints are where a text was joined from pieces of its parent: a hit must
	// reach over one, since what does not stands in parent as well. Walls are
	// what no hit reaches over.
	joints, walls []int

	scripts []span // of a page, in order

	folded Folded
	doc    *document
	inners map[int]*text // by piece
}

// stretch says that the bytes of a text from at on, up to the next stretch,
// were made from parent[from:to]. When both are equally long they are the same.
type stretch struct{ at, from, to uint32 }

// joined says whether the text was joined from pieces of its parent.
func (t *text) joined() bool { return len(t.joints) > 0 }

// chain is what had to be undone to come to the text, outermost first.
func (t *text) chain() []string {
	var names []string
	for ; t != nil; t = t.parent {
		if t.name != "" {
			names = append(names, t.name)
		}
	}
	slices.Reverse(names)
	return names
}

// back maps a stretch of the text, not empty, to where it was made from in
// parent.
func (t *text) back(from, to int) (int, int) {
	if t.from == nil || len(t.data) == 0 {
		return t.start, t.end
	}
	start, _ := t.unmap(from)
	_, end := t.unmap(max(to-1, from))
	return start, end
}

// unmap is where in parent one byte of the text comes from.
func (t *text) unmap(pos int) (int, int) {
	i := sort.Search(len(t.from), func(i int) bool { return int(t.from[i].at) > pos }) - 1
	s, next := t.from[max(i, 0)], len(t.data)
	if i+1 < len(t.from) {
		next = int(t.from[i+1].at)
	}
	if next-int(s.at) == int(s.to-s.from) {
		start := int(s.from) + pos - int(s.at)
		return start, start + 1
	}
	return int(s.from), int(s.to)
}

// forward is where in the text a byte of parent went.
func (t *text) forward(pos int) int {
	i := sort.Search(len(t.from), func(i int) bool { return int(t.from[i].from) > pos }) - 1
	if i < 0 {
		return 0
	}
	s, next := t.from[i], len(t.data)
	if i+1 < len(t.from) {
		next = int(t.from[i+1].at)
	}
	return min(int(s.at)+pos-int(s.from), max(next-1, int(s.at)))
}

// origin maps a stretch of the text to the body.
func (t *text) origin(from, to int) (int, int) {
	for ; t.parent != nil; t = t.parent {
		from, to = t.back(from, to)
	}
	return from, to
}

// allows says whether a hit may stand at a stretch of the text.
func (t *text) allows(from, to int) bool {
	return (!t.joined() || between(t.joints, from, to)) && !between(t.walls, from, to)
}

// between says whether one of some sorted positions is inside a stretch.
func between(sorted []int, from, to int) bool {
	i := sort.SearchInts(sorted, from+1)
	return i < len(sorted) && sorted[i] < to
}

// fold makes the text's canonical stream. At joints and walls words may begin.
func (t *text) fold() {
	t.folded = Fold(t.data)
	for _, pos := range t.joints {
		t.folded.breakAt(pos)
	}
	for _, pos := range t.walls {
		t.folded.breakAt(pos)
	}
}

// breakAt lets a word begin at a position of the text.
func (f *Folded) breakAt(pos int) {
	i, _ := slices.BinarySearch(f.at, uint32(pos)) //nolint:gosec // bodies are far below 4 GiB
	if i < len(f.bytes) {
		f.breaks[i>>6] |= 1 << (i & 63)
	}
}

// weaver makes a text from stretches of another.
type weaver struct {
	data []byte
	from []stretch
}

// same appends bytes that stand in the other text as they are, from a position
// on.
func (w *weaver) same(from int, data []byte) {
	if n := len(w.from); n > 0 {
		if last := w.from[n-1]; int(last.to) == from && int(last.to-last.from) == len(w.data)-int(last.at) {
			w.from[n-1].to += uint32(len(data)) //nolint:gosec // bodies are far below 4 GiB
			w.data = append(w.data, data...)
			return
		}
	}
	w.made(from, from+len(data), data...)
}

// made appends bytes that were made from a stretch of the other text.
func (w *weaver) made(from, to int, data ...byte) {
	if len(data) == 0 {
		return
	}
	w.from = append(w.from, stretch{uint32(len(w.data)), uint32(from), uint32(to)}) //nolint:gosec // bodies are far below 4 GiB
	w.data = append(w.data, data...)
}

// cut drops what was appended after the data had n bytes.
func (w *weaver) cut(n int) {
	end := len(w.data)
	w.data = w.data[:n]
	for len(w.from) > 0 && int(w.from[len(w.from)-1].at) >= n {
		end = int(w.from[len(w.from)-1].at)
		w.from = w.from[:len(w.from)-1]
	}
	// Only a stretch of same bytes can be cut in the middle.
	if last := len(w.from) - 1; last >= 0 && end > n {
		w.from[last].to -= uint32(end - n) //nolint:gosec // bodies are far below 4 GiB
	}
}
