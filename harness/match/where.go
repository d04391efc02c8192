package match

import (
	"html"
	"slices"
	"strings"
)

// within parts a place from the place inside of what was decoded there.
const within = "›"

// inside is a place within another.
func inside(outer, inner string) string {
	if outer == "" || inner == "" {
		return outer + inner
	}
	return outer + within + inner
}

// where is the place of a byte of the text, from the body's structure down.
// The reading must be locked.
func (t *text) where(pos int) string {
	inner := ""
	if !t.joined() && !t.hollow {
		inner = t.place(pos)
	}
	if t.parent == nil {
		return inner
	}
	if t.joined() || t.echo {
		from, _ := t.back(pos, pos+1)
		return t.parent.where(from)
	}
	return inside(t.outside(pos), inner)
}

// outside is the place of what the text was decoded from.
func (t *text) outside(pos int) string {
	from, _ := t.back(pos, pos+1)
	return inside(t.parent.where(from), t.label)
}

// place is the place of a byte within the text's own structure.
func (t *text) place(pos int) string {
	i := t.structure().at(pos)
	if i < 0 {
		return ""
	}
	where := t.doc.pieces[i].where
	if inner := t.inner(i); inner != nil {
		return inside(where, inner.place(inner.forward(pos)))
	}
	return where
}

// structure is the text taken apart; it is worked out once.
func (t *text) structure() *document {
	if t.doc == nil {
		t.doc = parse(t.kind, t.data, false)
	}
	return t.doc
}

// inner is the text that a piece holds in a structure of its own: JSON in a
// string of JSON, JSON or HTML in an attribute. nil when there is none.
func (t *text) inner(i int) *text {
	if inner, ok := t.inners[i]; ok {
		return inner
	}
	var inner *text
	if p := t.doc.pieces[i]; t.depth < maxNested && structured(t.kind, p) {
		inner = t.open(p)
	}
	if t.inners == nil {
		t.inners = map[int]*text{}
	}
	t.inners[i] = inner
	return inner
}

// maxNested is how many structures within each other a place names.
const maxNested = 3

// structured says whether a piece looks like JSON, or like HTML where that is
// not simply the page.
func structured(k kind, p piece) bool {
	start := strings.TrimLeft(p.text, " \t\r\n")
	switch {
	case len(start) < len(`{"":0}`), k == plainKind:
		return false
	case start[0] == '{', start[0] == '[', hasFold(start, "%7b"), hasFold(start, "%5b"):
		return true
	}
	attribute := strings.Contains(p.where, "@") || strings.Contains(p.where, "$")
	return (k == jsonKind || k == markupKind && attribute) && strings.Contains(start, "</") && strings.Contains(start, "<")
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// open makes a text of a piece, if its structure is whole.
func (t *text) open(p piece) *text {
	w := unescape(t.data[p.start:p.end], p.start, p.text)
	if w == nil {
		return nil
	}
	if i := strings.IndexAny(p.text, "%{[<"); i >= 0 && p.text[i] == '%' {
		if w = w.percent(); w == nil {
			return nil
		}
	}
	k := sniff(w.data)
	if k == plainKind {
		k = markupKind
	}
	if end, ok := scanJSON(string(w.data), 0, "", func(leaf) bool { return true }); k == jsonKind && (!ok || !blank(string(w.data[end:]))) {
		return nil
	}
	return &text{span: p.span, parent: t, data: w.data, from: w.from, kind: k, depth: t.depth + 1}
}

// unescape undoes the one kind of escape that makes a text of raw bytes,
// remembering where they stood; nil when none does.
func unescape(raw []byte, offset int, want string) *weaver {
	for _, undo := range []func(*weaver, []byte, int){(*weaver).plain, (*weaver).json, (*weaver).entities, (*weaver).form} {
		w := &weaver{}
		if undo(w, raw, offset); string(w.data) == want {
			return w
		}
	}
	return nil
}

func (w *weaver) plain(raw []byte, offset int) { w.same(offset, raw) }

// json undoes one layer of a JSON string's escapes.
func (w *weaver) json(raw []byte, offset int) {
	for i := 0; i < len(raw); {
		size := 1
		if raw[i] == '\\' && i+1 < len(raw) {
			if size = 2; raw[i+1] == 'u' {
				if _, n := unicodeEscape(raw, i+1); n > 0 {
					size = n - i
				}
			}
			w.made(offset+i, offset+i+size, []byte(unquote(string(raw[i:i+size])))...)
		} else {
			w.same(offset+i, raw[i:i+1])
		}
		i += size
	}
}

// entities undoes one layer of entities.
func (w *weaver) entities(raw []byte, offset int) {
	for i := 0; i < len(raw); {
		end := i + 1
		if raw[i] == '&' {
			if semi := slices.Index(raw[i:min(len(raw), i+maxEntity)], ';'); semi > 0 {
				end = i + semi + 1
			}
			w.made(offset+i, offset+end, []byte(html.UnescapeString(string(raw[i:end])))...)
		} else {
			w.same(offset+i, raw[i:end])
		}
		i = end
	}
}

// form undoes the encoding of a form.
func (w *weaver) form(raw []byte, offset int) {
	for i := 0; i < len(raw); {
		end := i + 1
		switch {
		case raw[i] == '+':
			w.made(offset+i, offset+end, ' ')
		case raw[i] == '%' && i+3 <= len(raw) && isHex(raw[i+1]) && isHex(raw[i+2]):
			end = i + 3
			w.made(offset+i, offset+end, hexValue(raw[i+1])<<4|hexValue(raw[i+2]))
		default:
			w.same(offset+i, raw[i:end])
		}
		i = end
	}
}

// percent undoes percent-encoding in what was woven before.
func (w *weaver) percent() *weaver {
	before := &text{parent: &text{}, data: w.data, from: w.from}
	decoded := &weaver{}
	decoded.form(w.data, 0)
	result := &weaver{data: decoded.data}
	for _, s := range decoded.from {
		from, to := before.back(int(s.from), int(s.to))
		result.from = append(result.from, stretch{s.at, uint32(from), uint32(to)}) //nolint:gosec // bodies are far below 4 GiB
	}
	return result
}
