package match

import (
	"bytes"
	"slices"
	"strings"
)

// islands are the encodings of stretches within a text, in the order in which
// they are tried on a run of letters and digits.
func islands() []island {
	return []island{
		{DecodedCFEmail, cfEmailCuts, decodeCFEmail},
		{DecodedHex, hexCuts, decodeHex},
		{DecodedJWT, jwtCuts, decode64},
		{DecodedBase64, base64Cuts, decode64},
	}
}

// island is one encoding of stretches. Its cuts are cheap to find and few: a
// cut is made only where what it decodes to can hold a value, or begins like
// something that has to be decoded once more.
type island struct {
	name   string
	cuts   func(r *run) []cut
	decode func(dst, chars []byte) []byte
}

// cut is a part of a run that may be encoded.
type cut struct {
	span         // in chars
	parts []span // of it, those that are worth decoding; nil for all
	guess bool   // it may be compressed without saying so
}

// run is a stretch of characters of the base64 alphabets, which hexadecimal
// digits are a part of. Where the text has line breaks or escapes within it,
// they are not in chars.
type run struct {
	span
	*pass
	chars []byte
	media string // what a data: URL says it is
	token bool   // it is a part of a JSON Web Token
}

// The shortest runs that can hold a value, in characters: MinKey bytes.
const (
	minBase64 = (MinKey*8 + 5) / 6
	minHex    = MinKey * 2
)

// looks is what a pass over a text noticed beside islands.
type looks struct {
	tags   []int // where inline elements begin or end, escaped or in a text that is not markup
	quoted bool  // something looks quoted-printable
}

// openIslands opens what is encoded within a text, in one pass over it.
func (o *opener) openIslands(t *text) looks {
	p := &pass{o: o, t: t}
	for i := 0; i < len(t.data); {
		switch runClass[t.data[i]] {
		case 0:
			i++
		case inRun:
			i = p.take(i)
		case escaping:
			i = p.escape(i)
		default:
			p.look(i)
			i++
		}
	}
	p.endPairs()
	return p.looks
}

// pass is one pass over a text.
type pass struct {
	o *opener
	t *text
	looks
	header  int // where the header of a JSON Web Token ended last; its claims follow
	pairs   int // pairs of hexadecimal digits with one separator between them, so far
	first   int // where the first of them stands
	lastEnd int // where the last one ended

	bytesEnd int // how far bytes written as \x5a were looked at
}

// take takes the run that begins at i and answers where it ends.
func (p *pass) take(i int) int {
	data, end := p.t.data, i+1
	for end < len(data) && runClass[data[end]] == inRun {
		end++
	}
	if end < len(data) && (runClass[data[end]] == escaping || isBreak(data[end]) && end-i >= minLine) {
		if chars, after := p.goOn(i, end); after > end {
			p.open(&run{span: span{i, after}, pass: p, chars: chars})
			return after
		}
	}
	switch n := end - i; {
	case n >= minBase64:
		p.open(&run{span: span{i, end}, pass: p, chars: data[i:end:end]})
	case n == 2:
		p.pair(i)
	}
	return end
}

// A line that goes on in the next one has between so many characters: encoders
// break at 60, 64 or 76, and what is shorter or longer ends with its line.
const (
	minLine = 56
	maxLine = 80
)

// goOn reads on over escaped characters of the alphabet and over line breaks
// as mail and PEM have them. It answers the characters, and where it ended.
func (p *pass) goOn(start, end int) ([]byte, int) {
	data, chars := p.t.data, slices.Clone(p.t.data[start:end])
	line := len(chars)
	for i := end; i < len(data); {
		if runClass[data[i]] == inRun {
			chars, line, i = append(chars, data[i]), line+1, i+1
			end = i
			continue
		}
		r, size, e := unit(data, i)
		if e != plain && r < 0x80 && runClass[byte(r)] == inRun {
			chars, line, i = append(chars, byte(r)), line+1, i+size
			end = i
			continue
		}
		next := p.nextLine(i)
		if next < 0 || line < minLine || line > maxLine || line%4 != 0 {
			break
		}
		i, line = next, 0
	}
	return chars, end
}

// nextLine is where the next line begins if one ends at i, with the escapes of
// JSON or without; -1 when none does, or something else than a line of the alphabet follows.
func (p *pass) nextLine(i int) int {
	data, broken := p.t.data, false
	for range 8 { // carriage return, line feed, a few blanks
		if i >= len(data) {
			return -1
		}
		switch c := data[i]; {
		case isBreak(c):
			broken = true
			i++
		case c == ' ' && broken, c == '\t' && broken:
			i++
		case c == '\\' && i+1 < len(data) && (data[i+1] == 'n' || data[i+1] == 'r'):
			broken = true
			i += 2
		case broken && runClass[c] == inRun && p.wholeLine(i):
			return i
		default:
			return -1
		}
	}
	return -1
}

