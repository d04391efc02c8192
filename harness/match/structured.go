package match

import (
	"bytes"
	stdjson "encoding/json"
	"strings"
)

// parseJSON takes JSON apart, also several texts after each other, and behind
// the guards and calls that servers put before it.
func (d *document) parseJSON() {
	start := jsonStart(d.text)
	if start > 0 {
		d.add(span{0, start}, "", d.text[:start])
	}
	for pos := start; pos < len(d.text); {
		if strings.TrimSpace(d.text[pos:]) == "" {
			return
		}
		end, ok := d.jsonAt(pos, "$")
		if !ok {
			d.rest(end)
			return
		}
		pos = end
	}
}

// jsonStart is where JSON begins behind a byte order mark, a guard such as
// )]}', or the name of a function that is called with it.
func jsonStart(text string) int {
	const near = 128
	trimmed := strings.TrimLeft(text, "\ufeff \t\r\n")
	skipped := len(text) - len(trimmed)
	if trimmed == "" || strings.IndexByte(`{["-0123456789tfn`, trimmed[0]) >= 0 && !strings.HasPrefix(trimmed, "for(") {
		return skipped
	}
	head := trimmed[:min(len(trimmed), near)]
	if guard := strings.Index(head, ")]}'"); guard >= 0 {
		if line := strings.IndexByte(head[guard:], '\n'); line >= 0 {
			return skipped + guard + line + 1
		}
	}
	if i := strings.IndexAny(strings.Replace(head, "(;;)", "    ", 1), "{["); i >= 0 {
		return skipped + i
	}
	return skipped
}

// jsonAt appends the leaves of the value at pos, with places below prefix.
func (d *document) jsonAt(pos int, prefix string) (int, bool) {
	return scanJSON(d.text, pos, prefix, func(l leaf) bool {
		if d.full() {
			return false
		}
		text := d.text[l.start:l.end]
		if l.quoted {
			text = unquote(text)
		}
		d.add(l.span, d.name(l.where), text)
		return true
	})
}

// unquote resolves the escapes between the quotes of a JSON string; what is
// not valid stays as it is.
func unquote(raw string) string {
	if strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	var b bytes.Buffer
	b.Grow(len(raw) + 2)
	b.WriteByte('"')
	b.WriteString(raw)
	b.WriteByte('"')
	var text string
	if err := stdjson.Unmarshal(b.Bytes(), &text); err != nil {
		return raw
	}
	return text
}

// parseSegments takes what crosstalk itself recorded apart: the places are
// in it. All texts together are one run: a page's text is cut at its elements.
func (d *document) parseSegments() {
	where := ""
	var run []span
	end, ok := scanJSON(d.text, 0, "$", func(l leaf) bool {
		switch string(l.where) {
		case "$[*].where":
			where = d.name([]byte(unquote(d.text[l.start:l.end])))
		case "$[*].text":
			d.add(l.span, where, unquote(d.text[l.start:l.end]))
			run = append(run, l.span)
		}
		return !d.full()
	})
	if !ok {
		d.rest(end)
	}
	if len(run) > 1 {
		d.runs = append(d.runs, run)
	}
}

// parseForm takes a URL-encoded form apart.
func (d *document) parseForm() {
	for pos := 0; pos < len(d.text) && !d.full(); {
		end := len(d.text)
		if i := strings.IndexByte(d.text[pos:], '&'); i >= 0 {
			end = pos + i
		}
		name, value, _ := strings.Cut(d.text[pos:end], "=")
		name = unescapeForm(name)
		if isData(name) {
			name = "{}"
		}
		d.add(span{end - len(value), end}, d.name([]byte(name)), unescapeForm(value))
		pos = end + 1
	}
}
