package leak

import (
	"regexp"
	"slices"
	"strings"
)

// currencyCodes are those that shops sell in, as ISO 4217 has them.
const currencyCodes = `aed ars aud bgn brl cad chf clp cny cop czk dkk eur gbp hkd huf idr ils inr isk jpy krw mxn myr nok nzd
php pln ron rsd rub sar sek sgd thb try twd uah usd vnd zar`

func isCurrency(code string) bool { return slices.Contains(strings.Fields(currencyCodes), code) }

// currencySign says which currencies a sign at an amount can mean.
func currencySign(sign string) string {
	sign = strings.TrimSuffix(strings.ToLower(sign), ".")
	if country, ok := strings.CutSuffix(sign, "$"); ok {
		return dollars(country)
	}
	switch sign {
	case "€":
		return "eur"
	case "£":
		return "gbp"
	case "kr":
		return "dkk isk nok sek"
	case "zł":
		return "pln"
	case "kč":
		return "czk"
	case "¥":
		return "cny jpy"
	case "₹":
		return "inr"
	case "₺":
		return "try"
	case "₴":
		return "uah"
	case "₽":
		return "rub"
	case "₩":
		return "krw"
	}
	return ""
}

// dollars says which currencies a dollar sign means behind a country's letters.
func dollars(country string) string {
	switch country {
	case "":
		return "ars aud cad clp cop hkd mxn nzd sgd twd usd"
	case "us":
		return "usd"
	case "ca", "c":
		return "cad"
	case "a", "au":
		return "aud"
	case "nz":
		return "nzd"
	}
	return ""
}

const (
	signs    = `(?:US|CA|AU|NZ|C|A)\$|[€£$¥₹₺₴₽₩]|kr\.?|zł|Kč`
	anySpace = "[ \u00a0\u202f\u2009]?"
)

// amounts are a sign or a code before or behind a number, and a sign alone, as
// pages have it that put number and sign into elements of their own.
var (
	signBefore = regexp.MustCompile(`(?:^|[^\pL\pN])(` + signs + `|[A-Z]{3})` + anySpace + `-?[0-9]`)
	signBehind = regexp.MustCompile(`[0-9](?:[.,:]?-)?` + anySpace + `(` + signs + `|[A-Z]{3})(?:$|[^\pL\pN])`)
	signAlone  = regexp.MustCompile(`^(?:` + signs + `)$`)
)

// currenciesIn are the currencies of the amounts in a text, each once, in
// order; a sign of several is all of them, with spaces between.
func currenciesIn(text string) []string {
	if !mayHoldAmount(text) {
		return nil
	}
	var all []string
	add := func(sign string) {
		means := currencySign(sign)
		if code := strings.ToLower(sign); means == "" && isCurrency(code) {
			means = code
		}
		if means != "" && !slices.Contains(all, means) {
			all = append(all, means)
		}
	}
	for _, form := range []*regexp.Regexp{signBefore, signBehind} {
		for _, m := range form.FindAllStringSubmatch(text, -1) {
			add(m[1])
		}
	}
	if signAlone.MatchString(text) {
		add(text)
	}
	slices.Sort(all)
	return all
}

// mayHoldAmount spares texts without any sign or code the closer look.
func mayHoldAmount(text string) bool {
	if strings.ContainsAny(text, "$€£¥₹₺₴₽₩") || strings.Contains(text, "kr") || strings.Contains(text, "zł") || strings.Contains(text, "Kč") {
		return true
	}
	capitals := 0
	for i := 0; i < len(text); i++ {
		if text[i] < 'A' || text[i] > 'Z' {
			capitals = 0
			continue
		}
		if capitals++; capitals == 3 {
			return strings.ContainsAny(text, "0123456789")
		}
	}
	return false
}
