package match

import (
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// typedHit is what findTyped answered.
type typedHit struct {
	start, end int
	decoded    []string
}

func typedIn(t testing.TB, p Pattern, body string) []typedHit {
	t.Helper()
	x, err := New([]Pattern{p})
	require.NoError(t, err)
	var hits []typedHit
	x.findTyped(Fold([]byte(body)), func(_, start, end int, decoded []string) {
		require.True(t, 0 <= start && start < end && end <= len(body), "%d to %d of %q", start, end, body)
		hits = append(hits, typedHit{start, end, decoded})
	})
	return hits
}

// writtenDays are the ways to write a day that the fuzzer plants.
func writtenDays(day time.Time) []string {
	layouts := []string{
		"2006-01-02", "2006/01/02", "2006.01.02", "2006/1/2", "20060102", "2006-01-02T15:04:05Z", "02.01.2006", "2.1.2006", "2. 1. 2006",
		"02/01/2006", "01/02/2006", "1/2/2006", "02-01-2006", "2 January 2006", "January 2, 2006", "Jan 2 2006", "02-Jan-2006", "02Jan2006",
		"Monday, 2 January 2006", "Mon, 02 Jan 2006 15:04:05 GMT",
	}
	var all []string
	for _, layout := range layouts {
		all = append(all, day.Format(layout))
	}
	for _, names := range months() {
		month := strings.Fields(names)[day.Month()-1]
		for name := range strings.SplitSeq(month, "/") {
			all = append(all, fmt.Sprintf("%d %s %d", day.Day(), name, day.Year()), fmt.Sprintf("%d. %s %d", day.Day(), strings.ToUpper(name), day.Year()))
		}
	}
	if seconds := day.Unix(); seconds >= 1e6 || seconds <= -1e6 {
		all = append(all, strconv.FormatInt(seconds, 10), strconv.FormatInt(seconds*1000, 10), strconv.FormatInt(seconds-7200, 10))
	}
	return all
}

// escaped writes a text as one of several encoders does.
func escaped(text string, how byte) string {
	switch how % 5 {
	case 1:
		return html.EscapeString(strings.NewReplacer(".", "&#46;", "/", "&#x2F;", " ", "&nbsp;").Replace(text))
	case 2:
		return url.PathEscape(text)
	case 3:
		return strings.ReplaceAll(text, "/", `\/`)
	case 4:
		return strings.ReplaceAll(text, " ", "\u202f")
	}
	return text
}

func FuzzDatesAreFoundHoweverTheyAreWritten(f *testing.F) {
	f.Add("Born ", " in Uppsala", uint16(428), uint8(0), byte(0))
	f.Add("{\"dob\":", "}", uint16(9000), uint8(70), byte(3))
	f.Add("12:30 ", " 1.2.3", uint16(19999), uint8(7), byte(1))
	f.Add("<td>", "</td>", uint16(12000), uint8(21), byte(2))
	f.Fuzz(func(t *testing.T, before, behind string, n uint16, layout uint8, how byte) {
		day := time.Date(1950, time.January, 1+int(n)%20_000, 0, 0, 0, 0, time.UTC)
		if day.Year() == 1970 {
			return // see minEpoch
		}
		all := writtenDays(day)
		written := escaped(all[int(layout)%len(all)], how%4)
		p := Pattern{Text: day.Format(time.DateOnly), Shape: ShapeDate}
		for _, h := range typedIn(t, p, before+"\n"+behind) {
			checkDay(t, (before + "\n" + behind)[h.start:h.end], day)
		}
		// Characters of ours around it, so that nothing foreign goes on with it.
		body := before + " | " + written + " | " + behind
		at := len(before) + len(" | ")
		for _, h := range typedIn(t, p, body) {
			if h.start >= at-1 && h.end <= at+len(written) {
				return
			}
		}
		t.Errorf("%s is not found as %q in %q", p.Text, written, body)
	})
}

// checkDay says that a text which was read as a day has its year and number in
// it, or is a count of seconds near it.
func checkDay(t *testing.T, raw string, day time.Time) {
	t.Helper()
	f := Fold([]byte(raw))
	digits := Digits(raw)
	n, err := strconv.ParseInt(digits, 10, 64)
	if err == nil && len(digits) >= minEpoch {
		for _, second := range []int64{n, -n, n / 1000, -n / 1000} {
			if d := second - day.Unix(); d >= -eastmost && d <= westmost {
				return
			}
		}
	}
	assert.Contains(t, digits, day.Format("06"), "%q is not in %s", raw, day)
	found := false
	f.eachNumber(func(n token) {
		for _, d := range []int{day.Day(), day.AddDate(0, 0, -1).Day()} {
			found = found || n.len() <= 2 && f.number(n) == int64(d)
		}
	})
	assert.True(t, found || strings.Contains(digits, day.Format("20060102")), "%q is not %s", raw, day)
}

func FuzzAmountsAreFoundHoweverTheyAreWritten(f *testing.F) {
	f.Add("Total: ", " incl. VAT", uint32(1743), uint8(0), byte(0))
	f.Add("{", "}", uint32(123450), uint8(9), byte(3))
	f.Add("2 ", " 7", uint32(99999999), uint8(5), byte(4))
	f.Fuzz(func(t *testing.T, before, behind string, n uint32, layout uint8, how byte) {
		if n < 10*leastMinor {
			return
		}
		all := writtenAmounts(int64(n))
		written := all[int(layout)%len(all)]
		p := Pattern{Text: fmt.Sprintf("%d.%02d €", n/100, n%100), Shape: ShapeMoney}
		typedIn(t, p, before+behind)
		body := before + " | " + escaped(written, how) + " | " + behind
		at, ok := len(before)+3, false
		for _, h := range typedIn(t, p, body) {
			ok = ok || h.start >= at && h.end <= len(body)-len(behind)-3
		}
		assert.True(t, ok, "%s is not found as %q in %q", p.Text, written, body)
	})
}

// writtenAmounts are the ways to write hundredths of a euro that the fuzzer
// plants.
func writtenAmounts(n int64) []string {
	plain := strconv.FormatInt(n/100, 10)
	grouped := func(sep string) string {
		s := plain
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + sep + s[i:]
		}
		return s
	}
	cents := fmt.Sprintf("%02d", n%100)
	return []string{
		plain + "," + cents + " €", "€" + plain + "." + cents, "EUR " + plain + "." + cents, plain + "." + cents + " EUR", "€ " + grouped(",") + "." + cents,
		grouped(" ") + "," + cents + " €", grouped(".") + "," + cents + " euro", grouped("'") + "." + cents + " €", grouped("\u00a0") + "," + cents + "\u00a0€",
		`{"amount":` + strconv.FormatInt(n, 10) + `}`, `{"total":"` + plain + "." + cents + `"}`, "amount=" + strconv.FormatInt(n, 10), "Summe " + plain + "," + cents,
	}
}

