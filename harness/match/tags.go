package match

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Markup within other texts: HTML in strings of JSON or of scripts, or with
// its brackets escaped. A reader will see one text where here are elements.

// maxTag is the longest tag that is taken out of such a text, in bytes.
const maxTag = 2048

// aroundTag is how much on either side of an inline element's tag is joined,
// in bytes: room for the longest value, however escaped.
const aroundTag = 512

// inlineTag says whether the name of an inline element stands at i, behind an
// angle bracket: only there can a value be split.
func inlineTag(data []byte, i int) bool {
	var name [12]byte
	n := 0
	for first := true; i < len(data); first = false {
		r, size, _ := unit(data, i)
		i += size
		switch {
		case r == '/' && first:
		case r < utf8.RuneSelf && isAlnum(byte(r)):
			if n == len(name) {
				return false
			}
			name[n] = byte(r) | 0x20
			n++
		default:
			return (r == '>' || r == ' ' || r == '/') && isInline(string(name[:n]))
		}
	}
	return false
}

// joinTags makes texts in which the tags noticed in a text are dropped, so
// that values split over elements are whole: of the whole neighborhood of
// tags, one text for all of them.
func (o *opener) joinTags(t *text, tags []int) {
	if t.kind == markupKind {
		tags = slices.Concat(tags, t.scriptTags())
		slices.Sort(tags)
	}
	if len(tags) == 0 || o.left <= 0 {
		return
	}
	j := &tagJoiner{t: t, plain: t.kind != markupKind}
	for i := 0; i < len(tags); {
		from, to := max(0, tags[i]-aroundTag), tags[i]+aroundTag
		for i++; i < len(tags) && tags[i]-aroundTag <= to; i++ {
			to = tags[i] + aroundTag
		}
		j.join(from, min(to, len(t.data)))
	}
	if len(j.joints) == 0 {
		return
	}
	c := t.child(DecodedMarkup, t.span, j.data, "")
	c.layers, c.kind, c.from, c.joints, c.walls = t.layers, plainKind, j.from, j.joints, j.walls
	o.keep(c)
}

// keep takes a text that shows what its parent shows, joined: nothing more is
// opened in it.
func (o *opener) keep(t *text) {
	o.left -= len(t.data)
	t.fold()
	o.r.texts = append(o.r.texts, t)
}

// scriptTags are where the tags of inline elements stand in a page's scripts.
func (t *text) scriptTags() []int {
	var tags []int
	for _, s := range t.scripts {
		for i := s.start; i < s.end; i++ {
			if t.data[i] == '<' && inlineTag(t.data, i+1) {
				tags = append(tags, i)
			}
		}
	}
	return tags
}

// tagJoiner drops tags from stretches of a text.
type tagJoiner struct {
	weaver
	t             *text
	plain         bool // brackets that are not escaped are tags too
	joints, walls []int
}

// join appends a stretch without its tags. Escapes of characters are undone
// on the way, however often they were applied.
func (j *tagJoiner) join(from, to int) {
	j.walls = append(j.walls, len(j.data))
	mark, began := -1, 0 // where an open tag begins, here and in the text
	for i := from; i < to; {
		r, size, e := unit(j.t.data, i)
		at := len(j.data)
		if r == '<' && (j.plain || e != plain || j.t.inScript(i)) {
			mark, began = at, i
		}
		j.character(i, size, r, e)
		if r == '>' && mark >= 0 {
			j.tag(mark)
			mark = -1
		}
		if i += size; i-began > maxTag {
			mark = -1
		}
	}
}

// character appends one character.
func (j *tagJoiner) character(i, size int, r rune, e escape) {
	if e == plain && size == 1 && r < utf8.RuneSelf {
		j.same(i, j.t.data[i:i+1])
		return
	}
	var space [utf8.UTFMax]byte
	j.made(i, i+size, space[:utf8.EncodeRune(space[:], r)]...)
}

// tag drops the tag that was appended from mark on, if it is one.
func (j *tagJoiner) tag(mark int) {
	name, _ := tagName(string(j.data[mark:min(len(j.data), mark+maxKey)]))
	if name == "" || !isAlnum(name[0]) && name[0] != '!' {
		return
	}
	j.cut(mark)
	if isInline(strings.TrimSuffix(name, ">")) {
		j.joints = append(j.joints, mark)
	} else {
		j.walls = append(j.walls, mark)
	}
}

// inScript says whether a byte of a page is in one of its scripts.
func (t *text) inScript(pos int) bool {
	i, _ := slices.BinarySearchFunc(t.scripts, pos, func(s span, pos int) int {
		if s.end <= pos {
			return -1
		}
		return 1
	})
	return i < len(t.scripts) && t.scripts[i].start <= pos
}

// markupLayers says what had to be undone to see a value in raw bytes that
// have tags in them: what the tags are escaped with comes before them.
func markupLayers(raw []byte, exact bool) []string {
	seen, tags := plain, plain
	for i := 0; i < len(raw); {
		r, size, e := unit(raw, i)
		if seen |= e; r == '<' || r == '>' {
			tags |= e
		}
		i += size
	}
	outer := seen&(json|percent) | tags
	names := append(escapeNames(nil, outer), DecodedMarkup)
	names = escapeNames(names, seen&^outer)
	if !exact {
		names = append(names, DecodedFold)
	}
	return names
}

// joinRuns makes texts of the pieces of markup that a reader sees as one.
func (o *opener) joinRuns(t *text) {
	if !t.kind.joins() {
		return
	}
	doc := parse(t.kind, t.data, true)
	t.scripts = doc.scripts
	for _, run := range doc.runs {
		w := &weaver{}
		var joints []int
		for i, s := range run {
			if i > 0 {
				joints = append(joints, len(w.data))
			}
			w.same(s.start, t.data[s.start:s.end])
		}
		c := t.child(DecodedSplit, span{run[0].start, run[len(run)-1].end}, w.data, "")
		c.layers, c.kind, c.from, c.joints = t.layers, plainKind, w.from, joints
		o.keep(c)
	}
}
