package plan_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

func scenario() *scenarios.Scenario {
	steps := []scenarios.Step{{Op: scenarios.Visit, URL: "/"}, {Op: scenarios.Shows}}
	return &scenarios.Scenario{Name: "s", Journeys: []scenarios.Journey{
		{Name: "shopper", Client: scenarios.Browser, Customer: scenarios.One, Setup: steps, Steps: steps, Cleanup: steps},
		{Name: "app", Client: scenarios.API, Customer: scenarios.One, Steps: steps},
		{Name: "guest", Client: scenarios.Browser, Customer: scenarios.Guest, Steps: steps},
		{Name: "passer-by", Client: scenarios.Browser, Customer: scenarios.None, Steps: steps},
	}}
}

func customers(n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("c%02d", i+1))
	}
	return ids
}

func make8(t *testing.T, seed uint64) *plan.Plan {
	t.Helper()
	p, err := plan.New(plan.Setting{Seed: seed, Scenario: scenario(), Customers: customers(8)})
	require.NoError(t, err)
	return p
}

func TestOneSeedGivesOnePlanAndAnotherSeedAnother(t *testing.T) {
	text := func(seed uint64) string {
		p := make8(t, seed)
		var all []plan.Round
		all = append(append(append(all, p.SignUp()...), p.Solo()...), p.CleanUp()...)
		for n := range 20 {
			all = append(all, p.Round(n))
		}
		b, err := json.Marshal(all)
		require.NoError(t, err)
		return string(b)
	}
	require.Equal(t, text(7), text(7))
	require.NotEqual(t, text(7), text(8))
}

func TestARoundDoesNotDependOnTheRoundsBeforeIt(t *testing.T) {
	all, alone := make8(t, 3), make8(t, 3)
	var tenth plan.Round
	for n := range 11 {
		tenth = all.Round(n)
	}
	require.Equal(t, alone.Round(10), tenth)
}

func TestAWrittenRoundCanBeReadBack(t *testing.T) {
	for n := range 4 {
		want := make8(t, 5).Round(n)
		b, err := json.Marshal(want)
		require.NoError(t, err)
		var got plan.Round
		require.NoError(t, json.Unmarshal(b, &got))
		require.Equal(t, want, got)
	}
}

func TestSoloIsOneAtATimeAfterAnAnonymousVisitor(t *testing.T) {
	rounds := make8(t, 1).Solo()
	require.Len(t, rounds, plan.DefaultSolo)
	for _, round := range rounds {
		require.Equal(t, 1, round.Parallel)
		require.Equal(t, history.Nobody, round.Walks[0].Customer)
		for i, w := range round.Walks {
			require.Equal(t, i-1, w.Follow, "each begins when the one before has ended")
		}
	}
}

func TestEveryAccountIsMadeOnceAndRemovedOnce(t *testing.T) {
	p := make8(t, 1)
	for part, rounds := range map[string][]plan.Round{plan.PartSetup: p.SignUp(), plan.PartCleanup: p.CleanUp()} {
		require.Len(t, rounds, 1, part)
		require.Len(t, rounds[0].Walks, 8, part)
		for _, w := range rounds[0].Walks {
			require.Equal(t, part, w.Part)
			require.Equal(t, "shopper", w.Journey)
		}
	}
}

func TestAnUnknownScheduleIsRefusedWithTheOnesThereAre(t *testing.T) {
	_, err := plan.New(plan.Setting{Scenario: scenario(), Customers: customers(2), Schedules: []string{"sprint"}})
	require.EqualError(t, err, `plan: no schedule "sprint"; there are relay, burst, mingle, abort, swap, herd, solo`)
}

func TestTwoCustomersAloneCanBePlanned(t *testing.T) {
	p, err := plan.New(plan.Setting{Seed: 1, Scenario: scenario(), Customers: customers(2), Parallel: 1})
	require.NoError(t, err)
	for n := range 10 {
		require.NotEmpty(t, p.Round(n).Walks)
	}
}

func TestABystanderSignsUpAndIsRemovedAndWalksNeverElse(t *testing.T) {
	p, err := plan.New(plan.Setting{Seed: 3, Scenario: scenario(), Customers: customers(4), Bystanders: []string{"c05", "c06"}})
	require.NoError(t, err)
	without, err := plan.New(plan.Setting{Seed: 3, Scenario: scenario(), Customers: customers(4)})
	require.NoError(t, err)
	for _, rounds := range [][]plan.Round{p.SignUp(), p.CleanUp()} {
		require.Len(t, rounds[0].Walks, 6)
		require.Equal(t, "c06", rounds[0].Walks[5].Customer)
	}
	require.Equal(t, without.Solo(), p.Solo())
	for n := range 20 {
		require.Equal(t, without.Round(n), p.Round(n), "the others walk as they do without")
	}
}
