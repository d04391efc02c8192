package match

import (
	"html"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// escape says how a character was written.
type escape uint8

const (
	plain   escape = 0
	percent escape = 1 << iota // %C3%AB, %25C3%25AB
	entity                     // &euml; &#235; &#xEB; &amp;euml;
	json                       // \u00eb \n \/ \x3c, with any number of backslashes
)

// unit reads the character that begins at text[i], undoing at most one kind
// of escape (repeated, as in %2541, or an entity whose ampersand is escaped).
// Its size is at least 1 and never reaches beyond the text.
func unit(text []byte, i int) (rune, int, escape) {
	switch c := text[i]; {
	case c == '%':
		if r, size := percentRune(text[i:]); size > 0 {
			if r == '\\' || r == '&' {
				if inner, more, e := percentEscape(text[i:]); more > 0 {
					return inner, more, e
				}
			}
			return maybeEntity(text, i, r, size, percent)
		}
	case c == '&':
		if r, size := entityRune(text[i+1:]); size > 0 {
			return r, size + 1, entity
		}
		if r, size, e := percentEscape(text[i:]); size > 0 {
			return r, size, e
		}
	case c == '\\':
		if r, size := jsonRune(text[i:]); size > 0 {
			return maybeEntity(text, i, r, size, json)
		}
	case c >= utf8.RuneSelf:
		if r, size := utf8.DecodeRune(text[i:]); size > 1 {
			return r, size, plain
		}
		return charmap.Windows1252.DecodeByte(c), 1, plain
	}
	return rune(text[i]), 1, plain
}

// maybeEntity goes on reading after an escaped ampersand: encoders that escape
// "&" (Go's JSON writes \u0026) turn &euml; into \u0026euml;.
func maybeEntity(text []byte, i int, r rune, size int, e escape) (rune, int, escape) {
	if r == '&' {
		if inner, more := entityRune(text[i+size:]); more > 0 {
			return inner, size + more, e | entity
		}
	}
	return r, size, e
}

// percentEscape reads an escape of JSON or an entity that was percent-encoded
// with its text, as in the JSON that cookies hold: %5Cu00f6, %26ouml%3B,
// &%23246%3B; size 0 when there is none.
func percentEscape(text []byte) (rune, int, escape) {
	const longest = 2*maxEntity + 1
	var plain [longest]byte
	var ends [longest + 1]int // where in text what is before each byte of plain ends
	n, coded := 0, false
	for i := 0; n < longest && i < len(text); {
		b, size := text[i], 1
		if c, more := percentByte(text[i:]); more > 0 {
			b, size, coded = c, more, true
		} else if n > 0 && !isAlnum(b) && b != '#' && b != ';' && b != '&' && b != '\\' {
			break
		}
		i += size
		plain[n], ends[n+1] = b, i
		n++
	}
	if !coded || n == 0 {
		return 0, 0, 0
	}
	var r rune
	var size int
	e := entity
	if plain[0] == '\\' {
		if r, size = jsonRune(plain[:n]); size > 0 {
			r, size, e = maybeEntity(plain[:n], 0, r, size, json)
		}
	} else if r, size = entityRune(plain[1:n]); size > 0 {
		size++
	}
	return r, ends[size], e | percent
}

// percentRune reads a percent-encoded character, of one byte or of UTF-8's
// several; size 0 when there is none.
func percentRune(text []byte) (rune, int) {
	b, size := percentByte(text)
	if size == 0 || b < utf8.RuneSelf {
		return rune(b), size
	}
	seq, end := []byte{b}, size
	for len(seq) < utf8.UTFMax && !utf8.FullRune(seq) {
		next, n := percentByte(text[end:])
		if n == 0 {
			break
		}
		seq, end = append(seq, next), end+n
	}
	if r, n := utf8.DecodeRune(seq); n == len(seq) && n > 1 {
		return r, end
	}
	return charmap.Windows1252.DecodeByte(b), size
}

// percentByte reads %XX, also when its percent sign was encoded again, any
// number of times up to maxAgain.
func percentByte(text []byte) (byte, int) {
	if len(text) < 3 || text[0] != '%' {
		return 0, 0
	}
	i := 1
	for again := 0; again < maxAgain && i+4 <= len(text) && text[i] == '2' && text[i+1] == '5'; again++ {
		if !isHex(text[i+2]) || !isHex(text[i+3]) {
			break
		}
		i += 2
	}
	if i+2 > len(text) || !isHex(text[i]) || !isHex(text[i+1]) {
		return 0, 0
	}
	return hexValue(text[i])<<4 | hexValue(text[i+1]), i + 2
}

// maxAgain is how often one escape may have been applied to itself.
const maxAgain = 4

// maxEntity is the longest entity name, in bytes.
const maxEntity = 32

// entityRune reads an entity whose ampersand came just before; size 0 when
// there is none. The semicolon is required.
func entityRune(text []byte) (rune, int) {
	skip := 0
	for again := 0; again < maxAgain && hasPrefix(text[skip:], "amp;"); again++ {
		skip += len("amp;")
	}
	if r, size := entityRune1(text[skip:]); size > 0 {
		return r, skip + size
	}
	if skip > 0 {
		return '&', skip
	}
	return 0, 0
}

// entityRune1 reads one entity, not nested.
func entityRune1(text []byte) (rune, int) {
	end := -1
	for i := 0; i < len(text) && i < maxEntity; i++ {
		if text[i] == ';' {
			end = i
			break
		}
		if c := text[i]; c != '#' && !isAlnum(c) {
			break
		}
	}
	if end < 1 {
		return 0, 0
	}
	if r := commonEntity(text[:end]); r != 0 {
		return r, end + 1
	}
	name := "&" + string(text[:end+1])
	s := html.UnescapeString(name)
	if s == name {
		return 0, 0
	}
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError || len(s) > size && s[len(s)-1] == ';' {
		return 0, 0 // only a prefix of the name was an entity
	}
	return r, end + 1
}

// commonEntity spares the table for what pages are full of; 0 for others.
func commonEntity(name []byte) rune {
	switch string(name) {
	case "amp":
		return '&'
	case "nbsp":
		return '\u00a0'
	case "quot":
		return '"'
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "#39", "#x27", "apos":
		return '\''
	}
	return 0
}

// jsonRune reads an escape of JSON or JavaScript, behind any number of
// backslashes up to twice maxAgain; size 0 when there is none.
func jsonRune(text []byte) (rune, int) {
	i := 0
	for i < len(text) && i < 2*maxAgain && text[i] == '\\' {
		i++
	}
	if i == len(text) {
		return 0, 0
	}
	switch text[i] {
	case 'u':
		return unicodeEscape(text, i)
	case 'x':
		if r, ok := hexRune(text, i+1, 2); ok {
			return r, i + 3
		}
	case 'n', 'r', 't', 'b', 'f':
		return ' ', i + 1
	case '/', '"', '\'':
		return rune(text[i]), i + 1
	}
	return 0, 0
}

// unicodeEscape reads uXXXX at text[i], with the second half of a surrogate
// pair where there is one.
func unicodeEscape(text []byte, i int) (rune, int) {
	r, ok := hexRune(text, i+1, 4)
	if !ok {
		return 0, 0
	}
	end := i + 5
	if !utf16.IsSurrogate(r) {
		return r, end
	}
	low := end
	for low < len(text) && low < end+2*maxAgain && text[low] == '\\' {
		low++
	}
	if low > end && low < len(text) && text[low] == 'u' {
		if second, ok := hexRune(text, low+1, 4); ok {
			if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
				return pair, low + 5
			}
		}
	}
	return utf8.RuneError, end
}

// hexRune reads n hexadecimal digits at text[i].
func hexRune(text []byte, i, n int) (rune, bool) {
	if i+n > len(text) {
		return 0, false
	}
	v, err := strconv.ParseUint(string(text[i:i+n]), 16, 32)
	if err != nil {
		return 0, false
	}
	return rune(v), true
}

func hasPrefix(text []byte, prefix string) bool {
	return len(text) >= len(prefix) && string(text[:len(prefix)]) == prefix
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// hexValue is the value of a hexadecimal digit; isHex must hold.
func hexValue(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}
