package plan_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

func TestInASwapOneCustomerTakesOverFromAnotherWhoHasSignedOut(t *testing.T) {
	always(t, history.PhaseSwap, func(t *testing.T, s plan.Setting, r plan.Round) {
		require.Equal(t, 2*time.Minute, r.Window)
		for _, w := range r.Walks {
			require.NotEmpty(t, w.Heir)
			require.Equal(t, plan.Alone, w.Follow)
			require.NotEqual(t, "guest", w.Journey, "a guest does not sign out")
			all := steps(s, w)
			require.Equal(t, scenarios.SignOut, all[len(all)-1].Op)
		}
	})
}

func TestMovesComeOnlyWhereTheJourneyDoesNotNoticeThem(t *testing.T) {
	always(t, history.PhaseSwap, func(t *testing.T, s plan.Setting, r plan.Round) {
		for _, w := range r.Walks {
			all := steps(s, w)
			var takingOver []string
			last, heirs := 0, 0
			for _, m := range w.Moves {
				if m.Heir && heirs == 0 {
					last = 0
				}
				if m.Heir {
					heirs++
				} else {
					require.Zero(t, heirs, "the first one's turn comes first")
				}
				require.GreaterOrEqual(t, m.Before, last, "in the order of steps")
				last = m.Before
				if m.Heir && m.Before == 0 {
					takingOver = append(takingOver, m.What)
				} else {
					require.Contains(t, []scenarios.Op{scenarios.Visit, scenarios.Request}, all[m.Before].Op)
				}
				require.Contains(t, []string{plan.MoveBack, plan.MoveReload, plan.MoveOffline, plan.MoveSlow}, m.What)
				require.True(t, m.What != plan.MoveBack || client(s, w) == scenarios.Browser, "an app has no way back")
			}
			require.Len(t, takingOver, 2)
			require.True(t, takingOver[0] != takingOver[1])
			if client(s, w) == scenarios.Browser {
				require.Contains(t, takingOver, plan.MoveBack)
			}
			require.GreaterOrEqual(t, len(w.Moves), 4)
			require.LessOrEqual(t, len(w.Moves), len(all)/2, "not at every step")
		}
	})
}

func TestEveryMoveIsMadeInBothTurns(t *testing.T) {
	made := map[plan.Move]bool{}
	for seed := range uint64(60) {
		p := planned(t, plan.Setting{Seed: seed, Scenario: scenario(), Customers: customers(8), Schedules: []string{history.PhaseSwap}})
		for _, w := range p.Round(0).Walks {
			for _, m := range w.Moves {
				if w.Journey == "shopper" && m.Before > 0 {
					m.Before = 1
				}
				if w.Journey == "shopper" {
					made[m] = true
				}
			}
		}
	}
	require.Len(t, made, 3+4+4, "three when taking over, four in each turn")
}

func TestSwapGoesThroughAllOrderedPairsOfEachJourney(t *testing.T) {
	for n := 2; n <= 9; n++ {
		p := planned(t, plan.Setting{Seed: 9, Scenario: scenario(), Customers: customers(n), Parallel: 8, Schedules: []string{history.PhaseSwap}})
		pairs := func(r plan.Round) [][3]string {
			var out [][3]string
			for _, w := range r.Walks {
				out = append(out, [3]string{w.Journey, w.Customer, w.Heir})
			}
			return out
		}
		met := metIn(p, n*n, pairs)
		for _, journey := range []string{"shopper", "app"} {
			require.Len(t, met[journey], n*(n-1), "%d customers, %s", n, journey)
		}
	}
}

func TestAJourneyThatSignsInAgainIsNotTakenOver(t *testing.T) {
	sc := appAlone()
	app := &sc.Journeys[0]
	app.Steps = append(app.Steps, app.Steps[0], app.Steps[3])
	require.NotContains(t, plan.Fitting(sc, nil), history.PhaseSwap)
}
