package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-rod/rod/lib/proto"
)

// tab is a page of our own, driven by the bare protocol: rod would keep
// goroutines and memory for it.
type tab struct {
	browser *Browser
	channel proto.TargetSessionID
}

// within lets proto's requests go to the tab, bounded by ctx.
type within struct {
	ctx context.Context
	tab *tab
}

// Call makes within a client of proto's.
func (w within) Call(ctx context.Context, channel, method string, params any) ([]byte, error) {
	return w.tab.browser.conn.Call(ctx, channel, method, params)
}

// GetSessionID says which tab is meant.
func (w within) GetSessionID() proto.TargetSessionID { return w.tab.channel }

// GetContext says how long a call may take.
func (w within) GetContext() context.Context { return w.ctx }

// openTab opens a page in a context and waits until its script has run.
func openTab(ctx context.Context, b *Browser, id proto.BrowserBrowserContextID, address string) (*tab, error) {
	t := &tab{browser: b}
	err := doOnce(ctx, "open a page", func(ctx context.Context) error {
		target, err := proto.TargetCreateTarget{URL: address, BrowserContextID: id}.Call(b.rod.Context(ctx))
		if err != nil {
			return err
		}
		attached, err := proto.TargetAttachToTarget{TargetID: target.TargetID, Flatten: true}.Call(b.rod.Context(ctx))
		if err == nil {
			t.channel = attached.SessionID
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return t, t.ready(ctx)
}

// ready waits until the page's own script is there.
func (t *tab) ready(ctx context.Context) error {
	for {
		got, err := t.evaluate(ctx, `typeof probes === "object" && document.readyState === "complete" ? "ready" : location.href`)
		if err != nil {
			return err
		}
		if got == "ready" {
			return nil
		}
		if sleep(ctx, 20*time.Millisecond) != nil {
			return fmt.Errorf("the page did not load, it stands at %s", got)
		}
	}
}

// ask calls an asynchronous function of the page with a value.
func (t *tab) ask(ctx context.Context, function, value string) (string, error) {
	argument, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	return t.evaluate(ctx, function+"("+string(argument)+")")
}

// evaluate runs an expression and answers its text.
func (t *tab) evaluate(ctx context.Context, expression string) (string, error) {
	var text string
	err := do(ctx, "ask the page", func(ctx context.Context) error {
		r, err := proto.RuntimeEvaluate{Expression: expression, AwaitPromise: true, ReturnByValue: true}.Call(within{ctx, t})
		switch {
		case err != nil:
			return err
		case r.ExceptionDetails != nil:
			return errors.New(thrown(r.ExceptionDetails))
		}
		text = r.Result.Value.Str()
		return nil
	})
	return text, err
}

// thrown is what a page's script threw, in a line.
func thrown(e *proto.RuntimeExceptionDetails) string {
	if e.Exception != nil && e.Exception.Description != "" {
		return e.Exception.Description
	}
	return e.Text
}
