package demoshop_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// everyRequest has two customers use the whole shop, one after the other, first
// in a browser and then in an app. what is told each answer.
func everyRequest(t *testing.T, base string, what func(who person, r *http.Response, body string)) {
	t.Helper()
	for i, p := range []person{zoe(), jan()} {
		c := newClient(t, base)
		c.seen = func(r *http.Response, body []byte) { what(p, r, string(body)) }
		c.get("/")
		c.signUp(p, portrait(t, uint8(10+10*i)))
		c.get("/account").press("Sign out", nil)
		c.get("/")
		c.get("/products/101").press("Add to basket", nil)
		c.signIn(p)
		for _, path := range []string{"/", "/fragments/header", "/account", "/account/picture?side=96", "/basket", "/checkout"} {
			c.get(path)
		}
		c.get("/checkout").press("Pay now", card(p)).press("Order again", nil)
		c.get("/orders")
		c.get("/orders/none-of-yours")
		app := newClient(t, base)
		app.seen = c.seen
		token := login(app, p)
		for _, path := range everyCall() {
			app.api(http.MethodGet, path, token, "")
		}
		for range 2 { // the first is refused, and the basket is empty
			app.api(http.MethodPost, "/api/orders", token, "")
			app.api(http.MethodPost, "/api/basket", token, `{"product": "101", "quantity": "1"}`)
		}
		app.api(http.MethodGet, "/api/orders", token, "")
		c.get("/account").press("Sign out", nil)
		for _, path := range []string{"/", "/account", "/sign-in", "/api/me"} { // known no more
			c.get(path)
		}
	}
}

func everyCall() []string {
	return []string{
		"/api/me", "/api/wallet", "/api/passport", "/api/member", "/api/checkout", "/api/orders", "/api/basket",
		"/api/pictures/96/portrait", "/api/pictures/96/wallet", "/api/pictures/96/passport", "/api/pictures/96/member",
		"/api/invoice/wallet", "/api/invoice/passport", "/api/invoice/member", "/api/no-such-call",
	}
}

var anyKey = regexp.MustCompile(`\b[0-9a-f]{24}\b`)

// wireOf is what the two were answered, in order: each request with its status,
// and what each was shown of the other.
func wireOf(t *testing.T, f ...demoshop.Fault) (answers, foreign []string) {
	base := open(t, demoshop.Options{Seed: 7, Faults: f})
	secrets := map[string]string{} // key → whose
	everyRequest(t, base, func(who person, r *http.Response, body string) {
		at := r.Request.Method + " " + anyKey.ReplaceAllString(r.Request.URL.RequestURI(), "{}")
		answers = append(answers, fmt.Sprintf("%s: %d", at, r.StatusCode))
		said := body + strings.Join(r.Header.Values("Set-Cookie"), "\n") + r.Header.Get("Location")
		for _, other := range []person{zoe(), jan()} {
			for _, word := range []string{other.email, other.last, other.phone, masked(other)} {
				if other != who && strings.Contains(said, word) {
					foreign = append(foreign, at+" shows "+word)
				}
			}
		}
		if r.Header.Get("Content-Type") == "application/pdf" {
			return // packed
		}
		for _, key := range anyKey.FindAllString(said, -1) { // sessions, members, orders
			if owner := secrets[key]; owner != "" && owner != who.email {
				foreign = append(foreign, at+" shows a key of "+owner)
			}
			secrets[key] = who.email
		}
	})
	return answers, foreign
}

// masked is how receipts are sent to somebody, as far as it tells them apart.
func masked(p person) string {
	local, domain, _ := strings.Cut(p.email, "@")
	return local[:1] + "****" + local[len(local)-1:] + "@" + domain
}

func TestAtRateZeroEveryFaultAnswersAsAHealthyShopDoes(t *testing.T) {
	healthy, foreign := wireOf(t)
	require.Empty(t, foreign)
	require.Greater(t, len(healthy), 100)
	for _, i := range demoshop.Faults() {
		for _, v := range i.Variants() {
			if testing.Short() && v != demoshop.Plain {
				continue // with the race detector: the variants share their code
			}
			t.Run(i.Name+" "+string(v), func(t *testing.T) {
				t.Parallel() // some wait for what is slow
				answers, foreign := wireOf(t, demoshop.Fault{Name: i.Name, Variant: v})
				assert.Equal(t, healthy, answers)
				assert.Empty(t, foreign)
			})
		}
	}
}

