package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"crosstalk/harness/history"
	"crosstalk/scenarios"

	"github.com/coder/websocket"
)

// streaming performs a step about open streams.
func (c *Client) streaming(ctx context.Context, st scenarios.Step, fields scenarios.Fields) (history.Outcome, error) {
	switch {
	case st.Op == scenarios.Listen && st.Listen != nil:
		return c.listen(ctx, *st.Listen, fields)
	case st.Op == scenarios.Send && st.Send != nil:
		return c.write(ctx, *st.Send, fields)
	case st.Op == scenarios.Hear && st.Hear != nil:
		return c.hear(ctx, *st.Hear, fields)
	case st.Op == scenarios.HangUp:
		return c.hangUp(ctx, st.Name)
	}
	return failed("the step says nothing"), nil
}

// listen opens a stream, which lives on when the step is done.
func (c *Client) listen(ctx context.Context, l scenarios.Stream, fields scenarios.Fields) (history.Outcome, error) {
	l, err := fields.Stream(l)
	if err != nil {
		return history.Outcome{}, err //nolint:wrapcheck // Do names the step
	}
	out, err := c.outgoing(l.Call, fields, resourceAPI)
	if err != nil {
		return history.Outcome{}, err
	}
	s := &stream{client: c, name: l.Name, out: out}
	var opened func() bool
	s.ctx, s.cancel, opened = opening(c.life, ctx)
	var refused string
	if l.Socket {
		refused = c.listenSocket(s, l)
	} else {
		refused = c.listenEvents(s, l)
	}
	c.stand(s.answer)
	if s.done != nil {
		c.streams = append(c.streams, s)
	}
	return c.listened(s, l.Call.Expect, refused, opened()), nil
}

// listened is what became of a listen step. A stream that should not have been
// opened is not left open.
func (c *Client) listened(s *stream, expect int, refused string, inTime bool) history.Outcome {
	status := s.answer.exchange.Status
	expected := expect == 0 || status == expect
	if s.done != nil && inTime && expected || s.done == nil && expect != 0 && expected && s.answer.failure == "" {
		return done
	}
	s.cancel(errHungUp)
	switch {
	case s.done != nil && inTime:
		return failed("%s answered %d, expected %d", s.answer.what(), status, expect)
	case s.done != nil:
		return failed("%s was not open in time", s.answer.what())
	}
	return failed("%s", refused)
}

// listenEvents opens an event stream and begins to read it; without one it
// says why.
func (c *Client) listenEvents(s *stream, l scenarios.Stream) (refused string) {
	if l.Call.Headers["Accept"] == "" {
		s.out.header.Set("Accept", eventStreamType)
	}
	a, resp := c.openEvents(s.ctx, s.out, l.Call.Expect)
	s.answer = a
	if resp == nil {
		return refusal(a)
	}
	s.begin(func() string { return s.readEvents(resp) })
	return ""
}

func (c *Client) listenSocket(s *stream, l scenarios.Stream) (refused string) {
	s.out.header.Del("Accept")
	s.answer, s.socket, s.raw = c.openSocket(s.ctx, s.out, l.Protocol)
	switch {
	case s.socket == nil && s.answer.failure != "":
		return s.answer.failure
	case s.socket == nil:
		return fmt.Sprintf("%s answered %d", s.answer.what(), s.answer.exchange.Status)
	}
	s.begin(s.readSocket)
	return ""
}

// named are the session's streams of a name; all for none.
func (c *Client) named(name string) []*stream {
	return slices.DeleteFunc(slices.Clone(c.streams), func(s *stream) bool { return name != "" && s.name != name })
}

// write sends a message on the WebSocket that was opened last, or on the one
// that the step names.
func (c *Client) write(ctx context.Context, m scenarios.Message, fields scenarios.Fields) (history.Outcome, error) {
	m, err := fields.Message(m)
	if err != nil {
		return history.Outcome{}, err //nolint:wrapcheck // Do names the step
	}
	body := []byte(m.Text)
	if m.JSON != nil {
		if body, err = encodeJSON(m.JSON); err != nil {
			return history.Outcome{}, err
		}
	}
	sockets := slices.DeleteFunc(c.named(m.On), func(s *stream) bool { return s.socket == nil })
	if len(sockets) == 0 {
		return failed("send: no WebSocket is open"), nil
	}
	s, over := c.inbox.latest(sockets)
	if s == nil {
		return failed("send: %s", over), nil
	}
	s.show(body, textType(body), "", true) // before it can be answered
	if err := s.socket.Write(ctx, websocket.MessageText, body); err != nil {
		return failed("send: %s took no message", s.answer.what()), nil //nolint:nilerr // the shop's doing
	}
	return done, nil
}

// hear waits for a message, which then is the last answer.
func (c *Client) hear(ctx context.Context, as scenarios.Hearing, fields scenarios.Fields) (history.Outcome, error) {
	h, err := fields.Hearing(as)
	if err != nil {
		return history.Outcome{}, err //nolint:wrapcheck // Do names the step
	}
	fits, err := fitting(h)
	if err != nil {
		return history.Outcome{}, err
	}
	streams := c.named(h.On)
	for seen := 0; ; {
		m, upTo, over, changed := c.inbox.take(streams, seen, fits)
		switch {
		case m != nil:
			c.last = m.answer()
			return done, nil
		case over != "":
			return failed("hear %s: %s", as, over), nil
		}
		seen = upTo
		select {
		case <-changed:
		case <-ctx.Done():
			return failed("hear %s: not in time from %s", as, places(streams)), nil
		}
	}
}

func places(streams []*stream) string {
	text := ""
	for _, s := range streams {
		if text != "" {
			text += ", "
		}
		text += s.answer.what()
	}
	return text
}

// fitting says which messages a step waits for.
func fitting(h scenarios.Hearing) (func(message) bool, error) {
	var path scenarios.Path
	if h.JSON != "" {
		var err error
		if path, err = scenarios.ParsePath(h.JSON); err != nil {
			return nil, fmt.Errorf("hear: %w", err)
		}
	}
	return func(m message) bool {
		return (h.Event == "" || m.event == h.Event) && (h.Text == "" || contains(string(m.body), h.Text)) &&
			(h.JSON == "" || holds(m.body, path, h.Is))
	}, nil
}

// holds says whether a message has a value at a path, and, if is is given,
// that one.
func holds(body []byte, path scenarios.Path, is string) bool {
	var document any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if !json.Valid(body) || decoder.Decode(&document) != nil {
		return false
	}
	found, ok := path.In(document)
	return ok && (is == "" || sameJSON(found, is))
}

// hangUp closes the streams of a name, or all.
func (c *Client) hangUp(ctx context.Context, name string) (history.Outcome, error) {
	streams := c.named(name)
	if len(streams) == 0 {
		return failed("hang up: nothing is listened to"), nil
	}
	if err := c.hangUpAll(ctx, streams); err != nil {
		return failed("%s", err), nil
	}
	c.streams = slices.DeleteFunc(c.streams, func(s *stream) bool { return slices.Contains(streams, s) })
	return done, nil
}
