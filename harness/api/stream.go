package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"
	"unicode/utf8"

	"crosstalk/harness/history"

	"github.com/coder/websocket"
)

// Limits on one stream. What is beyond ends it, and is recorded as unseen.
const (
	maxMessages = 10_000
	maxTotal    = 64          // times the size of the largest message
	goodbye     = time.Second // for the other side to say it too
)

// stream is a connection that stays open beside the steps. Its goroutine pours
// every message into the sink and the inbox; hangUp ends it and waits.
type stream struct {
	client *Client
	name   string
	answer *answer // to the request that opened it first
	out    outgoing
	ctx    context.Context // ends with the session, or when it is hung up
	cancel context.CancelCauseFunc
	done   chan struct{} // closed when its goroutine has ended
	why    string        // it ended; the inbox guards it

	socket *websocket.Conn // nil: an event stream
	raw    io.Closer       // what the socket stands on

	// Of its goroutine alone, once it runs. A WebSocket is never opened again.
	current  *answer // to the request that opened it last
	messages int
	total    int64
	aside    string // what stood beside the last event's data
}

var (
	errHungUp   = errors.New("hung up")
	errFlood    = errors.New("hung up, since it brought more than one stream may")
	errMessages = fmt.Errorf("hung up after %d messages", maxMessages)
)

// opening is a context for a connection that outlives what bounds its
// beginning. opened is to be called once it has begun.
func opening(life, bound context.Context) (ctx context.Context, cancel context.CancelCauseFunc, opened func() bool) {
	ctx, cancel = context.WithCancelCause(life)
	opened = context.AfterFunc(bound, func() { cancel(context.Cause(bound)) })
	return ctx, cancel, opened
}

// begin starts a stream's goroutine.
func (s *stream) begin(read func() string) {
	s.done, s.current = make(chan struct{}), s.answer
	go func() {
		defer close(s.done)
		why := read()
		s.cancel(errHungUp)
		s.client.inbox.ended(s, why)
	}()
}

// deliver records a message, and lays it where steps hear it. Its error says
// that the stream has brought enough.
func (s *stream) deliver(event string, body []byte, contentType, unseen string) error {
	s.messages++
	s.total += int64(len(body))
	s.show(body, contentType, unseen, false)
	s.client.inbox.put(message{from: s, came: s.current, event: event, body: body})
	switch {
	case s.messages >= maxMessages:
		return s.enough(errMessages)
	case s.total >= maxTotal*s.client.options.MessageLimit:
		return s.enough(errFlood)
	}
	return nil
}

// enough says in the record that there may have been more.
func (s *stream) enough(why error) error {
	s.show(nil, "", why.Error(), false)
	return why
}

// show records what the stream brought, or what was sent on it.
func (s *stream) show(content []byte, contentType, unseen string, sent bool) {
	c, x := s.client, s.current.exchange
	if !c.spec.Observe {
		return
	}
	c.spec.Sink.Sighting(history.Sighting{
		Session: x.Session, Viewer: c.viewer(), Step: int(c.step.Load()), Surface: history.SurfaceSocket, Place: x.Place, URL: x.URL,
		Exchange: x.ID, Sent: sent, Body: history.Body{Type: contentType, Unseen: unseen},
	}, content)
}

// brokeOff is why the end of a message never came. What we cut ourselves is
// counted apart.
func (s *stream) brokeOff(err error) string {
	cause := context.Cause(s.ctx)
	switch {
	case errors.Is(cause, errHungUp):
		return history.UnseenCancelled
	case cause != nil, errors.Is(err, net.ErrClosed), s.client.link.broken() != nil:
		return history.UnseenAborted
	}
	return "the stream broke off within this message"
}

// textType is the type of a message that is text.
func textType(body []byte) string {
	switch {
	case !utf8.Valid(body):
		return "application/octet-stream"
	case len(body) > 0 && json.Valid(body):
		return "application/json"
	}
	return "text/plain"
}

// hangUp ends a stream, politely if the other side answers in time, and waits
// for its goroutine up to the end of the context.
func (s *stream) hangUp(ctx context.Context) error {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		s.sayGoodbye()
	}()
	timer := time.NewTimer(goodbye)
	defer timer.Stop()
	select {
	case <-closed:
	case <-timer.C:
	case <-ctx.Done():
	}
	s.cancel(errHungUp)
	if s.raw != nil {
		_ = s.raw.Close() // whoever still waits for the other side is freed
	}
	for _, end := range []chan struct{}{s.done, closed} {
		select {
		case <-end:
		case <-ctx.Done():
			return fmt.Errorf("hang up %s: %w", s.answer.what(), context.Cause(ctx))
		}
	}
	return nil
}

func (s *stream) sayGoodbye() {
	if s.socket != nil {
		_ = s.socket.Close(websocket.StatusNormalClosure, "") // politeness: the session is over either way
	}
}

// hangUpAll hangs up at once on those that are open.
func (c *Client) hangUpAll(ctx context.Context, streams []*stream) error {
	streams = slices.Clone(streams)
	ends := make(chan error, len(streams))
	for _, s := range streams {
		go func() { ends <- s.hangUp(ctx) }()
	}
	var errs []error
	for range streams {
		errs = append(errs, <-ends)
	}
	return errors.Join(errs...)
}
