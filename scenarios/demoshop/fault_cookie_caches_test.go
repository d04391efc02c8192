package demoshop_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

func TestACachedPageGivesTheNextVisitorOneCookieOfSomebodys(t *testing.T) {
	ofEach(t, sides, func(t *testing.T, v demoshop.Variant, l level) {
		base := spoiled(t, demoshop.CachedCookie, v, l)
		victim, visitor := newClient(t, base), newClient(t, base)
		victim.signIn(zoe())
		victim.get("/")
		visitor.get("/")
		held := visitor.jar()
		for part, name := range keepsakes {
			assert.Equal(t, l.leaks && part == v, held[name] == victim.jar()[name], name)
		}
		assert.NotContains(t, held, "sid")
		assert.NotContains(t, visitor.get("/account").text(), zoe().email, "it says nothing of who asks")
		visitor.signIn(jan())
		onlyThatPart(t, victim, visitor, v, false) // signing in ends it
	})
}

func TestACacheThatKnowsCookiesAloneGivesOneAppsAnswersToAnother(t *testing.T) {
	ofEach(t, demoshop.Variants(), func(t *testing.T, v demoshop.Variant, l level) {
		base := spoiled(t, demoshop.CookielessCache, v, l)
		a, b, browser := newClient(t, base), newClient(t, base), newClient(t, base)
		ta, tb := login(a, zoe()), login(b, jan())
		browser.signIn(jan())
		for part, path := range coalescedCalls {
			leaks := l.leaks && (part == v || v == demoshop.Plain)
			theirs := a.api("GET", path, ta, "").body
			assert.Equal(t, leaks, theirs == b.api("GET", path, tb, "").body, path)
			assert.NotEqual(t, theirs, browser.get(path).body, "whoever has a cookie sees nothing wrong: %s", path)
		}
	})
}

func TestACacheThatKnowsCookiesAloneGivesFirstVisitorsOneSession(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			base := spoiled(t, demoshop.CookielessCache, demoshop.Plain, l)
			a, b := newClient(t, base), newClient(t, base)
			a.get("/sign-in")
			b.get("/sign-in")
			require.NotEmpty(t, a.jar()["sid"])
			assert.Equal(t, l.leaks, a.jar()["sid"] == b.jar()["sid"])
			a.get("/products/101").press("Add to basket", nil)
			assert.Equal(t, l.leaks, strings.Contains(b.get("/basket").text(), "Basket 1"), "and so one basket")
		})
	}
}

func TestAPublicPageThatIsKeptForAllIsInTheFirstOnesLanguageAndPrices(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			o := demoshop.Options{}
			if l.fault {
				o.Faults = []demoshop.Fault{{Name: demoshop.WrongVariant, Rate: l.rate}}
			}
			base := open(t, o)
			ask := func(language string) string {
				r, err := http.NewRequest("GET", base+"/products", nil)
				require.NoError(t, err)
				r.Header.Set("Accept-Language", language)
				return newClient(t, base).do(r).text()
			}
			swedish := ask("sv-SE")
			require.Contains(t, swedish, " kr")
			assert.Equal(t, l.leaks, strings.Contains(ask("pl-PL"), " kr"))
			assert.Equal(t, !l.leaks, strings.Contains(ask("pl-PL"), " zł"))
		})
	}
}