func FuzzAMaskFitsTheValueItWasMadeFrom(f *testing.F) {
	f.Add("Zoë", "Lindqvist", "0701740635", "**", uint8(0))
	f.Add("quinn", "shop", "2125550147", "•••", uint8(1))
	f.Add("Łukasz", "Bąk", "46701740635", "xxxx", uint8(2))
	f.Fuzz(func(t *testing.T, first, last, digits, run string, mode uint8) {
		checkMasks(t, first+last+digits)
		a, b, n := lettersOf(first), lettersOf(last), digitsOf(digits)
		if len([]rune(a)) < 3 || len([]rune(b)) < 3 || len(n) < minPhone || len(n) > 12 {
			return
		}
		hidden := []string{"**", "****", "•••", "●●●●●●"}[int(mode/8)%4]
		text, value, shape := maskedValue(a, b, n, hidden, mode%8)
		for _, around := range []string{"%s", "It was sent to %s.", "<b>%s</b>", "(%s)", "\"%s\","} {
			body := fmt.Sprintf(around, text)
			fits := false
			for _, m := range checkMasks(t, body) {
				fits = fits || m.Fits(value, shape)
			}
			assert.True(t, fits, "%q in %q does not fit %q", text, body, value)
		}
	})
}

// maskedValue is a mask made from a value as shops make them.
func maskedValue(a, b, n, hidden string, mode uint8) (mask, value string, shape Shape) {
	first, last := string([]rune(a)[0]), string([]rune(b)[0])
	end := string([]rune(b)[len([]rune(b))-1])
	email := strings.ToLower(a+"."+b) + "@" + "c017.shop-test.example"
	switch mode {
	case 0:
		return first + hidden + " " + last + hidden, a + " " + b, ShapeName
	case 1:
		return strings.ToLower(first) + hidden + strings.ToLower(end) + "@c017.shop-test.example", email, ShapeEmail
	case 2:
		return strings.ToLower(first) + hidden + "@c***.example", email, ShapeEmail
	case 3:
		return strings.ToLower(first) + hidden + strings.ToLower(end) + "@…", email, ShapeEmail
	case 4:
		return hidden + hidden + " " + n[len(n)-4:], "0" + n, ShapePhone
	case 5:
		return "+46 " + hidden + " " + hidden + hidden + n[len(n)-2:], "0" + n, ShapePhone
	case 6:
		return n[:2] + hidden + n[len(n)-2:], "0" + n, ShapePhone
	default:
		return "ending in " + n[len(n)-4:], n, ShapeText
	}
}

