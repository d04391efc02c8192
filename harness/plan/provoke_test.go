package plan_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

func TestErrorsAreProvokedOnlyOnceAllIsRememberedThatTheyName(t *testing.T) {
	sc := scenario()
	for i := range sc.Journeys {
		sc.Journeys[i].Provoke = sc.Journeys[i].Steps[:1]
		sc.Journeys[i].Steps = slices.DeleteFunc(sc.Journeys[i].Steps, func(st scenarios.Step) bool { return st.Op == scenarios.Shows })
		sc.Journeys[i].ProvokeFrom = 3
	}
	provoked := map[int]bool{}
	for seed := range uint64(200) {
		p := planned(t, plan.Setting{Seed: seed, Scenario: sc, Customers: customers(8), Schedules: []string{history.PhaseAbort}, Until: map[string]int{"app": 2}})
		for n := range 6 {
			for _, w := range p.Round(n).Walks {
				provoked[w.Provoke] = true
				require.True(t, w.Provoke == 0 || w.Provoke >= 3, "seed %d: an error in %s after %d steps", seed, w.Journey, w.Provoke)
				require.False(t, w.Journey == "app" && w.Provoke > 0, "rounds end before all is remembered")
			}
		}
	}
	require.True(t, provoked[3], "as early as it can be")
}