// wholeLine says whether a line has nothing behind the run that it begins
// with. A word of a sentence is no more of what was encoded above it, and would
// stand behind its last word as if it belonged to it.
func (p *pass) wholeLine(i int) bool {
	data := p.t.data
	for n := 0; n <= maxLine && i < len(data) && (runClass[data[i]] == inRun || data[i] == '='); n++ {
		i++
	}
	return i >= len(data) || isBreak(data[i]) || data[i] == '\\' || data[i] == '"' || data[i] == '\'' || data[i] == '<' || data[i] == '&' || data[i] == '%'
}

func isBreak(c byte) bool { return c == '\n' || c == '\r' }

// escape looks at what may be an escape: of a character that begins a run, or
// of a tag.
func (p *pass) escape(i int) int {
	r, size, e := unit(p.t.data, i)
	switch {
	case e == plain:
		return i + 1
	case i >= p.bytesEnd && hasPrefix(p.t.data[i:], `\x`):
		p.slashX(i)
		return p.escape(i)
	case r == '<':
		if inlineTag(p.t.data, i+size) {
			p.tags = append(p.tags, i)
		}
	case r < 0x80 && runClass[byte(r)] == inRun:
		if chars, after := p.goOn(i, i); len(chars) >= minBase64 {
			p.open(&run{span: span{i, after}, pass: p, chars: chars})
			return after
		}
	}
	return i + size
}

// look looks at what is not in a run: a tag in a text that is not markup, or
// what quoted-printable makes of other characters.
func (p *pass) look(i int) {
	data := p.t.data
	if data[i] == '<' {
		if p.t.kind != markupKind && inlineTag(data, i+1) {
			p.tags = append(p.tags, i)
		}
		return
	}
	p.quoted = p.quoted || quotedAt(data[i:])
}

// open tries every encoding on a run.
func (p *pass) open(r *run) {
	if len(r.chars) < minBase64 || r.pictured() {
		return
	}
	for _, is := range p.o.table {
		p.openCuts(is, r)
	}
}

func (p *pass) openCuts(is island, r *run) {
	for _, c := range is.cuts(r) {
		p.openCut(is, r, c)
	}
}

// openCut decodes a part of a run and takes what comes out of it.
func (p *pass) openCut(is island, r *run, c cut) {
	o, at := p.o, r.span
	if len(r.chars) == r.end-r.start {
		at = span{r.start + c.start, r.start + c.end}
	}
	deep := p.t.layers >= maxLayers
	if o.islands <= 0 && !deep {
		o.unopen(is.name, UnopenedMany, p.t, at.start, at.end)
		return
	}
	if len(c.parts) == 0 {
		c.parts = []span{c.span}
	}
	t := p.t.child(is.name, at, nil, "")
	for i, part := range c.parts {
		chars := r.chars[part.start:part.end]
		if room := max(o.left-len(t.data), 0); len(chars)/4*3 > room {
			o.unopen(is.name, UnopenedLarge, p.t, at.start, at.end)
			chars = chars[:room/3*4]
		}
		if i > 0 {
			t.data = append(t.data, 0)
			t.walls = append(t.walls, len(t.data))
		}
		t.data = is.decode(t.data, chars)
	}
	if len(t.data) < MinKey {
		return
	}
	t.media, t.kind, t.guess = r.media, kindOf(r.media, t.data), c.guess
	if deep {
		if o.holdsMore(t) {
			o.unopen(is.name, UnopenedDeep, p.t, at.start, at.end)
		}
		return
	}
	o.islands--
	o.take(t)
}

// pictured says that a run is a picture, a font or a sound: a data: URL says
// so, or the first bytes do. They are known by their hash, and no text is in
// them.
func (r *run) pictured() bool {
	for _, begin := range []string{"iVBORw0KGgo", "/9j/", "R0lGOD", "UklGR", "d09GMg", "d09GRg", "AGFzbQ"} {
		if hasPrefix(r.chars, begin) {
			return true
		}
	}
	const mark = ";base64,"
	before := r.t.data[max(0, r.start-maxDataURL):r.start]
	if !bytes.HasSuffix(before, []byte(mark)) {
		return false
	}
	i := bytes.LastIndex(before, []byte("data:"))
	if i < 0 {
		return false
	}
	r.media = string(before[i+len("data:") : len(before)-len(mark)])
	base, _, _ := strings.Cut(r.media, "/")
	return base == "image" && !strings.Contains(r.media, "svg") || base == "font" || base == "audio" || base == "video" ||
		strings.Contains(r.media, "font") || strings.Contains(r.media, "wasm")
}

// maxDataURL is how long the head of a data: URL may be, in bytes.
const maxDataURL = 128
