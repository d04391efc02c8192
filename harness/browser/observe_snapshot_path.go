package browser

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// The functions of this file answer what those of the same purpose in
// observe_page.js answer: pathOf, textAt, fold. A test holds them to it.

const (
	pathSteps   = 5    // of an element path
	highest     = 1000 // elements above one that are looked at for it
	longestStep = 48   // UTF-16 units of an id or a class in it
	longestLine = 2000 // bytes up to which a line with inline elements is joined
)

// path is where an element stands.
func (t *tree) path(i int) string {
	var steps []string
	for n, in, up := i, t, 0; n >= 0 && len(steps) < pathSteps && up < highest; up++ {
		if in.name[n] == "" { // the document
			if in.outer == nil || hasAddress(in.url) {
				break
			}
			n, in = in.owner, in.outer // a frame's content stands where the frame stands
			continue
		}
		step, final := in.step(n)
		if n == i && in == t || !saysNothing(step) {
			steps = append(steps, step)
		}
		if final {
			break
		}
		n = in.above[n]
	}
	for a, b := 0, len(steps)-1; a < b; a, b = a+1, b-1 {
		steps[a], steps[b] = steps[b], steps[a]
	}
	return strings.Join(steps, ">")
}

// titlePath is where the document's title stands.
func (t *tree) titlePath() string {
	if t.outer == nil || hasAddress(t.url) {
		return "title"
	}
	return t.outer.path(t.owner) + ">title"
}

// hasAddress says whether a document has an address of its own, at which what
// it shows stands.
func hasAddress(url string) bool {
	return strings.HasPrefix(url, "http://") || strings.HasPrefix(url, "https://")
}

// step names an element as it is for every customer; final when it needs no
// more above it.
func (t *tree) step(i int) (name string, final bool) {
	if id, ok := t.attribute(i, "id"); ok && isPlain(id) {
		return t.name[i] + "#" + id, true
	}
	classes, _ := t.attribute(i, "class")
	for _, class := range strings.FieldsFunc(classes, isSeparator) {
		if isPlain(class) {
			return t.name[i] + "." + class, false
		}
	}
	return t.name[i], false
}

// isSeparator says what stands between two classes.
func isSeparator(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\f' || r == '\r' }

func saysNothing(step string) bool {
	return step == "html" || step == "body" || step == "div" || step == "span"
}

// isPlain says that a name holds nothing that may be a customer's.
func isPlain(v string) bool {
	if v == "" || len(v) > 3*longestStep || utf16Length(v) > longestStep {
		return false
	}
	for _, r := range v {
		if '0' <= r && r <= '9' || r == '@' || isSpace(r) {
			return false
		}
	}
	return true
}

func utf16Length(v string) int {
	n := 0
	for _, r := range v {
		n += utf16.RuneLen(r)
	}
	return n
}

// isSpace says what scripts take for white space.
func isSpace(r rune) bool {
	return r == '\ufeff' || r != '\u0085' && unicode.IsSpace(r)
}

// foldSpaces makes runs of white space, and of what is not seen, one blank.
func foldSpaces(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range s {
		if isSpace(r) || r == '\u200b' || r == '\u00ad' {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	return b.String()
}

// isInline says that an element's text belongs to the line it stands in.
func isInline(name string) bool {
	switch name {
	case "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
		"kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr":
		return true
	}
	return false
}

// standsApart says that an element in a line makes it none.
func standsApart(name string) bool {
	switch name {
	case "select", "script", "style", "table", "div", "p", "ul", "ol", "section", "form":
		return true
	}
	return false
}

// line is an element's own text; with inline elements among it, the whole line
// as a person reads it, since a value may be split over them.
func (t *tree) line(i int) string {
	size, nodes, inline := 0, 0, false
	for c := t.first[i]; c >= 0; c = t.next[c] {
		switch {
		case t.doc.Nodes.Type[c] == textNode:
			size += t.length[c]
		case isInline(t.name[c]):
			inline = true
			if !t.apart[c] {
				size += t.length[c]
				nodes += t.weight[c]
			}
		}
	}
	whole := !inline || size <= longestLine && nodes <= longestLine
	var b strings.Builder
	for c := t.first[i]; c >= 0; c = t.next[c] {
		switch {
		case t.doc.Nodes.Type[c] == textNode:
			b.WriteString(t.value(c))
			if !whole {
				b.WriteByte(' ')
			}
		case whole && isInline(t.name[c]) && !t.apart[c]:
			t.write(&b, c)
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// write puts together the text of everything in an element.
func (t *tree) write(b *strings.Builder, i int) {
	if t.doc.Nodes.Type[i] == textNode {
		b.WriteString(t.value(i))
	}
	for n := t.first[i]; n >= 0; n = t.after(n, i) {
		if t.doc.Nodes.Type[n] == textNode {
			b.WriteString(t.value(n))
		}
	}
}

// after is the node behind n in the order of the document, below root; -1
// behind the last one.
func (t *tree) after(n, root int) int {
	if t.first[n] >= 0 {
		return t.first[n]
	}
	return t.past(n, root)
}

// past is after, without what is in n.
func (t *tree) past(n, root int) int {
	for n != root && n >= 0 {
		if t.next[n] >= 0 {
			return t.next[n]
		}
		n = t.above[n]
	}
	return -1
}

// content is the text of everything in an element, as far as it is short.
func (t *tree) content(i int) string {
	if t.length[i] > longestText || t.weight[i] > mostTexts {
		return ""
	}
	var b strings.Builder
	t.write(&b, i)
	return b.String()
}

// truncate is a text's beginning of at most n bytes, in whole letters.
func truncate(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
