package match

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// isUTF16 believes the mark at the beginning, the declared character set, and
// the zeros that ASCII has in UTF-16.
func isUTF16(t *text) bool {
	_, ok := utf16Order(t)
	return ok
}

// utf16Order says whether a text is UTF-16, and whether its lower bytes come
// first.
func utf16Order(t *text) (little, ok bool) {
	head := t.data[:min(len(t.data), 64)]
	if len(head) < 2*MinKey {
		return false, false
	}
	switch {
	case hasPrefix(head, "\xff\xfe"):
		return true, true
	case hasPrefix(head, "\xfe\xff"):
		return false, true
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i&1]++
		}
	}
	half := len(head) / 2
	switch {
	case zeros[1]*4 >= half*3 && zeros[0] == 0:
		return true, true
	case zeros[0]*4 >= half*3 && zeros[1] == 0:
		return false, true
	}
	name := charsetParam(t.media)
	return name != "utf-16be", strings.HasPrefix(name, "utf-16") && !utf8.Valid(t.data)
}

// utf16 reads a text of two-byte characters.
func (o *opener) utf16(d decoder, t *text) []*text {
	little, _ := utf16Order(t)
	data, w := o.within(d, t, 3, 2), &weaver{}
	unit := func(i int) rune {
		if little {
			return rune(data[i]) | rune(data[i+1])<<8
		}
		return rune(data[i])<<8 | rune(data[i+1])
	}
	for i := 0; i+2 <= len(data); {
		r, size := unit(i), 2
		if utf16.IsSurrogate(r) && i+4 <= len(data) {
			if pair := utf16.DecodeRune(r, unit(i+2)); pair != utf8.RuneError {
				r, size = pair, 4
			}
		}
		if r != '\ufeff' {
			w.made(i, i+size, []byte(string(r))...)
		}
		i += size
	}
	return o.rewritten(d, t, w)
}

// within is as much of a text as may still be decoded, if it grows to at most
// times/per of its size.
func (o *opener) within(d decoder, t *text, times, per int) []byte {
	room := max(o.left, 0) / times * per
	if len(t.data) <= room {
		return t.data
	}
	o.unopen(d.name, UnopenedLarge, t, room, len(t.data))
	return t.data[:room]
}

// rewritten is a text that says the same in UTF-8.
func (o *opener) rewritten(d decoder, t *text, w *weaver) []*text {
	c := t.whole(d.name, w.data, withoutCharset(t.media))
	c.from = w.from
	return []*text{c}
}

// charsetParam is the character set that a media type names, in lower case.
func charsetParam(mediaType string) string {
	if !strings.Contains(mediaType, "charset") {
		return ""
	}
	_, params, _ := mime.ParseMediaType(mediaType)
	return strings.ToLower(params["charset"])
}

func withoutCharset(mediaType string) string {
	base, _, _ := strings.Cut(mediaType, ";")
	return base
}

// isLegacy says whether a text says that it is in another character set than
// UTF-8, and is. Browsers hand out in UTF-8 what was declared as something
// else: what is valid UTF-8 is UTF-8. Windows-1252 is what folding assumes of
// all bytes that are not UTF-8.
func isLegacy(t *text) bool {
	if e := legacyOf(t); e == nil || e == charmap.Windows1252 {
		return false
	}
	return !utf8.Valid(t.data)
}

// legacyOf is the encoding that a text declares; nil for none but UTF-8.
func legacyOf(t *text) encoding.Encoding {
	name := charsetParam(t.media)
	if name == "" && t.kind == markupKind {
		name = metaCharset(t.data)
	}
	if name == "" {
		return nil
	}
	e, canonical := charset.Lookup(name)
	if e == nil || canonical == "utf-8" || strings.HasPrefix(canonical, "utf-16") || canonical == "replacement" {
		return nil
	}
	return e
}

// metaCharset is what a page's head says about its own character set, or the
// declaration of XML.
func metaCharset(data []byte) string {
	head := bytes.ToLower(data[:min(len(data), 1024)])
	for _, name := range []string{"charset=", "encoding="} {
		if i := bytes.Index(head, []byte(name)); i >= 0 {
			value := bytes.TrimLeft(head[i+len(name):], `"' `)
			if end := bytes.IndexAny(value, `"'; />?`); end > 0 {
				return string(value[:end])
			}
		}
	}
	return ""
}

// legacy reads a text in the character set it declares, character by
// character, so that each keeps its place.
func (o *opener) legacy(d decoder, t *text) []*text {
	e, w := legacyOf(t), &weaver{}
	table, single := e.(*charmap.Charmap)
	decoder := e.NewDecoder()
	data := o.within(d, t, 3, 1)
	for i := 0; i < len(data); {
		size := 1
		switch {
		case data[i] < utf8.RuneSelf && data[i] != 0x1b:
			w.same(i, data[i:i+1])
		case single:
			w.made(i, i+1, []byte(string(table.DecodeByte(data[i])))...)
		default:
			var r []byte
			r, size = character(decoder, data[i:])
			w.made(i, i+size, r...)
		}
		i += size
	}
	return o.rewritten(d, t, w)
}

// character decodes the first character of bytes in an encoding of several.
func character(d *encoding.Decoder, data []byte) ([]byte, int) {
	var space [16]byte
	for n := 1; n <= min(len(data), utf8.UTFMax); n++ {
		made, used, err := d.Transform(space[:], data[:n], false)
		if err == nil && used > 0 {
			return space[:made:made], used
		}
	}
	return []byte(string(utf8.RuneError)), 1
}
