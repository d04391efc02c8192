package match

import (
	"bytes"
	"html"
	"net/url"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"
)

// markup takes HTML apart, token by token: no tree is built, so nesting costs
// nothing and every piece knows where it stands.
type markup struct {
	d    *document
	pos  int       // in the body, of the current token
	open []element // open elements, at most maxDepth
	here string    // the path of the innermost, once it was asked for
	run  []span    // text since the last block began or ended
}

// element is an open element.
type element struct {
	tag  string
	step string // as it stands in a path; empty when it says nothing
	root bool   // paths begin here: it has an id of its own
}

func (d *document) parseMarkup() {
	m := &markup{d: d}
	z := nethtml.NewTokenizer(bytes.NewReader(d.body))
	for !d.full() {
		token := z.Next()
		if token == nethtml.ErrorToken {
			break
		}
		// The tokenizer may unescape in place: only the length is its word.
		end := m.pos + len(z.Raw())
		m.token(token, span{m.pos, end})
		m.pos = end
	}
	m.endRun()
	if m.pos < len(d.body) {
		d.rest(m.pos)
	}
}

func (m *markup) token(token nethtml.TokenType, s span) {
	switch token {
	case nethtml.TextToken:
		m.text(s)
	case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
		m.start(s, token == nethtml.SelfClosingTagToken)
	case nethtml.EndTagToken:
		m.end(s)
	case nethtml.CommentToken:
		inner := s
		inner.start = min(s.start+len("<!--"), s.end)
		inner.end = max(inner.start, s.end-len("-->"))
		m.d.add(inner, m.path("#comment"), m.d.text[inner.start:inner.end])
	case nethtml.DoctypeToken, nethtml.ErrorToken: // nothing of ours
	}
}

// text takes a text node.
func (m *markup) text(s span) {
	raw := m.d.text[s.start:s.end]
	switch m.tag() {
	case "script":
		m.script(s)
	case "style":
		m.d.add(s, m.path(""), raw)
	default:
		if !m.d.light && !blank(raw) {
			m.d.add(s, m.path(""), html.UnescapeString(raw))
		}
		m.run = append(m.run, s)
	}
}

// script takes an inline script: its text, and the JSON in it.
func (m *markup) script(s span) {
	if m.d.light {
		m.d.scripts = append(m.d.scripts, s)
		return
	}
	path, code := m.path(""), m.d.text[s.start:s.end]
	m.d.add(s, path, code)
	from := 0
	// A few candidates only: scripts are full of braces.
	for range 8 {
		i := jsonIn(code, from)
		if i < 0 {
			return
		}
		before := len(m.d.pieces)
		end, ok := m.d.jsonAt(s.start+i, path+"$")
		if !ok || end > s.end {
			m.d.pieces = m.d.pieces[:before] // it was code
			end = s.start + i + 1
		}
		from = end - s.start
	}
}

// jsonIn is where the next object or array begins that is the whole script or
// is assigned or handed to something; -1 when there is none.
func jsonIn(code string, from int) int {
	for i := from; i < len(code); i++ {
		if code[i] != '{' && code[i] != '[' {
			continue
		}
		before := strings.TrimRight(code[:i], " \t\r\n")
		if before == "" || strings.HasSuffix(before, "=") || strings.HasSuffix(before, "(") {
			return i
		}
	}
	return -1
}

// start opens an element and takes its attributes.
func (m *markup) start(s span, selfClosing bool) {
	raw := m.d.text[s.start:s.end]
	tag, rest := tagName(raw)
	if !isInline(tag) {
		m.endRun()
	}
	m.imply(tag)
	m.push(element{tag: tag, step: tag})
	if !m.d.light {
		m.attributes(s.start, scanAttrs(raw, rest))
	}
	if selfClosing || isVoid(tag) || len(m.open) > maxDepth {
		m.cut(len(m.open) - 1)
	}
}

