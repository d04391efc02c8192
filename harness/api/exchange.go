package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"

	"crosstalk/harness/history"
)

// exchange sends one request and records it with its response, whatever
// became of it.
func (c *Client) exchange(ctx context.Context, out outgoing) *answer {
	a := &answer{exchange: c.begin(out)}
	out = c.marked(out)
	x := &a.exchange
	w := &wire{}
	resp, err := c.send(httptrace.WithClientTrace(ctx, w.trace(c.spec.Sink.Now, &c.conns, c.spec.Session.ID)), out)
	if err == nil {
		a.header = resp.Header
		c.url = x.URL
		c.receive(ctx, resp, a)
	} else {
		x.Failed = reason(ctx, err)
	}
	x.End = c.spec.Sink.Now()
	w.fill(x)
	if x.Failed != "" {
		a.failure = fmt.Sprintf("%s failed: %s", x.Place, x.Failed)
	}
	c.record(a, out.body)
	return a
}

func (c *Client) begin(out outgoing) history.Exchange {
	c.requests++
	shown := *out.url
	shown.User = nil // a password of the target's is nobody's business
	s := c.spec.Session
	return history.Exchange{
		ID: fmt.Sprintf("%s.%d", s.ID, c.requests), Session: s.ID, Viewer: cmp.Or(s.Customer, history.Nobody), Step: c.step,
		Method: out.method, URL: shown.String(), Place: history.PlaceOf(out.method, shown.String(), c.target),
		Resource: out.resource, RequestBody: history.Body{Type: mediaType(out.header.Get("Content-Type"))},
		Start: c.spec.Sink.Now(),
	}
}

func (c *Client) send(ctx context.Context, out outgoing) (*http.Response, error) {
	var body io.Reader
	if out.body != nil {
		body = bytes.NewReader(out.body)
	}
	req, err := http.NewRequestWithContext(ctx, out.method, out.url.String(), body)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.Header = out.header.Clone()
	if out.host != "" {
		req.Host = out.host
	}
	return c.http.Do(req) //nolint:wrapcheck // reason says it for people
}

// receive reads a response to its end, or to the limit.
func (c *Client) receive(ctx context.Context, resp *http.Response, a *answer) {
	defer resp.Body.Close() //nolint:errcheck // read as far as it is wanted
	x := &a.exchange
	x.Status, x.Headers, x.Protocol = resp.StatusCode, lines(resp.Header), protocol(resp.Proto)
	x.Body.Type = mediaType(resp.Header.Get("Content-Type"))
	x.Redirect = redirect(resp)
	raw, err := io.ReadAll(io.LimitReader(resp.Body, c.options.BodyLimit+1))
	if err != nil {
		// What came of it was shown all the same.
		x.Failed = reason(ctx, err)
		x.Body.Unseen = unseen(ctx, x.Failed)
		a.body = raw
		return
	}
	if int64(len(raw)) > c.options.BodyLimit {
		a.body, x.Body.Unseen = raw[:c.options.BodyLimit], tooLarge(c.options.BodyLimit)
		return
	}
	a.body, x.Body.Unseen = decode(raw, strings.Join(resp.Header.Values("Content-Encoding"), ","), c.options.BodyLimit)
}

// redirect is the absolute address a response sends its client to; "" when it
// is no redirect.
func redirect(resp *http.Response) string {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return ""
	}
	u, err := resp.Location()
	if err != nil {
		return resp.Header.Get("Location")
	}
	return u.String()
}

// reason is why an exchange failed, in one line and without the address, which
// the exchange has already.
func reason(ctx context.Context, err error) string {
	if cause := context.Cause(ctx); cause != nil {
		return cause.Error()
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	// Our own port differs each time; the same failure should read the same.
	var op *net.OpError
	if errors.As(err, &op) && op.Op != "dial" {
		return op.Op + ": " + op.Err.Error()
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

// unseen is why a body is not whole. What the run itself cut is counted apart.
func unseen(ctx context.Context, failure string) string {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errTooSlow) {
		return history.UnseenAborted
	}
	return failure
}

// lines are header lines in the order of their names; net/http does not keep
// that of the wire.
func lines(h http.Header) []history.Header {
	var all []history.Header
	for name, values := range h {
		for _, v := range values {
			all = append(all, history.Header{Name: name, Value: v})
		}
	}
	slices.SortStableFunc(all, func(a, b history.Header) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func mediaType(contentType string) string {
	if t, _, err := mime.ParseMediaType(contentType); err == nil {
		return t
	}
	t, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// record hands an exchange to the sink, and the jar after it when it changed.
func (c *Client) record(a *answer, request []byte) {
	if !c.spec.Observe {
		return
	}
	c.spec.Sink.Exchange(a.exchange, request, a.body)
	content, err := json.Marshal(c.jar.segments())
	if err != nil || string(content) == c.cookies || c.cookies == "" && string(content) == "null" {
		return
	}
	c.cookies = string(content)
	x := a.exchange
	c.spec.Sink.Sighting(history.Sighting{
		Session: x.Session, Viewer: x.Viewer, Step: x.Step, Surface: history.SurfaceCookie, Place: x.Place, URL: x.URL,
		Exchange: x.ID, Body: history.Body{Type: history.SegmentsType},
	}, content)
}
