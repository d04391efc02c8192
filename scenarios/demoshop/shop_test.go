package demoshop_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

func TestACustomerWalksTheWholeShop(t *testing.T) {
	base, p := open(t, demoshop.Options{}), zoe()
	c := newClient(t, base)
	face := portrait(t, 200)

	account := c.signUp(p, face)
	require.Equal(t, "/account", account.url.Path)
	for _, want := range []string{"Hi, Zoë", p.last, p.email, p.phone, "Björkstigen 12", "114 55 Umeå", "Sweden", "1984-06-24", "Lindqvist AB"} {
		assert.Contains(t, account.text(), want)
	}
	assert.Equal(t, sha256.Sum256(face), sha256.Sum256([]byte(c.get("/account/picture").body)), "the picture comes back as it went")

	basket := c.get("/products/103").press("Add to basket", map[string]string{"Quantity": "2"})
	assert.Contains(t, basket.text(), "Wool blanket")
	assert.Contains(t, basket.text(), "Basket 2 2 740 kr", "the mini-basket counts and adds up in the customer's currency")

	checkout := basket.follow("Go to checkout")
	assert.Equal(t, p.street, checkout.value("Street"))
	assert.Equal(t, p.email, checkout.value("E-mail"))
	done := checkout.press("Pay now", card(p))
	require.Equal(t, "10001", words(done.byID("order-number")), done.body)
	assert.Contains(t, done.text(), p.gift)
	assert.Contains(t, done.text(), "Basket 0", "what is paid for leaves the basket")

	orders := c.get("/orders")
	assert.Contains(t, orders.text(), "Order 10001")
	order := orders.follow("Order 10001")
	assert.Contains(t, order.text(), "Björkstigen 12")
	assert.Contains(t, order.text(), "Card ending in 4242")

	home := order.press("Sign out", nil)
	assert.Equal(t, "/", home.url.Path)
	assert.Equal(t, "/sign-in", c.get("/account").url.Path)
	c.signIn(p).follow("Delete account").press("Delete for good", map[string]string{"Password": password})
	again := c.get("/sign-in").press("Sign in", map[string]string{"E-mail": p.email, "Password": password})
	assert.Contains(t, again.text(), "do not belong together")
}

func TestAGuestBuysWithoutAnAccount(t *testing.T) {
	base, p := open(t, demoshop.Options{}), jan()
	c := newClient(t, base)
	done := c.buy(p, p.fields())
	for _, want := range []string{p.last, p.email, p.address(), p.gift, "00-123 Gdańsk"} {
		assert.Contains(t, done.text(), want)
	}
	order := done.follow("See your order")
	assert.Equal(t, 200, order.status)
	assert.Equal(t, 404, newClient(t, base).get(order.url.Path).status, "the address of an order is no key to it")
}

func TestAnAppUsesTheJSONAPI(t *testing.T) {
	base, p := open(t, demoshop.Options{}), zoe()
	newClient(t, base).signUp(p, nil)
	c := newClient(t, base)
	token := login(c, p)
	assert.Contains(t, c.api("GET", "/api/me", token, "").body, p.email)
	assert.Equal(t, 201, c.api("POST", "/api/basket", token, `{"product":"104","quantity":"3"}`).status)
	assert.Contains(t, c.api("GET", "/api/basket", token, "").body, "Pocket notebook")
	placed := c.api("POST", "/api/orders", token, "")
	require.Equal(t, 201, placed.status, placed.body)
	assert.Contains(t, c.api("GET", "/api/orders", token, "").body, `"number":"10001"`)
	assert.Equal(t, 422, c.api("POST", "/api/orders", token, "").status, "the basket is empty again")
	assert.Equal(t, 200, c.api("POST", "/api/logout", token, "").status)
	for _, path := range []string{"/api/me", "/api/orders"} {
		s := c.api("GET", path, token, "")
		assert.Equal(t, 401, s.status)
		assert.True(t, json.Valid([]byte(s.body)), s.body)
	}
}

