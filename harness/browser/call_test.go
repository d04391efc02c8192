package browser

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

func TestAQuestionIsAskedAgainWhenThePageMovedAndAnActIsNot(t *testing.T) {
	for _, text := range []string{"Inspected target navigated or closed", "Cannot find context with specified id", "Execution context was destroyed."} {
		asked := 0
		movesTwice := func(context.Context) error {
			asked++
			if asked < 3 {
				return fmt.Errorf("evaluate: %w", &cdp.Error{Code: -32000, Message: text})
			}
			return nil
		}
		require.NoError(t, do(soon(t), "read", movesTwice), text)
		require.Equal(t, 3, asked)
		asked = 0
		require.ErrorContains(t, doOnce(soon(t), "click", movesTwice), text)
		require.Equal(t, 1, asked)
	}
}

func TestAskingAgainEndsByTheDeadlineOrByCount(t *testing.T) {
	moved := func(context.Context) error { return &cdp.Error{Message: "Inspected target navigated or closed"} }
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	require.Error(t, do(ctx, "read", moved))
	require.Less(t, time.Since(start), hung)
}

func TestErrorsOfCallsSayWhetherTheSessionIsLost(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	cases := map[string]struct {
		ctx  context.Context
		err  error
		lost bool
	}{
		"a channel that is gone":              {t.Context(), &cdp.Error{Code: -32001, Message: "Session with given id not found."}, true},
		"a context that is gone":              {t.Context(), &cdp.Error{Message: "Failed to find context with id 7"}, true},
		"rod canceled its page":               {t.Context(), context.Canceled, true},
		"the browser is gone":                 {t.Context(), lost("browser lost", nil), true},
		"we were interrupted":                 {ended, context.Canceled, false},
		"the page said no":                    {t.Context(), &cdp.Error{Message: "Could not find node"}, false},
		"a silent tab, without our deadline":  {t.Context(), context.DeadlineExceeded, true},
		"something else that ended in itself": {t.Context(), errors.New("odd"), false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := doOnce(c.ctx, "ask", func(context.Context) error { return c.err })
			require.Error(t, err)
			require.Equal(t, c.lost, errors.Is(err, history.ErrLost), "%v", err)
			require.ErrorContains(t, err, "ask: ")
		})
	}
	expired, cancelToo := context.WithDeadline(t.Context(), time.Now())
	defer cancelToo()
	err := doOnce(expired, "ask", func(ctx context.Context) error { return ctx.Err() })
	require.NotErrorIs(t, err, history.ErrLost, "a deadline of the caller's is no loss")
}

func TestEveryCallHasADeadline(t *testing.T) {
	require.NoError(t, do(context.Background(), "ask", func(ctx context.Context) error {
		_, has := ctx.Deadline()
		if !has {
			return errors.New("none")
		}
		return nil
	}))
}
