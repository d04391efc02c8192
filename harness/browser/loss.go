package browser

import (
	"context"
	"errors"
	"strings"

	"github.com/go-rod/rod/lib/cdp"

	"crosstalk/harness/history"
)

// lossError says that a tab or a browser is gone; it wraps history.ErrLost.
type lossError struct {
	reason string
	cause  error // nil when the reason says it all
}

// lost is the error of a tab or browser that is gone.
func lost(reason string, cause error) error {
	return &lossError{reason: reason, cause: cause}
}

func (e *lossError) Error() string {
	if e.cause == nil {
		return e.reason
	}
	return e.reason + ": " + e.cause.Error()
}

func (e *lossError) Unwrap() []error {
	if e.cause == nil {
		return []error{history.ErrLost}
	}
	return []error{history.ErrLost, e.cause}
}

// gone are beginnings of Chromium's answers about something that has ended
// for good: asking again can't help.
func gone() []string {
	return []string{
		"Session with given id not found",
		"No target with given id found",
		"No session with given id",
		"Failed to find browser context",
		"Failed to find context with id",
		"Target closed",
		"Target crashed",
	}
}

// moved are beginnings of Chromium's answers when a page was replaced while
// it was asked: the same question gets an answer from the new page.
func moved() []string {
	return []string{
		"Inspected target navigated or closed",
		"Cannot find context with specified id",
		"Execution context was destroyed",
		"Cannot find default execution context",
		"uniqueContextId not found",
	}
}

// saysOneOf reports whether err is an answer of the browser's that begins
// like one of these.
func saysOneOf(err error, beginnings []string) bool {
	var answer *cdp.Error
	if !errors.As(err, &answer) {
		return false
	}
	for _, b := range beginnings {
		if strings.HasPrefix(answer.Message, b) {
			return true
		}
	}
	return false
}

// translated turns what a protocol call ends with into an error that wraps
// history.ErrLost where the tab or browser is gone, and leaves the rest.
func translated(ctx context.Context, what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, history.ErrLost):
		return err
	case saysOneOf(err, gone()):
		return lost("tab lost during "+what, err)
	case errors.Is(err, context.Canceled) && ctx.Err() == nil:
		// rod cancels a page's own context when its target is gone.
		return lost("tab lost during "+what, errors.New("it was closed"))
	}
	return err
}
