package match

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// pdfFont says what a font's codes mean.
type pdfFont struct {
	width   int            // bytes of a code
	chars   map[int]string // what single codes mean
	ranges  []pdfRange     // and ranges of them, by low
	table   *charmap.Charmap
	wide    bool // codes are UTF-16
	unknown bool // nothing says what codes mean
}

// pdfRange is a range of codes that mean successive characters.
type pdfRange struct {
	low, high int
	first     rune
}

// maxCodes is how many codes of one font are told apart.
const maxCodes = 1 << 16

// font reads a font.
func (f *pdfFile) font(dict pdfDict) *pdfFont {
	font := &pdfFont{width: 1, table: charmap.Windows1252, chars: map[int]string{}}
	if dict["Subtype"] == pdfName("Type0") {
		font.width, font.table = 2, nil
	}
	encoding := f.resolve(dict["Encoding"])
	if name, ok := encoding.(pdfName); ok {
		font.wide = strings.Contains(string(name), "UCS2") || strings.Contains(string(name), "UTF16")
		if name == "MacRomanEncoding" {
			font.table = charmap.Macintosh
		}
	}
	if differences, ok := encoding.(pdfDict); ok {
		font.differences(f.list(differences["Differences"]))
	}
	if s, ok := f.resolve(dict["ToUnicode"]).(pdfStream); ok {
		font.unicode(&pdfParser{f: f, data: f.inflate(s)})
	} else {
		font.unknown = font.width == 2 && !font.wide
	}
	return font
}

// differences takes a list of codes and the names of what they show.
func (font *pdfFont) differences(list pdfArray) {
	code := 0
	for _, v := range list {
		switch v := v.(type) {
		case float64:
			code = int(v)
		case pdfName:
			if s := glyph(string(v)); s != "" && len(font.chars) < maxCodes {
				font.chars[code] = s
			}
			code++
		}
	}
}

// unicode reads the table that says which characters the codes stand for.
func (font *pdfFont) unicode(p *pdfParser) {
	var args []any
	for p.more() {
		v := p.value(0)
		op, ok := v.(pdfWord)
		if !ok {
			if len(args) < 3*maxCodes {
				args = append(args, v)
			}
			continue
		}
		switch op {
		case "endcodespacerange":
			if low, ok := first(args).(pdfString); ok && font.width == 2 && len(low) >= 1 && len(low) <= 4 {
				font.width = len(low)
			}
		case "endbfchar":
			for ; len(args) >= 2; args = args[2:] {
				font.char(args[0], args[1])
			}
		case "endbfrange":
			for ; len(args) >= 3; args = args[3:] {
				font.rangeOf(args[0], args[1], args[2])
			}
		}
		args = args[:0]
	}
	slices.SortStableFunc(font.ranges, func(a, b pdfRange) int { return a.low - b.low })
}

func (font *pdfFont) char(code, to any) {
	c, ok1 := code.(pdfString)
	s, ok2 := to.(pdfString)
	if ok1 && ok2 && len(font.chars) < maxCodes {
		font.chars[codeOf(string(c))] = wideString(string(s))
	}
}

func (font *pdfFont) rangeOf(low, high, to any) {
	l, ok1 := low.(pdfString)
	h, ok2 := high.(pdfString)
	if !ok1 || !ok2 {
		return
	}
	from, last := codeOf(string(l)), codeOf(string(h))
	switch to := to.(type) {
	case pdfString:
		if runes := []rune(wideString(string(to))); len(runes) == 1 && len(font.ranges) < maxCodes {
			font.ranges = append(font.ranges, pdfRange{from, last, runes[0]})
		} else if len(runes) > 1 {
			font.char(low, to)
		}
	case pdfArray:
		for i, v := range to {
			if s, ok := v.(pdfString); ok && from+i <= last && len(font.chars) < maxCodes {
				font.chars[from+i] = wideString(string(s))
			}
		}
	}
}

// codeOf is a code's number; its bytes are at most four.
func codeOf(s string) int {
	n := 0
	for i := range min(len(s), 4) {
		n = n<<8 | int(s[i])
	}
	return n
}

// append appends what a string of codes shows.
func (font *pdfFont) append(dst []byte, s pdfString) []byte {
	for i := 0; i+font.width <= len(s); i += font.width {
		dst = append(dst, font.meaning(string(s[i:i+font.width]))...)
	}
	return dst
}

func (font *pdfFont) meaning(code string) string {
	n := codeOf(code)
	if s, ok := font.chars[n]; ok {
		return s
	}
	i := sort.Search(len(font.ranges), func(i int) bool { return font.ranges[i].low > n }) - 1
	switch {
	case i >= 0 && n <= font.ranges[i].high:
		return string(font.ranges[i].first + rune(n-font.ranges[i].low)) //nolint:gosec // codes have four bytes
	case font.wide:
		return wideString(code)
	case font.width == 1 && font.table != nil:
		return string(font.table.DecodeByte(code[0]))
	}
	return "\ufffd"
}

// glyph is the character that a glyph's name names; empty when it is unknown.
func glyph(name string) string {
	name, _, _ = strings.Cut(name, ".")
	if len(name) == 1 {
		return name
	}
	if s := namedGlyph(name); s != "" {
		return s
	}
	for _, prefix := range []string{"uni", "u"} {
		if code, ok := strings.CutPrefix(name, prefix); ok && len(code) >= 4 {
			if n, err := strconv.ParseUint(code[:min(len(code), 6)], 16, 32); err == nil {
				return string(rune(n)) //nolint:gosec // 24 bits
			}
		}
	}
	if mark := accent(name[min(1, len(name)):]); mark != "" && isAlnum(name[0]) {
		return norm.NFC.String(name[:1] + mark)
	}
	return ""
}

// accent is the combining mark that the end of a glyph's name names.
func accent(name string) string {
	switch name {
	case "acute":
		return "\u0301"
	case "grave":
		return "\u0300"
	case "circumflex":
		return "\u0302"
	case "dieresis":
		return "\u0308"
	case "tilde":
		return "\u0303"
	case "caron":
		return "\u030c"
	case "cedilla", "commaaccent":
		return "\u0327"
	case "ogonek":
		return "\u0328"
	case "ring":
		return "\u030a"
	case "dotaccent":
		return "\u0307"
	case "hungarumlaut":
		return "\u030b"
	case "macron":
		return "\u0304"
	case "breve":
		return "\u0306"
	}
	return ""
}

// namedGlyph is the character of a name that is no letter with a mark: only
// letters, digits and what stands in addresses matter to a search.
func namedGlyph(name string) string {
	const names = "space= zero=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 " +
		"at=@ period=. comma=, hyphen=- minus=- underscore=_ plus=+ slash=/ colon=: parenleft=( parenright=) " +
		"germandbls=ß ae=æ AE=Æ oe=œ OE=Œ oslash=ø Oslash=Ø lslash=ł Lslash=Ł dcroat=đ Dcroat=Đ " +
		"eth=ð Eth=Ð thorn=þ Thorn=Þ dotlessi=ı fi=fi fl=fl ff=ff ffi=ffi ffl=ffl "
	i := strings.Index(" "+names, " "+name+"=")
	if i < 0 {
		return ""
	}
	value := names[i+len(name)+1:]
	if value[0] == ' ' {
		return " "
	}
	value, _, _ = strings.Cut(value, " ")
	return value
}
