package harness

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

func TestACommandThatReproducesAFindingIsNarrowedAsTheRunWas(t *testing.T) {
	header := history.Run{ScenarioFile: "builtin:checkout", Target: "http://127.0.0.1:1", Seed: 7, Customers: 8, Journeys: []string{"shopper"}, Places: []string{"GET /account", "GET /it's/*"}}
	options := runOptions{OnHerd: "flush --all; true", ForMillis: 90_000}
	require.Equal(t,
		`crosstalk run checkout --target http://127.0.0.1:1 --seed 7 --customers 8 --schedule herd --journey shopper --place 'GET /account' --place 'GET /it'\''s/*' --on-herd 'flush --all; true' --for 1m30s --fail-fast`,
		reproduce(header, options, leak.Finding{Schedule: "herd"}))
	require.NotContains(t, reproduce(header, options, leak.Finding{Schedule: "swap"}), "--on-herd", "no other schedule runs it")
	require.NotContains(t, reproduce(history.Run{}, runOptions{}, leak.Finding{Schedule: history.PhaseSolo}), "--schedule")
}

func TestARunsFactsHaveItsPacesHooksAndRounds(t *testing.T) {
	f := facts{rounds: map[string]int{}, paces: []Pace{}}
	for _, e := range []history.Event{
		{At: 4_000_000, Pace: &history.Pace{Parallel: 2, Pause: 500_000, Why: "7 of 20 answers were 503"}},
		{Hook: &history.Hook{Schedule: "herd", Round: 3, Command: "flush", Start: 5_000_000, End: 6_500_000, Failed: "ended with 1"}},
		{Phase: &history.Phase{Name: "herd", Round: 3, Done: true}},
		{Phase: &history.Phase{Name: "swap", Round: 1}},
	} {
		require.NoError(t, f.add(e, "", nil))
	}
	require.Equal(t, []Pace{{At: 4000, Parallel: 2, Pause: 500, Why: "7 of 20 answers were 503"}}, f.paces)
	require.Equal(t, []Hook{{Schedule: "herd", Round: 3, Command: "flush", At: 5000, Took: 1500, Failed: "ended with 1"}}, f.hooks)
	require.Equal(t, map[string]int{"herd": 1}, f.rounds)
	for range 1000 {
		require.NoError(t, f.add(history.Event{Pace: &history.Pace{}}, "", nil))
	}
	require.Len(t, f.paces, mostPaces)
}

func TestARunThatCountedNothingHasNoNullsInItsResult(t *testing.T) {
	j, err := leak.Judge(t.Context(), history.NewMemory(), nil)
	require.NoError(t, err)
	r := assemble("", history.Run{}, j, facts{rounds: map[string]int{}, paces: []Pace{}})
	text, err := json.Marshal(r)
	require.NoError(t, err)
	require.Contains(t, string(text), `"never_own":[]`)
	require.Contains(t, string(text), `"paces":[]`)
}
