package api

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// checkDeadline bounds SelfChecks; it takes milliseconds.
const checkDeadline = 10 * time.Second

// SelfChecks proves with a little server of our own that two sessions share
// neither cookies nor connections, and that one session keeps its own cookie:
// without that a jar that forgets everything would look isolated.
func SelfChecks(ctx context.Context, d *Driver) []history.SelfCheck {
	ctx, cancel := context.WithTimeout(ctx, checkDeadline)
	defer cancel()
	err := checkIsolation(ctx, d.Open)
	check := history.SelfCheck{Name: "API sessions", OK: err == nil}
	if err != nil {
		check.Detail = err.Error()
	}
	return []history.SelfCheck{check}
}

// heard is what one request told our server about the session it came from.
type heard struct{ cookie, connection string }

func checkIsolation(ctx context.Context, open func(context.Context, history.SessionSpec) (*Client, error)) error {
	var mu sync.Mutex
	var log []heard
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{ReadHeaderTimeout: checkDeadline, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := heard{connection: r.RemoteAddr}
		if c, err := r.Cookie("crosstalk"); err == nil {
			h.cookie = c.Value
		}
		mu.Lock()
		defer mu.Unlock()
		log = append(log, h)
		http.SetCookie(w, &http.Cookie{Name: "crosstalk", Value: fmt.Sprint(len(log)), Path: "/"})
	})}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener) // ends with Close
	}()
	err = visitTwice(ctx, open, "http://"+listener.Addr().String())
	_ = server.Close() // nothing depends on how it ends
	<-served
	if err != nil {
		return err
	}
	return judgeHeard(log)
}

// visitTwice lets two sessions visit twice each, in turns: A B A B.
func visitTwice(ctx context.Context, open func(context.Context, history.SessionSpec) (*Client, error), target string) error {
	var sessions []*Client
	for range 2 {
		c, err := open(ctx, history.SessionSpec{Target: target, Sink: unheard{}, Allowed: func(string) bool { return true }})
		if err != nil {
			return fmt.Errorf("open session: %w", err)
		}
		defer func() { _ = c.Close(ctx) }() // it was never observed: nothing can be lost
		sessions = append(sessions, c)
	}
	for visit := range 4 {
		o, err := sessions[visit%2].Do(ctx, scenarios.Step{Op: scenarios.Visit, URL: "/"}, scenarios.Fields{Target: target})
		if err != nil {
			return fmt.Errorf("visit our own server: %w", err)
		}
		if o.Outcome != history.StepDone {
			return fmt.Errorf("visit our own server: %s", o.Error)
		}
	}
	return nil
}

func judgeHeard(log []heard) error {
	switch {
	case len(log) != 4:
		return fmt.Errorf("our server heard %d requests, not 4", len(log))
	case log[0].cookie != "" || log[1].cookie != "":
		return fmt.Errorf("a session began with a cookie: %q, %q", log[0].cookie, log[1].cookie)
	case log[2].cookie != "1" || log[3].cookie != "2":
		return fmt.Errorf("sessions sent %q and %q, not their own cookies 1 and 2", log[2].cookie, log[3].cookie)
	case log[0].connection == log[1].connection || log[2].connection == log[3].connection:
		return fmt.Errorf("two sessions shared the connection from %s", log[0].connection)
	}
	return nil
}

// unheard is the sink of sessions that nobody observes.
type unheard struct{ history.Sink }

func (unheard) Now() history.Moment { return 0 }
