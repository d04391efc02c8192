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

func TestRelayIsOneCustomerThenAnotherThenNobody(t *testing.T) {
	for n := range 40 {
		round := make8(t, 11).Round(2 * n)
		require.Equal(t, history.PhaseRelay, round.Schedule)
		require.False(t, round.Meet, "a follower waits for its leader's step: a barrier would wait for the follower")
		require.Len(t, round.Walks, 6, "two chains of three at eight sessions")
		for c := 0; c < len(round.Walks); c += 3 {
			a, b, nobody := round.Walks[c], round.Walks[c+1], round.Walks[c+2]
			require.NotEqual(t, a.Customer, b.Customer)
			require.Equal(t, a.Journey, b.Journey)
			require.Equal(t, c, b.Follow)
			require.True(t, b.InStep)
			require.Positive(t, b.Lag)
			require.Equal(t, history.Nobody, nobody.Customer)
			require.Equal(t, c+1, nobody.Follow)
		}
	}
}

func TestRelayGoesThroughAllOrderedPairsOfEachJourney(t *testing.T) {
	for n := 2; n <= 5; n++ {
		p, err := plan.New(plan.Setting{Seed: 9, Scenario: scenario(), Customers: customers(n), Schedules: []string{history.PhaseRelay}})
		require.NoError(t, err)
		met := map[string]map[[2]string]bool{}
		for turn, journeys := 0, 3; turn < journeys*n*(n-1); {
			for _, w := range p.Round(turn).Walks { // one chain a round at so few customers
				if w.InStep {
					leader := p.Round(turn).Walks[w.Follow]
					if met[w.Journey] == nil {
						met[w.Journey] = map[[2]string]bool{}
					}
					met[w.Journey][[2]string{leader.Customer, w.Customer}] = true
				}
			}
			turn++
		}
		for _, journey := range []string{"shopper", "guest", "app"} {
			require.Len(t, met[journey], n*(n-1), "%d customers, %s", n, journey)
		}
	}
}

func TestMingleLetsEverybodyWalkEachBrowserJourneyInTurn(t *testing.T) {
	p := make8(t, 11)
	walked := map[string]int{}
	for n := range 20 {
		round := p.Round(2*n + 1)
		require.Equal(t, history.PhaseMingle, round.Schedule)
		require.True(t, round.Meet)
		seen := map[string]int{}
		for _, w := range round.Walks {
			seen[w.Customer+" "+w.Journey]++
			walked[w.Journey]++
			require.Len(t, w.Think, 2)
		}
		for key, times := range seen {
			require.Equal(t, 1, times, key)
		}
		most := map[string]string{"shopper": "guest", "guest": "shopper"}
		main := []string{"shopper", "guest"}[n%2]
		require.Equal(t, 6, count(round, main), "most meet on one journey")
		require.Equal(t, 2, count(round, most[main]), "some walk another")
	}
	require.Equal(t, map[string]int{"shopper": 80, "guest": 80, "app": 160, "passer-by": 20}, walked)
}

func count(round plan.Round, journey string) int {
	n := 0
	for _, w := range round.Walks {
		if w.Journey == journey {
			n++
		}
	}
	return n
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
	require.EqualError(t, err, `plan: no schedule "sprint"; there are relay, mingle`)
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
