package leak_test

import (
	"fmt"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

func matrixSplits() []matrixTransform {
	split := []string{match.DecodedSplit}
	digits := matrixExcept("an amount is not read when its digits are split", "total")
	cut := func(begin, end string) func(string) string {
		return func(s string) string {
			a, b := matrixHalves(s)
			return begin + a + end + b
		}
	}
	return []matrixTransform{
		{name: "split over inline elements", make: matrixHides(cut("<b>", "</b>")), chain: split, below: ">b", lang: "html", not: digits, on: matrixIsMarkup},
		{name: "split by a comment, as React", make: matrixHides(cut("", "<!-- -->")), chain: split, other: match.DecodedFold, lang: "html", not: digits, on: matrixIsMarkup},
		{name: "a span for each part", make: matrixHides(func(s string) string {
			a, b := matrixHalves(s)
			return `<span class="a">` + a + `</span><span class="b">` + b + `</span>`
		}), chain: split, below: ">span.a", lang: "html", not: digits, on: matrixIsMarkup},
		{name: "split over text nodes", make: func(v matrixValue) matrixMade {
			a, b := matrixHalves(v.text)
			return matrixMade{raw: a + matrixNext + b, read: v.text, core: v.text}
		}, chain: split, not: digits, on: matrixIsSegments},
	}
}

func matrixOrders() []matrixTransform {
	names := matrixOnly("it is for names of people", customer.Name)
	order := []string{match.DecodedOrder}
	return []matrixTransform{
		{name: "Last, First", make: func(v matrixValue) matrixMade {
			s := v.person.Last + ", " + v.person.First
			return matrixMade{raw: s, read: s}
		}, chain: []string{match.DecodedFold, match.DecodedOrder}, not: names},
		{name: "Last First", make: func(v matrixValue) matrixMade {
			s := v.person.Last + " " + v.person.First
			return matrixMade{raw: s, read: s}
		}, chain: order, not: names},
		{name: "LAST First", make: func(v matrixValue) matrixMade {
			s := strings.ToUpper(v.person.Last) + " " + v.person.First
			return matrixMade{raw: s, read: s}
		}, chain: []string{match.DecodedFold, match.DecodedOrder}, not: names},
		{name: "house number on the other side", make: func(v matrixValue) matrixMade {
			s := v.person.House + " " + v.person.Street
			if s == v.text {
				s = v.person.Street + " " + v.person.House
			}
			return matrixMade{raw: s, read: s}
		}, chain: order, not: matrixOnly("it is for street lines", customer.Address)},
		{name: "house number behind a comma", make: func(v matrixValue) matrixMade {
			s := v.person.Street + ", " + v.person.House
			if v.text != v.person.Street+" "+v.person.House {
				return matrixMade{}
			}
			return matrixMade{raw: s, read: s}
		}, not: matrixOnly("it is for street lines", customer.Address)},
	}
}

func matrixPhones() []matrixTransform {
	not := matrixOnly("it is for telephone numbers", customer.Phone)
	row := func(name string, write func(code, national string) (before, number string)) matrixTransform {
		return matrixTransform{name: name, not: not, make: func(v matrixValue) matrixMade {
			before, number := write(matrixPhoneParts(v))
			return matrixMade{raw: before + number, read: before + number}
		}}
	}
	return []matrixTransform{
		{name: "national, digits alone", not: not, make: matrixAs(match.Digits)},
		{name: "national, dots", not: not, make: matrixAs(func(s string) string { return matrixPairs(match.Digits(s), ".") })},
		{name: "national, no-break spaces", not: not, make: matrixAs(func(s string) string { return matrixPairs(match.Digits(s), "\u00a0") })},
		row("international, digits alone", func(code, n string) (string, string) { return "+" + code, n }),
		row("international, spaces", func(code, n string) (string, string) { return "+" + code + " ", matrixPairs(n, " ") }),
		row("international with trunk zero", func(code, n string) (string, string) { return "+" + code + " (0)", matrixPairs(n, "-") }),
		row("international with 00", func(code, n string) (string, string) { return "00" + code, matrixPairs(n, "/") }),
		row("tel: address", func(code, n string) (string, string) { return "tel:+" + code + "-", matrixPairs(n, "-") }),
	}
}

// matrixPhoneParts are the calling code and the number behind the trunk zero.
func matrixPhoneParts(v matrixValue) (string, string) {
	codes := map[string]string{"SE": "46", "DE": "49", "GB": "44", "US": "1", "PL": "48"}
	code := codes[v.person.Country]
	digits := match.Digits(v.text)
	if strings.HasPrefix(v.text, "+") {
		return code, strings.TrimPrefix(digits, code)
	}
	return code, strings.TrimPrefix(digits, "0")
}

func matrixDates() []matrixTransform {
	not := matrixOnly("it is for days", customer.Birthday)
	row := func(name string, write func(v matrixValue) string) matrixTransform {
		return matrixTransform{name: name, not: not, chain: []string{match.DecodedDate}, make: func(v matrixValue) matrixMade {
			s := write(v)
			return matrixMade{raw: s, read: s}
		}}
	}
	layout := func(l string) func(matrixValue) string {
		return func(v matrixValue) string { return v.day.Format(l) }
	}
	rows := []matrixTransform{
		row("20060102", layout("20060102")), row("2.1.2006", layout("2.1.2006")), row("02.01.2006", layout("02.01.2006")),
		row("2/1/2006", layout("2/1/2006")), row("01/02/2006", layout("01/02/2006")), row("2006/01/02", layout("2006/01/02")),
		row("January 2, 2006", layout("January 2, 2006")), row("2 Jan 2006", layout("2 Jan 2006")), {name: "Mon, 02 Jan 2006", not: not, chain: []string{match.DecodedDate}, make: func(v matrixValue) matrixMade {
			day := v.day.Format("02 Jan 2006")
			return matrixMade{raw: v.day.Format("Mon, ") + day, read: day, core: day}
		}},
		row("January 2nd, 2006", func(v matrixValue) string {
			return v.day.Format("January ") + fmt.Sprint(v.day.Day()) + matrixOrdinal(v.day.Day()) + v.day.Format(", 2006")
		}),
		row("seconds since 1970", func(v matrixValue) string { return fmt.Sprint(v.day.Unix()) }),
		row("milliseconds since 1970", func(v matrixValue) string { return fmt.Sprint(v.day.UnixMilli()) }),
		{name: "2006-01-02T00:00:00Z", not: not, make: func(v matrixValue) matrixMade {
			return matrixMade{raw: v.text + "T00:00:00Z", read: v.text, core: v.text}
		}},
	}
	for _, l := range matrixMonths() {
		rows = append(rows, row("2 month 2006, "+l.locale, func(v matrixValue) string {
			return fmt.Sprintf(l.layout, v.day.Day(), l.months[v.day.Month()-1], v.day.Year())
		}))
	}
	return rows
}

type matrixMonth struct {
	locale, layout, list string
	months               []string
}

// matrixMonths are the months as the locales write them.
func matrixMonths() []matrixMonth {
	all := []matrixMonth{
		{locale: "sv", layout: "%d %s %d", list: "januari februari mars april maj juni juli augusti september oktober november december"},
		{locale: "sv short", layout: "%d %s %d", list: "jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec."},
		{locale: "de", layout: "%d. %s %d", list: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"},
		{locale: "de short", layout: "%02d. %s %d", list: "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez."},
		{locale: "pl", layout: "%d %s %d", list: "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"},
		{locale: "pl short", layout: "%d %s %d", list: "sty lut mar kwi maj cze lip sie wrz paź lis gru"},
	}
	for i := range all {
		all[i].months = strings.Fields(all[i].list)
	}
	return all
}

func matrixOrdinal(day int) string {
	switch {
	case day%10 == 1 && day != 11:
		return "st"
	case day%10 == 2 && day != 12:
		return "nd"
	case day%10 == 3 && day != 13:
		return "rd"
	}
	return "th"
}

func matrixAmounts() []matrixTransform {
	not := matrixOnly("it is for amounts", "total")
	currency := map[string]string{"sv-SE": "SEK", "de-DE": "EUR", "en-GB": "GBP", "en-US": "USD", "pl-PL": "PLN"}
	row := func(name string, write func(code string, whole, cents int) string) matrixTransform {
		return matrixTransform{name: name, not: not, chain: []string{match.DecodedMoney}, make: func(v matrixValue) matrixMade {
			s := write(currency[v.person.Locale], v.minor/100, v.minor%100)
			return matrixMade{raw: s, read: s}
		}}
	}
	return []matrixTransform{
		row("EUR 1743.23", func(code string, w, c int) string { return fmt.Sprintf("%s %d.%02d", code, w, c) }),
		row("1743,23 EUR", func(code string, w, c int) string { return fmt.Sprintf("%d,%02d %s", w, c, code) }),
		row("1.743,23 EUR", func(code string, w, c int) string { return fmt.Sprintf("%d.%03d,%02d %s", w/1000, w%1000, c, code) }),
		row("EUR 1,743.23", func(code string, w, c int) string { return fmt.Sprintf("%s %d,%03d.%02d", code, w/1000, w%1000, c) }),
		row("1'743.23 EUR", func(code string, w, c int) string { return fmt.Sprintf("%d'%03d.%02d %s", w/1000, w%1000, c, code) }),
		row("1 743,23 EUR, thin space", func(code string, w, c int) string {
			return fmt.Sprintf("%d\u2009%03d,%02d\u00a0%s", w/1000, w%1000, c, code)
		}),
		{name: "minor units at an amount", not: not, chain: []string{match.DecodedMoney}, on: func(s matrixSurface) bool { return s.minor },
			make: func(v matrixValue) matrixMade { return matrixMade{raw: fmt.Sprint(v.minor), read: "minor"} }},
	}
}

func matrixCut() []matrixTransform {
	mask := func(name string, not func(matrixKind) string, hide func(s string) string) matrixTransform {
		return matrixTransform{name: name, not: not, mask: true, on: matrixShowsText, make: func(v matrixValue) matrixMade {
			s := hide(v.text)
			return matrixMade{raw: s, read: v.text}
		}}
	}
	tail := matrixOnly("its end is what many have, or a part of it is common", customer.Gift, customer.Password, customer.Token, customer.Avatar,
		"cart", "customer_id", "download_key")
	whole := func(keep func(s string) string) func(matrixValue) matrixMade {
		return func(v matrixValue) matrixMade { s := keep(v.text); return matrixMade{raw: s, read: s} }
	}
	loose := matrixOnly("a part of it is common: it proves nothing",
		customer.Email, customer.Gift, customer.Password, customer.Token, customer.Avatar, "customer_id", "download_key")
	email := matrixOnly("it is how e-mail addresses are masked", customer.Email)
	phone := matrixOnly("it is how numbers are masked", customer.Phone)
	return []matrixTransform{
		mask("q****7@…", email, func(s string) string {
			at := strings.IndexByte(s, '@')
			return s[:1] + "****" + s[at-1:]
		}),
		mask("qz•••@…", email, func(s string) string { return s[:2] + "•••" + s[strings.IndexByte(s, '@'):] }),
		mask("q***@c***.example", email, func(s string) string {
			at := strings.IndexByte(s, '@')
			return s[:1] + "***" + s[at:at+5] + "***" + s[strings.LastIndexByte(s, '.'):]
		}),
		mask("all but four digits", phone, func(s string) string { return matrixStars(s, "•", 0, 4) }),
		mask("all but the ends", phone, func(s string) string { return matrixStars(s, "*", 3, 2) }),
		mask("Z** L********", matrixOnly("it is how names are masked", customer.Name), func(s string) string {
			return matrixInitials(s, "*")
		}),
		mask("S************7", matrixOnly("it is how numbers of orders are masked", customer.Order), func(s string) string {
			return s[:4] + strings.Repeat("*", len(s)-8) + s[len(s)-4:]
		}),
		{name: "first two thirds", make: whole(func(s string) string { return matrixPart(s, 0, 2) }), chain: []string{match.DecodedFragment}, not: loose, fragment: true},
		{name: "last two thirds", make: whole(func(s string) string { return matrixPart(s, 1, 3) }), chain: []string{match.DecodedFragment}, not: tail, fragment: true},
	}
}
