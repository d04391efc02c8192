package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-rod/rod/lib/proto"
)

// checkPage is a page of our own, driven by the bare protocol: rod would keep
// goroutines and memory for it.
type checkPage struct {
	browser *Browser
	channel proto.TargetSessionID
}

// within lets proto's requests go to the page, bounded by ctx.
type within struct {
	ctx  context.Context
	page *checkPage
}

// Call makes within a client of proto's.
func (w within) Call(ctx context.Context, channel, method string, params any) ([]byte, error) {
	return w.page.browser.conn.Call(ctx, channel, method, params)
}

// GetSessionID says which page is meant.
func (w within) GetSessionID() proto.TargetSessionID { return w.page.channel }

// GetContext says how long a call may take.
func (w within) GetContext() context.Context { return w.ctx }

// openCheckPage opens a page in a context and waits until its script has run.
func openCheckPage(ctx context.Context, b *Browser, id proto.BrowserBrowserContextID, address string) (*checkPage, error) {
	t := &checkPage{browser: b}
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
func (t *checkPage) ready(ctx context.Context) error {
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
func (t *checkPage) ask(ctx context.Context, function, value string) (string, error) {
	argument, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	return t.evaluate(ctx, function+"("+string(argument)+")")
}

// evaluate runs an expression and answers its text.
func (t *checkPage) evaluate(ctx context.Context, expression string) (string, error) {
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
