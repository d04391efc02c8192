package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/coder/websocket"
)

// drained is how many messages' worth is read away of one that is too large.
const drained = 64

// handshake is the transport of one WebSocket's first request: what is
// answered to it is recorded whole, which a dialer does not give.
type handshake struct {
	client *Client
	answer *answer
	raw    io.Closer // of the connection, once it is a WebSocket's
}

// RoundTrip sends the handshake and notes what is answered.
func (h *handshake) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := h.client.roundTrip(req)
	if err != nil {
		return nil, err
	}
	h.answer.head(resp)
	if resp.StatusCode == http.StatusSwitchingProtocols {
		h.raw = resp.Body
		return resp, nil
	}
	h.client.receive(req.Context(), resp, h.answer)
	resp.Body = io.NopCloser(bytes.NewReader(nil))
	return resp, nil
}

// stayPut keeps a dialer from following redirects.
func stayPut(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// openSocket asks for a WebSocket, which follows no redirects. Without a
// connection the answer says why.
func (c *Client) openSocket(ctx context.Context, out outgoing, protocol string) (*answer, *websocket.Conn, io.Closer) {
	if a := c.refused(out); a != nil {
		return a, nil, nil
	}
	a, number := c.begin(out)
	marked, w := c.marked(out, number), c.wire(ctx, out, a)
	shake := &handshake{client: c, answer: a}
	options := &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: shake, CheckRedirect: stayPut}, HTTPHeader: marked.header, Host: marked.host,
		CompressionMode: websocket.CompressionContextTakeover,
	}
	if protocol != "" {
		options.Subprotocols = []string{protocol}
	}
	conn, _, err := websocket.Dial(c.traced(ctx, w), marked.url.String(), options) //nolint:bodyclose // the connection owns it, or RoundTrip read it
	switch x := &a.exchange; {
	case err == nil:
		conn.SetReadLimit(-1) // ours cuts messages instead of the connection
	case x.Status == http.StatusSwitchingProtocols:
		x.Failed = "what it answered opens no WebSocket"
	case x.Status == 0:
		a.fail(ctx, err)
	}
	// As with event streams, the exchange ends with its head.
	c.finish(a, w, nil)
	return a, conn, shake.raw
}

// readSocket reads a WebSocket to its end and answers why it ended.
func (s *stream) readSocket() string {
	defer s.socket.CloseNow() //nolint:errcheck // it has ended
	for {
		kind, r, err := s.socket.Reader(s.ctx)
		if err != nil {
			return s.farewell(err)
		}
		if err := s.receive(kind, r); err != nil {
			return s.farewell(err)
		}
	}
}

// receive reads one message.
func (s *stream) receive(kind websocket.MessageType, r io.Reader) error {
	limit := s.client.options.MessageLimit
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	unseen, contentType := "", textType(body)
	if kind == websocket.MessageBinary {
		contentType = "application/octet-stream"
	}
	if err != nil {
		s.show(body, contentType, s.brokeOff(err), false)
		return err //nolint:wrapcheck // farewell says it for people
	}
	if int64(len(body)) > limit {
		body, unseen = body[:limit], tooLarge(limit)
	}
	if full := s.deliver("", body, contentType, unseen); full != nil || unseen == "" {
		return full
	}
	if n, err := io.CopyN(io.Discard, r, drained*limit); !errors.Is(err, io.EOF) || n >= drained*limit {
		return s.enough(errFlood)
	}
	return nil
}

// farewell is why a socket ended. The words that the other side closed it with
// were shown to the client as well.
func (s *stream) farewell(err error) string {
	var closing websocket.CloseError
	switch {
	case errors.As(err, &closing):
		if closing.Reason != "" {
			s.show([]byte(closing.Reason), textType([]byte(closing.Reason)), "", false)
		}
		return fmt.Sprintf("it was closed with status %d", closing.Code)
	case s.ctx.Err() != nil:
		return context.Cause(s.ctx).Error()
	case errors.Is(err, errMessages), errors.Is(err, errFlood):
		return err.Error()
	}
	return "the connection broke"
}
