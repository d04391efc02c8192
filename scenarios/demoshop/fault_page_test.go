package demoshop_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// pageKnown is what a shop shows of one customer, by the variant that lets it go
// astray.
type pageKnown map[demoshop.Variant]string

// pageKnownOf asks the shop what it shows of whoever has this token.
func pageKnownOf(c *client, token string) pageKnown {
	var me struct {
		Email, Passport, Member string
		Wallet                  struct{ Receipts string }
	}
	require.NoError(c.t, json.Unmarshal([]byte(c.api(http.MethodGet, "/api/me", token, "").body), &me))
	return pageKnown{demoshop.Plain: me.Email, demoshop.Masked: me.Wallet.Receipts, demoshop.Encoded: me.Passport, demoshop.Token: me.Member}
}

// in lists what of somebody's a text has in it; what stands in scripts of a
// page is read as the script reads it.
func (k pageKnown) in(text string) []demoshop.Variant {
	text = strings.NewReplacer(`\u0022`, `"`, `\u002d`, "-", `\u002a`, "*", `\u0040`, "@", "&#43;", "+").Replace(text)
	var out []demoshop.Variant
	for _, v := range demoshop.Variants() {
		if strings.Contains(text, k[v]) {
			out = append(out, v)
		}
	}
	return out
}

// pageLevels are the levels of a fault in each of its variants.
func pageLevels(fault string, try func(t *testing.T, faults []demoshop.Fault, want []demoshop.Variant)) func(*testing.T) {
	return func(t *testing.T) {
		for _, v := range demoshop.Variants() {
			astray := []demoshop.Variant{v}
			if v == demoshop.Plain {
				astray = demoshop.Variants()
			}
			t.Run(string(v), func(t *testing.T) { try(t, []demoshop.Fault{{Name: fault, Variant: v, Rate: 1}}, astray) })
			t.Run(fmt.Sprint(v, " at rate zero"), func(t *testing.T) { try(t, []demoshop.Fault{{Name: fault, Variant: v}}, nil) })
		}
		t.Run("off", func(t *testing.T) { try(t, nil, nil) })
	}
}

// pageTwo opens a shop and has two customers' apps and browsers sign in, the
// first of whom is the victim.
func pageTwo(t *testing.T, faults []demoshop.Fault) (victim, next *client, of pageKnown) {
	base := open(t, demoshop.Options{Seed: 7, Faults: faults})
	newClient(t, base).signUp(zoe(), portrait(t, 10))
	newClient(t, base).signUp(jan(), portrait(t, 20))
	victim, next = newClient(t, base), newClient(t, base)
	token := login(victim, zoe())
	victim.signIn(zoe())
	next.signIn(jan())
	return victim, next, pageKnownOf(victim, token)
}

func TestEdgeCacheLetsOneCallGoAstrayAndNothingElse(t *testing.T) {
	pageLevels(demoshop.EdgeCache, func(t *testing.T, faults []demoshop.Fault, want []demoshop.Variant) {
		victim, next, of := pageTwo(t, faults)
		var shown []demoshop.Variant
		for _, path := range []string{"/account", "/orders", "/basket", "/api/me", "/api/wallet", "/api/passport", "/api/member"} {
			victim.get(path)
			got := of.in(next.get(path).body)
			if path == "/api/me" || len(want) == 1 {
				shown = append(shown, got...)
			}
		}
		assert.ElementsMatch(t, want, shown)
	})(t)
}

func TestFragmentCachePutsOnePersonsHeaderOnTheNextOnesPages(t *testing.T) {
	pageLevels(demoshop.FragmentCache, func(t *testing.T, faults []demoshop.Fault, want []demoshop.Variant) {
		victim, next, of := pageTwo(t, faults)
		newClient(t, victim.base).get("/fragments/header") // that of nobody is not kept
		mine := victim.get("/fragments/header").body
		assert.Contains(t, mine, "Hi, "+zoe().first)
		assert.ElementsMatch(t, []demoshop.Variant{demoshop.Masked, demoshop.Encoded, demoshop.Token}, of.in(mine), "each is shown what is theirs")
		for _, c := range []*client{next, newClient(t, victim.base)} {
			header := c.get("/fragments/header").body
			assert.ElementsMatch(t, but(want, demoshop.Plain), of.in(header))
			assert.Equal(t, len(want) == 4, strings.Contains(header, "Hi, "+zoe().first))
		}
		assert.NotEmpty(t, of.in(victim.get("/fragments/header").body), "the victim notices nothing")
	})(t)
}

