package leak

import (
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
)

func TestOnlyWhatLooksMintedCanBeACredential(t *testing.T) {
	for value, want := range map[string]bool{
		"2d711642b726b04401627ca9":                    true,  // hex
		"0f8fad5b-d9cb-469f-a165-70867728950e":        true,  // UUID
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.abc12": true,  // JWT
		"hTqWsBvLxKpZcMnRgDfYjE":                      true,  // 22 letters
		"hTqWsBvLxKpZcM":                              false, // letters alone, and short
		"12345678901234567890123456789":               false, // digits: a counter, a time
		"2026-11-22T10:52:08Z":                        false, // a moment
		"https://cdn.test/a1b2c3d4e5f6a7b8":           false, // an address
		"/assets/app.3f2a9c1d2e4f5a6b.js":             false, // a path
		"continue-shopping-in-our-summer-sale":        false, // words
		"zoe.lindqvist@c01.shop-test.example":         false, // somebody's, and no token
		"sv-SE":                                       false,
		"":                                            false,
	} {
		require.Equal(t, want, looksMinted(value), value)
	}
}

func TestCookiesThatNameNoCustomerAreInnocentByName(t *testing.T) {
	for _, name := range []string{"AWSALB", "AWSALBTGCORS", "BIGipServerpool_web", "SERVERID", "ROUTEID", "_ga", "_ga_X1", "OptanonConsent", "__cf_bm", "cart_hash", "locale"} {
		require.True(t, innocentCookie(name), name)
	}
	for _, name := range []string{"sid", "session", "PHPSESSID", "JSESSIONID", "connect.sid", "__Host-session", "token", "cart", "XSRF-TOKEN", "laravel_session", "TSID"} {
		require.False(t, innocentCookie(name), name)
	}
	for _, i := range innocentCookies() {
		require.NotEmpty(t, i.reason)
	}
}

func TestValuesAreFoundAsWholeWordsAlone(t *testing.T) {
	o := &owners{values: map[string][]value{}, mine: map[string]map[string]bool{}}
	for _, r := range readings(&customer.Customer{
		First: "Zoë", Last: "Å", House: "3", Postcode: "113 45", Phone: "070-174 06 35", Country: "SE", Birthday: "1984-03-07",
	}) {
		o.add("c01", r, true)
	}
	for text, want := range map[string][]customer.Kind{
		"Hi, Zoë!":              {customer.First},
		"Hi, ZOE\u0308":         {customer.First},
		"Zoësson":               nil,
		"3":                     {customer.House},
		"13":                    nil,
		"11345 and 113 45":      {customer.Postcode, customer.Postcode},
		"call +46 70-174 06 35": {customer.Phone},
		"born on 7 March 1984":  {customer.Birthday},
		"born on 07.03.1984":    {customer.Birthday},
		"on 1984-03-08":         nil,
	} {
		words := wordsOf(text)
		var got []customer.Kind
		for _, e := range o.mask(words, o.find(words), "c01") {
			if e.kind != "" {
				got = append(got, e.kind)
			}
		}
		require.Equal(t, want, got, text)
	}
}

func TestASkeletonIsTheSameForEveryCustomerWhoIsShownTheirOwn(t *testing.T) {
	o := &owners{values: map[string][]value{}, mine: map[string]map[string]bool{}}
	for id, first := range map[string]string{"c01": "Zoë", "c02": "Jean Luc"} {
		for _, r := range readings(&customer.Customer{First: first}) {
			o.add(id, r, true)
		}
	}
	skeleton := func(text, who string) string {
		words := wordsOf(text)
		m := o.mask(words, o.find(words), who)
		for i, e := range m {
			if e.kind == customer.First {
				return m.skeleton(i)
			}
		}
		return ""
	}
	require.Equal(t, "hi ⟨first⟩ # items", skeleton("Hi, Zoë! 3 items", "c01"))
	require.Equal(t, "hi ⟨first⟩ # items", skeleton("Hi, Jean-Luc – 12 items", "c02"))
	require.Empty(t, skeleton("Hi, Zoë! 3 items", "c02"))
}
