package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
)

func TestMingleLetsEverybodyWalkEachBrowserJourneyInTurn(t *testing.T) {
	p := planned(t, plan.Setting{Seed: 11, Scenario: scenario(), Customers: customers(8), Schedules: []string{history.PhaseMingle}})
	walked := map[string]int{}
	for n := range 20 {
		r := p.Round(n)
		require.True(t, r.Meet)
		for _, w := range r.Walks {
			walked[w.Journey]++
			require.Len(t, w.Think, len(steps(plan.Setting{Scenario: scenario()}, w)))
		}
		who, other := walkers(r), map[string]string{"shopper": "guest", "guest": "shopper"}
		main := []string{"shopper", "guest"}[n%2]
		require.Len(t, who[main], 5, "most meet on one journey")
		require.Len(t, who[other[main]], 1, "some walk another")
		require.Len(t, who["app"], 8)
	}
	require.Equal(t, map[string]int{"shopper": 60, "guest": 60, "app": 160, "passer-by": 20}, walked)
}

func TestNobodyIsKeptAtAMeetingForOneWhoHasNoPlace(t *testing.T) {
	p := planned(t, plan.Setting{Scenario: scenario(), Customers: customers(24), Parallel: 16, Schedules: []string{history.PhaseMingle}})
	come := map[string]bool{}
	for n := range 20 {
		r := p.Round(n)
		require.Len(t, walkers(r)["app"], 16)
		for _, c := range walkers(r)["app"] {
			come[c] = true
		}
	}
	require.Len(t, come, 24, "others come the next time")
	alone := planned(t, plan.Setting{Scenario: scenario(), Customers: customers(4), Parallel: 1, Schedules: []string{history.PhaseMingle}})
	require.False(t, alone.Round(0).Meet)
	require.Len(t, walkers(alone.Round(0))["app"], 4)
}
