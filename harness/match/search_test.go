package match_test

import (
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/match"
)

func newIndex(t testing.TB, values ...string) *match.Index {
	t.Helper()
	patterns := make([]match.Pattern, len(values))
	for i, v := range values {
		patterns[i] = match.Pattern{ID: i, Text: v}
	}
	x, err := match.New(patterns)
	require.NoError(t, err)
	return x
}

func TestSearchFindsAValueInEverySpelling(t *testing.T) {
	x := newIndex(t, "Zoë Trembaczyk")
	for _, c := range []struct {
		body    string
		decoded []string
	}{
		{"Hi, Zoë Trembaczyk!", nil},
		{"Hi, ZOË TREMBACZYK!", []string{"fold"}},
		{"Hi, Zoe Trembaczyk!", []string{"fold"}},
		{"Hi, Zoe\u0308 Trembaczyk!", []string{"fold"}},
		{"zoe-trembaczyk.html", []string{"fold"}},
		{`{"n":"Zo\u00eb Trembaczyk"}`, []string{"json"}},
		{`{"html":"Zo\u0026euml; Trembaczyk"}`, []string{"json", "entity"}},
		{"Zo&euml;&nbsp;Trembaczyk", []string{"entity", "fold"}},
		{"?q=Zo%C3%AB%20Trembaczyk&x", []string{"percent"}},
		{"?q=Zo%C3%AB+Trembaczyk&x", []string{"percent", "fold"}},
		{"?q=Zo%25C3%25AB%2520Trembaczyk", []string{"percent"}},
		{"Ms. Zoë  \n Trembaczyk", []string{"fold"}},
		{"NameZoë TrembaczykSign out", nil},
		{"42Zoë Trembaczyk1", nil},
		{"Zo\xeb Trembaczyk", nil},
	} {
		hits := x.SearchText(c.body)
		if assert.Len(t, hits, 1, c.body) {
			assert.Equal(t, c.decoded, hits[0].Decoded, c.body)
		}
	}
}

func TestSearchDoesNotFindPartsOfOtherWords(t *testing.T) {
	x := newIndex(t, "Anna Bergman", "Storgatan 12", "12 Elm Street", "070-174 06 35")
	for _, body := range []string{
		"Hanna Bergman", "Anna Bergmann", "Storgatan 123", "112 Elm Street", "12 Elm Streets",
		"Anna" + strings.Repeat(" . ", 100) + "Bergman", "annabergma",
		"070-174 06 355", "1070-174 06 35", "070-174,06,35", `070-174","06 35`, "99990701740635", "999999701740635",
	} {
		assert.Empty(t, x.SearchText(body), body)
	}
}

func TestSearchFindsTokensInsideLongerWords(t *testing.T) {
	x := newIndex(t, "nobirafeluvamo")
	assert.Len(t, x.SearchText("sessnobirafeluvamoabc"), 1)
}

func TestSearchFindsTelephoneNumbersInEveryForm(t *testing.T) {
	for _, number := range []string{"070-174 06 35", "+46 70 174 06 35", "+46701740635", "0046 70-1740635", "0701740635"} {
		x := newIndex(t, number)
		for _, body := range []string{
			"070-174 06 35", "0701740635", "tel:+46701740635", "+46 (0)70-174 06 35", "0046 70 174 06 35",
			"call 070/174.06.35 now", "+46%2070%20174", "{\"phone\":\"+46701740635\"}", "070&nbsp;174&nbsp;06&nbsp;35",
			"phone=%2B46701740635&x=1", "12 070-174 06 35 2024", "46701740635",
		} {
			if body == "+46%2070%20174" {
				assert.Empty(t, x.SearchText(body))
				continue
			}
			assert.Len(t, x.SearchText(body), 1, "%s in %s", number, body)
		}
	}
	us := newIndex(t, "(212) 555-0147")
	for _, body := range []string{"212-555-0147", "+1 (212) 555-0147", "12125550147", "2125550147", "212.555.0147"} {
		assert.Len(t, us.SearchText(body), 1, body)
	}
	assert.Empty(t, us.SearchText("99212-555-0147"))
	assert.Empty(t, newIndex(t, "1234567890").SearchText("+11234567890"), "an order number is no telephone number")
}

func TestNewRefusesValuesThatWouldBeFoundEverywhere(t *testing.T) {
	_, err := match.New([]match.Pattern{{ID: 7, Text: "Zoë B."}})
	require.ErrorContains(t, err, "pattern 7")
	x, err := match.New(nil)
	require.NoError(t, err)
	assert.Empty(t, x.Search("text/html", []byte("anything")))
}

