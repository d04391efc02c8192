package match

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds that keep hostile bodies from costing more than they weigh.
const (
	maxSegments = 100_000 // what comes after is one more segment, without a place
	maxDepth    = 512     // of nesting that is followed
	maxWhere    = 200     // bytes of a segment's place
	maxKey      = 48      // bytes of one step of a place
)

// Segments takes a body apart by its structure: JSON, HTML and its kin, forms
// and segments as crosstalk records them. Everything else, and what is too
// broken to be taken apart, is one segment without a place.
func Segments(mediaType string, body []byte) []Segment {
	doc := parse(kindOf(mediaType, body), body, false)
	segments := make([]Segment, len(doc.pieces))
	for i, p := range doc.pieces {
		segments[i] = Segment{Where: p.where, Text: p.text, Offset: -1}
		if p.text == doc.text[p.start:p.end] {
			segments[i].Offset = p.start
		}
	}
	return segments
}

// kind is a structure that we can take apart.
type kind int

const (
	plainKind kind = iota
	jsonKind
	markupKind
	formKind
	segmentsKind
)

// joins says whether values can be split over pieces that stand together.
func (k kind) joins() bool { return k == markupKind || k == segmentsKind }

// kindOf trusts a media type that says something, and looks at the first
// byte where it says nothing.
func kindOf(mediaType string, body []byte) kind {
	mediaType, _, _ = strings.Cut(strings.ToLower(mediaType), ";")
	mediaType = strings.TrimSpace(mediaType)
	switch {
	case mediaType == SegmentsType:
		return segmentsKind
	case strings.Contains(mediaType, "json"):
		return jsonKind
	case strings.Contains(mediaType, "html"), strings.Contains(mediaType, "xml"):
		return markupKind
	case mediaType == "application/x-www-form-urlencoded":
		return formKind
	case mediaType == "", mediaType == "text/plain", mediaType == "application/octet-stream":
		return sniff(body)
	}
	return plainKind
}

func sniff(body []byte) kind {
	switch start := bytes.TrimLeft(body, "\ufeff \t\r\n"); {
	case len(start) == 0:
		return plainKind
	case start[0] == '{' || start[0] == '[':
		return jsonKind
	case start[0] == '<':
		return markupKind
	}
	return plainKind
}

// span is a stretch of the body.
type span struct{ start, end int }

// piece is a segment with the stretch of the body it was made from.
type piece struct {
	span
	where string
	text  string
}

// document is a body taken apart.
type document struct {
	body    []byte
	text    string // the body again, for texts to share
	pieces  []piece
	runs    [][]span // pieces that a reader sees as one text
	scripts []span   // inline scripts, noted in a light document
	light   bool     // only the runs and scripts are wanted
	names   map[string]string
	order   []int // pieces as they begin
	reach   []int // for each in order, how far any up to it reaches
}

// parse takes a body apart; a light document has no pieces, only runs.
func parse(k kind, body []byte, light bool) *document {
	d := &document{body: body, text: string(body), names: map[string]string{}, light: light}
	switch k {
	case jsonKind:
		d.parseJSON()
	case markupKind:
		d.parseMarkup()
	case formKind:
		d.parseForm()
	case segmentsKind:
		d.parseSegments()
	default:
		d.add(span{0, len(body)}, "", d.text)
	}
	return d
}

// full says that no more pieces are taken.
func (d *document) full() bool { return len(d.pieces) >= maxSegments }

// add appends a piece, unless there is nothing in it.
func (d *document) add(s span, where, text string) {
	if !d.light && !blank(text) {
		d.pieces = append(d.pieces, piece{s, where, text})
	}
}

// blank says whether there is nothing but white space in a text.
func blank(text string) bool {
	for i := range len(text) {
		if !isTagSpace(text[i]) {
			return strings.TrimSpace(text[i:]) == ""
		}
	}
	return true
}

// rest appends what could not be taken apart, without a place.
func (d *document) rest(start int) {
	d.add(span{start, len(d.body)}, "", d.text[start:])
}

// name returns one copy of a place, however often it occurs.
func (d *document) name(where []byte) string {
	if known, ok := d.names[string(where)]; ok {
		return known
	}
	if len(where) > maxWhere {
		where = append(trimRune(where[:maxWhere]), "…"...)
	}
	name := strings.ToValidUTF8(string(where), "\ufffd")
	if len(d.names) < maxSegments {
		d.names[name] = name
	}
	return name
}

// trimRune drops a rune that was cut at the end.
func trimRune(b []byte) []byte {
	for i := 0; i < utf8.UTFMax && len(b) > 0; i++ {
		if r, size := utf8.DecodeLastRune(b); r != utf8.RuneError || size != 1 {
			break
		}
		b = b[:len(b)-1]
	}
	return slices.Clip(b)
}

// at is the innermost piece that holds a byte of the body; -1 when none does.
func (d *document) at(pos int) int {
	if d.order == nil {
		d.sort()
	}
	i, _ := slices.BinarySearchFunc(d.order, pos+1, func(p, pos int) int { return d.pieces[p].start - pos })
	for i--; i >= 0 && d.reach[i] > pos; i-- {
		if p := d.order[i]; d.pieces[p].end > pos {
			return p
		}
	}
	return -1
}

// sort puts the pieces in the order in which they begin, those inside behind
// those around them.
func (d *document) sort() {
	d.order, d.reach = make([]int, len(d.pieces)), make([]int, len(d.pieces))
	for i := range d.order {
		d.order[i] = i
	}
	slices.SortStableFunc(d.order, func(a, b int) int { return d.pieces[a].start - d.pieces[b].start })
	reach := 0
	for i, p := range d.order {
		reach = max(reach, d.pieces[p].end)
		d.reach[i] = reach
	}
}
