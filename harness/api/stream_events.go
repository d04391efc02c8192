package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"crosstalk/harness/history"

	"golang.org/x/net/http/httpguts"
)

// How an event stream that broke is opened again: as browsers do, but not for
// ever.
const (
	defaultRetry = 3 * time.Second
	minRetry     = 50 * time.Millisecond
	maxRetry     = 30 * time.Second
	maxRetries   = 5  // in a row without a message
	maxReopened  = 50 // in all
)

const eventStreamType = "text/event-stream"

// openEvents asks for an event stream and follows redirects on the way. The
// response is nil when none was opened; the last answer says why.
func (c *Client) openEvents(ctx context.Context, out outgoing, stop int) (*answer, *http.Response) {
	for hop := 0; ; hop++ {
		if a := c.refused(out); a != nil {
			return a, nil
		}
		a, w, resp := c.start(ctx, out)
		// The exchange ends with its head: its messages are records of their
		// own, and a run that is killed must not lose where they came from.
		if resp != nil && resp.StatusCode == http.StatusOK && a.exchange.Body.Type == eventStreamType {
			c.finish(a, w, nil)
			return a, resp
		}
		if resp != nil {
			c.receive(ctx, resp, a)
		}
		c.finish(a, w, nil)
		next, on := a.next(out, hop, stop)
		if !on {
			return a, nil
		}
		out = next
	}
}

// readEvents reads an event stream, opening it again where it breaks, and
// answers why it ended for good.
func (s *stream) readEvents(resp *http.Response) string {
	lastID, wait := "", defaultRetry
	quiet := 0
	for reopened := 0; ; reopened++ {
		before := s.messages
		r, err := s.readOnce(resp, lastID)
		if r != nil {
			lastID = r.lastID
			if r.retry > 0 {
				wait = min(max(r.retry, minRetry), maxRetry)
			}
		}
		if quiet++; s.messages > before {
			quiet = 1
		}
		if why := s.over(err, quiet, reopened); why != "" {
			return why
		}
		var why string
		if resp, why = s.reopen(lastID, wait); resp == nil { //nolint:bodyclose // readOnce closes it
			return why
		}
	}
}

// over is why a stream that broke is not opened again; "" when it is.
func (s *stream) over(err error, quiet, reopened int) string {
	switch {
	case s.ctx.Err() != nil:
		return context.Cause(s.ctx).Error()
	case errors.Is(err, errMessages), errors.Is(err, errFlood):
		return err.Error()
	case quiet > maxRetries:
		return fmt.Sprintf("it broke %d times without a message", quiet)
	case reopened >= maxReopened:
		return fmt.Sprintf("it broke more than %d times", maxReopened)
	}
	return ""
}

// readOnce reads one connection to its end.
func (s *stream) readOnce(resp *http.Response, lastID string) (*eventReader, error) {
	defer resp.Body.Close() //nolint:errcheck // read as far as it is wanted
	limit := s.client.options.MessageLimit
	body, err := decoded(&bounded{resp.Body, 2 * maxTotal * limit}, strings.Join(resp.Header.Values("Content-Encoding"), ","))
	if err != nil {
		s.show(nil, eventStreamType, err.Error(), false)
		return nil, err
	}
	defer body.Close() //nolint:errcheck // reads memory and the body
	// A stream that decodes to more than it is must end as well.
	r := newEventReader(&bounded{body, 2 * maxTotal * limit}, int(limit), lastID)
	for {
		e, err := r.next()
		if full := s.take(e, err); full != nil {
			return r, full
		}
		if errors.Is(err, errTooMuch) {
			return r, s.enough(errFlood)
		}
		if err != nil {
			return r, err
		}
	}
}

// take records an event: its data as a message, what stands beside it as a
// sighting of its own when it is not what stood there last.
func (s *stream) take(e event, ended error) error {
	unseen := ""
	switch {
	case e.broken:
		unseen = s.brokeOff(ended)
	case e.cut:
		unseen = tooLarge(s.client.options.MessageLimit)
	}
	if len(e.beside) > 0 {
		content, err := json.Marshal(e.beside)
		// Another who uses this client now is told it for the first time.
		if aside := s.client.viewer() + "\x00" + string(content); err == nil && aside != s.aside {
			s.aside = aside
			s.show(content, history.SegmentsType, "", false)
		}
	}
	if !e.filled {
		return nil
	}
	if e.broken { // no client is told of it, but it was delivered
		s.show(e.data, textType(e.data), unseen, false)
		return nil
	}
	return s.deliver(e.name, e.data, textType(e.data), unseen)
}

// reopen asks for the stream once more, where it left off. Without one it
// answers why.
func (s *stream) reopen(lastID string, wait time.Duration) (*http.Response, string) {
	out := s.out
	out.header, out.held = out.header.Clone(), false
	if lastID != "" && httpguts.ValidHeaderFieldValue(lastID) {
		out.header.Set("Last-Event-ID", lastID)
	}
	var a *answer
	for range maxRetries {
		if !s.sleep(wait) {
			return nil, errHungUp.Error()
		}
		var resp *http.Response
		if a, resp = s.ask(out); resp != nil {
			s.current = a
			return resp, ""
		}
		if a.exchange.Status != 0 || a.exchange.Failed == "" {
			break // an answer that is no stream ends it; a network's failure does not
		}
	}
	return nil, refusal(a)
}

// ask is one try to open the stream again, within a step's usual time.
func (s *stream) ask(out outgoing) (*answer, *http.Response) {
	c := s.client
	bound, done := context.WithTimeoutCause(s.ctx, c.options.StepTimeout, errTooSlow)
	defer done()
	ctx, cancel, opened := opening(s.ctx, bound)
	a, resp := c.openEvents(ctx, out, 0)
	if resp == nil || !opened() {
		cancel(errHungUp)
		return a, nil
	}
	resp.Body = withCancel{resp.Body, cancel}
	return a, resp
}

// withCancel frees a connection's context when its body is closed.
type withCancel struct {
	io.ReadCloser
	cancel context.CancelCauseFunc
}

// Close closes the body and ends its context.
func (w withCancel) Close() error {
	defer w.cancel(errHungUp)
	return w.ReadCloser.Close() //nolint:wrapcheck // a Closer is transparent
}

func (s *stream) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// refusal says what an answer was instead of an event stream.
func refusal(a *answer) string {
	x := a.exchange
	switch {
	case a.failure != "":
		return a.failure
	case x.Status != http.StatusOK:
		return fmt.Sprintf("%s answered %d", a.what(), x.Status)
	}
	return fmt.Sprintf("%s answered no event stream but %q", a.what(), x.Body.Type)
}

// decoded undoes the codings of a stream as it comes.
func decoded(in io.Reader, contentEncoding string) (io.ReadCloser, error) {
	codings := codingsOf(contentEncoding)
	if len(codings) > maxCodings {
		return nil, fmt.Errorf("coded %d times", len(codings))
	}
	out := io.NopCloser(in)
	for i := len(codings) - 1; i >= 0; i-- {
		next, err := reader(out, codings[i])
		if err != nil {
			return nil, fmt.Errorf("content coding %q could not be undone: %w", codings[i], err)
		}
		out = next
	}
	return out, nil
}

// sameJSON says whether a value at a pointer reads as a text does.
func sameJSON(found any, text string) bool {
	switch v := found.(type) {
	case string:
		return v == text
	case nil:
		return text == "null"
	}
	written, err := json.Marshal(found)
	return err == nil && string(bytes.TrimSpace(written)) == text
}
