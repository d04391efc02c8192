package demoshop_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"crosstalk/scenarios/demoshop"
)

// open serves a shop without store latency on a real socket.
func open(t testing.TB, o demoshop.Options) string {
	t.Helper()
	if o.Latency == 0 {
		o.Latency = -1
	}
	shop, err := demoshop.New(o)
	require.NoError(t, err)
	srv := httptest.NewServer(shop)
	t.Cleanup(srv.Close)
	return srv.URL
}

// client uses the shop as a person does: by links, labels and buttons. It
// knows no field's name, so it works in a renamed shop too.
type client struct {
	t    testing.TB
	base string
	http *http.Client
	seen func(*http.Response, []byte) // told every response, if set
}

func newClient(t testing.TB, base string) *client {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	c := &client{t: t, base: base}
	c.http = &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: tap{&http.Transport{}, c}}
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

// tap shows a client's seen function every response, redirects included.
type tap struct {
	*http.Transport
	c *client
}

func (p tap) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := p.Transport.RoundTrip(r)
	if err != nil || p.c.seen == nil {
		return resp, err
	}
	b, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	p.c.seen(resp, b)
	resp.Body = io.NopCloser(bytes.NewReader(b))
	return resp, err
}

// screen is a page as the client sees it.
type screen struct {
	c      *client
	status int
	url    *url.URL
	header http.Header
	body   string
	doc    *html.Node
}

