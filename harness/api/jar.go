package api

import (
	"cmp"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"

	"crosstalk/harness/history"
)

// jar is a cookie jar that can say what is in it, which the standard one
// cannot: it remembers where cookies were set, and asks there.
type jar struct {
	inner *cookiejar.Jar
	known map[cookieKey]bool
}

type cookieKey struct{ scheme, host, path, name string }

// SetCookies keeps the cookies that a response from u sets.
func (j *jar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	j.inner.SetCookies(u, cookies)
	for _, c := range cookies {
		path := c.Path
		if !strings.HasPrefix(path, "/") {
			path = cmp.Or(u.Path[:strings.LastIndex("/"+u.Path, "/")], "/")
		}
		j.known[cookieKey{u.Scheme, u.Host, path, c.Name}] = true
	}
}

// Cookies are what a request to u carries.
func (j *jar) Cookies(u *url.URL) []*http.Cookie { return j.inner.Cookies(u) }

// segments are the cookies that the jar holds now, one each, in the order of
// their names.
func (j *jar) segments() []history.Segment {
	held := map[history.Segment]bool{}
	for key := range j.known {
		for _, c := range j.inner.Cookies(&url.URL{Scheme: key.scheme, Host: key.host, Path: key.path}) {
			if c.Name == key.name {
				held[history.Segment{Where: c.Name, Text: c.Value}] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(held), func(a, b history.Segment) int {
		return cmp.Or(strings.Compare(a.Where, b.Where), strings.Compare(a.Text, b.Text))
	})
}
