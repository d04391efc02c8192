package browser

import (
	"cmp"
	"context"
	"encoding/json"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

// recordCookies records the jar, partitioned cookies too, when it differs from
// what was recorded last.
func (s *Session) recordCookies(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	var jar proto.StorageGetCookiesResult
	if err := s.driver.call(ctx, proto.StorageGetCookies{BrowserContextID: s.contextID}, &jar); err != nil {
		return // the next look reads the same jar
	}
	all := make([]history.Segment, 0, len(jar.Cookies))
	for _, c := range jar.Cookies {
		all = append(all, history.Segment{Where: c.Name, Text: c.Value, Attributes: s.attributes(c)})
	}
	slices.SortFunc(all, func(a, b history.Segment) int {
		return cmp.Or(cmp.Compare(a.Where, b.Where), cmp.Compare(a.Attributes, b.Attributes), cmp.Compare(a.Text, b.Text))
	})
	text, err := json.Marshal(all)
	if err != nil || string(text) == s.cookies || s.cookies == "" && len(all) == 0 {
		return
	}
	s.cookies = string(text)
	if s.sight(history.SurfaceCookie, s.watch.address(), all) {
		s.shoot(ctx)
	}
}

// attributes are a cookie's, as Set-Cookie writes them. One that is for the
// target's host alone has no domain; one for another host alone names it, as
// nothing else would.
func (s *Session) attributes(c *proto.NetworkCookie) string {
	var all []string
	if host := s.cookieHost(c.Domain); host != "" {
		all = append(all, "Domain="+host)
	}
	all = append(all, "Path="+c.Path)
	if !c.Session && c.Expires > 0 {
		all = append(all, "Expires="+expiry(float64(c.Expires)))
	}
	for _, flag := range []struct {
		set  bool
		name string
	}{
		{c.HTTPOnly, "HttpOnly"},
		{c.Secure, "Secure"},
		{c.SameSite != "", "SameSite=" + string(c.SameSite)},
		{c.PartitionKey != nil || c.PartitionKeyOpaque, "Partitioned"},
	} {
		if flag.set {
			all = append(all, flag.name)
		}
	}
	return strings.Join(all, "; ")
}

func (s *Session) cookieHost(domain string) string {
	target := s.targetHost
	if host, _, err := net.SplitHostPort(target); err == nil {
		target = host
	}
	if strings.EqualFold(domain, strings.Trim(target, "[]")) {
		return ""
	}
	return domain
}

// latestExpiry is the last second of the year 9999, in seconds since 1970: no
// calendar reaches further, a hostile cookie may.
const latestExpiry = 253402300799

func expiry(seconds float64) string {
	if !(seconds > 0) { // not a number, too
		seconds = 0
	}
	return time.Unix(int64(min(seconds, latestExpiry)), 0).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
}
