package customer

import (
	"math"
	"unicode"
)

// learnedBits is what a value that the shop issued must carry to be a marker
// wherever it stands.
const learnedBits = 40

// LearnedStrength says what a value that the shop issued can prove: Strong
// from about 40 bits on, Weak below, Silent when there is nothing to match.
func LearnedStrength(value string) Strength {
	switch bits := Entropy(value); {
	case bits == 0:
		return Silent
	case bits < learnedBits:
		return Weak
	}
	return Strong
}

// Entropy estimates, from below, how many bits a value carries: by its
// alphabet and length, where words and numbers (long runs of one class of
// character) count little, because shops count upwards and use plain words.
func Entropy(value string) float64 {
	runes := []rune(value)
	perRandom := alphabetBits(runes)
	bits := 0.0
	for i := 0; i < len(runes); {
		class, end := classOf(runes[i]), i+1
		for end < len(runes) && classOf(runes[end]) == class {
			end++
		}
		bits += runBits(class, end-i, perRandom)
		i = end
	}
	return min(bits, surprise(runes))
}

// class is a kind of character.
type class int

const (
	separator class = iota
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
	case unicode.IsLetter(r):
		return lower
	}
	return separator
}

// Runs of one class that are longer than these look like a word or a counter.
const (
	longestRandomRun = 4
	wordBits         = 2.0 // per letter of a word or digit of a counter
)

// runBits is what a run of n characters of one class carries.
func runBits(c class, n int, perRandom float64) float64 {
	if c == separator {
		return 0
	}
	if n > longestRandomRun {
		return wordBits * float64(n)
	}
	return perRandom * float64(n)
}

// alphabetBits is log2 of the size of the smallest usual alphabet that has
// all the characters: digits, hexadecimal, one case, both, with digits.
func alphabetBits(runes []rune) float64 {
	var has [upper + 1]bool
	hexOnly := true
	for _, r := range runes {
		c := classOf(r)
		has[c] = true
		if c == lower || c == upper {
			hexOnly = hexOnly && unicode.Is(unicode.ASCII_Hex_Digit, r)
		}
	}
	size := 0.0
	if has[digit] {
		size += 10
	}
	if hexOnly && (has[lower] || has[upper]) && has[lower] != has[upper] {
		return math.Log2(size + 6)
	}
	if has[lower] {
		size += 26
	}
	if has[upper] {
		size += 26
	}
	return math.Log2(max(size, 2))
}

// surprise is the empirical entropy of the characters times their number,
// with an allowance for short values: it keeps "aaaa1111" from counting.
func surprise(runes []rune) float64 {
	count := map[rune]int{}
	n := 0
	for _, r := range runes {
		if classOf(r) != separator {
			count[r]++
			n++
		}
	}
	sum := 0.0
	for _, k := range count {
		p := float64(k) / float64(n)
		sum -= p * math.Log2(p)
	}
	return 2 * sum * float64(n)
}