// but is a list without one of it.
func but(all []demoshop.Variant, one demoshop.Variant) []demoshop.Variant {
	return slices.DeleteFunc(slices.Clone(all), func(v demoshop.Variant) bool { return v == one })
}

func TestInlineStateTellsScriptsOfAnotherOfTheSameGroupAndNobodySeesIt(t *testing.T) {
	pageLevels(demoshop.InlineState, func(t *testing.T, faults []demoshop.Fault, want []demoshop.Variant) {
		victim, next, of := pageTwo(t, faults)
		for _, path := range []string{"/basket", "/account", "/orders"} {
			victim.get(path)
			page := next.get(path)
			state := page.byID("page-state")
			require.NotNil(t, state, "pages have a state for scripts")
			script := state.FirstChild.Data
			assert.ElementsMatch(t, but(want, demoshop.Plain), of.in(script))
			assert.Equal(t, len(want) == 4, strings.Contains(script, zoe().last))
			assert.Empty(t, of.in(page.text()), "nobody sees it")
			assert.NotContains(t, page.text(), zoe().last)
		}
		nobody := newClient(t, victim.base)
		assert.Empty(t, of.in(nobody.get("/basket").body), "who is not signed in has no group")
	})(t)
}

func TestInlineStateStaysWithinAGroup(t *testing.T) {
	base := open(t, demoshop.Options{Seed: 7, Faults: []demoshop.Fault{{Name: demoshop.InlineState, Rate: 1}}})
	private, business := newClient(t, base), newClient(t, base)
	business.signUp(zoe(), nil)
	fields := jan().fields()
	fields["Password"] = password
	private.get("/sign-up").press("Create account", fields)
	business.get("/orders")
	assert.NotContains(t, private.get("/orders").body, zoe().last)
	assert.NotContains(t, business.get("/orders").body, jan().last)
}

// checkoutAsGuest puts an article into a basket, orders it without an account,
// and comes back to the checkout.
func (c *client) checkoutAsGuest(p person) *screen {
	c.t.Helper()
	form := c.get("/products/101").press("Add to basket", nil).follow("Go to checkout")
	fields := card(p)
	for label, value := range p.fields() {
		fields[label] = value
	}
	done := form.press("Pay now", fields)
	require.Contains(c.t, done.text(), "Thank you")
	return done.press("Order again", nil)
}

func TestAGuestsCheckoutRemembersThemInTheirOwnSessionOnly(t *testing.T) {
	base := open(t, demoshop.Options{})
	guest, other := newClient(t, base), newClient(t, base)
	form := guest.checkoutAsGuest(zoe())
	assert.Equal(t, zoe().email, form.value("E-mail"))
	assert.Equal(t, zoe().street, form.value("Street"))
	assert.Contains(t, form.text(), "z****e@one.example")
	refused := form.press("Pay now", map[string]string{"Card number": "1", "Street": "Ny väg"})
	assert.Contains(t, refused.text(), "This is not a card number")
	assert.Equal(t, "Ny väg", guest.get("/checkout").value("Street"), "an attempt that was refused is remembered too")
	fresh := other.get("/products/101").press("Add to basket", nil).follow("Go to checkout")
	assert.Empty(t, fresh.value("E-mail"))
	assert.NotContains(t, fresh.text(), "Receipts")
	guest.signUp(jan(), nil)
	assert.Equal(t, jan().email, guest.get("/checkout").value("E-mail"), "an account's own address goes before a guest's")
}

func TestPrefilledCheckoutShowsGuestsTheAddressOfTheOneBefore(t *testing.T) {
	pageLevels(demoshop.PrefilledCheckout, func(t *testing.T, faults []demoshop.Fault, want []demoshop.Variant) {
		base := open(t, demoshop.Options{Seed: 7, Faults: faults})
		victim, next := newClient(t, base), newClient(t, base)
		form := victim.checkoutAsGuest(zoe())
		panel := attr(form.byID("receipts-title").Parent, "data-passport")
		of := pageKnown{
			demoshop.Plain: zoe().email, demoshop.Masked: "z****e@one.example",
			demoshop.Encoded: panel, demoshop.Token: words(form.byID("receipts-title").Parent.LastChild.PrevSibling),
		}
		of[demoshop.Token] = strings.TrimPrefix(of[demoshop.Token], "Member key ")
		require.Len(t, of[demoshop.Token], 24)
		checkout := next.get("/products/102").press("Add to basket", nil).follow("Go to checkout")
		assert.ElementsMatch(t, want, of.in(checkout.body))
		again := next.checkoutAsGuest(jan())
		assert.ElementsMatch(t, want, of.in(again.body), "somebody the shop remembers is shown the other as well")
		assert.Equal(t, len(want) != 4, again.value("E-mail") == jan().email)
		member := newClient(t, base)
		member.signUp(jan(), nil)
		member.get("/products/102").press("Add to basket", nil)
		assert.Empty(t, of.in(member.get("/checkout").body), "who has an account is not answered from this cache")
	})(t)
}

