package browser

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// callLimit is how long a protocol call may take that comes without a
	// deadline of its own. A tab that is silent for so long is lost.
	callLimit = 30 * time.Second
	// askAgain bounds how often a question is repeated to a page that keeps
	// navigating away under it.
	askAgain = 12
	// firstPause is the pause before the second try; it doubles up to lastPause.
	firstPause = 20 * time.Millisecond
	lastPause  = 500 * time.Millisecond
)

// do performs protocol calls that may be repeated: reading, or anything that
// does no harm twice. It gives fn a context that always has a deadline, asks
// again when the page was replaced under the question, and returns an error
// that wraps history.ErrLost when the tab or browser is gone. what is for
// people: "read the page's text".
func do(ctx context.Context, what string, fn func(ctx context.Context) error) error {
	pause := firstPause
	for try := 1; ; try++ {
		err := doOnce(ctx, what, fn)
		if !saysOneOf(err, moved()) || try == askAgain {
			return err
		}
		if waitErr := sleep(ctx, pause); waitErr != nil {
			return err
		}
		pause = min(2*pause, lastPause)
	}
}

// doOnce is do for what must not happen twice, like a click: it never asks
// again.
func doOnce(ctx context.Context, what string, fn func(ctx context.Context) error) error {
	bounded, cancel := withLimit(ctx, callLimit)
	defer cancel()
	err := translated(bounded, what, fn(bounded))
	if err == nil {
		return nil
	}
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = lost("tab does not answer", err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// withLimit is ctx with a deadline: its own where it has one, else limit.
func withLimit(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, limit)
}

// sleep waits for d, or less when ctx ends; then it returns ctx's error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