func TestEveryFaultIsWhereItsInfoSays(t *testing.T) {
	file := regexp.MustCompile(`[a-z_/]+\.(?:go|js)`)
	method := regexp.MustCompile(`\b([a-z]+)\.([a-zA-Z]+)\b`)
	source := map[string]string{} // by file
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".go") {
			b, err := os.ReadFile(e.Name())
			require.NoError(t, err)
			source[e.Name()] = string(b)
		}
	}
	for _, i := range demoshop.Faults() {
		rest := file.ReplaceAllStringFunc(i.Where, func(name string) string {
			assert.FileExists(t, name, i.Name)
			return ""
		})
		for _, m := range method.FindAllStringSubmatch(rest, -1) {
			has := regexp.MustCompile(`func \(\w+ \*?` + m[1] + `\) ` + m[2] + `\(`)
			found := slices.ContainsFunc(entries, func(e os.DirEntry) bool { return has.MatchString(source[e.Name()]) })
			assert.True(t, found, "%s: there is no %s", i.Name, m[0])
		}
	}
}

func TestAClosedShopLeavesNothingBehindWhateverItsFault(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	for _, i := range demoshop.Faults() {
		t.Run(i.Name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			shop, err := demoshop.New(demoshop.Options{Latency: -1, Seed: 7, Faults: []demoshop.Fault{{Name: i.Name, Rate: 1}}})
			require.NoError(t, err)
			base, done, err := shop.Serve(ctx, "127.0.0.1:0")
			require.NoError(t, err)
			a, b := newClient(t, base), newClient(t, base)
			ta, tb := signUpApp(a, zoe()), signUpApp(b, jan())
			for _, path := range append(everyCall(), "/", "/account", "/orders", "/api/invoice") {
				together(func() { a.api(http.MethodGet, path, ta, "") }, func() { b.api(http.MethodGet, path, tb, "") })
			}
			a.giveUp("/api/me", ta, 5*time.Millisecond)
			b.api(http.MethodGet, "/api/me", tb, "")
			a.http.CloseIdleConnections()
			b.http.CloseIdleConnections()
			cancel()
			require.NoError(t, <-done)
			requireGoroutines(t, before)
			left, err := os.ReadDir(temporary)
			require.NoError(t, err)
			assert.Empty(t, left, "files")
		})
	}
}

// requireGoroutines waits until there are no more than that. (Eventually would
// not do: it has one of its own.)
func requireGoroutines(t *testing.T, most int) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > most; runtime.Gosched() {
		if time.Now().After(end) {
			b := make([]byte, 1<<20)
			require.Fail(t, "goroutines are left", string(b[:runtime.Stack(b, true)]))
		}
	}
}

// signUpApp makes an account with an order, without a browser.
func signUpApp(c *client, p person) (token string) {
	c.t.Helper()
	c.api(http.MethodPost, "/api/sign-up", "", fmt.Sprintf(
		`{"first":%q,"last":%q,"email":%q,"phone":%q,"street":%q,"house":%q,"postcode":%q,"city":%q,"country":%q,"password":%q}`,
		p.first, p.last, p.email, p.phone, p.street, p.house, p.zip, p.city, p.country, password))
	token = login(c, p)
	c.api(http.MethodPost, "/api/basket", token, `{"product": "101", "quantity": "1"}`)
	c.api(http.MethodPost, "/api/orders", token, "")
	return token
}

func TestACopyByWhichNobodyElseComesIsNoOpportunity(t *testing.T) {
	for _, name := range []string{demoshop.EdgeCache, demoshop.CachedCookie, demoshop.CookielessCache, demoshop.WrongVariant, demoshop.SharedThumbnail} {
		t.Run(name, func(t *testing.T) {
			shop, err := demoshop.New(demoshop.Options{Latency: -1, Faults: []demoshop.Fault{{Name: name, Rate: 1}}})
			require.NoError(t, err)
			base := serve(t, shop)
			a, page := newClient(t, base), newClient(t, base)
			token := signUpApp(a, zoe())
			page.signIn(zoe())
			for range 3 {
				for _, path := range everyCall() {
					a.api(http.MethodGet, path, token, "")
				}
				for _, path := range []string{"/", "/account", "/orders", "/account/picture?side=96"} {
					page.get(path)
				}
			}
			assert.Zero(t, shop.Counts()[name].Opportunities)
		})
	}
}
