package demoshop

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryKeptNameIsSaidByTheScenario(t *testing.T) {
	src, err := os.ReadFile("../checkout.yaml")
	require.NoError(t, err)
	for _, name := range kept() {
		if name == "healthz" || name == "flush" {
			continue
		}
		said := regexp.MustCompile(`(/|#|\$\.|[{ ])` + name + `\b`)
		assert.Regexp(t, said, string(src), "nothing needs it: let rename mode have it")
	}
}

func TestNamesAreReplacedWhereTheyAreWrittenWithATilde(t *testing.T) {
	n := newNames(4)
	for source, want := range map[string]string{
		"":                     "",
		"no names":             "no names",
		"~":                    "~",
		"~ a":                  "~ a",
		"a~~x":                 "a~" + n.of("x"),
		".~bar .~mini-basket{": "." + n.of("bar") + " ." + n.of("mini-basket") + "{",
		"/~account/~delete":    "/account/" + n.of("delete"),
		"~pair-":               n.of("pair") + "-",
		"~a_b~c":               n.of("a_b") + n.of("c"),
	} {
		assert.Equal(t, want, n.text(source), source)
	}
	assert.Equal(t, "/account/delete mini-basket", newNames(0).text("/~account/~delete ~mini-basket"))
}

func FuzzWhatClientsSendNeverBreaksTheShop(f *testing.F) {
	for _, s := range []string{"sv-SE,sv;q=0.9", "12/39", "4242424242424242", "public, s-maxage=\"9\"", "*", "~x~"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		marketOf(countryOf(s)).show(len(s))
		inFuture(s, time.Unix(0, 0))
		if luhn(s) && len(s) > 19 {
			t.Errorf("%q passes as a card", s)
		}
		number(s)
		a := answer{header: lines("Cache-Control: " + s + "\nVary: " + s)}
		a.storable()
		if got := newNames(0).text(s); strings.Count(got, "~") > strings.Count(s, "~") {
			t.Errorf("%q became %q", s, got)
		}
	})
}
