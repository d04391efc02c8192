package customer

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// pick is one of a pool.
func pick[T any](r *rand.Rand, pool []T) T { return pool[r.IntN(len(pool))] }

// open is a syllable that ends in a vowel, closed one that does not.
func (s syllables) open(r *rand.Rand) string   { return pick(r, s.onsets) + pick(r, s.vowels) }
func (s syllables) closed(r *rand.Rand) string { return s.open(r) + pick(r, s.codas) }

// stem is the beginning of a composed word, of n syllables, the last closed.
func (s syllables) stem(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n - 1 {
		b.WriteString(s.open(r))
	}
	b.WriteString(s.closed(r))
	return b.String()
}

// title makes a word's first letter a capital.
func title(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToTitle(first)) + word[size:]
}

// letters is how long a name is for a form that counts characters.
func letters(name string) int { return utf8.RuneCountInString(name) }

// ascii writes a text without diacritics, as forms that take ASCII want it
// and as embossed cards show it.
func ascii(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(text) {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		default:
			b.WriteString(spelled(r))
		}
	}
	return b.String()
}

// spelled is the ASCII spelling of the letters of our pools that do not
// decompose.
func spelled(r rune) string {
	switch r {
	case 'ł':
		return "l"
	case 'Ł':
		return "L"
	case 'ß':
		return "ss"
	case 'ø':
		return "o"
	case 'Ø':
		return "O"
	case 'æ':
		return "ae"
	case 'Æ':
		return "Ae"
	}
	return ""
}

// fill replaces each "#" of a pattern by a digit and each "@" by a letter that
// ends British postcodes.
func fill(r *rand.Rand, pattern string) string {
	const inward = "ABDEFGHJLNPQRSTUWXYZ"
	out := []byte(pattern)
	for i, c := range out {
		switch c {
		case '#':
			out[i] = byte('0' + r.IntN(10))
			if i > 0 && out[i-1] >= 'A' && out[i-1] <= 'Z' && out[i] == '0' {
				out[i] = '1' // no district is called 0
			}
		case '@':
			out[i] = inward[r.IntN(len(inward))]
		}
	}
	return string(out)
}

// fillNumber writes a number into the "#" of a pattern, from the right.
func fillNumber(pattern string, n int) string {
	out := []byte(pattern)
	for i := len(out) - 1; i >= 0; i-- {
		if out[i] == '#' {
			out[i] = byte('0' + n%10)
			n /= 10
		}
	}
	return string(out)
}
