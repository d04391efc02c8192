package api

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// Client is one session. Its methods are called one after another.
type Client struct {
	options   Options
	spec      history.SessionSpec
	target    string // host and port, which places leave out
	link      *link
	transport roads
	jar       *jar
	url       string // where the client stands
	performed int
	conns     connections
	last      *answer
	lastCall  *scenarios.Call // already expanded, for reload
	closed    bool
	left      bool                   // everything it had open is gone
	user      atomic.Pointer[string] // who uses the session now; "" for nobody

	// What open streams share with the steps.
	life     context.Context // ends with the session
	end      context.CancelCauseFunc
	step     atomic.Int64 // index of the step being performed
	requests atomic.Int64
	looked   jarLook
	streams  []*stream // in the order of their opening, hung up ones too
	inbox    inbox
}

// errTooSlow is the cause of a context that a step's own timeout ended; any
// other end of it is the run's doing.
var errTooSlow = errors.New("no whole answer within the step's timeout")

// Do performs one step within its timeout. What the shop did wrong is in the
// outcome; an error means that the step is none of an API client's, that a
// field could not be resolved, or that the session was closed. A context that
// history.ErrLeft ends takes every connection with it, and only Close can
// follow; whatever else ends one leaves the session as it is.
func (c *Client) Do(ctx context.Context, st scenarios.Step, fields scenarios.Fields) (history.Outcome, error) {
	if c.closed || c.left {
		return history.Outcome{}, fmt.Errorf("perform %s: session is closed: %w", st, history.ErrLost)
	}
	step := c.performed
	if st.Pos.Line > 0 {
		step = st.Index
	}
	c.step.Store(int64(step))
	c.performed++
	inner, cancel := context.WithTimeoutCause(ctx, c.timeout(st), errTooSlow)
	defer cancel()
	o, err := c.perform(inner, st, fields)
	if errors.Is(context.Cause(ctx), history.ErrLeft) {
		c.leave()
	}
	if err != nil {
		return o, fmt.Errorf("perform %s: %w", st, err)
	}
	if o.Outcome == history.StepFailed && ctx.Err() != nil {
		o.Outcome, o.Error = history.StepCut, ""
	}
	o.URL = c.url
	return o, nil
}

func (c *Client) timeout(st scenarios.Step) time.Duration {
	switch {
	case st.Op == scenarios.Wait:
		return st.Wait + time.Second
	case st.Timeout > 0:
		return st.Timeout
	}
	return c.options.StepTimeout
}

func (c *Client) perform(ctx context.Context, st scenarios.Step, fields scenarios.Fields) (history.Outcome, error) {
	switch st.Op {
	case scenarios.Visit:
		return c.visit(ctx, st, fields)
	case scenarios.Request, scenarios.Download:
		return c.request(ctx, st, fields)
	case scenarios.SignOut:
		o, err := c.request(ctx, st, fields)
		o.SignedOut = o.Outcome == history.StepDone
		c.lookAgain()
		return o, err
	case scenarios.Reload:
		return c.reload(ctx, fields)
	case scenarios.See:
		return c.see(st, fields)
	case scenarios.Shows:
		return c.shows(st, fields)
	case scenarios.Remember:
		return c.remember(st)
	case scenarios.Listen, scenarios.Send, scenarios.Hear, scenarios.HangUp:
		return c.streaming(ctx, st, fields)
	case scenarios.Wait:
		return wait(ctx, st.Wait), nil
	case scenarios.Meet:
		return done, nil
	case scenarios.Network:
		c.enter(st.Network)
		return done, nil
	case scenarios.Cookie:
		return c.plant(st, fields)
	default:
	}
	return history.Outcome{}, fmt.Errorf("an API client has no step %q", st.Op)
}

// done is the outcome of a step that did what it should.
var done = history.Outcome{Outcome: history.StepDone}

func failed(format string, args ...any) history.Outcome {
	text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	return history.Outcome{Outcome: history.StepFailed, Error: text}
}

func wait(ctx context.Context, d time.Duration) history.Outcome {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return done
	case <-ctx.Done():
		return failed("waited less than %s", d)
	}
}

// Close hangs up, records the jar once more if it changed, and ends the
// session's connections. Every step has waited for its answer, so only open
// streams are under way; Close waits for their ends, up to the context's.
func (c *Client) Close(ctx context.Context) error {
	if c.closed {
		return nil
	}
	c.closed = true
	err := c.hangUpAll(ctx, c.streams)
	c.end(errHungUp)
	c.lookAgain()
	c.transport.CloseIdleConnections()
	if err != nil {
		return fmt.Errorf("close streams: %w", err)
	}
	return nil
}
