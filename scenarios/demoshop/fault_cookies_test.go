package demoshop_test

import (
	"maps"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// jar is what a client's cookies hold now, by name.
func (c *client) jar() map[string]string {
	u, err := url.Parse(c.base)
	require.NoError(c.t, err)
	out := map[string]string{}
	for _, k := range c.http.Jar.Cookies(u) {
		out[k.Name] = k.Value
	}
	return out
}

// keepsakes name the cookie of each variant's part.
var keepsakes = map[demoshop.Variant]string{
	demoshop.Masked: "receipts", demoshop.Encoded: "profile", demoshop.Token: "member",
}

// spoiled opens a shop with one fault of one variant, and two accounts in it.
func spoiled(t *testing.T, fault string, v demoshop.Variant, l level) string {
	o := demoshop.Options{Seed: 7}
	if l.fault {
		o.Faults = []demoshop.Fault{{Name: fault, Variant: v, Rate: l.rate}}
	}
	base := open(t, o)
	newClient(t, base).signUp(zoe(), nil)
	newClient(t, base).signUp(jan(), nil)
	return base
}

// ofEach runs a test for each variant at each level.
func ofEach(t *testing.T, variants []demoshop.Variant, test func(*testing.T, demoshop.Variant, level)) {
	for _, v := range variants {
		for _, l := range levels {
			t.Run(string(v)+" "+l.name, func(t *testing.T) { test(t, v, l) })
		}
	}
}

// sides are the variants that hand over a cookie which is not the session's.
var sides = []demoshop.Variant{demoshop.Masked, demoshop.Encoded, demoshop.Token}

func TestABrowserKeepsThreeCookiesOfItsCustomerUntilTheySignOut(t *testing.T) {
	base := twoCustomers(t, "", 0)
	c, other := newClient(t, base), newClient(t, base)
	c.signIn(zoe())
	other.signIn(jan())
	held := c.jar()
	receipts, err := url.PathUnescape(held["receipts"])
	require.NoError(t, err)
	assert.Equal(t, "z****e@one.example •••• 0601", receipts)
	for _, name := range keepsakes {
		assert.NotEmpty(t, held[name], name)
		assert.NotEqual(t, other.jar()[name], held[name], name)
	}
	c.get("/account").press("Sign out", nil)
	assert.Empty(t, c.jar())
	other.get("/account").follow("Delete account").press("Delete for good", map[string]string{"Password": password})
	for _, name := range keepsakes {
		assert.NotContains(t, other.jar(), name)
	}
}

// withinOneSecond signs two customers in, the first and then the second, so
// often that once both did within one second of the clock.
func withinOneSecond(first, second *client) {
	for range 20 {
		began := time.Now().Unix()
		first.signIn(zoe())
		second.signIn(jan())
		if time.Now().Unix() == began {
			return
		}
	}
}

func TestTwoWhoSignInWithinOneSecondShareASession(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			base := spoiled(t, demoshop.SessionCollision, demoshop.Plain, l)
			a, b := newClient(t, base), newClient(t, base)
			withinOneSecond(a, b)
			assert.Equal(t, l.leaks, a.jar()["sid"] == b.jar()["sid"])
			assert.Equal(t, l.leaks, strings.Contains(a.get("/account").text(), jan().email), "the last one's session stands")
			assert.Contains(t, b.get("/account").text(), jan().email)
			a.get("/account").press("Sign out", nil)
			assert.Equal(t, l.leaks, !strings.Contains(b.get("/account").text(), jan().email), "and ends for both")
		})
	}
}

func TestTwoWhoSignInWithinOneSecondShareOneCookieOfTheirRecord(t *testing.T) {
	ofEach(t, sides, func(t *testing.T, v demoshop.Variant, l level) {
		base := spoiled(t, demoshop.SessionCollision, v, l)
		a, b := newClient(t, base), newClient(t, base)
		withinOneSecond(a, b)
		onlyThatPart(t, a, b, v, l.leaks)
	})
}

// onlyThatPart holds the jars of two against each other: they share the cookie
// of one variant, if any, and each is themselves on every page.
func onlyThatPart(t *testing.T, a, b *client, v demoshop.Variant, shared bool) {
	ja, jb := a.jar(), b.jar()
	for part, name := range keepsakes {
		require.NotEmpty(t, ja[name], name)
		assert.Equal(t, shared && part == v, ja[name] == jb[name], name)
	}
	assert.NotEqual(t, ja["sid"], jb["sid"])
	assert.Contains(t, a.get("/account").text(), zoe().email)
	assert.NotContains(t, a.get("/account").body, jan().email)
	assert.Contains(t, b.get("/account").text(), jan().email)
	assert.NotContains(t, b.get("/account").body, zoe().email)
}

