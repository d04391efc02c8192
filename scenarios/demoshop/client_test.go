package demoshop_test

import (
	"bytes"
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
	t.Cleanup(shop.Close) // before that: it ends the streams
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
		name := s.labeled(label)
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
		name := s.labeled("Picture")
		if name == "" {
			name = s.labeled("New picture")
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

// labeled is the name of the field with that label.
func (s *screen) labeled(label string) string {
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