func login(c *client, p person) string {
	c.t.Helper()
	s := c.api("POST", "/api/login", "", fmt.Sprintf(`{"email":%q,"password":%q}`, p.email, password))
	var out struct{ Token string }
	if err := json.Unmarshal([]byte(s.body), &out); err != nil || out.Token == "" {
		c.t.Errorf("sign in app: %d %s", s.status, s.body)
	}
	return out.Token
}

func TestMistakesInFormsAreNamedAndNothingTypedIsLost(t *testing.T) {
	base, p := open(t, demoshop.Options{}), zoe()
	newClient(t, base).signUp(p, nil)
	for _, tc := range []struct{ label, value, want string }{
		{"E-mail", p.email, "already registered"},
		{"E-mail", "nobody", "receive mail"},
		{"Street", "", "fill in the street"},
		{"Birthday", "24.6.1984", "year-month-day"},
		{"Password", "short", "at least 8"},
	} {
		f := p.fields()
		f["E-mail"], f["Password"] = "new@three.example", password
		f[tc.label] = tc.value
		s := newClient(t, base).get("/sign-up").press("Create account", f)
		assert.Equal(t, http.StatusUnprocessableEntity, s.status)
		assert.Contains(t, s.text(), tc.want)
		assert.Equal(t, "Umeå", s.value("City"))
		assert.Empty(t, s.value("Password"))
	}
	for _, tc := range []struct{ label, value, want string }{
		{"Card number", "4242 4242 4242 4241", "not a card number"},
		{"Card number", "4000 0000 0000 0002", "declined"},
		{"Expiry", "01/20", "not passed"},
		{"CVC", "12", "three or four digits"},
		{"Name on card", " ", "name on the card"},
	} {
		f := p.fields()
		f[tc.label] = tc.value
		s := newClient(t, base).buy(p, f)
		assert.Equal(t, http.StatusUnprocessableEntity, s.status)
		assert.Contains(t, s.text(), tc.want)
	}
}

func TestFormsNeedTheTokenOfTheirOwnSession(t *testing.T) {
	base, p := open(t, demoshop.Options{}), zoe()
	mine, other := newClient(t, base), newClient(t, base)
	mine.signUp(p, nil)
	theirs := other.get("/sign-in")
	theirs.c = mine // the form of one session, sent by another
	s := theirs.press("Sign in", map[string]string{"E-mail": p.email, "Password": password})
	assert.Equal(t, http.StatusForbidden, s.status)

	r, err := http.NewRequest("POST", base+"/basket/add", strings.NewReader("article=100&amount=1"))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://elsewhere.example")
	assert.Equal(t, http.StatusForbidden, mine.do(r).status, "no other site may post, with or without a token")
}

func TestTheSessionCookieIsGuardedAndChangesAtSignIn(t *testing.T) {
	base, p := open(t, demoshop.Options{}), zoe()
	newClient(t, base).signUp(p, nil)
	c := newClient(t, base)
	var lines []string
	c.seen = func(r *http.Response, _ []byte) {
		for _, l := range r.Header.Values("Set-Cookie") {
			if strings.HasPrefix(l, "sid=") {
				lines = append(lines, l)
			}
		}
	}
	c.get("/")
	product := c.get("/products/103")
	require.Empty(t, lines, "public pages set no cookie")
	product.press("Add to basket", nil)
	assert.Contains(t, c.signIn(p).text(), "Basket 1", "the basket comes along")
	require.Len(t, lines, 2)
	for _, l := range lines {
		assert.Contains(t, l, "HttpOnly")
		assert.Contains(t, l, "SameSite=Lax")
	}
	assert.NotEqual(t, lines[0], lines[1])
	for path, want := range map[string]string{"/account": "Welcome back", "/basket": "nothing in it"} {
		r, err := http.NewRequest("GET", base+path, nil)
		require.NoError(t, err)
		r.Header.Set("Cookie", strings.Split(lines[0], ";")[0])
		assert.Contains(t, newClient(t, base).do(r).text(), want, "the id from before the sign-in opens nothing")
	}
}