// afterTheReport lets a customer's request fail, and another visit pages until
// the late write of the failed one has come to one of theirs, or would have.
func afterTheReport(a, b *client, leaks bool) {
	patience := 400 * time.Millisecond // for what must not come
	if leaks {
		patience = 9 * time.Second
	}
	a.signIn(zoe())
	b.signIn(jan())
	a.get("/nothing-here")
	before := b.jar()
	for end := time.Now().Add(patience); time.Now().Before(end) && maps.Equal(before, b.jar()); {
		b.get("/basket")
	}
}

func TestTheRequestAfterAFailedOneIsSentItsSession(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			base := spoiled(t, demoshop.RecycledRequest, demoshop.Plain, l)
			a, b := newClient(t, base), newClient(t, base)
			afterTheReport(a, b, l.leaks)
			assert.Equal(t, l.leaks, a.jar()["sid"] == b.jar()["sid"])
			assert.Equal(t, l.leaks, strings.Contains(b.get("/account").text(), zoe().email), "everything afterwards is the other's")
			assert.Contains(t, a.get("/account").text(), zoe().email, "who notices nothing")
		})
	}
}

func TestTheRequestAfterAFailedOneIsSentOneOfItsCookies(t *testing.T) {
	ofEach(t, sides, func(t *testing.T, v demoshop.Variant, l level) {
		t.Parallel() // most of it is waiting
		base := spoiled(t, demoshop.RecycledRequest, v, l)
		a, b := newClient(t, base), newClient(t, base)
		afterTheReport(a, b, l.leaks)
		onlyThatPart(t, a, b, v, l.leaks)
	})
}

// coalescedCalls are what is coalesced in each variant.
var coalescedCalls = map[demoshop.Variant]string{
	demoshop.Plain: "/api/me", demoshop.Masked: "/api/wallet", demoshop.Encoded: "/api/passport", demoshop.Token: "/api/member",
}

// together has all clients ask at once.
func together(ask ...func()) {
	var all sync.WaitGroup
	for _, one := range ask {
		all.Go(one)
	}
	all.Wait()
}

func TestCallsThatArriveTogetherAreAnsweredWithTheFirstOnes(t *testing.T) {
	ofEach(t, demoshop.Variants(), func(t *testing.T, v demoshop.Variant, l level) {
		t.Parallel() // most of it is waiting
		base := spoiled(t, demoshop.CoalescedRequest, v, l)
		a, b := newClient(t, base), newClient(t, base)
		ta, tb := login(a, zoe()), login(b, jan())
		ask := func(path string) (sa, sb string) {
			together(func() { sa = a.api("GET", path, ta, "").body }, func() { sb = b.api("GET", path, tb, "").body })
			return sa, sb
		}
		mixed := false
		for tries := 0; tries == 0 || tries < 5 && l.leaks && !mixed; tries++ { // where a busy machine let them not meet
			sa, sb := ask(coalescedCalls[v])
			mixed = sa == sb
		}
		assert.Equal(t, l.leaks, mixed)
		for part, path := range coalescedCalls {
			if sa, sb := ask(path); part != v && v != demoshop.Plain {
				assert.NotEqual(t, sa, sb, path)
			}
		}
	})
}

func TestFirstVisitsThatArriveTogetherAreGivenOneSession(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel() // most of it is waiting
			base := spoiled(t, demoshop.CoalescedRequest, demoshop.Plain, l)
			shared := false
			for tries := 0; tries < 2 || tries < 5 && l.leaks && !shared; tries++ { // where a busy machine let them not meet
				a, b := newClient(t, base), newClient(t, base)
				together(func() { a.get("/sign-in") }, func() { b.get("/sign-in") })
				require.NotEmpty(t, a.jar()["sid"])
				shared = shared || a.jar()["sid"] == b.jar()["sid"]
			}
			assert.Equal(t, l.leaks, shared)
		})
	}
}

func TestARefusalIsNotHandedToThoseWhoWait(t *testing.T) {
	base := spoiled(t, demoshop.CoalescedRequest, demoshop.Plain, levels[0])
	nobody, b := newClient(t, base), newClient(t, base)
	token := login(b, jan())
	for range 3 {
		together(
			func() { nobody.api("GET", "/api/me", "", "") },
			func() { assert.Contains(t, b.api("GET", "/api/me", token, "").body, jan().email) },
		)
	}
}
