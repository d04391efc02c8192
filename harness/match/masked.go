package match

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mask is a value of which only some characters are shown: "q****7@…",
// "•••• 4821", "card ending in 4242".
type Mask struct {
	Start, End int    // in the text
	Text       string // as it stands

	shape string // what is shown, with one hidden for each stretch that is not; "" when not read yet
}

// hidden stands in a mask's shape for one character or more that is not shown:
// masks often have one length whatever the value's.
const hidden = '\x00'

// Masks finds what looks masked in a text: stretches of asterisks, bullets and
// the like with characters around them that are shown, and what "ending in"
// says in the languages of our customers. Passwords, of which nothing is shown,
// and emphasis (**word**) are none.
func Masks(text string) []Mask {
	var masks []Mask
	for i := 0; i < len(text); {
		if !beginsMask(text[i]) {
			i++
			continue
		}
		found, end := maskAt(text, i)
		if len(found) == 0 {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		masks, i = append(masks, found...), max(end, i+1)
	}
	return masks
}

// beginsMask says whether a mask's hidden part may begin with this byte, or the
// digits behind "ending in".
func beginsMask(c byte) bool {
	switch c {
	case '*', '#', 'x', 'X', '.', 0xC2, 0xE2, 0xEF:
		return true
	}
	return c >= '0' && c <= '9'
}

// maskAt are the masks whose first hidden part, or whose digits, begin at
// text[i], and where to go on.
func maskAt(text string, i int) ([]Mask, int) {
	if text[i] >= '0' && text[i] <= '9' {
		return endingAt(text, i)
	}
	n, weight := hiddenRun(text[i:])
	if n == 0 || weight == weightLetters && !besideDigits(text, i, n) {
		return nil, i
	}
	s := maskScan{text: text, start: i, end: i + n}
	s.word()
	s.neighbors()
	s.trim()
	m, ok := s.mask()
	if !ok {
		return nil, s.end
	}
	return append([]Mask{m}, s.withPlainWord(m)...), s.end
}

// Weights of hidden runs: how much they look like nothing else.
const (
	weightNone     = iota
	weightEllipsis // … and ...: a mask only before digits or in an address
	weightLetters  // xxx, ###: a mask only beside digits or an at sign
	weightOne      // one asterisk: a mask only with others
	weightMany
)

// hiddenRun is the length in bytes of the hidden part that a text begins with,
// and its weight.
func hiddenRun(text string) (int, int) {
	first, _ := utf8.DecodeRuneInString(text)
	n, count := 0, 0
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		if r != first && (!isBullet(r) || !isBullet(first)) {
			break
		}
		n, count = n+size, count+1
	}
	switch {
	case first == '…', first == '.' && count == 3:
		return n, weightEllipsis
	case (first == 'x' || first == 'X' || first == '#') && count >= 3:
		return n, weightLetters
	case isBullet(first) && count == 1:
		return n, weightOne
	case isBullet(first):
		return n, weightMany
	}
	return 0, weightNone
}

// isBullet says whether shops write r for a character that they hide.
func isBullet(r rune) bool {
	switch r {
	case '*', '•', '●', '∙', '⋅', '·', '＊', '∗', '⁎', '✱', '✻', '█', '■', '▪', '◦', '⚫', '⬤', '※':
		return true
	}
	return false
}

// besideDigits says whether a run of letters that may hide something is no part
// of a word, and has digits, an at sign or a dash beside it.
func besideDigits(text string, i, n int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	behind, _ := utf8.DecodeRuneInString(text[i+n:])
	if i+n < len(text) && unicode.IsLetter(behind) || i > 0 && unicode.IsLetter(before) && behind != '@' {
		return false
	}
	return behind == '@' || unicode.IsDigit(behind) || unicode.IsDigit(before) ||
		behind == '-' || behind == ' ' || behind == '\u00a0'
}

// Shown is how many letters and digits of the value the mask shows.
func (m Mask) Shown() int {
	n := 0
	for _, r := range m.read().shape {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// read is the mask with its shape, also when it was not made by Masks.
func (m Mask) read() Mask {
	if m.shape != "" {
		return m
	}
	if all := Masks(m.Text); len(all) > 0 {
		m.shape = all[0].shape
	}
	return m
}

// isNumeric says whether a shape shows digits alone.
func isNumeric(shape string) bool {
	return strings.IndexFunc(shape, unicode.IsLetter) < 0
}
