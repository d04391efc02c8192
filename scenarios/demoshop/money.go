package demoshop

import (
	"strconv"
	"strings"
)

// market is where a visitor shops: it decides currency and number format.
type market struct {
	currency string
	rate     int    // hundredths of the currency for one euro
	step     int    // prices are multiples of this many hundredths, less one where that is usual
	format   string // N stands for the number
	decimals string // the decimal mark; empty: whole amounts only
	thousand string // the thousands separator
}

// marketOf is the market of a country (ISO 3166-1 alpha-2); the euro's where
// the shop has none of its own.
func marketOf(country string) market {
	switch strings.ToUpper(country) {
	case "SE":
		return market{"SEK", 1150, 1000, "N kr", "", nbsp}
	case "GB":
		return market{"GBP", 86, 100, "£N", ".", ","}
	case "US":
		return market{"USD", 109, 100, "$N", ".", ","}
	case "PL":
		return market{"PLN", 430, 500, "N zł", ",", nbsp}
	}
	return market{"EUR", 100, 100, "N €", ",", "."}
}

const nbsp = "\u00a0"

// countryOf guesses a country from Accept-Language: the region of its first
// entry, else the country where that language is the usual one, else the
// United States.
func countryOf(acceptLanguage string) string {
	first, _, _ := strings.Cut(acceptLanguage, ",")
	first, _, _ = strings.Cut(first, ";")
	language, region, _ := strings.Cut(strings.TrimSpace(first), "-")
	if len(region) == 2 {
		return strings.ToUpper(region)
	}
	switch strings.ToLower(language) {
	case "sv":
		return "SE"
	case "de":
		return "DE"
	case "pl":
		return "PL"
	}
	return "US"
}

// price is what an article of so many euro cents costs in this market, in
// hundredths of its currency.
func (m market) price(cents int) int {
	raw := cents * m.rate / 100
	return (raw + m.step/2) / m.step * m.step
}

// show is an amount in hundredths as people of the market write it.
func (m market) show(amount int) string {
	digits := grouped(amount/100, m.thousand)
	if m.decimals != "" {
		digits += m.decimals + strconv.Itoa(100 + amount%100)[1:]
	}
	return strings.ReplaceAll(strings.Replace(m.format, "N", digits, 1), " ", nbsp)
}

func grouped(n int, separator string) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + separator + s[i:]
	}
	return s
}