// pictures are the small pictures of an app, by the variant that lets the next
// app have them.
func pictures() map[demoshop.Variant]string {
	return map[demoshop.Variant]string{
		demoshop.Plain: "portrait", demoshop.Masked: "wallet", demoshop.Encoded: "passport", demoshop.Token: "member",
	}
}

func TestSharedThumbnailAnswersBySizeWhoeverAsks(t *testing.T) {
	pageLevels(demoshop.SharedThumbnail, func(t *testing.T, faults []demoshop.Fault, want []demoshop.Variant) {
		victim, next, of := pageTwo(t, faults)
		token := login(next, jan())
		of[demoshop.Plain] = string(portrait(t, 10))
		for v, name := range pictures() {
			path := "/api/pictures/96/" + name
			mine := victim.get(path)
			assert.Equal(t, []demoshop.Variant{v}, of.in(mine.body), "a picture shows one part of its own customer")
			theirs := next.api(http.MethodGet, path, token, "")
			assert.Equal(t, slices.Contains(want, v), len(of.in(theirs.body)) == 1, name)
			assert.Equal(t, mine.header.Get("Content-Type"), theirs.header.Get("Content-Type"))
		}
		victim.get("/account/picture?side=96")
		assert.Equal(t, slices.Contains(want, demoshop.Plain), of.in(next.get("/account/picture?side=96").body) != nil)
		assert.Empty(t, of.in(next.get("/account/picture").body), "what is not made smaller is not kept")
		assert.Empty(t, of.in(next.get("/account").body))
	})(t)
}

func TestPicturesAreMadeSmallerAndNeverLarger(t *testing.T) {
	c := newClient(t, open(t, demoshop.Options{}))
	c.signUp(zoe(), portrait(t, 10))
	assert.Equal(t, string(portrait(t, 10)), c.get("/account/picture?side=16").body, "it is 8 pixels wide")
	var large bytes.Buffer
	require.NoError(t, png.Encode(&large, image.NewGray(image.Rect(0, 0, 60, 30))))
	c.get("/account").press("Upload", nil, large.Bytes()...)
	small, err := png.DecodeConfig(strings.NewReader(c.get("/account/picture?side=20").body))
	require.NoError(t, err)
	assert.Equal(t, []int{20, 10}, []int{small.Width, small.Height})
	for _, side := range []string{"0", "9999", "x", ""} {
		assert.Equal(t, large.String(), c.get("/account/picture?side="+side).body, side)
		assert.Equal(t, http.StatusNotFound, c.get("/api/pictures/0"+side+"/portrait").status, side)
	}
	assert.Equal(t, http.StatusNotFound, c.get("/api/pictures/96/nothing").status)
	assert.Equal(t, http.StatusUnauthorized, newClient(t, c.base).get("/api/pictures/96/wallet").status)
}

func TestAPictureThatIsKeptForItsOwnerIsNoOpportunity(t *testing.T) {
	shop, err := demoshop.New(demoshop.Options{Latency: -1, Faults: []demoshop.Fault{{Name: demoshop.SharedThumbnail, Rate: 0.5}}})
	require.NoError(t, err)
	server := httptest.NewServer(shop)
	t.Cleanup(server.Close)
	zoes, jans := newClient(t, server.URL), newClient(t, server.URL)
	zoes.signUp(zoe(), portrait(t, 10))
	jans.signUp(jan(), portrait(t, 20))
	for range 5 {
		zoes.get("/api/pictures/48/portrait")
	}
	assert.Zero(t, shop.Counts()[demoshop.SharedThumbnail].Opportunities)
	for range 5 {
		jans.get("/api/pictures/48/portrait")
		zoes.get("/api/pictures/48/portrait")
	}
	got := shop.Counts()[demoshop.SharedThumbnail]
	assert.Positive(t, got.Opportunities)
	assert.Positive(t, got.Strikes)
	assert.Less(t, got.Strikes, got.Opportunities)
}
