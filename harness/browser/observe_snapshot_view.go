package browser

import (
	"fmt"
	"strings"
	"unicode"

	"crosstalk/harness/history"
)

// What of one document is kept; the rest is said to be cut off.
const (
	mostTexts   = 20_000    // texts, and as many fields
	longestText = 200_000   // bytes of one
	mostBytes   = 4_000_000 // bytes of all
)

// isShown says that an attribute holds text that a person reads, or has read
// out.
func isShown(attribute string) bool {
	switch attribute {
	case "alt", "title", "placeholder", "label", "aria-label", "aria-description", "aria-valuetext",
		"aria-placeholder", "aria-roledescription", "aria-braillelabel":
		return true
	}
	return false
}

// reading collects what one document shows.
type reading struct {
	*tree
	texts, fields []history.Segment
	size          int
	full          bool           // there is more
	long          bool           // one text is longer than is kept
	ids           map[string]int // elements by their id, once they were asked for
	layout        map[int]string // what CSS generated, by the node it made
}

// read is everything that is rendered or waits hidden in the document: texts
// with their places, and the values of form fields.
func (t *tree) read() shownDocument {
	r := &reading{tree: t}
	r.layOut()
	r.add(&r.texts, t.titlePath(), t.snap.text(t.doc.Title))
	for i := 0; i < t.count; i++ {
		if t.name[i] == "" {
			continue
		}
		if t.isPseudo(i) {
			r.generated(i)
			continue
		}
		if t.silent(i) {
			i = t.behind(i) - 1
			continue
		}
		r.element(i)
	}
	d := shownDocument{url: t.url, frame: t.snap.text(t.doc.Frame), texts: r.texts, fields: r.fields}
	if t.count > 0 {
		d.root = t.doc.Nodes.Backend[0]
	}
	if r.long {
		d.cut = fmt.Sprintf("cut off: a text is longer than %d bytes", longestText)
	}
	if r.full {
		d.cut = fmt.Sprintf("cut off: more than %d texts or %d bytes are shown", mostTexts, mostBytes)
	}
	return d
}

// behind is the first node that is not in an element as the snapshot has it.
func (t *tree) behind(i int) int {
	end := i + 1
	for end < t.count && t.doc.Nodes.Parent[end] >= i {
		end++
	}
	return end
}

func (r *reading) add(list *[]history.Segment, where, text string) {
	r.long = r.long || len(text) > longestText
	text = foldSpaces(truncate(text, longestText))
	if text == "" || r.full {
		return
	}
	if len(*list) >= mostTexts || r.size > mostBytes {
		r.full = true
		return
	}
	r.size += len(where) + len(text)
	*list = append(*list, history.Segment{Where: where, Text: text})
}

func (r *reading) element(i int) {
	if r.full {
		return
	}
	var where string
	place := func() string { // most elements have no text of their own
		if where == "" {
			where = r.path(i)
		}
		return where
	}
	if line := r.line(i); !isBlank(line) {
		r.add(&r.texts, place(), line)
	}
	all := r.doc.Nodes.Attributes[i]
	for k := 0; k+1 < len(all); k += 2 {
		if name := r.snap.text(all[k]); isShown(name) {
			r.add(&r.texts, place()+"@"+name, r.snap.text(all[k+1]))
		}
	}
	if r.name[i] == "input" && isButton(r.inputType(i)) {
		r.add(&r.texts, place()+"@value", r.snap.text(r.entry(r.sparse.input, i)))
	}
	r.field(i)
}

func isBlank(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool { return !isSpace(c) }) < 0
}

func isButton(kind string) bool { return kind == "submit" || kind == "button" || kind == "reset" }

// entry is a node's entry in a sparse column; -1 for none.
func (t *tree) entry(column map[int]int, i int) int {
	if v, ok := column[i]; ok {
		return v
	}
	return -1
}

func (t *tree) inputType(i int) string {
	kind, _ := t.attribute(i, "type")
	return strings.ToLower(kind)
}

// layOut takes down what was laid out for the nodes that CSS made.
func (r *reading) layOut() {
	if len(r.sparse.pseudo) == 0 {
		return
	}
	r.layout = map[int]string{}
	for k, node := range r.doc.Layout.Node {
		if k < len(r.doc.Layout.Text) && r.isPseudo(node) {
			r.layout[node] += r.snap.text(r.doc.Layout.Text[k])
		}
	}
}

// kind is what CSS made a node for; empty for a node of the document.
func (r *reading) kind(i int) string { return r.snap.text(r.entry(r.sparse.pseudo, i)) }

// longestMark is how many letters a list's mark can have, "xxxviii." among them,
// that counts its items and says nothing of them.
const longestMark = 8

// generated adds the text that CSS put before or behind an element's own, as
// attributes and counters made it. The first letter of a text is no text of its
// own, and neither is a bullet.
func (r *reading) generated(i int) {
	kind := r.kind(i)
	text := r.layout[i]
	if kind == "before" && r.kind(i-1) == "first-letter" && r.above[i-1] == r.above[i] {
		text = r.layout[i-1] + text // its first letter has a look of its own
	}
	text = foldSpaces(text)
	switch {
	case kind == "first-letter", kind == "first-line":
		return
	case kind == "marker" && len(text) <= longestMark:
		return
	case strings.IndexFunc(text, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }) < 0:
		return
	}
	made := ""
	for i >= 0 && r.isPseudo(i) {
		made = r.name[i] + made
		i = r.above[i]
	}
	if i >= 0 {
		r.add(&r.texts, r.path(i)+made, text)
	}
}
