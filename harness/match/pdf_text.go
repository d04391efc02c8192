package match

import (
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// pdfWriter gathers the text of a file.
type pdfWriter struct {
	f        *pdfFile
	text     []byte
	attached []pdfAttached
	fonts    map[pdfRef]*pdfFont // each is read once
	all      []*pdfFont
	contents map[pdfRef][]byte // of forms
	cut      bool              // not all forms were drawn, or all files attached
}

// pdfAttached is a file in the file.
type pdfAttached struct {
	media string
	data  []byte
}

func newPDFWriter(f *pdfFile) *pdfWriter {
	return &pdfWriter{f: f, fonts: map[pdfRef]*pdfFont{}, contents: map[pdfRef][]byte{}}
}

// unread says whether there is text that could not be read.
func (w *pdfWriter) unread() bool {
	for _, font := range w.all {
		if font.unread() {
			return true
		}
	}
	return false
}

// object writes the text of a page, and what is typed into a form or a note.
func (w *pdfWriter) object(v any) {
	if s, ok := v.(pdfStream); ok {
		w.attach(s)
		return
	}
	dict, ok := v.(pdfDict)
	if !ok {
		return
	}
	for _, key := range []string{"V", "Contents", "Title", "Author", "Subject", "Keywords"} {
		if s, ok := w.f.resolve(dict[key]).(pdfString); ok {
			w.line(textString(s))
		}
	}
	if dict["Type"] != pdfName("Page") {
		return
	}
	var content []byte
	for _, part := range w.f.list(dict["Contents"]) {
		if s, ok := w.f.resolve(part).(pdfStream); ok {
			content = append(append(content, w.f.inflate(s)...), '\n')
		}
	}
	w.draw(content, w.inherited(dict, "Resources"), newPDFState(), pdfEnd{}, 0)
	w.line("")
}

// attach takes a file in the file. What describes the file is one as well.
func (w *pdfWriter) attach(s pdfStream) {
	kind := s.dict["Type"]
	if kind != pdfName("EmbeddedFile") && kind != pdfName("Metadata") {
		return
	}
	if len(w.attached) >= maxPDFAttached {
		w.cut = true
		return
	}
	media, _ := w.f.resolve(s.dict["Subtype"]).(pdfName)
	if data := w.f.inflate(s); len(data) > 0 {
		if kind == pdfName("Metadata") {
			media = "text/xml"
		}
		w.attached = append(w.attached, pdfAttached{string(media), data})
	}
}

// inherited is a page's entry, or that of the nearest node above that has it.
func (w *pdfWriter) inherited(dict pdfDict, key string) pdfDict {
	for range maxPDFNesting {
		if v := w.f.dict(dict[key]); v != nil {
			return v
		}
		if dict = w.f.dict(dict["Parent"]); dict == nil {
			break
		}
	}
	return nil
}

// font is the font that a page calls by a name.
func (w *pdfWriter) font(v any) *pdfFont {
	ref, named := v.(pdfRef)
	if font := w.fonts[ref]; named && font != nil {
		return font
	}
	font := w.f.font(w.f.dict(v))
	if named {
		w.fonts[ref] = font
	}
	w.all = append(w.all, font)
	return font
}

// form is the content of a form; nil when it is a picture.
func (w *pdfWriter) form(v any, s pdfStream) []byte {
	ref, named := v.(pdfRef)
	if data, ok := w.contents[ref]; named && ok {
		return data
	}
	data := w.f.inflate(s)
	if named {
		w.contents[ref] = data
	}
	return data
}

// line writes a text of its own.
func (w *pdfWriter) line(s string) {
	w.gap('\n')
	w.add(s)
	w.gap('\n')
}

// add writes a text, as far as the bounds allow.
func (w *pdfWriter) add(s string) {
	if w.f.left > 0 {
		w.text = append(w.text, s...)
		w.f.left -= len(s)
	}
}

// gap writes a blank, a tab or the end of a line; of several in a row, the
// widest.
func (w *pdfWriter) gap(c byte) {
	n := len(w.text)
	switch {
	case n == 0 || w.text[n-1] == '\n':
	case w.text[n-1] != ' ' && w.text[n-1] != '\t':
		w.text = append(w.text, c)
	case c != ' ':
		w.text[n-1] = c
	}
}

// textString reads a string outside of pages: UTF-16 or UTF-8 with a mark, or
// almost Latin-1.
func textString(s pdfString) string {
	switch raw := string(s); {
	case len(raw) >= 2 && raw[:2] == "\xfe\xff":
		return wideString(raw[2:])
	case utf8.ValidString(raw):
		return raw
	default:
		out, _ := charmap.Windows1252.NewDecoder().String(raw) // every byte is a character
		return out
	}
}

// wideString reads UTF-16, higher bytes first.
func wideString(raw string) string {
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+2 <= len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}
