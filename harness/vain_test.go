package harness

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
)

func TestRoundsInVainComeFartherAndFartherApart(t *testing.T) {
	round := plan.Round{Walks: []plan.Walk{alone("A"), alone("B"), alone(history.Nobody)}}
	vain, all := 0, time.Duration(0)
	for n := range 20 {
		vain = nextVain(vain, round, []walked{{Steps: 2}, {}, {Whole: true}})
		pause := vainPause(vain)
		require.Equal(t, n < freeVain, pause == 0, "after %d rounds in vain", n+1)
		require.LessOrEqual(t, pause, longestVain)
		all += pause
	}
	require.Greater(t, all, 30*time.Second)
	vain = nextVain(vain, round, []walked{{Steps: 2}, {Whole: true}, {}})
	require.Zero(t, vainPause(vain), "somebody came through")
	require.Positive(t, vainPause(1_000_000))
}

// A night of rounds that end at the sign-in would be nothing but a flood.
func TestAShopWhereNobodyCanSignInIsNotFlooded(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path == "/login" {
			http.Error(w, "{}", http.StatusForbidden)
		}
	}))
	defer shop.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	r, err := Run(ctx, Config{Scenario: focused(t), Target: shop.URL, Customers: 2, For: 15 * time.Second, Schedules: []string{history.PhaseMingle}, Out: t.TempDir()})
	require.NoError(t, err)
	require.Less(t, r.Rounds[history.PhaseMingle], 20)
	require.Less(t, asked.Load(), int64(400))
}