func (c *client) do(r *http.Request) *screen {
	c.t.Helper()
	resp, err := c.http.Do(r)
	if err != nil {
		c.t.Errorf("%s %s: %v", r.Method, r.URL, err)
		return &screen{c: c, url: r.URL, header: http.Header{}, doc: &html.Node{}}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	doc, err := html.Parse(bytes.NewReader(b))
	if err != nil {
		c.t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	return &screen{c, resp.StatusCode, resp.Request.URL, resp.Header, string(b), doc}
}

func (c *client) get(path string) *screen {
	c.t.Helper()
	r, err := http.NewRequest(http.MethodGet, c.base+path, nil)
	require.NoError(c.t, err)
	return c.do(r)
}

// api calls the JSON API; an empty token sends none.
func (c *client) api(method, path, token, body string) *screen {
	c.t.Helper()
	r, err := http.NewRequest(method, c.base+path, strings.NewReader(body))
	require.NoError(c.t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Content-Type", "application/json")
	return c.do(r)
}

// follow goes to the link with that text.
func (s *screen) follow(text string) *screen {
	s.c.t.Helper()
	for n := range s.doc.Descendants() {
		if n.Data == "a" && strings.Contains(words(n), text) {
			u, err := s.url.Parse(attr(n, "href"))
			require.NoError(s.c.t, err)
			return s.c.get(u.RequestURI())
		}
	}
	s.c.t.Errorf("no link %q at %s:\n%s", text, s.url, s.body)
	return s
}

// press fills in the form that the button belongs to and sends it. Fields are
// named by their labels; those not named keep what they hold.
func (s *screen) press(button string, fields map[string]string, picture ...byte) *screen {
	s.c.t.Helper()
	form := s.formOf(button)
	if form == nil {
		s.c.t.Errorf("no button %q at %s (%d):\n%s", button, s.url, s.status, s.body)
		return s
	}
	values := s.held(form)
	for label, value := range fields {
		name := s.labelled(label)
		if name == "" {
			s.c.t.Errorf("no field %q at %s", label, s.url)
		}
		values.Set(name, value)
	}
	target, err := s.url.Parse(attr(form, "action"))
	require.NoError(s.c.t, err)
	kind, body := "application/x-www-form-urlencoded", io.Reader(strings.NewReader(values.Encode()))
	if attr(form, "enctype") == "multipart/form-data" {
		kind, body = s.multipart(values, picture)
	}
	r, err := http.NewRequest(http.MethodPost, target.String(), body)
	require.NoError(s.c.t, err)
	r.Header.Set("Content-Type", kind)
	return s.c.do(r)
}

func (s *screen) multipart(values url.Values, picture []byte) (string, io.Reader) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name := range values {
		require.NoError(s.c.t, m.WriteField(name, values.Get(name)))
	}
	if len(picture) > 0 {
		name := s.labelled("Picture")
		if name == "" {
			name = s.labelled("New picture")
		}
		w, err := m.CreateFormFile(name, "me.png")
		require.NoError(s.c.t, err)
		_, err = w.Write(picture)
		require.NoError(s.c.t, err)
	}
	require.NoError(s.c.t, m.Close())
	return m.FormDataContentType(), &b
}

func (s *screen) formOf(button string) *html.Node {
	for n := range s.doc.Descendants() {
		if n.Data == "button" && (words(n) == button || attr(n, "aria-label") == button) {
			for f := n; f != nil; f = f.Parent {
				if f.Data == "form" {
					return f
				}
			}
		}
	}
	return nil
}

// held is what a form's fields hold before anyone types.
func (s *screen) held(form *html.Node) url.Values {
	out := url.Values{}
	for n := range form.Descendants() {
		switch n.Data {
		case "input":
			if attr(n, "type") != "file" {
				out.Set(attr(n, "name"), attr(n, "value"))
			}
		case "textarea":
			out.Set(attr(n, "name"), words(n))
		case "option":
			if _, ok := has(n, "selected"); ok {
				out.Set(attr(n.Parent, "name"), attr(n, "value"))
			}
		}
	}
	return out
}

// labelled is the name of the field with that label.
func (s *screen) labelled(label string) string {
	for n := range s.doc.Descendants() {
		if n.Data == "label" && strings.HasPrefix(words(n), label) {
			return attr(s.byID(attr(n, "for")), "name")
		}
	}
	return ""
}

// value is what the field with that label holds.
func (s *screen) value(label string) string {
	for n := range s.doc.Descendants() {
		if n.Data == "label" && strings.HasPrefix(words(n), label) {
			return attr(s.byID(attr(n, "for")), "value")
		}
	}
	return ""
}

func (s *screen) byID(id string) *html.Node {
	for n := range s.doc.Descendants() {
		if v, ok := has(n, "id"); ok && v == id {
			return n
		}
	}
	return nil
}

// text is what the page says to a person.
func (s *screen) text() string { return words(s.doc) }

func words(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "script" && d.Parent.Data != "style" {
			b.WriteString(d.Data + " ") // elements stand apart
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func has(n *html.Node, name string) (string, bool) {
	if n == nil {
		return "", false
	}
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func attr(n *html.Node, name string) string {
	v, _ := has(n, name)
	return v
}

// person is somebody who shops.
type person struct {
	first, last, email, phone, street, house, zip, city, country, gift, pieces string
}

func (p person) address() string {
	if p.country == "GB" {
		return p.house + " " + p.street
	}
	return p.street + " " + p.house
}

const password = "correct horse"

func zoe() person {
	return person{"Zoë", "Lindqvist", "zoe@one.example", "070-174 06 01", "Björkstigen", "12", "114 55", "Umeå", "SE", "gladrosvel", "2"}
}

func jan() person {
	return person{"Łukasz", "Żółkiewski", "lukasz@two.example", "600 100 202", "Wiśniowa", "7b", "00-123", "Gdańsk", "PL", "morvantulip", "3"}
}

func (p person) fields() map[string]string {
	return map[string]string{
		"First name": p.first, "Last name": p.last, "E-mail": p.email, "Phone": p.phone, "Street": p.street,
		"House number": p.house, "Postcode": p.zip, "City": p.city, "Country": p.country,
	}
}

func card(p person) map[string]string {
	return map[string]string{
		"Card number": "4242 4242 4242 4242", "Expiry": "12/39", "CVC": "123",
		"Name on card": p.first + " " + p.last, "Gift note": "For you: " + p.gift,
	}
}

// portrait is a picture with a colour of its own.
func portrait(t testing.TB, shade uint8) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for i := range 64 {
		img.Set(i%8, i/8, color.RGBA{shade, uint8(i * 4), 90, 255})
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}

// signUp makes an account and ends on the account page.
func (c *client) signUp(p person, picture []byte) *screen {
	c.t.Helper()
	f := p.fields()
	f["Password"], f["Birthday"], f["Company"] = password, "1984-06-24", p.last+" AB"
	return c.get("/sign-up").press("Create account", f, picture...)
}

func (c *client) signIn(p person) *screen {
	c.t.Helper()
	return c.get("/sign-in").press("Sign in", map[string]string{"E-mail": p.email, "Password": password})
}

// buy puts an article into the basket and pays for it, and ends on the confirmation.
func (c *client) buy(p person, typed map[string]string) *screen {
	c.t.Helper()
	f := card(p)
	for k, v := range typed {
		f[k] = v
	}
	return c.get("/products/103").press("Add to basket", map[string]string{"Quantity": p.pieces}).
		follow("Go to checkout").press("Pay now", f)
}
