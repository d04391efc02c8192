package match

import (
	"strings"
	"time"
	"unicode"
)

// Fits says whether the mask can have been made from the value: what it shows
// stands in the value, in order, at the ends where it stands at the ends. How
// much is hidden does not matter. A mask of two words fits names of two.
func (m Mask) Fits(value string, shape Shape) bool {
	m = m.read()
	if m.shape == "" || value == "" {
		return false
	}
	switch shape {
	case ShapeEmail:
		return fitsEmail(m.shape, value)
	case ShapePhone:
		return fitsPhone(m.shape, value)
	case ShapeName:
		return fitsName(m.shape, value)
	case ShapeDate:
		return fitsDate(m.shape, value)
	case ShapeMoney:
		return false // nobody hides half of a sum
	default:
		return fits(foldShape(m.shape), Key(value))
	}
}

// foldShape is a shape whose shown parts are folded, without separators.
func foldShape(shape string) string {
	var b strings.Builder
	for i, part := range strings.Split(shape, "\x00") {
		if s := b.String(); i > 0 && (s == "" || s[len(s)-1] != hidden) {
			b.WriteByte(hidden)
		}
		b.WriteString(Key(part))
	}
	return b.String()
}

// fits says whether a folded shape, in which hidden stands for any characters
// but at least one, is the whole value.
func fits(shape, value string) bool {
	parts := strings.Split(shape, "\x00")
	last := len(parts) - 1
	if last == 0 {
		return shape == value
	}
	rest, ok := strings.CutPrefix(value, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1:last] {
		if rest == "" {
			return false
		}
		i := strings.Index(rest[1:], part)
		if i < 0 {
			return false
		}
		rest = rest[1+i+len(part):]
	}
	return len(rest) > len(parts[last]) && strings.HasSuffix(rest, parts[last])
}

// fitsEmail compares what is before and behind the at sign by itself. The
// domain may be hidden as a whole.
func fitsEmail(shape, value string) bool {
	local, domain, ok := strings.Cut(strings.ToLower(shape), "@")
	name, host, isEmail := strings.Cut(strings.ToLower(value), "@")
	if !ok || !isEmail || domain == "" {
		return false
	}
	return fits(squeeze(local), name) && fits(squeeze(domain), host)
}

// squeeze makes one hidden part of those that only dots or dashes separate:
// how many labels a domain has is hidden too.
func squeeze(shape string) string {
	for _, sep := range []string{".", "-", ""} {
		for pair := "\x00" + sep + "\x00"; strings.Contains(shape, pair); {
			shape = strings.ReplaceAll(shape, pair, "\x00")
		}
	}
	return shape
}

// fitsPhone compares digits, with and without country code and trunk zero.
func fitsPhone(shape, value string) bool {
	if !isNumeric(shape) {
		return false
	}
	number, ok := phoneNumber(value)
	if !ok {
		number = strings.TrimLeft(Digits(value), "0")
	}
	digits := foldShape(shape)
	if lead, international := countryLead(shape, digits); international {
		return leastDigits(lead) && (fits(lead, number) || fits(strings.TrimPrefix(lead, "0"), number))
	}
	if !leastDigits(digits) {
		return false
	}
	return fits(digits, number) || fits(digits, "0"+number) || fits(digits, Digits(value))
}

// leastDigits says whether a shape shows two digits or more.
func leastDigits(shape string) bool { return len(strings.ReplaceAll(shape, "\x00", "")) >= 2 }

// countryLead is what is left of a shape's digits without the country code that
// they begin with; false when they begin with none.
func countryLead(shape, digits string) (string, bool) {
	switch {
	case strings.HasPrefix(shape, "+"), strings.HasPrefix(shape, "(+"):
	case strings.HasPrefix(digits, "00"):
		digits = digits[2:]
	default:
		return "", false
	}
	shown, _, _ := strings.Cut(digits, "\x00")
	code := callingCode(shown)
	if code == 0 || code > len(shown) { // the code is hidden in part
		return digits[len(shown):], true
	}
	return digits[code:], true
}

// fitsName compares word by word, in this order or with the last one first.
func fitsName(shape, value string) bool {
	masked, words := strings.Fields(shape), strings.Fields(value)
	if len(masked) != len(words) {
		return false
	}
	same, turned := true, len(words) > 1
	for i := range masked {
		mask := foldShape(masked[i])
		same = same && fitsWord(mask, Key(words[i]))
		turned = turned && fitsWord(mask, Key(words[(i+len(words)-1)%len(words)]))
	}
	return same || turned
}

// fitsWord is fits for a word of a name, of which all may be hidden.
func fitsWord(mask, word string) bool { return mask == "\x00" || fits(mask, word) }

// fitsDate compares the usual ways to write a day, digits for digits.
func fitsDate(shape, value string) bool {
	d, ok := readDay(value, newCalendar())
	if !ok || strings.IndexFunc(shape, unicode.IsLetter) >= 0 {
		return false
	}
	day := time.Unix(int64(d)*secondsPerDay, 0).UTC()
	for _, layout := range []string{time.DateOnly, "02.01.2006", "2.1.2006", "02/01/2006", "01/02/2006", "1/2/2006", "02-01-2006", "2006/01/02"} {
		if fitsParts(shape, day.Format(layout)) {
			return true
		}
	}
	return false
}

// fitsParts compares the parts of a date, each hidden or shown as a whole or
// in part.
func fitsParts(shape, date string) bool {
	isSeparator := func(r rune) bool { return strings.ContainsRune("./-", r) }
	masked, parts := strings.FieldsFunc(shape, isSeparator), strings.FieldsFunc(date, isSeparator)
	if first := strings.IndexFunc(shape, isSeparator); len(masked) != len(parts) || first < 0 || shape[first] != date[strings.IndexFunc(date, isSeparator)] {
		return false
	}
	for i := range parts {
		if !fitsWord(masked[i], parts[i]) {
			return false
		}
	}
	return true
}
