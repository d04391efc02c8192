package match

import (
	"strings"
	"unicode/utf8"
)

// endings are what says, before them, that digits are the last of a number.
func endings() []string {
	return []string{
		"ending in", "ending with", "ends in", "ends with", "ending", "last four digits", "last 4 digits", "last digits", "last four", "last 4",
		"endet auf", "endend auf", "endende auf", "endet mit", "endziffern", "letzte vier ziffern", "letzten vier ziffern",
		"slutar på", "slutar med", "slutsiffror", "slutsiffrorna", "sista fyra siffror", "sista fyra siffrorna",
		"kończy się na", "kończąca się na", "kończącą się na", "kończącej się na", "kończący się na", "kończącym się na",
		"kończącego się na", "końcówka", "końcówką", "ostatnie cyfry", "ostatnie 4 cyfry",
		"slutter på", "ender på", "eindigt op", "eindigend op", "se terminant par", "finissant par", "se termine par",
		"termina en", "terminada en", "terminado en", "termina con", "che termina con", "päättyy",
	}
}

// Digits that an ending shows.
const (
	leastEnding = 2
	mostEnding  = 6
)

// endingAt is the mask of digits that begin at text[i] behind words like
// "ending in", and where to go on.
func endingAt(text string, i int) ([]Mask, int) {
	end := i
	for end < len(text) && isDigit(text[end]) {
		end++
	}
	if n := end - i; n < leastEnding || n > mostEnding || i < 2 || strings.IndexByte(" :\"\xa0", text[i-1]) < 0 {
		return nil, i
	}
	if r, _ := utf8.DecodeRuneInString(text[end:]); end < len(text) && (inMask(r) && r != '.' && r != '-') {
		return nil, i
	}
	start, ok := endingBefore(text, i)
	if !ok {
		return nil, i
	}
	return []Mask{{Start: start, End: end, Text: text[start:end], shape: "\x00" + text[i:end]}}, end
}

// endingBefore is where the words begin that end before text[i], if they are
// of endings.
func endingBefore(text string, i int) (int, bool) {
	before := strings.TrimRight(text[:i], " :\"\u00a0")
	if len(before) == i {
		return 0, false
	}
	for _, words := range endings() {
		start := len(before) - len(words)
		if start < 0 || !strings.EqualFold(before[start:], words) {
			continue
		}
		if r, size := utf8.DecodeLastRuneInString(before[:start]); size == 0 || !inMask(r) {
			return start, true
		}
	}
	return 0, false
}