func TestHitsSayWhereTheyStand(t *testing.T) {
	const name = "Zoë Trembaczyk"
	for _, c := range []struct{ mediaType, body, where, raw string }{
		{"application/json", `{"user":{"name":"Zo\u00eb Trembaczyk"}}`, "$.user.name", `Zo\u00eb Trembaczyk`},
		{"application/json", `[{"n":1},{"n":"Zoe Trembaczyk"}]`, "$[*].n", "Zoe Trembaczyk"},
		{"application/json", `{"Zoë Trembaczyk":1}`, "$.{}@key", name},
		{"text/html; charset=utf-8", `<body><header><a class="account x1" href="/a">Zo&euml; Trembaczyk</a>`, "header>a.account", "Zo&euml; Trembaczyk"},
		{"text/html", `<main id=me><form><input id="f1" class=big value='Zoë Trembaczyk'>`, "main#me>form>input.big@value", name},
		{"text/html", `<p>Hi <b>Zo</b>ë <i>Trembaczyk</i></p>`, "p>b", "Zo</b>ë <i>Trembaczyk"},
		{"text/html", `<!-- cached for Zoë Trembaczyk -->`, "#comment", name},
		{"text/html", `<script>let s = {"user":{"name":"Zoë Trembaczyk"}};</script>`, "script$.user.name", name},
		{"text/html", `<script id="__DATA__" type="application/json">{"name":"Zoë Trembaczyk"}</script>`, "script#__DATA__$.name", name},
		{"text/html", `<script>greet('Zoë Trembaczyk')</script>`, "script", name},
		{"application/x-www-form-urlencoded", `a=1&name=Zo%C3%AB+Trembaczyk`, "name", "Zo%C3%AB+Trembaczyk"},
		{match.SegmentsType, `[{"where":"h1","text":"Hi"},{"where":"h1.greet","text":"Zoë Trembaczyk"}]`, "h1.greet", name},
		{match.SegmentsType, `[{"where":"h1>b","text":"Zo"},{"where":"h1","text":"ë Trembaczyk"}]`, "h1>b", `Zo"},{"where":"h1","text":"ë Trembaczyk`},
		{"text/plain", "Zoë Trembaczyk", "", name},
		{"", `{"name":"Zoë Trembaczyk"}`, "$.name", name},
		{"application/json", ")]}',\n" + `{"name":"Zoë Trembaczyk"}`, "$.name", name},
		{"application/json", `{"a":{"name":"Zoë Trembaczyk"},`, "$.a.name", name},
	} {
		hits := newIndex(t, name).Search(c.mediaType, []byte(c.body))
		if assert.Len(t, hits, 1, c.body) {
			assert.Equal(t, c.where, hits[0].Where, c.body)
			assert.Equal(t, c.raw, c.body[hits[0].Start:hits[0].End], c.body)
		}
	}
}

func TestSplitValuesSayThatTheyWereSplit(t *testing.T) {
	hits := newIndex(t, "Zoë Trembaczyk").Search("text/html", []byte(`<p><b>Zo</b>&euml; Trembaczyk</p>`))
	require.Len(t, hits, 1)
	assert.Equal(t, []string{"split", "entity"}, hits[0].Decoded)
	assert.Empty(t, newIndex(t, "Zoë Trembaczyk").Search("text/html", []byte(`<p>Zoë</p><p>Trembaczyk</p>`)),
		"blocks are not one text")
}

func TestABodyFullOfOneValueDoesNotHideAnother(t *testing.T) {
	x := newIndex(t, "Zoë Trembaczyk", "motegopisufohume")
	hits := x.Search("text/plain", []byte(strings.Repeat("Zoë Trembaczyk, ", 5000)+"motegopisufohume"))
	assert.Len(t, hits, match.MaxRepeats+1)
	assert.Equal(t, 1, hits[len(hits)-1].ID)
}

// spellings are ways in which a shop may show a value; each must be found.
func spellings(value string, r *rand.Rand) string {
	quoted, _ := json.Marshal(value)
	ways := []string{
		value, strings.ToUpper(value), strings.ToLower(value), html.EscapeString(value), url.QueryEscape(value),
		url.PathEscape(value), string(quoted), fmt.Sprintf("%+q", value), strings.ReplaceAll(value, " ", "\u00a0"),
		url.QueryEscape(url.QueryEscape(value)),
	}
	return ways[r.IntN(len(ways))]
}

func FuzzSearchFindsExactlyWhatIsPlanted(f *testing.F) {
	f.Add(uint64(1), "<p>some page</p>", "and its end")
	f.Add(uint64(2), `{"a":"`, `"}`)
	f.Add(uint64(3), "%", "%41")
	f.Add(uint64(4), "\\", "&amp;")
	values := []string{"Zoë Trembaczyk", "m.svekreskamnaz9j@c001.shop-test.example", "Łąkowa Śpiewna 117", "motegopisufohume", "070-174 06 35"}
	x := newIndex(f, values...)
	f.Fuzz(func(t *testing.T, seed uint64, before, after string) {
		r := rand.New(rand.NewPCG(seed, 0))
		id := r.IntN(len(values))
		// What stands next to a value must not melt with it: a letter makes
		// another word, a backslash or percent sign eats its beginning.
		body := before + " | " + spellings(values[id], r) + " | " + after
		if !found(x.SearchText(body), id) {
			t.Fatalf("seed %d: %q is not found in %q", seed, values[id], body)
		}
		for _, mediaType := range []string{"text/html", "application/json", "text/plain", match.SegmentsType} {
			hits := x.Search(mediaType, []byte(body))
			if !found(hits, id) {
				t.Fatalf("seed %d: %q is not found in %s %q", seed, values[id], mediaType, body)
			}
			checkHits(t, values, body, hits)
		}
	})
}

func found(hits []match.Hit, id int) bool {
	for _, h := range hits {
		if h.ID == id {
			return true
		}
	}
	return false
}

// checkHits proves that what was found is there.
func checkHits(t *testing.T, values []string, body string, hits []match.Hit) {
	t.Helper()
	for _, h := range hits {
		if h.Start < 0 || h.Start >= h.End || h.End > len(body) {
			t.Fatalf("hit %+v outside of %d bytes", h, len(body))
		}
		if len(h.Decoded) > 0 && h.Decoded[0] == match.DecodedSplit {
			continue
		}
		key, raw := match.Key(values[h.ID]), match.Key(body[h.Start:h.End])
		if digits := match.Digits(values[h.ID]); len(digits) == 10 && strings.HasSuffix(raw, digits[1:]) {
			continue
		}
		if raw != key {
			t.Fatalf("hit %+v: %q folds to %q, not %q", h, body[h.Start:h.End], raw, key)
		}
	}
}
