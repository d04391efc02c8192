package api

import (
	"bytes"
	"cmp"
	"context"
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
	a, w, resp := c.start(ctx, out)
	if resp != nil {
		c.receive(ctx, resp, a)
	}
	c.finish(a, w, out.body)
	return a
}

// start sends a request and reads the head of its response, which is nil when
// there is none.
func (c *Client) start(ctx context.Context, out outgoing) (*answer, *wire, *http.Response) {
	a, number := c.begin(out)
	w := c.wire(ctx, out, a)
	resp, err := c.send(c.traced(ctx, w), c.marked(out, number))
	if err != nil {
		a.fail(ctx, err)
		return a, w, nil
	}
	a.head(resp)
	return a, w, resp
}

func (c *Client) traced(ctx context.Context, w *wire) context.Context {
	return httptrace.WithClientTrace(ctx, w.trace(c.spec.Sink.Now, &c.conns, c.spec.Session.ID))
}

// finish ends an exchange and records it.
func (c *Client) finish(a *answer, w *wire, request []byte) {
	x := &a.exchange
	x.End = c.spec.Sink.Now()
	w.fill(x)
	if x.Failed != "" {
		a.failure = fmt.Sprintf("%s failed: %s", x.Place, x.Failed)
	}
	c.record(a, request)
}

// begin is the record of a request that is about to be sent, and its number
// in the session.
func (c *Client) begin(out outgoing) (*answer, int) {
	number := int(c.requests.Add(1))
	shown := *out.url
	shown.User = nil // a password of the target's is nobody's business
	s := c.spec.Session
	return &answer{exchange: history.Exchange{
		ID: fmt.Sprintf("%s.%d", s.ID, number), Session: s.ID, Viewer: c.viewer(), Step: int(c.step.Load()),
		Method: out.method, URL: shown.String(), Place: history.PlaceOf(out.method, shown.String(), c.target),
		Resource: out.resource, RequestBody: history.Body{Type: mediaType(out.header.Get("Content-Type"))},
		Start: c.spec.Sink.Now(),
	}}, number
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
	return c.roundTrip(req)
}

// roundTrip does what http.Client does for a single request. That one throws a
// response away whose Location cannot be parsed.
func (c *Client) roundTrip(req *http.Request) (*http.Response, error) {
	if user := req.URL.User; user != nil && req.Header.Get("Authorization") == "" {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	for _, cookie := range c.jar.Cookies(req.URL) {
		req.AddCookie(cookie)
	}
	if err := c.link.broken(); err != nil {
		return nil, err // not even by a connection that is open
	}
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return nil, err //nolint:wrapcheck // reason says it for people
	}
	c.jar.SetCookies(req.URL, resp.Cookies())
	return resp, nil
}

// head notes what stands before a response's body.
func (a *answer) head(resp *http.Response) {
	x := &a.exchange
	a.header = resp.Header.Clone()
	x.Status, x.Headers, x.Protocol = resp.StatusCode, lines(resp.Header), protocol(resp.Proto)
	x.Body.Type = mediaType(resp.Header.Get("Content-Type"))
	x.Redirect = redirect(resp)
}

// receive reads a response's body to its end, or to the limit, and the
// trailers behind it, which are headers like any other to those who read them.
func (c *Client) receive(ctx context.Context, resp *http.Response, a *answer) {
	defer resp.Body.Close() //nolint:errcheck // read as far as it is wanted
	x := &a.exchange
	limit := c.options.BodyLimit
	raw, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	coding := strings.Join(resp.Header.Values("Content-Encoding"), ",")
	switch {
	case err != nil:
		// What came of it was shown all the same.
		a.fail(ctx, err)
		a.body, _ = decode(raw, coding, limit)
		x.Body.Unseen = cmp.Or(x.Body.Unseen, x.Failed)
	case int64(len(raw)) > limit:
		a.body, _ = decode(raw[:limit], coding, limit)
		x.Body.Unseen = tooLarge(limit)
	default:
		a.body, x.Body.Unseen = decode(raw, coding, limit)
	}
	x.Headers = append(x.Headers, lines(resp.Trailer)...)
	for name, values := range resp.Trailer {
		a.header[name] = append(a.header[name], values...)
	}
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
	var outer *url.Error // of a WebSocket's dialer
	if errors.As(err, &outer) {
		err = outer.Err
	}
	// Our own port differs each time; the same failure should read the same.
	var op *net.OpError
	if errors.As(err, &op) && op.Op != "dial" {
		return op.Op + ": " + op.Err.Error()
	}
	return oneLine(err)
}

// oneLine is an error without what differs each time: HTTP/2 numbers its
// streams.
func oneLine(err error) string {
	words := strings.Fields(err.Error())
	for i := 0; i+2 < len(words); i++ {
		if words[i] == "stream" && words[i+1] == "ID" {
			words = slices.Delete(words, i, i+3)
		}
	}
	return strings.Join(words, " ")
}

// fail notes why an exchange has no whole answer. What the run itself cut is
// counted apart: the shop may have answered it.
func (a *answer) fail(ctx context.Context, err error) {
	a.exchange.Failed = reason(ctx, err)
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errTooSlow) {
		a.exchange.Body.Unseen = history.UnseenAborted
	}
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
	c.lookAtJar(a.exchange)
}
