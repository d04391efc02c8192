package match

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// glyph is the character that a glyph's name names; empty when it is unknown.
func glyph(name string) string {
	name, _, _ = strings.Cut(name, ".")
	if parts := strings.Split(name, "_"); len(parts) > 1 && len(parts) <= 4 {
		joined := ""
		for _, part := range parts {
			joined += glyph(part)
		}
		return joined
	}
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
	if s := cyrillic(name); s != "" {
		return s
	}
	if mark := accent(name[min(1, len(name)):]); mark != "" && isAlnum(name[0]) {
		return norm.NFC.String(name[:1] + mark)
	}
	return ""
}

// cyrillic is the letter that a number in the order of the alphabet names.
func cyrillic(name string) string {
	code, ok := strings.CutPrefix(name, "afii10")
	n, err := strconv.Atoi(code)
	switch {
	case !ok || err != nil:
	case n == 23:
		return "Ё"
	case n == 71:
		return "ё"
	case n > 23 && n <= 49:
		n--
		fallthrough
	case n >= 17 && n < 23:
		return string(rune('А' + n - 17)) //nolint:gosec // at most 48
	case n > 71 && n <= 97:
		n--
		fallthrough
	case n >= 65 && n < 71:
		return string(rune('а' + n - 65)) //nolint:gosec // at most 96
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
		"at=@ dollar=$ Euro=€ sterling=£ yen=¥ percent=% numbersign=# ampersand=& asterisk=* bullet=• periodcentered=· " +
		"exclam=! question=? semicolon=; equal== quotesingle=' quotedbl=\" quoteleft=‘ quoteright=’ quotedblleft=“ quotedblright=” " +
		"endash=– emdash=— ellipsis=… braceleft={ braceright=} bar=| bracketleft=[ bracketright=] section=§ degree=° copyright=© registered=® trademark=™ " +
		"period=. comma=, hyphen=- minus=- underscore=_ plus=+ slash=/ colon=: parenleft=( parenright=) " +
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
