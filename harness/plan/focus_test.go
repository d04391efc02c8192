package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
)

func TestANarrowedRunWalksTheNamedJourneysAlone(t *testing.T) {
	all := planned(t, plan.Setting{Seed: 2, Scenario: scenario(), Customers: customers(8)})
	for _, names := range [][]string{{"shopper"}, {"app"}, {"guest", "passer-by"}} {
		p := planned(t, plan.Setting{Seed: 2, Scenario: scenario(), Customers: customers(8), Journeys: names})
		require.Equal(t, all.SignUp(), p.SignUp(), "accounts are made all the same")
		require.Equal(t, all.CleanUp(), p.CleanUp())
		rounds, walked := p.Solo(), map[string]bool{}
		for n := range 24 {
			rounds = append(rounds, p.Round(n))
		}
		for _, r := range rounds {
			require.NotEmpty(t, r.Walks)
			for _, w := range r.Walks {
				walked[w.Journey] = true
			}
		}
		var got []string
		for name := range walked {
			got = append(got, name)
		}
		require.ElementsMatch(t, names, got)
	}
}

func TestAnUnknownJourneyIsRefusedWithTheOnesThereAre(t *testing.T) {
	_, err := plan.New(plan.Setting{Scenario: scenario(), Customers: customers(2), Journeys: []string{"shoper"}})
	require.EqualError(t, err, `plan: no journey "shoper"; there are shopper, app, guest, passer-by`)
}

func TestRoundsWalkAsFarAsTheyAreToldAndSoloWalksAll(t *testing.T) {
	for _, until := range []int{1, 3, 9} {
		s := plan.Setting{Seed: 4, Scenario: scenario(), Customers: customers(8), Journeys: []string{"shopper"}, Until: map[string]int{"shopper": until, "app": 1}}
		p := planned(t, s)
		for _, r := range p.Solo() {
			require.Zero(t, r.Walks[0].Until)
		}
		seen := map[string]bool{}
		for n := range 36 {
			r := p.Round(n)
			seen[r.Schedule] = true
			for _, w := range r.Walks {
				n := len(steps(s, w))
				switch {
				case r.Schedule == history.PhaseSwap:
					require.Zero(t, w.Until, "the first one must sign out")
				case r.Schedule == history.PhaseHerd && until == 1:
					require.Zero(t, w.Until, "one step has nowhere to rest")
				default:
					require.Equal(t, until, w.Until)
				}
				require.Less(t, w.Rest, n)
				require.Less(t, w.Provoke, n)
				require.LessOrEqual(t, len(w.Think), n)
				for _, c := range w.Cuts {
					require.Less(t, c.Step, n)
				}
			}
		}
		require.Len(t, seen, 6)
	}
}

func TestAJourneyThatIsToldToGoFurtherThanItGoesIsWalkedWhole(t *testing.T) {
	for _, until := range []int{-1, 0, 15, 99} {
		p := planned(t, plan.Setting{Scenario: scenario(), Customers: customers(2), Until: map[string]int{"shopper": until}})
		require.Zero(t, p.Round(0).Walks[0].Until)
	}
}
