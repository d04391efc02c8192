package plan_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

func TestAHerdRestsAtOnePointOfEachJourneyAndReturnsToARequest(t *testing.T) {
	always(t, history.PhaseHerd, func(t *testing.T, s plan.Setting, r plan.Round) {
		require.True(t, r.Hold)
		require.GreaterOrEqual(t, r.Pause, time.Second)
		require.Less(t, r.Pause, 3*time.Second)
		at, browsers := map[string]int{}, 0
		for _, w := range r.Walks {
			require.Positive(t, w.Rest)
			require.GreaterOrEqual(t, w.Rest, len(steps(s, w))/2)
			if known, ok := at[w.Journey]; ok {
				require.Equal(t, known, w.Rest)
			}
			at[w.Journey] = w.Rest
			require.Contains(t, []scenarios.Op{scenarios.Visit, scenarios.Click, scenarios.Press, scenarios.Request, scenarios.Download}, steps(s, w)[w.Rest].Op)
			if client(s, w) == scenarios.Browser {
				browsers++
			}
		}
		require.LessOrEqual(t, browsers, max(2, len(s.Customers)/2))
		require.Len(t, walkers(r)["app"], min(s.Parallel, len(s.Customers)))
	})
}

func TestHerdsRestAtManyPoints(t *testing.T) {
	points, pauses := map[int]bool{}, map[time.Duration]bool{}
	p := planned(t, plan.Setting{Seed: 1, Scenario: checkout(t), Customers: customers(8), Schedules: []string{history.PhaseHerd}})
	for n := range 40 {
		r := p.Round(2 * n)
		points[r.Walks[0].Rest], pauses[r.Pause] = true, true
	}
	require.Len(t, points, 4, "pay, the invoice, the orders, the account")
	require.Len(t, pauses, 40)
}

func TestAJourneyOfOneStepHasNowhereToRest(t *testing.T) {
	sc := appAlone()
	sc.Journeys[0].Steps = sc.Journeys[0].Steps[2:3]
	require.NotContains(t, plan.Fitting(sc, nil), history.PhaseHerd)
}

// A round without walks would end the run.
func TestAHerdPassesOverJourneysThatHaveNowhereToRest(t *testing.T) {
	for name, sc := range map[string]*scenarios.Scenario{"browser": scenario(), "app": appAlone()} {
		journeys := sc.Journeys[:1]
		short := journeys[0]
		short.Name, short.Steps = "short", short.Steps[:1]
		sc.Journeys = []scenarios.Journey{short, journeys[0]}
		for _, order := range [][]int{{0, 1}, {1, 0}} {
			all := sc.Journeys
			sc.Journeys = []scenarios.Journey{all[order[0]], all[order[1]]}
			p := planned(t, plan.Setting{Scenario: sc, Customers: customers(4), Schedules: []string{history.PhaseHerd}})
			for n := range 4 {
				require.NotEmpty(t, walkers(p.Round(n))[journeys[0].Name], "%s, round %d of %v", name, n, order)
			}
		}
	}
}
