package browser

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

const (
	// largestCookie is how many bytes of name and value one cookie is given:
	// browsers take 4,096.
	largestCookie = 4_000
	// mostCookies is how many a host may have: browsers throw out older ones
	// beyond that, and with them the customer's session.
	mostCookies = 100
)

// putCookie performs a step that puts a cookie into the jar, for the target's
// host, or several that hold so many bytes together; without a value, it takes
// them out.
func (s *Session) putCookie(ctx context.Context, st scenarios.Step, f scenarios.Fields) error {
	if st.Cookie == nil || st.Cookie.Name == "" {
		return fail("the step names no cookie")
	}
	value, err := f.Expand(st.Cookie.Value)
	if err != nil {
		return fail("%v", err)
	}
	switch {
	case st.Cookie.Size > 0:
		return s.fillJar(ctx, st.Cookie.Name, st.Cookie.Size)
	case value != "":
		return s.setCookie(ctx, st.Cookie.Name, value)
	}
	return s.emptyJar(ctx, st.Cookie.Name)
}

// fillJar puts as many bytes of names and values into the jar.
func (s *Session) fillJar(ctx context.Context, name string, size int) error {
	for n := 1; size > 0; n++ {
		if n > mostCookies {
			return fail("the jar takes no more than %d cookies of %d bytes", mostCookies, largestCookie)
		}
		one := fmt.Sprintf("%s-%d", name, n)
		bytes := min(size, largestCookie)
		if err := s.setCookie(ctx, one, strings.Repeat("x", max(1, bytes-len(one)))); err != nil {
			return err
		}
		size -= bytes
	}
	return nil
}

func (s *Session) setCookie(ctx context.Context, name, value string) error {
	var set struct {
		Success bool `json:"success"`
	}
	err := s.front().callOnce(ctx, proto.NetworkSetCookie{Name: name, Value: value, URL: s.spec.Target, Path: "/"}, &set)
	var refused *cdp.Error
	if err == nil && !set.Success || errors.As(err, &refused) && !errors.Is(err, history.ErrLost) {
		return fail("the browser does not take the cookie %s", name)
	}
	return err
}

// emptyJar takes a cookie out of the jar, wherever on the target's host it
// stands, and those that were numbered by its name.
func (s *Session) emptyJar(ctx context.Context, name string) error {
	var jar proto.StorageGetCookiesResult
	if err := s.driver.call(ctx, proto.StorageGetCookies{BrowserContextID: s.contextID}, &jar); err != nil {
		return err
	}
	host := s.targetHost
	if u, err := url.Parse(s.spec.Target); err == nil {
		host = u.Hostname()
	}
	for _, c := range jar.Cookies {
		if !isNamed(c.Name, name) || !isFor(c.Domain, host) {
			continue
		}
		out := proto.NetworkDeleteCookies{Name: c.Name, Domain: c.Domain, Path: c.Path, PartitionKey: c.PartitionKey}
		if err := s.front().callOnce(ctx, out, nil); err != nil {
			return err
		}
	}
	return nil
}

// isNamed reports whether a cookie has this name, or this name with a number.
func isNamed(cookie, name string) bool {
	number, numbered := strings.CutPrefix(cookie, name+"-")
	return cookie == name || numbered && number != "" && strings.Trim(number, "0123456789") == ""
}

// isFor reports whether a cookie of this domain is sent to the host.
func isFor(domain, host string) bool {
	domain, host = strings.ToLower(domain), strings.ToLower(host)
	return domain == host || strings.HasPrefix(domain, ".") && strings.HasSuffix("."+host, domain)
}
