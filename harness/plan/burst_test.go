package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// walkers are who walks each journey.
func walkers(r plan.Round) map[string][]string {
	out := map[string][]string{}
	for _, w := range r.Walks {
		out[w.Journey] = append(out[w.Journey], w.Customer)
	}
	return out
}

func TestInABurstAllWalkTheSameJourneyFromTheSameMoment(t *testing.T) {
	always(t, history.PhaseBurst, func(t *testing.T, s plan.Setting, r plan.Round) {
		require.Equal(t, s.Parallel > 1, r.Hold, "one at a time has nobody to wait for")
		browsers := map[string]bool{}
		for _, w := range r.Walks {
			require.Equal(t, plan.Alone, w.Follow)
			require.Empty(t, w.Think)
			require.Empty(t, w.Cuts)
			require.Zero(t, w.Rest)
			if client(s, w) == scenarios.Browser {
				browsers[w.Journey] = true
			}
		}
		require.LessOrEqual(t, len(browsers), 1)
		for journey, who := range walkers(r) {
			require.GreaterOrEqual(t, len(who), 2, journey)
			for _, others := range walkers(r) {
				require.Equal(t, len(who), len(others), "as many in the app as in browsers")
			}
		}
	})
}

func TestBurstsAreOfAllThenOfTwoThenOfAnyNumber(t *testing.T) {
	sizes := map[int]int{}
	for seed := range uint64(20) {
		p := planned(t, plan.Setting{Seed: seed, Scenario: scenario(), Customers: customers(8), Schedules: []string{history.PhaseBurst}})
		for n := range 40 {
			size := len(walkers(p.Round(n))["app"])
			sizes[size]++
			if n == 0 {
				require.Equal(t, 8, size, "seed %d", seed)
			}
			if n == 1 {
				require.Equal(t, 2, size, "seed %d", seed)
			}
		}
	}
	for k := 2; k <= 8; k++ {
		require.Positive(t, sizes[k], "%d at once", k)
	}
	require.Zero(t, sizes[1])
	require.Greater(t, sizes[8], 200)
	require.Greater(t, sizes[2], 200)
}

func TestBurstsTakeTheBrowserJourneysInTurnAndTheAppEachTime(t *testing.T) {
	p := planned(t, plan.Setting{Seed: 2, Scenario: scenario(), Customers: customers(8), Schedules: []string{history.PhaseBurst}})
	for n := range 10 {
		walks := walkers(p.Round(n))
		require.Len(t, walks, 2)
		require.Contains(t, walks, "app")
		require.Contains(t, walks, []string{"shopper", "guest"}[n%2])
	}
}

func TestAppsThatDoNotAllFitAtOnceAreHeldInTurn(t *testing.T) {
	sc := appAlone()
	for _, name := range []string{"app2", "app3"} {
		j := sc.Journeys[0]
		j.Name = name
		sc.Journeys = append(sc.Journeys, j)
	}
	p := planned(t, plan.Setting{Scenario: sc, Customers: customers(8), Schedules: []string{history.PhaseBurst}})
	seen := map[string]bool{}
	for n := range 6 {
		r := p.Round(n)
		require.LessOrEqual(t, len(r.Walks), r.Parallel)
		for name := range walkers(r) {
			seen[name] = true
		}
	}
	require.Len(t, seen, 3)
	require.Len(t, walkers(p.Round(1)), 3, "two customers have places for all of them")
}
