package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"

	"crosstalk/harness/history"

	"golang.org/x/net/publicsuffix"
)

// maxCookies is how many cookies a jar can say something of. Browsers keep
// some three thousand in all; what a hostile shop sets beyond is told as unseen.
const maxCookies = 1000

// jar is a cookie jar that can say what is in it, which the standard one
// cannot: it remembers where cookies were set and how, and asks there. Its
// methods may be called from any goroutine.
type jar struct {
	inner   *cookiejar.Jar
	mu      sync.Mutex
	known   map[cookieKey]cookieNote
	planted map[string]bool // names of cookies that a step put in
	more    bool            // there were too many to remember
}

// cookieKey is what makes a cookie another one; the host is without a port,
// which cookies do not know.
type cookieKey struct{ domain, path, name string }

// cookieNote is what the standard jar does not tell.
type cookieNote struct {
	at         url.URL // an address to which the cookie is sent
	attributes string
}

func newJar() (*jar, error) {
	inner, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return nil, fmt.Errorf("make cookie jar: %w", err)
	}
	return &jar{inner: inner, known: map[cookieKey]cookieNote{}, planted: map[string]bool{}}, nil
}

// SetCookies keeps the cookies that a response from u sets.
func (j *jar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.inner.SetCookies(u, cookies)
	for _, c := range cookies {
		path := c.Path
		if !strings.HasPrefix(path, "/") {
			path = defaultPath(u.Path)
		}
		key := cookieKey{strings.ToLower(cmp.Or(strings.TrimPrefix(c.Domain, "."), u.Hostname())), path, c.Name}
		if _, known := j.known[key]; !known && len(j.known) >= maxCookies {
			j.more = true
			continue
		}
		j.known[key] = cookieNote{url.URL{Scheme: u.Scheme, Host: u.Host, Path: path}, attributes(c, path)}
	}
}

// defaultPath is the path of a cookie that names none: the directory of the
// address that set it.
func defaultPath(path string) string {
	if i := strings.LastIndex(path, "/"); i > 0 && path[0] == '/' {
		return path[:i]
	}
	return "/"
}

// attributes are a cookie's, as Set-Cookie writes them, the path always. How
// long it lives is left out: sessions are prolonged with every answer.
func attributes(c *http.Cookie, path string) string {
	var all []string
	if c.Domain != "" {
		all = append(all, "Domain="+strings.ToLower(strings.TrimPrefix(c.Domain, ".")))
	}
	all = append(all, "Path="+path)
	for _, flag := range []struct {
		name string
		set  bool
	}{
		{"Secure", c.Secure},
		{"HttpOnly", c.HttpOnly},
		{"SameSite=Lax", c.SameSite == http.SameSiteLaxMode},
		{"SameSite=Strict", c.SameSite == http.SameSiteStrictMode},
		{"SameSite=None", c.SameSite == http.SameSiteNoneMode},
		{"Partitioned", c.Partitioned},
	} {
		if flag.set {
			all = append(all, flag.name)
		}
	}
	return strings.Join(all, "; ")
}

// Cookies are what a request to u carries.
func (j *jar) Cookies(u *url.URL) []*http.Cookie { return j.inner.Cookies(u) }

// segments are the cookies that the jar holds now, one each, in the order of
// their names; and why some may be missing.
func (j *jar) segments() (all []history.Segment, unseen string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	held := map[history.Segment]bool{}
	sent := map[url.URL][]*http.Cookie{}
	for key, note := range j.known {
		if _, asked := sent[note.at]; !asked {
			sent[note.at] = j.inner.Cookies(&note.at)
		}
		for _, c := range sent[note.at] {
			if c.Name == key.name {
				held[history.Segment{Where: c.Name, Text: c.Value, Attributes: note.attributes}] = true
			}
		}
	}
	if j.more {
		unseen = fmt.Sprintf("more than %d cookies", maxCookies)
	}
	return slices.SortedFunc(maps.Keys(held), func(a, b history.Segment) int {
		return cmp.Or(strings.Compare(a.Where, b.Where), strings.Compare(a.Text, b.Text), strings.Compare(a.Attributes, b.Attributes))
	}), unseen
}

// jarLook is what was recorded of the jar last, and with which exchange.
type jarLook struct {
	mu      sync.Mutex
	cookies string
	after   history.Exchange
}

// lookAtJar records the jar after an exchange when it has changed.
func (c *Client) lookAtJar(x history.Exchange) {
	c.looked.mu.Lock()
	defer c.looked.mu.Unlock()
	c.looked.after = x
	c.sightJar(x)
}

// sightJar records the jar, as whoever uses the client now has it, when it is
// not what was recorded last. Its caller holds the lock.
func (c *Client) sightJar(x history.Exchange) {
	segments, unseen := c.jar.segments()
	content, err := json.Marshal(segments)
	said := string(content) + unseen
	if err != nil || said == c.looked.cookies || c.looked.cookies == "" && len(segments) == 0 {
		return
	}
	c.looked.cookies = said
	c.spec.Sink.Sighting(history.Sighting{
		Session: x.Session, Viewer: c.viewer(), Step: int(c.step.Load()), Surface: history.SurfaceCookie, Place: x.Place, URL: x.URL,
		Exchange: x.ID, Body: history.Body{Type: history.SegmentsType, Unseen: unseen},
	}, content)
}

// lookAgain records the jar when cookies have run out, or come with a stream,
// since the last exchange.
func (c *Client) lookAgain() {
	c.looked.mu.Lock()
	after := c.looked.after
	c.looked.mu.Unlock()
	if after.ID != "" && c.spec.Observe {
		c.lookAtJar(after)
	}
}

// lookAnew records the jar for another who uses it from now on. No exchange of
// theirs brought what is in it.
func (c *Client) lookAnew() {
	c.looked.mu.Lock()
	defer c.looked.mu.Unlock()
	c.looked.cookies = ""
	if x := c.looked.after; x.ID != "" && c.spec.Observe {
		x.ID = ""
		c.sightJar(x)
	}
}
