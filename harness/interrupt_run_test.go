package harness

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// interrupted runs for minutes, against a front that is told how to interrupt
// it once everybody has an account.
func interrupted(t *testing.T, f *front, spoil func(n int, r *http.Request, interrupt func()) http.HandlerFunc, leave <-chan struct{}) Result {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	f.spoil = func(n int, r *http.Request) http.HandlerFunc { return spoil(n, r, cancel) }
	begun := time.Now()
	result, err := Run(ctx, Config{
		Scenario: scenarioOf(t, littleShop), Target: before(t, f), Customers: 6, Seed: 3, For: 10 * time.Minute, Out: t.TempDir(), Leave: leave,
	})
	require.NoError(t, err)
	require.Less(t, time.Since(begun), 2*time.Minute, "it waited for what hangs")
	require.True(t, result.Interrupted)
	require.Equal(t, ExitInterrupted, result.Exit)
	return result
}

func TestAnInterruptCutsWhatHangsAndStillRemovesTheAccounts(t *testing.T) {
	shop := newLittle()
	result := interrupted(t, &front{shop: shop}, func(n int, r *http.Request, interrupt func()) http.HandlerFunc {
		if n != 40 {
			return nil
		}
		return func(w http.ResponseWriter, r *http.Request) {
			interrupt()
			silence(w, r)
		}
	}, nil)
	require.Empty(t, result.Accounts)
	require.Zero(t, shop.accounts())
}

func TestASecondInterruptLeavesTheAccountsToTheNextRun(t *testing.T) {
	leave := make(chan struct{})
	var once sync.Once
	result := interrupted(t, &front{shop: newLittle()}, func(n int, r *http.Request, interrupt func()) http.HandlerFunc {
		switch {
		case n == 40:
			interrupt()
		case r.Method == http.MethodDelete:
			once.Do(func() { close(leave) })
			return silence
		}
		return nil
	}, leave)
	require.Len(t, result.Accounts, 6)
}

func TestTheCleanUpOfATargetThatIsGoneIsGivenUp(t *testing.T) {
	shop := newLittle()
	var said []string
	var mu sync.Mutex
	f := &front{shop: shop}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	gate := make(chan struct{})
	f.spoil = func(n int, _ *http.Request) http.HandlerFunc {
		if n == 40 {
			close(gate)
		}
		return nil
	}
	target, end := ending(t, f)
	go func() { <-gate; end(); cancel() }()
	result, err := Run(ctx, Config{
		Scenario: scenarioOf(t, littleShop), Target: target, Customers: 20, Parallel: 2, Seed: 3, For: 10 * time.Minute, Out: t.TempDir(),
		Progress: func(p Progress) { mu.Lock(); defer mu.Unlock(); said = append(said, p.Line) },
	})
	require.NoError(t, err)
	require.Equal(t, ExitInterrupted, result.Exit)
	require.Len(t, result.Accounts, 20)
	require.Contains(t, said, "nobody answers at "+target+": 20 accounts are left for the next run to remove")
}
