package match

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Folded is a text's canonical stream: letters and digits alone, escapes
// resolved, NFKC, lower case, without diacritics; with a map back to the text.
type Folded struct {
	text   []byte
	bytes  []byte
	at     []uint32 // for each folded byte, where its source unit begins in text
	breaks []uint64 // bit i: a word begins at folded byte i
}

// Bytes is the canonical stream. It must not be changed.
func (f Folded) Bytes() []byte { return f.bytes }

// Origin maps a stretch of the canonical stream to the bytes of the text it
// was made from. What it answers always lies inside the text, whatever is
// asked; escapes, ligatures and combining marks are never cut.
func (f Folded) Origin(start, end int) (int, int) {
	start = min(max(start, 0), len(f.bytes))
	end = min(max(end, start), len(f.bytes))
	if start == len(f.bytes) {
		return len(f.text), len(f.text)
	}
	from := int(f.at[start])
	if start == end {
		return from, from
	}
	to := int(f.at[end-1])
	_, size, _ := unit(f.text, to)
	return from, f.overMarks(to + size)
}

// overMarks moves a position behind the combining marks that stand there:
// they belong to the letter before them.
func (f Folded) overMarks(pos int) int {
	for pos < len(f.text) && f.text[pos] >= utf8.RuneSelf {
		r, size, _ := unit(f.text, pos)
		if !unicode.Is(unicode.M, r) {
			break
		}
		pos += size
	}
	return pos
}

// wordStart says whether a word begins at folded byte i; the end of the
// stream counts as one.
func (f Folded) wordStart(i int) bool {
	return i >= len(f.bytes) || f.breaks[i>>6]&(1<<(i&63)) != 0
}

// Fold makes a text's canonical stream. It takes any bytes: what is not UTF-8
// is read as Windows-1252, the usual legacy encoding.
func Fold(text []byte) Folded {
	f := Folded{
		text:  text,
		bytes: make([]byte, 0, len(text)),
		at:    make([]uint32, 0, len(text)),
	}
	f.breaks = make([]uint64, 0, len(text)/64+1)
	apart, lower := true, false // a separator came last; a small letter came last
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf && asciiFold[c] != special {
			if asciiFold[c] == dropped {
				apart = true
			} else {
				upper := c >= 'A' && c <= 'Z'
				f.add(asciiFold[c], i, apart || upper && lower)
				apart, lower = false, c >= 'a' && c <= 'z'
			}
			i++
			continue
		}
		r, size, _ := unit(text, i)
		apart, lower = f.addRune(r, i, apart, lower)
		i += size
	}
	return f
}

// add appends one folded byte made from the unit at pos.
func (f *Folded) add(b byte, pos int, word bool) {
	n := len(f.bytes)
	if n&63 == 0 {
		f.breaks = append(f.breaks, 0)
	}
	if word {
		f.breaks[n>>6] |= 1 << (n & 63)
	}
	f.bytes = append(f.bytes, b)
	f.at = append(f.at, uint32(pos)) //nolint:gosec // bodies are far below 4 GiB
}

// addRune appends what a rune folds to and answers the new state of Fold's
// loop. Marks and invisible characters fold to nothing and part no words.
func (f *Folded) addRune(r rune, pos int, apart, lower bool) (bool, bool) {
	var space [32]byte
	folded := foldRune(space[:0], r)
	if len(folded) == 0 {
		invisible := unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r)
		return apart || !invisible, lower && invisible
	}
	word := apart || lower && unicode.IsUpper(r)
	for _, b := range folded {
		f.add(b, pos, word)
		word = false
	}
	return false, unicode.IsLower(r)
}

// What an ASCII byte folds to: itself in lower case, or one of these.
const (
	dropped = 0x00 // a separator
	special = 0x01 // may begin an escape
)

const asciiFold = "" +
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
	"\x00\x00\x00\x00\x00\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00" + // % &
	"0123456789\x00\x00\x00\x00\x00\x00" +
	"\x00abcdefghijklmnopqrstuvwxyz\x00\x01\x00\x00\x00" + // backslash
	"\x00abcdefghijklmnopqrstuvwxyz\x00\x00\x00\x00\x00"

// foldRune appends what a rune folds to: letters and digits without marks, in
// lower case. Separators, marks, symbols and invisible characters fold to
// nothing.
func foldRune(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if b := asciiFold[r]; b > special {
			dst = append(dst, b)
		}
		return dst
	}
	var raw [utf8.UTFMax]byte
	src := raw[:utf8.EncodeRune(raw[:], r)]
	if d := norm.NFKD.Properties(src).Decomposition(); d != nil {
		src = d
	}
	for len(src) > 0 {
		d, size := utf8.DecodeRune(src)
		dst = appendLetter(dst, d)
		src = src[size:]
	}
	return dst
}

// appendLetter appends one decomposed rune if it is a letter or a digit.
func appendLetter(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		return foldRune(dst, r)
	}
	if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		return dst
	}
	// Upper first, so that letters with two small forms (ς, σ) become one.
	r = unicode.ToLower(unicode.ToUpper(r))
	if plain := plainLetter(r); plain != "" {
		return append(dst, plain...)
	}
	return utf8.AppendRune(dst, r)
}

// plainLetter is the Latin spelling of small letters whose stroke or shape
// Unicode does not decompose; empty for all others.
func plainLetter(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'þ':
		return "th"
	case 'ħ':
		return "h"
	case 'ŧ':
		return "t"
	case 'ı':
		return "i"
	case 'ŋ':
		return "n"
	}
	return ""
}

// Key is the folded form of a value: what is compared when two values are
// said to be the same.
func Key(value string) string {
	return string(Fold([]byte(value)).bytes)
}

// Digits is what is left of a value when everything but its decimal digits is
// dropped: how phone numbers are compared.
func Digits(value string) string {
	var digits []byte
	for _, b := range Fold([]byte(value)).bytes {
		if b >= '0' && b <= '9' {
			digits = append(digits, b)
		}
	}
	return string(digits)
}
