package customer

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"crosstalk/harness/match"
)

// What a usual mask leaves of a value: "q****7@…", "•••• 0635", "Z** L****".
// Where two customers' values leave the same, a mask fits both and proves
// nothing about either, so Allocate keeps them apart as long as it can.

// maskedEmail is the first and the last character of the local part, and its
// length.
func maskedEmail(address string) string {
	local, _, _ := strings.Cut(address, "@")
	if local == "" {
		return ""
	}
	return local[:1] + local[len(local)-1:] + strconv.Itoa(len(local))
}

// shownDigits are how many digits of a telephone number masks usually show.
const shownDigits = 4

// maskedPhone is the number's last digits.
func maskedPhone(number string) string {
	digits := match.Digits(number)
	return digits[max(0, len(digits)-shownDigits):]
}

// maskedName is the initials.
func maskedName(first, last string) string {
	return match.Key(initial(first)) + match.Key(initial(last))
}

func initial(name string) string {
	_, size := utf8.DecodeRuneInString(name)
	return name[:size]
}

// apart says whether nobody's value of a kind leaves the same behind its mask.
// From half of the tries on it is given up, for this kind and locale: there are
// more customers than masks.
func (d *draw) apart(kind Kind, left string, try int) bool {
	mask := kind + " mask"
	switch {
	case d.isDry(mask):
		return true
	case try >= tries/2:
		d.ranDry(mask)
		return true
	}
	return !d.a.masks[string(kind)+" "+left]
}

// leave claims what the customer's value leaves behind its mask.
func (d *draw) leave(kind Kind, left string) { d.a.masks[string(kind)+" "+left] = true }
