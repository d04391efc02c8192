package match

import (
	"bytes"
	"encoding/ascii85"
	"io"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/klauspost/compress/zlib"
	"golang.org/x/image/tiff/lzw"
	"golang.org/x/text/encoding/charmap"
)

// inflate undoes a stream's filters, as far as the bounds allow.
func (f *pdfFile) inflate(s pdfStream) []byte {
	data := s.raw
	params := f.list(s.dict["DecodeParms"])
	for i, filter := range f.list(s.dict["Filter"]) {
		if i >= 4 {
			return nil
		}
		var r io.Reader
		switch name, _ := f.resolve(filter).(pdfName); name {
		case "FlateDecode", "Fl":
			z, err := zlib.NewReader(bytes.NewReader(data))
			if err != nil {
				return nil
			}
			r = z
		case "LZWDecode", "LZW":
			r = lzw.NewReader(bytes.NewReader(data), lzw.MSB, 8)
		case "ASCII85Decode", "A85":
			r = ascii85.NewDecoder(bytes.NewReader(bytes.TrimSuffix(bytes.TrimSpace(data), []byte("~>"))))
		case "ASCIIHexDecode", "AHx":
			p := pdfParser{f: f, data: slices.Concat([]byte("<"), data, []byte(">"))}
			r = bytes.NewReader([]byte(p.hexString()))
		default:
			return nil // pictures
		}
		data = f.read(r)
		if i < len(params) {
			data = unpredict(data, f.dict(params[i]), f)
		}
	}
	return data
}

// read reads what may still be read; what is broken is read up to there.
func (f *pdfFile) read(r io.Reader) []byte {
	data, _ := io.ReadAll(io.LimitReader(r, int64(f.left)))
	f.left -= len(data)
	return data
}

// unpredict undoes what PNG's filters do to rows of bytes, in place.
func unpredict(data []byte, params pdfDict, f *pdfFile) []byte {
	if f.number(params["Predictor"]) < 10 {
		return data
	}
	columns := int(f.number(params["Columns"]))
	if columns < 1 || columns > len(data) {
		return data
	}
	out, above := data[:0], make([]byte, columns)
	for row := data; len(row) > columns; row = row[columns+1:] {
		kind, line := row[0], row[1:columns+1]
		for i := range line {
			switch {
			case kind == 1 && i > 0:
				line[i] += line[i-1]
			case kind == 2:
				line[i] += above[i]
			}
		}
		copy(above, line)
		out = append(out, line...)
	}
	return out
}

// pdfWriter gathers the text of pages in the order in which it is drawn.
// Pieces of one string that are moved together or apart stay one word; between
// strings there is a blank.
type pdfWriter struct {
	f      *pdfFile
	text   []byte
	broken bool // a font says nowhere what its characters are
}

// object writes the text of a page, and what is typed into a form or a note.
func (w *pdfWriter) object(v any) {
	dict, ok := v.(pdfDict)
	if !ok {
		return
	}
	for _, key := range []string{"V", "Contents", "Title", "Author", "Subject", "Keywords"} {
		if s, ok := w.f.resolve(dict[key]).(pdfString); ok {
			w.text = append(append(w.text, textString(s)...), '\n')
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
	w.draw(content, w.inherited(dict, "Resources"), 0)
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

// draw writes the text that a page's or form's content shows.
func (w *pdfWriter) draw(content []byte, resources pdfDict, depth int) {
	p := &pdfParser{f: w.f, data: content}
	fonts, forms := w.f.dict(resources["Font"]), w.f.dict(resources["XObject"])
	known := map[pdfName]*pdfFont{}
	font := &pdfFont{width: 1}
	var args []any
	for p.more() {
		v := p.value(0)
		op, ok := v.(pdfWord)
		if !ok {
			if len(args) < 64 {
				args = append(args, v)
			}
			continue
		}
		switch op {
		case "Tf":
			if name, ok := first(args).(pdfName); ok {
				if known[name] == nil {
					known[name] = w.f.font(w.f.dict(fonts[string(name)]))
				}
				font = known[name]
			}
		case "Tj", "'", "\"", "TJ":
			w.show(font, args)
		case "Td", "TD", "Tm", "T*", "BT":
			w.blank()
		case "BI":
			p.skipPicture()
		case "Do":
			if name, ok := first(args).(pdfName); ok && depth < 4 {
				w.form(w.f.resolve(forms[string(name)]), resources, depth)
			}
		}
		args = args[:0]
	}
	w.blank()
}

func first(args []any) any {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}

// skipPicture moves behind a picture within the content.
func (p *pdfParser) skipPicture() {
	p.skip()
	if i := bytes.Index(p.data[p.pos:], []byte("EI")); i >= 0 {
		p.pos += i + len("EI")
	}
}

// form draws a form that a content uses.
func (w *pdfWriter) form(v any, resources pdfDict, depth int) {
	s, ok := v.(pdfStream)
	if !ok || s.dict["Subtype"] != pdfName("Form") {
		return
	}
	if own := w.f.dict(s.dict["Resources"]); own != nil {
		resources = own
	}
	w.draw(w.f.inflate(s), resources, depth+1)
}

// wordGap is from which distance on, in thousandths of the letters' size,
// parts of a string are different words.
const wordGap = 180

// show writes strings: of an array, without the distances between them.
func (w *pdfWriter) show(font *pdfFont, args []any) {
	if len(args) == 0 {
		return
	}
	switch v := args[len(args)-1].(type) {
	case pdfString:
		w.write(font, v)
	case pdfArray:
		for _, part := range v {
			switch part := part.(type) {
			case pdfString:
				w.write(font, part)
			case float64:
				if part < -wordGap {
					w.blank()
				}
			}
		}
	}
}

func (w *pdfWriter) write(font *pdfFont, s pdfString) {
	if w.f.left <= 0 {
		return
	}
	before := len(w.text)
	w.text = font.append(w.text, s)
	w.f.left -= len(w.text) - before
	w.broken = w.broken || font.unknown
}

func (w *pdfWriter) blank() {
	if n := len(w.text); n > 0 && w.text[n-1] != ' ' {
		w.text = append(w.text, ' ')
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
		out, _ := charmap.Windows1252.NewDecoder().String(raw) //nolint:errcheck // every byte is a character
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
