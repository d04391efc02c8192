package plan_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// chains are a relay's: A, B, and whoever follows either.
type chain struct {
	a, b    plan.Walk
	passers []plan.Walk
	behind  []string // whom the passers follow: "A" or "B"
}

func chains(t *testing.T, r plan.Round) []chain {
	t.Helper()
	var out []chain
	at := map[int]string{} // index of a walk → who it is in the last chain
	for i, w := range r.Walks {
		switch {
		case w.Follow == plan.Alone:
			out, at = append(out, chain{a: w}), map[int]string{i: "A"}
		case w.InStep:
			require.Equal(t, "A", at[w.Follow])
			out[len(out)-1].b, at[i] = w, "B"
		default:
			require.Contains(t, at, w.Follow)
			c := &out[len(out)-1]
			c.passers, c.behind = append(c.passers, w), append(c.behind, at[w.Follow])
		}
	}
	return out
}

func TestRelayIsOneCustomerThenAnotherThenNobody(t *testing.T) {
	always(t, history.PhaseRelay, func(t *testing.T, s plan.Setting, r plan.Round) {
		require.False(t, r.Meet, "a follower waits for its leader's step: a barrier would wait for the follower")
		seen := 0
		for i, c := range chains(t, r) {
			require.NotEqual(t, c.a.Customer, c.b.Customer)
			require.Equal(t, c.a.Journey, c.b.Journey)
			require.Positive(t, c.b.Lag)
			if c.b.Life == "" {
				require.LessOrEqual(t, c.b.Lag+10*time.Second, r.Window, "what lives a while can be met later")
			} else {
				require.Equal(t, 10*time.Second, r.Window, "by how much it is too short is known when the lag is")
			}
			for k, p := range c.passers {
				seen++
				require.Equal(t, history.Nobody, p.Customer)
				require.Equal(t, 100*time.Millisecond, p.Lag)
				want := "B"
				if c.b.Life == plan.LifeHalf {
					want = "A"
				}
				require.Equal(t, want, c.behind[k], "while the copy lives, and not in front of one who comes when it has ended")
			}
			if i == 0 && s.Scenario.Name != "app alone" {
				require.NotEmpty(t, c.passers)
			}
		}
		require.True(t, seen > 0 || s.Scenario.Name == "app alone")
	})
}

func TestTheFirstRelayComesAtOnceTheSecondGoesByLifetimes(t *testing.T) {
	for seed := range uint64(20) {
		p := planned(t, plan.Setting{Seed: seed, Scenario: scenario(), Customers: customers(8), Schedules: []string{history.PhaseRelay}})
		var first, second []any
		for _, c := range chains(t, p.Round(0))[:2] {
			require.Empty(t, c.b.Life)
			first = append(first, c.b.Lag)
		}
		for _, c := range chains(t, p.Round(1))[:2] {
			second = append(second, c.b.Life)
		}
		require.ElementsMatch(t, []any{100 * time.Millisecond, time.Second}, first)
		require.ElementsMatch(t, []any{plan.LifeHalf, plan.LifePast}, second)
	}
}

func TestEveryJourneyComesToEveryLagAndAllLifetimesAreTakenInTurn(t *testing.T) {
	for _, parallel := range []int{2, 4, 8} {
		p := planned(t, plan.Setting{Seed: 3, Scenario: scenario(), Customers: customers(8), Parallel: parallel, Schedules: []string{history.PhaseRelay}})
		lags, turns := map[string]map[any]bool{}, map[int]map[plan.Life]bool{}
		for n := range 120 {
			for _, c := range chains(t, p.Round(n)) {
				if lags[c.a.Journey] == nil {
					lags[c.a.Journey] = map[any]bool{}
				}
				lags[c.a.Journey][c.b.Lag] = true
				if c.b.Life != "" && client(plan.Setting{Scenario: scenario()}, c.b) == scenarios.Browser {
					if turns[c.b.Turn%5] == nil {
						turns[c.b.Turn%5] = map[plan.Life]bool{}
					}
					turns[c.b.Turn%5][c.b.Life] = true
				}
			}
		}
		for journey, all := range lags {
			require.Len(t, all, 4, "%s at %d places", journey, parallel)
		}
		require.Len(t, turns, 5, "each of five lifetimes comes")
		for turn, lives := range turns {
			require.Len(t, lives, 2, "lifetime %d within it and past it, at %d places", turn, parallel)
		}
	}
}

// metIn are the ordered pairs that met in so many rounds, by journey.
func metIn(p *plan.Plan, rounds int, pairs func(r plan.Round) [][3]string) map[string]map[[2]string]bool {
	met := map[string]map[[2]string]bool{}
	for n := range rounds {
		for _, m := range pairs(p.Round(n)) {
			if met[m[0]] == nil {
				met[m[0]] = map[[2]string]bool{}
			}
			met[m[0]][[2]string{m[1], m[2]}] = true
		}
	}
	return met
}

func TestRelayGoesThroughAllOrderedPairsOfEachJourney(t *testing.T) {
	for n := 2; n <= 9; n++ {
		for _, parallel := range []int{2, 8, 16} {
			p := planned(t, plan.Setting{Seed: 9, Scenario: scenario(), Customers: customers(n), Parallel: parallel, Schedules: []string{history.PhaseRelay}})
			pairs := func(r plan.Round) [][3]string {
				var out [][3]string
				for _, w := range r.Walks {
					if w.InStep {
						out = append(out, [3]string{w.Journey, r.Walks[w.Follow].Customer, w.Customer})
					}
				}
				return out
			}
			met := metIn(p, 2*n*n, pairs) // two browser journeys; one chain a round at worst, and an odd one out
			for _, journey := range []string{"shopper", "guest", "app"} {
				require.Len(t, met[journey], n*(n-1), "%d customers, %s", n, journey)
			}
		}
	}
}

func TestRelayOfTwoMeetsBothWaysRoundBeforeAnyMeetsAgain(t *testing.T) {
	for seed := range uint64(10) {
		p := planned(t, plan.Setting{Seed: seed, Scenario: appAlone(), Customers: customers(2), Schedules: []string{history.PhaseRelay}})
		require.NotEqual(t, p.Round(0).Walks[0].Customer, p.Round(1).Walks[0].Customer)
	}
}

func TestAPasserByWithoutABrowserFollowsEveryChain(t *testing.T) {
	sc := appAlone()
	sc.Journeys = append(sc.Journeys, scenarios.Journey{Name: "prober", Client: scenarios.API, Customer: scenarios.None, Steps: sc.Journeys[0].Steps[2:3]})
	p := planned(t, plan.Setting{Scenario: sc, Customers: customers(8)})
	for _, c := range chains(t, p.Round(0)) {
		require.Len(t, c.passers, 1)
	}
}

func TestAFewRelaysAlreadyWalkEveryJourney(t *testing.T) {
	for _, n := range []int{2, 3, 8} {
		p := planned(t, plan.Setting{Seed: 1, Scenario: scenario(), Customers: customers(n), Parallel: 2, Schedules: []string{history.PhaseRelay}})
		walked := map[string]bool{}
		for i := range 2 {
			walked[p.Round(i).Walks[0].Journey] = true
		}
		require.Len(t, walked, 2, "%d customers: the shopper and the guest, in one chain a round", n)
	}
}
