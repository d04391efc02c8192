package leak

import (
	"regexp"
	"slices"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// variant is the language or currency that a body speaks at a place in it.
// What can mean several ("kr") is all of them, in order, with spaces between.
type variant struct {
	kind  customer.Kind // Locale or Currency
	where string
	value string // "sv-se", "sv"; "sek", "dkk isk nok sek"
}

// suits says whether the variant is the one that a customer shops in. A
// language without a country suits every country that speaks it.
func (v variant) suits(locale, currency string) bool {
	if v.kind == customer.Currency {
		return slices.Contains(strings.Fields(v.value), strings.ToLower(currency))
	}
	language, country, _ := strings.Cut(v.value, "-")
	mine, home, _ := strings.Cut(plainLocale(locale), "-")
	return language == mine && (country == "" || home == "" || country == home)
}

var (
	localeText   = regexp.MustCompile(`^[A-Za-z]{2}([-_][A-Za-z]{2})?$`)
	currencyText = regexp.MustCompile(`^[A-Z]{3}$`)
)

func plainLocale(text string) string {
	return strings.ToLower(strings.ReplaceAll(text, "_", "-"))
}

// variantsIn is what a text says of language and currency: a field or an
// attribute that is named so, or the sign at an amount.
func variantsIn(where, text string) []variant {
	text = strings.TrimSpace(text)
	switch named := nameIn(where); {
	case text == "":
		return nil
	case isLocaleName(named) && localeText.MatchString(text):
		return []variant{{customer.Locale, strings.Clone(where), plainLocale(text)}}
	case isCurrencyName(named) && currencyText.MatchString(text) && isCurrency(strings.ToLower(text)):
		return []variant{{customer.Currency, strings.Clone(where), strings.ToLower(text)}}
	}
	var all []variant
	for _, c := range currenciesIn(text) {
		all = append(all, variant{customer.Currency, strings.Clone(where), c})
	}
	return all
}

// nameIn is the last name in a place: of a JSON field, an attribute, a header.
func nameIn(where string) string {
	return strings.ToLower(where[strings.LastIndexAny(where, ".@>$")+1:])
}

func isLocaleName(name string) bool {
	switch name {
	case "lang", "language", "locale", "data-lang", "data-locale", "content-language",
		"og:locale", "language_code", "languagecode", "lang_code", "locale_code", "user_locale":
		return true
	}
	return false
}

func isCurrencyName(name string) bool {
	switch name {
	case "currency", "data-currency", "currency_code", "currencycode", "pricecurrency", "price_currency",
		"og:price:currency", "product:price:currency", "user_currency":
		return true
	}
	return false
}

// metaWhere is the place of a segment; the content of a meta element is named
// by the property that stands before it.
func metaWhere(before, s match.Segment) string {
	if !strings.HasSuffix(s.Where, "meta@content") || !strings.Contains(before.Where, "meta@") {
		return s.Where
	}
	name := strings.ToLower(strings.TrimSpace(before.Text))
	if !isLocaleName(name) && !isCurrencyName(name) {
		return s.Where
	}
	return s.Where + ">" + name
}

// languageOf is what an answer's Content-Language says; "" when it says nothing
// or names several.
func languageOf(lines []history.Header) string {
	for _, l := range lines {
		if strings.EqualFold(l.Name, "Content-Language") && localeText.MatchString(strings.TrimSpace(l.Value)) {
			return plainLocale(strings.TrimSpace(l.Value))
		}
	}
	return ""
}
