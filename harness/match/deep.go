package match

import (
	"slices"
	"unicode/utf8"
)

// telling is how many letters and digits in a row, as text has them, a few random
// bytes hardly have by chance: those of a word that only looks encoded.
const telling = 12

// holdsMore says that a text that is too deep to be read could hold a value: it is
// text, has some in it, or is encoded once more. A word that only looks encoded,
// such as the local part of an e-mail address, decodes to noise: nothing stays
// unseen where it is left alone.
func (o *opener) holdsMore(t *text) bool {
	if utf8.Valid(t.data) && mostlyText(t.data) || longestText(t.data) >= telling {
		return true
	}
	if t.guess && (o.rawDeflate(t.data) != nil || o.rawBrotli(t.data) != nil) {
		return true
	}
	t.guess = false // it was tried
	return slices.ContainsFunc(decoders(), func(d decoder) bool { return d.name != "" && d.fits(t) })
}

// longestText is how many letters and digits the longest stretch of text has.
func longestText(data []byte) int {
	var s stretchOfText
	longest := 0
	for _, b := range data {
		if s.add(b); s.isText() {
			longest = max(longest, s.keys)
		}
	}
	return longest
}