// attributes names the element just opened by its attributes and takes them.
func (m *markup) attributes(offset int, attrs []attr) {
	e := &m.open[len(m.open)-1]
	for _, a := range attrs {
		e.name(a)
	}
	for _, a := range attrs {
		if a.name != "class" && a.name != "style" && a.name != "id" {
			value := span{offset + a.start, offset + a.end}
			m.d.add(value, m.path("@"+a.name), html.UnescapeString(a.value))
		}
	}
}

// push opens an element.
func (m *markup) push(e element) { m.open, m.here = append(m.open, e), "" }

// cut closes elements until n are open.
func (m *markup) cut(n int) { m.open, m.here = m.open[:n], "" }

// name lets an id or a class name the element, unless it may depend on the
// customer.
func (e *element) name(a attr) {
	value := html.UnescapeString(a.value)
	switch a.name {
	case "id":
		if value != "" && !strings.ContainsAny(value, "0123456789 @") && len(value) <= maxKey {
			e.step, e.root = e.tag+"#"+value, true
		}
	case "class":
		for _, class := range strings.Fields(value) {
			if !e.root && !strings.ContainsAny(class, "0123456789@") && len(class) <= maxKey {
				e.step = e.tag + "." + class
				return
			}
		}
	}
}

// end closes an element, with all that was left open in it.
func (m *markup) end(s span) {
	tag, _ := tagName(m.d.text[s.start:s.end])
	if !isInline(tag) {
		m.endRun()
	}
	for i := len(m.open) - 1; i >= 0; i-- {
		if m.open[i].tag == tag {
			m.cut(i)
			return
		}
	}
}

// imply closes what the start of an element ends without saying so.
func (m *markup) imply(tag string) {
	for len(m.open) > 0 && endsBefore(m.tag(), tag) {
		m.cut(len(m.open) - 1)
	}
}

// endsBefore says whether an open element ends where another one begins.
func endsBefore(open, next string) bool {
	switch open {
	case "p":
		return isBlock(next)
	case "li", "option", "tr", "tbody", "thead":
		return next == open || open == "thead" && next == "tbody"
	case "td", "th":
		return next == "td" || next == "th" || next == "tr"
	case "dt", "dd":
		return next == "dt" || next == "dd"
	}
	return false
}

func (m *markup) endRun() {
	if len(m.run) > 1 {
		m.d.runs = append(m.d.runs, slices.Clone(m.run))
	}
	m.run = m.run[:0]
}

// tag is the innermost open element's; empty outside of all.
func (m *markup) tag() string {
	if len(m.open) == 0 {
		return ""
	}
	return m.open[len(m.open)-1].tag
}

// pathSteps is how many elements a path names at most.
const pathSteps = 5

// path is the place of the current element: from the nearest one that has an
// id of its own, without those that say nothing.
func (m *markup) path(suffix string) string {
	if m.d.light {
		return ""
	}
	if m.here == "" {
		m.here = m.d.name([]byte(m.steps()))
	}
	if suffix == "" {
		return m.here
	}
	return m.d.name(append([]byte(m.here), suffix...))
}

func (m *markup) steps() string {
	var steps [pathSteps]string
	n := 0
	for i := len(m.open) - 1; i >= 0 && n < pathSteps; i-- {
		e := m.open[i]
		if i < len(m.open)-1 && (e.step == "html" || e.step == "body" || e.step == "div" || e.step == "span") {
			continue
		}
		n++
		steps[pathSteps-n] = e.step
		if e.root {
			break
		}
	}
	return strings.Join(steps[pathSteps-n:], ">")
}

// isVoid says whether an element has no end.
func isVoid(tag string) bool {
	switch tag {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr":
		return true
	}
	return false
}

// isBlock says whether an element cannot stand in a paragraph.
func isBlock(tag string) bool {
	switch tag {
	case "address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer", "form",
		"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul":
		return true
	}
	return false
}

// isInline says whether text goes on through an element's borders.
func isInline(tag string) bool {
	switch tag {
	case "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
		"kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tspan", "tt",
		"u", "var", "wbr":
		return true
	}
	return false
}

// unescapeForm resolves a form's encoding; what is not valid stays.
func unescapeForm(s string) string {
	if text, err := url.QueryUnescape(s); err == nil {
		return text
	}
	return s
}