// checkMasks says that masks lie in the text, in order, and that asking them
// breaks nothing.
func checkMasks(t *testing.T, text string) []Mask {
	t.Helper()
	masks := Masks(text)
	for _, m := range masks {
		require.True(t, 0 <= m.Start && m.Start < m.End && m.End <= len(text), "%q", text)
		require.Equal(t, text[m.Start:m.End], m.Text)
		require.Positive(t, m.Shown(), "%q in %q", m.Text, text)
		for shape := ShapeText; shape <= ShapeMoney; shape++ {
			m.Fits(text, shape)
			m.Fits("1971-03-04", shape)
		}
	}
	return masks
}

// lettersOf keeps small plain letters, the first in upper case.
func lettersOf(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.Is(unicode.Latin, r) && len(Key(string(r))) == 1 && Key(string(r)) != "x" && b.Len() < 12 {
			if b.Len() == 0 {
				r = unicode.ToUpper(r)
			} else {
				r = unicode.ToLower(r)
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

func digitsOf(s string) string {
	return strings.TrimLeft(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s), "0")
}

func FuzzTelephoneNumbersAreFoundInEveryForm(f *testing.F) {
	f.Add("701740635", "- -.", uint8(0), "call ", " now")
	f.Add("8465004 12", " / ", uint8(3), "", "")
	f.Fuzz(func(t *testing.T, number, separators string, prefix uint8, before, behind string) {
		n := digitsOf(number)
		if len(n) < minPhone || len(n) > 11 {
			return
		}
		x, err := New([]Pattern{{Text: "0" + n, Shape: ShapePhone}})
		require.NoError(t, err)
		body := before + " |" + []string{"0", "+46", "+46 (0)", "0046", "+46 ", "00 46 ", ""}[prefix%7]
		for i := range len(n) {
			body += n[i : i+1]
			if i+1 < len(n) && separators != "" {
				body += separator(separators[i%len(separators)])
			}
		}
		end := len(body)
		body += "| " + behind
		ok := false
		for _, h := range x.Find(Read("text/plain", []byte(body))) {
			ok = ok || h.Start >= len(before)+2 && h.End == end
		}
		assert.True(t, ok, "%s in %q", n, body)
	})
}

// separator is one of those that people write between digits, by a byte.
func separator(b byte) string {
	all := []string{"", "", " ", "-", ".", "/", "\u00a0", "\u202f", "&nbsp;", "\u200b", "‑", "–"}
	return all[int(b)%len(all)]
}
