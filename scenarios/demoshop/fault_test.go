package demoshop_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

func TestParseFaultTakesNamesAndRatesAndNothingElse(t *testing.T) {
	for text, want := range map[string]demoshop.Fault{
		"edge-cache":            {Name: demoshop.EdgeCache, Rate: 1},
		"cached-cookie=0.25":    {Name: demoshop.CachedCookie, Rate: 0.25},
		"shared-variable = 0":   {Name: demoshop.SharedVariable},
		"edge-cache/masked=0.1": {Name: demoshop.EdgeCache, Variant: demoshop.Masked, Rate: 0.1},
	} {
		f, err := demoshop.ParseFault(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, f)
	}
	for text, want := range map[string]string{
		"":                `unknown fault ""`,
		"edge-cahe":       "known: edge-cache, prefilled-checkout, fragment-cache",
		"edge-cache=":     "not a number",
		"edge-cache=1.5":  "not from 0 to 1",
		"edge-cache=NaN":  "not from 0 to 1",
		"edge-cache=-1":   "not from 0 to 1",
		"edge-cache/bold": `unknown variant "bold" (known: plain, masked, encoded, token)`,
	} {
		_, err := demoshop.ParseFault(text)
		assert.ErrorContains(t, err, want, text)
	}
	_, err := demoshop.New(demoshop.Options{Faults: []demoshop.Fault{{Name: "flood"}}})
	assert.ErrorContains(t, err, "open shop: unknown fault")
}

func TestEveryFaultSaysWhatItIs(t *testing.T) {
	for _, i := range demoshop.Faults() {
		assert.NotEmpty(t, i.Incident, i.Name)
		assert.NotEmpty(t, i.Mechanism, i.Name)
		assert.Contains(t, i.Where, "fault_"+strings.ReplaceAll(i.Name, "-", "_")+".go")
		f, err := demoshop.ParseFault(i.Name)
		require.NoError(t, err)
		_, err = demoshop.New(demoshop.Options{Faults: []demoshop.Fault{f}})
		assert.NoError(t, err)
	}
}

// twoCustomers opens a shop with one fault and two accounts.
func twoCustomers(t *testing.T, fault string, rate float64) string {
	o := demoshop.Options{Seed: 7}
	if fault != "" {
		o.Faults = []demoshop.Fault{{Name: fault, Rate: rate}}
	}
	base := open(t, o)
	newClient(t, base).signUp(zoe(), portrait(t, 10))
	newClient(t, base).signUp(jan(), portrait(t, 20))
	return base
}

// level is whether a fault is there, and at what rate.
type level struct {
	name  string
	fault bool
	rate  float64
	leaks bool
}

// levels are a fault on, at a rate of nothing, and not there.
var levels = []level{{"on", true, 1, true}, {"at rate zero", true, 0, false}, {"off", false, 0, false}}

func TestEdgeCacheHandsOnePersonsPagesToTheNextAndToPassersBy(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			base := twoCustomers(t, named(demoshop.EdgeCache, l.fault), l.rate)
			victim, next, nobody := newClient(t, base), newClient(t, base), newClient(t, base)
			victim.signIn(zoe())
			token := login(next, jan())
			victim.get("/api/me")
			assert.Equal(t, l.leaks, strings.Contains(next.api("GET", "/api/me", token, "").body, zoe().email), "an app with a bearer token")
			assert.Equal(t, l.leaks, strings.Contains(nobody.get("/account").body, zoe().email), "a passer-by")
			assert.Equal(t, l.leaks, strings.Contains(nobody.get("/api/me").body, zoe().email), "a passer-by's script")
		})
	}
}

func named(fault string, on bool) string {
	if !on {
		return ""
	}
	return fault
}

func TestCachedCookieMakesTheNextVisitorSomebodyElse(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			base := twoCustomers(t, named(demoshop.CachedCookie, l.fault), l.rate)
			victim, next := newClient(t, base), newClient(t, base)
			next.get("/") // a clean copy of the start page is at the edge
			victim.signIn(zoe())
			victim.get("/")
			visitor := newClient(t, base)
			visitor.get("/")
			assert.Equal(t, l.leaks, strings.Contains(visitor.get("/account").text(), zoe().email))
			assert.Contains(t, victim.get("/account").text(), zoe().email, "the victim notices nothing")
			assert.Contains(t, visitor.signIn(jan()).text(), jan().email, "signing in ends it for the visitor")
			victim.get("/account").press("Sign out", nil)
			late := newClient(t, base)
			late.get("/")
			assert.Equal(t, l.leaks, strings.Contains(late.get("/account").text(), zoe().email), "after the victim has signed out")
		})
	}
}

func TestSharedVariableAnswersWithWhoeverAskedLast(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			base := twoCustomers(t, named(demoshop.SharedVariable, l.fault), l.rate)
			a, b := newClient(t, base), newClient(t, base)
			ta, tb := login(a, zoe()), login(b, jan())
			assert.Contains(t, a.api("GET", "/api/me", ta, "").body, zoe().email, "one at a time, all is well")
			assert.Equal(t, l.leaks, mixedUp(a, b, ta, tb))
		})
	}
}

// mixedUp says whether, in some of many rounds, one of two customers who ask
// at the same moment is answered with the other's data.
func mixedUp(a, b *client, ta, tb string) bool {
	for range 20 {
		var sa, sb string
		var both sync.WaitGroup
		both.Go(func() { sa = a.api(http.MethodGet, "/api/me", ta, "").body })
		both.Go(func() { sb = b.api(http.MethodGet, "/api/me", tb, "").body })
		both.Wait()
		if strings.Contains(sa, jan().email) || strings.Contains(sb, zoe().email) {
			return true
		}
	}
	return false
}

func TestTheSeedDecidesWhichOpportunitiesAFaultTakes(t *testing.T) {
	run := func(seed uint64) string {
		base := open(t, demoshop.Options{Seed: seed, Faults: []demoshop.Fault{{Name: demoshop.EdgeCache, Rate: 0.5}}})
		c, nobody := newClient(t, base), newClient(t, base)
		c.signUp(zoe(), nil)
		var out strings.Builder
		for range 12 { // each its own address, by which somebody else comes once
			path := "/api/me?" + strings.Repeat("x", out.Len()+1)
			c.get(path)
			out.WriteString(nobody.get(path).header.Get("X-Cache")[:1])
		}
		return out.String()
	}
	first := run(1)
	assert.Equal(t, first, run(1))
	assert.Contains(t, first, "H")
	assert.Contains(t, first, "P")
	assert.NotEqual(t, first, run(2))
}
