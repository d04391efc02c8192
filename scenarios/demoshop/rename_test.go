package demoshop_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"crosstalk/scenarios/demoshop"
)

func TestARenamedShopShowsNoneOfItsOldNames(t *testing.T) {
	said, renamed := namesOnTheWire(t, 99)
	require.Greater(t, len(renamed), 120, "most of the shop's names")
	for _, name := range append(renamed, "x-cache", "sid") {
		assert.NotContains(t, said, name, "first in %s", said[name])
	}
}

func TestAShopThatIsNotRenamedShowsTheNamesThatTheTestLooksFor(t *testing.T) {
	said, _ := namesOnTheWire(t, 0)
	_, renamed := namesOnTheWire(t, 99)
	var missed []string
	for _, name := range append(renamed, "x-cache", "sid") {
		if _, ok := said[name]; !ok {
			missed = append(missed, name)
		}
	}
	// Without this the test above would pass for want of looking.
	assert.Empty(t, missed, "names that a full walk does not show")
}

func TestRenamingDependsOnItsSeedAlone(t *testing.T) {
	a, _ := namesOnTheWire(t, 5)
	b, _ := namesOnTheWire(t, 5)
	c, _ := namesOnTheWire(t, 6)
	orderKey := regexp.MustCompile(`^[0-9a-f]{24}$`)
	same := 0
	for name := range a {
		if !orderKey.MatchString(name) {
			assert.Contains(t, b, name)
		}
		if _, ok := c[name]; ok {
			same++
		}
	}
	assert.Less(t, same, len(a)/2, "only the kept names, and what HTTP itself says")
}

// sightings are the names seen on the wire, each with where it was seen first.
type sightings map[string]string

// namesOnTheWire walks a whole shop and notes every name in its answers. It
// also returns the names that the shop gave another form.
func namesOnTheWire(t *testing.T, seed uint64) (said sightings, renamed []string) {
	shop, err := demoshop.New(demoshop.Options{Rename: seed, Latency: -1})
	require.NoError(t, err)
	srv := httptest.NewServer(shop)
	t.Cleanup(srv.Close)
	base := srv.URL
	said = sightings{}
	c := newClient(t, base)
	c.seen = func(r *http.Response, body []byte) { said.response(t, r, body) }
	p := zoe()
	c.get("/")
	c.get("/products")
	c.get("/nothing-here")
	c.get("/sign-in").press("Sign in", map[string]string{"E-mail": p.email, "Password": "wrong"})
	account := c.signUp(p, portrait(t, 3))
	account.press("Upload", nil, portrait(t, 4)...)
	for n := range account.doc.Descendants() {
		if src := attr(n, "src"); src != "" {
			c.get(src)
		}
		if attr(n, "rel") == "stylesheet" {
			c.get(attr(n, "href"))
		}
	}
	c.get("/products/104").press("Add to basket", nil).press("Remove Pocket notebook", nil)
	done := c.buy(p, nil)
	require.Contains(t, done.text(), p.gift)
	done.follow("Invoice (PDF)")
	c.get(done.live())
	c.get("/orders").follow("Order 10001")
	app := newClient(t, base)
	app.seen = c.seen
	token := login(app, p)
	for _, path := range []string{"/api/me", "/api/orders", "/api/basket", "/api/nothing"} {
		app.api("GET", path, token, "")
	}
	app.api("POST", "/api/basket", token, `{"product": 101, "quantity": 1}`)
	app.api("POST", "/api/orders", token, "{}")
	app.api("POST", "/api/logout", token, "")
	c.get("/account").press("Sign out", nil)
	c.signIn(p).follow("Delete account").press("Delete for good", map[string]string{"Password": password})
	return said, shop.Renamed()
}

func (s sightings) note(where string, names ...string) {
	for _, n := range names {
		if _, ok := s[n]; !ok {
			s[n] = where
		}
	}
}

var (
	nameRun  = regexp.MustCompile(`[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*`)
	cssClass = regexp.MustCompile(`[.#]([a-z][a-z0-9_-]*)`)
	jsString = regexp.MustCompile(`'([^' ]*)'`)
)

func (s sightings) response(t *testing.T, r *http.Response, body []byte) {
	where := r.Request.Method + " " + r.Request.URL.Path
	s.address(where, r.Request.URL.String())
	s.address(where, r.Header.Get("Location"))
	for name := range r.Header {
		s.note(where, strings.ToLower(name))
	}
	for _, c := range r.Cookies() {
		s.note(where, c.Name)
	}
	switch kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); kind {
	case "text/html":
		doc, err := html.Parse(strings.NewReader(string(body)))
		require.NoError(t, err)
		for n := range doc.Descendants() {
			s.element(where, n)
		}
	case "application/json":
		var v any
		require.NoError(t, json.Unmarshal(body, &v))
		s.keys(where, v)
	case "text/event-stream":
		for line := range strings.Lines(string(body)) {
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				var v any
				require.NoError(t, json.Unmarshal([]byte(data), &v))
				s.keys(where, v)
			}
		}
	case "text/css":
		for _, m := range cssClass.FindAllStringSubmatch(string(body), -1) {
			s.note(where, m[1])
		}
	case "text/javascript":
		for _, m := range jsString.FindAllStringSubmatch(string(body), -1) {
			s.note(where, nameRun.FindAllString(m[1], -1)...)
		}
	}
}

func (s sightings) element(where string, n *html.Node) {
	for _, a := range n.Attr {
		switch a.Key {
		case "id", "name", "class", "for", "aria-labeledby":
			s.note(where, strings.Fields(a.Val)...)
		case "href", "src", "action":
			s.address(where, a.Val)
		}
		if name, ok := strings.CutPrefix(a.Key, "data-"); ok {
			s.note(where, name)
		}
	}
}

func (s sightings) address(where, text string) {
	u, err := url.Parse(text)
	if err != nil {
		return
	}
	for _, segment := range strings.Split(u.Path, "/") {
		s.note(where, segment)
		name, _, _ := strings.Cut(segment, ".") // a static file's name, without its hash
		s.note(where, name)
	}
	for name := range u.Query() {
		s.note(where, name)
	}
}

func (s sightings) keys(where string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			s.note(where, k)
			s.keys(where, e)
		}
	case []any:
		for _, e := range v {
			s.keys(where, e)
		}
	}
}