func TestPricesFollowTheCountryOfTheVisitor(t *testing.T) {
	base := open(t, demoshop.Options{})
	for language, want := range map[string]string{
		"sv-SE,sv;q=0.9": "1 370 kr", "de": "119,00 €", "en-GB": "£102.00", "en-US,en": "$130.00", "pl-PL": "510,00 zł", "": "$130.00",
	} {
		r, err := http.NewRequest("GET", base+"/products/103", nil)
		require.NoError(t, err)
		r.Header.Set("Accept-Language", language)
		assert.Contains(t, newClient(t, base).do(r).text(), want, language)
	}
}

func TestServeAnswersAndClosesInTime(t *testing.T) {
	shop, err := demoshop.New(demoshop.Options{})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	base, done, err := shop.Serve(ctx, "127.0.0.1:0")
	require.NoError(t, err)
	assert.Equal(t, "ok\n", newClient(t, base).get("/healthz").body)
	cancel()
	select {
	case err := <-done:
		assert.NoError(t, err)
	case <-time.After(time.Minute):
		t.Fatal("still open after a minute")
	}
	_, _, err = shop.Serve(t.Context(), "256.0.0.1:0")
	assert.ErrorContains(t, err, "serve shop")
}

// TestAHealthyShopIsolatesParallelCustomers is the shop's own promise: what
// crosstalk calls isolated is isolated. Run it with -race.
func TestAHealthyShopIsolatesParallelCustomers(t *testing.T) {
	base := open(t, demoshop.Options{Latency: time.Millisecond})
	people := make([]person, 32)
	for i := range people {
		people[i] = person{
			fmt.Sprintf("Given%02d", i), fmt.Sprintf("Family%02d", i), fmt.Sprintf("mail%02d@x%02d.example", i, i),
			fmt.Sprintf("070-174 06 %02d", i), fmt.Sprintf("Road%02d", i), "5", "114 55", fmt.Sprintf("Town%02d", i), "SE", fmt.Sprintf("gift%02dword", i), fmt.Sprint(40 + i),
		}
	}
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() { shopAlone(t, base, people, i) })
	}
	all.Wait()
}

// shopAlone walks as one of the people, by browser and by app, and looks at
// everything it is shown for the others.
func shopAlone(t *testing.T, base string, people []person, me int) {
	p := people[me]
	var mu sync.Mutex
	look := func(r *http.Response, body []byte) {
		mu.Lock()
		defer mu.Unlock()
		for i, other := range people {
			for _, mark := range []string{other.first, other.last, other.email, other.phone, other.street, other.city, other.gift} {
				if i != me && bytes.Contains(body, []byte(mark)) {
					t.Errorf("%s was shown %q at %s", p.email, mark, r.Request.URL)
				}
			}
		}
	}
	face := portrait(t, uint8(me*8))
	web, app := newClient(t, base), newClient(t, base)
	web.seen, app.seen = look, look
	web.signUp(p, face)
	token := login(app, p)
	for range 4 {
		for _, path := range []string{"/", "/products", "/account", "/orders", "/api/me", "/api/orders", "/basket"} {
			if s := web.get(path); s.status != 200 {
				t.Errorf("%s: %d", path, s.status)
			}
		}
		if got := web.get("/account/picture").body; got != string(face) {
			t.Errorf("%s was shown another's picture", p.email)
		}
		if s := app.api("GET", "/api/me", token, ""); !strings.Contains(s.body, p.email) {
			t.Errorf("%s is not shown its own address: %s", p.email, s.body)
		}
		done := web.buy(p, nil)
		if !strings.Contains(done.text(), p.gift) || !strings.Contains(done.text(), p.address()) {
			t.Errorf("%s does not see its own order: %s", p.email, done.text())
		}
		if !strings.Contains(done.text(), "Wool blanket "+p.pieces+" ") {
			t.Errorf("%s, who chose %s, ordered what others chose: %s", p.email, p.pieces, done.text())
		}
		web.get("/orders").press("Sign out", nil)
		web.signIn(p)
	}
}
