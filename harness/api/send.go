package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// maxRedirects is how many redirects one request follows, as browsers limit
// theirs.
const maxRedirects = 10

// outgoing is a request as it will be sent; body is kept for redirects that
// repeat it.
type outgoing struct {
	method   string
	url      *url.URL
	header   http.Header
	host     string // the Host header, where a step sets one
	body     []byte
	resource string
	held     bool // may be held before it is sent; a redirect never is
}

// answer is the end of a chain of redirects: the last response.
type answer struct {
	exchange history.Exchange
	header   http.Header
	body     []byte
	failure  string // one line, when there is no whole response
}

// what names an answer as failures do: by its place, so that the same failure
// of many customers reads the same.
func (a *answer) what() string { return string(a.exchange.Place) }

// call sends a request and follows its redirects, and makes the last response
// the one that later steps look at. stop says at which status to follow none.
func (c *Client) call(ctx context.Context, out outgoing, stop int) *answer {
	for hop := 0; ; hop++ {
		a := c.refused(out)
		if a == nil {
			a = c.exchange(ctx, out)
		}
		c.stand(a)
		next, on := a.next(out, hop, stop)
		if !on {
			return a
		}
		out = next
	}
}

// stand makes an answer the one that later steps look at.
func (c *Client) stand(a *answer) {
	c.last = a
	if a.exchange.Status != 0 {
		c.url = a.exchange.URL
	}
}

// next is the request that an answer to another one asks for, if it is to be
// followed. hop is how many have been before it.
func (a *answer) next(out outgoing, hop, stop int) (next outgoing, on bool) {
	to := a.exchange.Redirect
	switch {
	case a.failure != "" || to == "" || a.exchange.Status == stop:
		return out, false
	case hop == maxRedirects:
		a.failure = fmt.Sprintf("%s was redirected more than %d times", a.what(), maxRedirects)
		return out, false
	}
	u, err := url.Parse(to)
	if err != nil {
		a.failure = fmt.Sprintf("%s was redirected to an address that is none", a.what())
		return out, false
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return out, false // a link back into the app, as sign-ins by browser end
	}
	u.User = nil // nobody is signed in by an address
	return out.redirected(a.exchange.Status, u), true
}

// refused is the answer to a request that the guard does not let be sent; nil
// when it does.
func (c *Client) refused(out outgoing) *answer {
	if c.spec.Allowed == nil || c.spec.Allowed(out.url.Host) {
		return nil
	}
	place := history.PlaceOf(out.method, out.url.String(), c.target)
	return &answer{
		exchange: history.Exchange{Place: place},
		failure:  fmt.Sprintf("refused: host %s is not allowed by the guard (guard.hosts or --allow-host)", out.url.Hostname()),
	}
}

// redirected is the request that a redirect asks for, by the rules of the
// Fetch standard: a POST becomes a GET unless the status forbids it, and what
// proves who one is does not follow to another origin.
func (o outgoing) redirected(status int, to *url.URL) outgoing {
	next := outgoing{method: o.method, url: to, header: o.header.Clone(), host: o.host, body: o.body, resource: o.resource}
	changed := status == http.StatusSeeOther && o.method != http.MethodGet && o.method != http.MethodHead ||
		(status == http.StatusMovedPermanently || status == http.StatusFound) && o.method == http.MethodPost
	if changed {
		next.method, next.body = http.MethodGet, nil
		for _, name := range []string{"Content-Type", "Content-Encoding", "Content-Language", "Content-Location"} {
			next.header.Del(name)
		}
	}
	if !strings.EqualFold(o.url.Host, to.Host) || o.url.Scheme != to.Scheme {
		next.host = ""
		next.header.Del("Authorization")
		next.header.Del("Cookie")
	}
	return next
}

// outgoing makes a request of an expanded call.
func (c *Client) outgoing(call scenarios.Call, fields scenarios.Fields, resource string) (outgoing, error) {
	u, err := url.Parse(call.URL)
	if err != nil {
		return outgoing{}, fmt.Errorf("parse address: %w", err)
	}
	u.Fragment, u.RawFragment = "", ""
	out := outgoing{method: call.Method, url: u, header: c.header(fields), resource: resource, held: true}
	if out.body, err = payload(call, out.header); err != nil {
		return outgoing{}, err
	}
	if call.Bearer != "" {
		out.header.Set("Authorization", "Bearer "+call.Bearer)
	}
	for name, value := range call.Headers {
		out.header.Set(name, value)
	}
	out.host = out.header.Get("Host")
	out.header.Del("Host")
	return out, nil
}

// header is what every request of this client carries: what an app of the
// customer's own language would send.
func (c *Client) header(fields scenarios.Fields) http.Header {
	h := http.Header{}
	h.Set("User-Agent", "crosstalk (synthetic test customers)")
	h.Set("Accept", "application/json, */*;q=0.9")
	h.Set("Accept-Encoding", acceptEncoding)
	if fields.Customer != nil && fields.Customer.Locale != "" {
		h.Set("Accept-Language", fields.Customer.Locale)
	}
	for _, line := range c.options.Header {
		h.Set(line.Name, line.Value)
	}
	return h
}
