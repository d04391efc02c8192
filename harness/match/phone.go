package match

import (
	"strings"
	"unicode"
)

// Telephone numbers are written in many ways: 070-174 06 35, +46 70 174 06 35,
// 0046701740635, +46 (0)70 …. What they share is the number without trunk zero
// and country code; that is searched, and what stands before it is checked.

// Digits of a telephone number, without prefixes at least and with them at most.
const (
	minPhone = 9
	maxPhone = 15
)

// phoneNumber is the number without trunk zero and country code, if the value
// is written as a telephone number: with a plus, a leading zero or separators.
func phoneNumber(value string) (string, bool) {
	written := false
	for i, r := range value {
		switch {
		case r >= '0' && r <= '9':
			written = written || i == 0 && r == '0'
		case r == '+' && i == 0, phoneSeparator(r):
			written = true
		default:
			return "", false
		}
	}
	digits := Digits(value)
	if strings.HasPrefix(value, "+") {
		digits = digits[callingCode(digits):]
	} else if strings.HasPrefix(digits, "00") {
		digits = digits[2:]
		digits = digits[callingCode(digits):]
	}
	digits = strings.TrimPrefix(digits, "0")
	return digits, written && len(digits) >= minPhone && len(digits) <= maxPhone
}

// phoneSeparator says whether people write r between the digits of a number.
func phoneSeparator(r rune) bool {
	switch r {
	case '-', '/', '(', ')', '.', '‐', '‑', '–', '—', '−', '·', '+', '（', '）', '－', '．', '／', '＋':
		return true
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}

// maxPhoneGap is how many characters stand between two digits at most, however
// long their escapes are.
const maxPhoneGap = 24

// phoneStands says whether the digits at this stretch of the stream are a
// whole telephone number.
func phoneStands(f Folded, start, end int) bool {
	if !f.wordStart(end) && isDigit(f.bytes[end]) {
		return false
	}
	before := start
	for before > 0 && start-before <= maxPrefix && !f.wordStart(before) && isDigit(f.bytes[before-1]) {
		before--
	}
	if !phonePrefix(string(f.bytes[before:start])) {
		return false
	}
	for i := start + 1; i < end; i++ {
		if f.wordStart(i) && !f.phoneGap(i) {
			return false
		}
	}
	return true
}

// phoneFrom is where in the text a telephone number begins whose key begins at
// folded byte start: its country code and trunk zero are part of it, however
// they are set apart.
func phoneFrom(f Folded, start int) int {
	from := start
	for range 3 { // 00, country code, trunk zero
		t := f.tokenBefore(from)
		g := f.gap(from)
		if t.len() == 0 || t.len() > maxPrefix || !isDigit(f.bytes[t.start]) || g.long || !separatesPhone(&g) {
			break
		}
		if !f.phonePrefixFrom(t.start, start, g.n == 0) {
			break
		}
		from = t.start
	}
	pos := int(f.at[from])
	for g, i := f.gapBefore(from), gapSize-1; i >= 0; i-- {
		if i >= g.n {
			continue
		}
		if g.runes[i] != '+' && g.runes[i] != '(' {
			break
		}
		pos = g.at[i]
	}
	return pos
}

// phonePrefixFrom says whether the digits between two folded bytes belong to
// the number that begins at start. Those that are set apart from it must look
// the part: behind a plus, with two zeros, or a zero in brackets.
func (f Folded) phonePrefixFrom(from, start int, joined bool) bool {
	digits := string(f.bytes[from:start])
	if len(digits) > maxPrefix || !phonePrefix(digits) && digits != "00" {
		return false
	}
	if joined || strings.HasPrefix(digits, "0") {
		return true
	}
	g := f.gapBefore(from)
	if g.n > 0 && g.runes[g.n-1] == '+' {
		return true
	}
	before := f.tokenBefore(from)
	return f.isNumber(before, 2, 2) && f.string(before) == "00"
}

func separatesPhone(g *gap) bool {
	for _, r := range g.runes[:g.n] {
		if !phoneSeparator(r) {
			return false
		}
	}
	return true
}

// phoneGap says whether only separators of telephone numbers were dropped
// before folded byte i.
func (f Folded) phoneGap(i int) bool {
	pos, end := int(f.at[i-1]), int(f.at[i])
	_, size, _ := unit(f.text, pos)
	// Directly before a digit and behind a blank, plus and minus are signs:
	// "29 2018 +0800" is a date and a time zone.
	blank, sign := false, false
	gap := 0
	for pos += size; pos < end; pos += size {
		var r rune
		r, size, _ = unit(f.text, pos)
		if gap++; gap > maxPhoneGap || !phoneSeparator(r) {
			return false
		}
		sign = blank && (r == '+' || r == '-')
		blank = unicode.IsSpace(r)
	}
	return !sign
}

// maxPrefix is the longest prefix: 00, a country code, 0.
const maxPrefix = 6

// phonePrefix says whether digits directly before a number belong to it.
func phonePrefix(digits string) bool {
	if digits == "" || digits == "0" {
		return true
	}
	digits = strings.TrimPrefix(digits, "00")
	code := callingCode(digits)
	if code == 1 { // North America knows no trunk zero
		return digits == "1"
	}
	return code > 0 && (len(digits) == code || digits[code:] == "0")
}

// callingCode is the length of the country calling code that digits begin
// with; 0 when there is none.
func callingCode(digits string) int {
	const two = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58" +
		" 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "
	switch {
	case digits == "" || digits[0] == '0':
		return 0
	case digits[0] == '1', digits[0] == '7':
		return 1
	case len(digits) >= 2 && strings.Contains(two, " "+digits[:2]+" "):
		return 2
	case len(digits) >= 3:
		return 3
	}
	return 0
}
