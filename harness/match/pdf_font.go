package match

import (
	"sort"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// pdfFont says what a font's codes mean, and how wide they are.
type pdfFont struct {
	width    int            // bytes of a code
	chars    map[int]string // what single codes mean
	ranges   []pdfRange     // and ranges of them, by low
	table    *charmap.Charmap
	wide     bool // codes are UTF-16
	unknown  bool // nothing says what codes mean
	advances map[int]float64
	advance  float64 // of codes that are not in advances; 0 when unknown
	shown    int     // codes
	missed   int     // of them, without a meaning
}

// pdfRange is a range of codes that mean successive characters.
type pdfRange struct {
	low, high int
	first     rune
}

const (
	maxCodes      = 1 << 16 // of one font, that are told apart
	usualAdvance  = 0.5     // of a letter, in the letters' size, where the font says none
	maxMeaning    = 64      // bytes of what one code means: ligatures have a few
	missedAtLeast = 8       // codes without a meaning that make a font unread, if they are most of what it shows
)

// newPDFFont is a font that says nothing: its codes are letters.
func newPDFFont() *pdfFont {
	return &pdfFont{width: 1, table: charmap.Windows1252, chars: map[int]string{}, advances: map[int]float64{}}
}

// font reads a font.
func (f *pdfFile) font(dict pdfDict) *pdfFont {
	font := newPDFFont()
	f.advances(font, dict)
	if dict["Subtype"] == pdfName("Type0") {
		font.width, font.table = 2, nil
	}
	switch encoding := f.resolve(dict["Encoding"]).(type) {
	case pdfName:
		font.encoding(encoding)
	case pdfDict:
		if base, ok := f.resolve(encoding["BaseEncoding"]).(pdfName); ok {
			font.encoding(base)
		}
		font.differences(f, f.list(encoding["Differences"]))
	}
	switch table := f.resolve(dict["ToUnicode"]).(type) {
	case pdfStream:
		font.unicode(&pdfParser{f: f, data: f.inflate(table)})
	case pdfName: // a table that says: they are
		font.wide = font.width == 2
	default:
		font.unknown = font.width == 2 && !font.wide
	}
	return font
}

// encoding takes the name of what codes mean.
func (font *pdfFont) encoding(name pdfName) {
	font.wide = strings.Contains(string(name), "UCS2") || strings.Contains(string(name), "UTF16")
	if name == "MacRomanEncoding" && font.table != nil {
		font.table = charmap.Macintosh
	}
}

// advances reads how far each code moves on, in the letters' size.
func (f *pdfFile) advances(font *pdfFont, dict pdfDict) {
	if dict["Subtype"] == pdfName("Type0") {
		under := f.dict(first(f.list(dict["DescendantFonts"])))
		font.advance = 1
		if under["DW"] != nil {
			font.advance = f.number(under["DW"]) / 1000
		}
		font.wideAdvances(f, f.list(under["W"]))
		return
	}
	unit := 0.001
	if dict["Subtype"] == pdfName("Type3") {
		unit = f.number(first(f.list(dict["FontMatrix"])))
	}
	code, widths := int(f.number(dict["FirstChar"])), f.list(dict["Widths"])
	f.steps -= len(widths)
	for _, v := range widths {
		if len(font.advances) < maxCodes {
			font.advances[code] = f.number(v) * unit
		}
		code++
	}
}

// wideAdvances reads lists of a first code and the widths from there on, or of
// two codes and what is the width of all between.
func (font *pdfFont) wideAdvances(f *pdfFile, list pdfArray) {
	for len(list) >= 2 && f.steps > 0 {
		f.steps--
		code := int(f.number(list[0]))
		if widths, ok := f.resolve(list[1]).(pdfArray); ok {
			f.steps -= len(widths)
			for i, v := range widths {
				if len(font.advances) < maxCodes {
					font.advances[code+i] = f.number(v) / 1000
				}
			}
			list = list[2:]
			continue
		}
		if len(list) < 3 {
			return
		}
		last := int(f.number(list[1]))
		for ; code <= last && len(font.advances) < maxCodes; code++ {
			font.advances[code] = f.number(list[2]) / 1000
			f.steps--
		}
		list = list[3:]
	}
}

// differences takes a list of codes and the names of what they show.
func (font *pdfFont) differences(f *pdfFile, list pdfArray) {
	code := 0
	f.steps -= len(list)
	for _, v := range list {
		switch v := f.resolve(v).(type) {
		case float64:
			code = int(f.number(v))
		case pdfName:
			if len(font.chars) < maxCodes {
				font.chars[code] = glyph(string(v))
			}
			code++
		}
	}
}

// append appends what a string of codes shows, up to a number of bytes, and
// answers how far it moves on.
func (font *pdfFont) append(dst []byte, s pdfString, left int) ([]byte, pdfMove) {
	move := pdfMove{sure: true}
	left += len(dst)
	for i := 0; i+font.width <= len(s) && len(dst) <= left; i += font.width {
		code := string(s[i : i+font.width])
		meaning := font.meaning(code)
		if meaning == "" || meaning == "\ufffd" {
			font.missed++
		}
		dst = append(dst, meaning...)
		n := codeOf(code)
		advance, ok := font.advances[n]
		if !ok {
			advance = font.advance
		}
		if advance == 0 && !ok {
			advance, move.sure = usualAdvance, false
		}
		move.distance += advance
		move.codes++
		if font.width == 1 && n == ' ' {
			move.blanks++
		}
	}
	font.shown += move.codes
	return dst, move
}

// pdfMove is how far a string moves on.
type pdfMove struct {
	distance      float64 // in the letters' size
	codes, blanks int
	sure          bool // the font says how wide its letters are
}

// unread says whether most of what the font showed could not be read.
func (font *pdfFont) unread() bool {
	return font.shown > 0 && font.unknown || font.missed >= missedAtLeast && 2*font.missed > font.shown
}

func (font *pdfFont) meaning(code string) string {
	n := codeOf(code)
	named, ok := font.chars[n]
	if named != "" {
		return named
	}
	i := sort.Search(len(font.ranges), func(i int) bool { return font.ranges[i].low > n }) - 1
	switch {
	case i >= 0 && n <= font.ranges[i].high:
		return string(font.ranges[i].first + rune(n-font.ranges[i].low)) //nolint:gosec // codes have four bytes
	case ok:
		return "" // a name that says nothing
	case font.wide:
		return wideString(code)
	case font.width == 1 && font.table != nil:
		return string(font.table.DecodeByte(code[0]))
	}
	return "\ufffd"
}
