package leak

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheCurrencyOfAnAmountIsReadFromItsSignOrCode(t *testing.T) {
	for text, want := range map[string]string{
		"£17.43":                        "gbp",
		"17,43\u00a0€":                  "eur",
		"EUR 17.43":                     "eur",
		"from 1 234,50 kr":              "dkk isk nok sek",
		"2 740 kr.":                     "dkk isk nok sek",
		"129,99 zł incl. VAT":           "pln",
		"1.234,- €":                     "eur",
		"US$5":                          "usd",
		"$5 or 4,50 €":                  "ars aud cad clp cop hkd mxn nzd sgd twd usd|eur",
		"€":                             "eur",
		"CHF 12":                        "chf",
		"12 CHF":                        "chf",
		"krona 5":                       "",
		"5 krafts":                      "",
		"OAK 12":                        "",
		"BUY 2 GET 1":                   "",
		"EURO 2024":                     "",
		"XEUR12":                        "",
		"A price in SEK, to be decided": "",
		"${total}":                      "",
	} {
		require.Equal(t, want, strings.Join(currenciesIn(text), "|"), text)
	}
}

func TestALanguageSuitsEveryCountryThatSpeaksIt(t *testing.T) {
	for _, one := range []struct {
		where, text, locale string
		want                bool
	}{
		{"html@lang", "en", "en-GB", true},
		{"html@lang", "en_GB", "en-GB", true},
		{"html@lang", "en-US", "en-GB", false},
		{"$.user.locale", "sv-se", "sv-SE", true},
		{"$.locale", "de", "sv-SE", false},
	} {
		found := variantsIn(one.where, one.text)
		require.Len(t, found, 1, one)
		require.Equal(t, one.want, found[0].suits(one.locale, "SEK"), one)
	}
	require.Empty(t, variantsIn("html@lang", "x-klingon"), "no language we know the form of")
	require.Empty(t, variantsIn("$.title", "de"), "a word of two letters")
}

func FuzzCurrenciesAreKnownOnes(f *testing.F) {
	f.Add("from 12,50 kr, €7, USD 8")
	f.Add("£\u00a05")
	f.Fuzz(func(t *testing.T, text string) {
		for _, found := range currenciesIn(text) {
			for _, code := range strings.Fields(found) {
				require.True(t, isCurrency(code), "%q in %q", code, text)
			}
		}
	})
}
