package customer

import (
	"math"
	"strings"
	"time"
	"unicode"

	"crosstalk/harness/match"
)

// learnedBits is what a value that the shop issued must carry to be a marker
// wherever it stands.
const learnedBits = 40

// LearnedStrength says what a value that the shop issued can prove: Strong
// from about 40 bits on, Weak below, Silent when there is nothing to match.
func LearnedStrength(value string) Strength {
	switch {
	case match.Key(value) == "":
		return Silent
	case Entropy(value) < learnedBits:
		return Weak
	}
	return Strong
}

// Bits per character of what shops do not draw at random.
const (
	counterBits = 2.0 // digits: they count upwards, or are dates
	wordBits    = 1.5 // letters of a plain word
)

// Entropy estimates, from below, how many bits a value carries: by alphabet
// and length, part by part, where plain words, numbers and dates count little.
func Entropy(value string) float64 {
	if isTime(value) {
		return counterBits * float64(len(match.Digits(value)))
	}
	parts := strings.FieldsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	bits := 0.0
	for _, part := range parts {
		bits += partBits(part)
	}
	return min(bits, surprise(parts))
}

// isTime says whether a value is a date or a time, as shops print them for
// machines.
func isTime(value string) bool {
	for _, layout := range []string{
		time.DateOnly, time.DateTime, time.RFC3339Nano, time.RFC1123, time.RFC1123Z, time.RFC850, time.ANSIC,
	} {
		if _, err := time.Parse(layout, value); err == nil {
			return true
		}
	}
	return false
}

// partBits is what a part without separators carries. Within one that looks
// drawn, long runs of one class (a counter behind a prefix) still count little.
func partBits(part string) float64 {
	if isWord(part) {
		return wordBits * float64(len([]rune(part)))
	}
	const longRun = 4
	perDrawn, bits, run := alphabetBits(part), 0.0, ""
	flush := func() {
		each := perDrawn
		if len(run) > longRun {
			each = min(each, counterBits)
		}
		bits, run = bits+each*float64(len(run)), ""
	}
	var last class
	for _, r := range part {
		if c := classOf(r); c != last {
			flush()
			last = c
		}
		run += "x"
	}
	flush()
	if last == digit && len(match.Digits(part)) == len(part) {
		return min(bits, counterBits*float64(len(part)))
	}
	return bits
}

// isWord says whether letters are cased as in a word of a text.
func isWord(part string) bool {
	rest := []rune(part)[1:]
	lowers, uppers, letters := 0, 0, 0
	for _, r := range part {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	for _, r := range rest {
		if unicode.IsUpper(r) {
			uppers++
		} else {
			lowers++
		}
	}
	return letters == len(rest)+1 && (uppers == 0 || lowers == 0)
}

// class is a kind of character.
type class int

const (
	_ class = iota
	digit
	lower
	upper
)

func classOf(r rune) class {
	switch {
	case unicode.IsDigit(r):
		return digit
	case unicode.IsUpper(r):
		return upper
	}
	return lower
}

// alphabetBits is log2 of the size of the smallest usual alphabet that has
// all the characters: digits, hexadecimal, letters of one case or both.
func alphabetBits(part string) float64 {
	var has [upper + 1]bool
	hex := true
	for _, r := range part {
		has[classOf(r)] = true
		hex = hex && unicode.Is(unicode.ASCII_Hex_Digit, r)
	}
	size := 0.0
	for c, n := range map[class]float64{digit: 10, lower: 26, upper: 26} {
		if has[c] {
			size += n
		}
	}
	if hex && (!has[lower] || !has[upper]) {
		size = min(size, 16)
	}
	return math.Log2(size)
}

// surprise is an upper bound from how often each character occurs: it keeps
// "aaaa1111" from counting. Short values repeat few characters by chance, so
// it is generous.
func surprise(parts []string) float64 {
	count, n := map[rune]int{}, 0
	for _, part := range parts {
		for _, r := range part {
			count[r]++
			n++
		}
	}
	bits := 0.0
	for _, k := range count {
		bits -= float64(k) * math.Log2(float64(k)/float64(n))
	}
	return 2 * bits
}
