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

// scenario has a journey of each sort: one that signs out, one that does not,
// an app, a passer-by.
func scenario() *scenarios.Scenario {
	visit := func(path string) scenarios.Step { return scenarios.Step{Op: scenarios.Visit, URL: path} }
	call := func(method string) scenarios.Step {
		return scenarios.Step{Op: scenarios.Request, Request: &scenarios.Call{Method: method, URL: "/api"}}
	}
	op := func(op scenarios.Op) scenarios.Step { return scenarios.Step{Op: op} }
	shopper := []scenarios.Step{
		visit("/"), visit("/product"), op(scenarios.Fill), op(scenarios.Click), visit("/sign-in"), op(scenarios.Meet), op(scenarios.Click),
		op(scenarios.Shows), visit("/basket"), op(scenarios.Click), op(scenarios.Download), visit("/orders"), op(scenarios.Shows), visit("/account"), op(scenarios.SignOut),
	}
	app := []scenarios.Step{
		call("POST"), op(scenarios.Remember), call("GET"), op(scenarios.Shows), call("POST"), call(""), op(scenarios.Shows), call("GET"), op(scenarios.SignOut),
	}
	guest := []scenarios.Step{visit("/"), visit("/product"), op(scenarios.Click), op(scenarios.Fill), op(scenarios.Press), op(scenarios.Shows)}
	return &scenarios.Scenario{Name: "s", Journeys: []scenarios.Journey{
		{Name: "shopper", Client: scenarios.Browser, Customer: scenarios.One, Setup: shopper[:1], Steps: shopper, Provoke: shopper[:1], Cleanup: shopper[:1]},
		{Name: "app", Client: scenarios.API, Customer: scenarios.One, Steps: app, Provoke: app[:1]},
		{Name: "guest", Client: scenarios.Browser, Customer: scenarios.Guest, Steps: guest},
		{Name: "passer-by", Client: scenarios.Browser, Customer: scenarios.None, Steps: guest[:2]},
	}}
}

// appAlone is a scenario without a browser.
func appAlone() *scenarios.Scenario {
	sc := scenario()
	sc.Name = "app alone"
	sc.Journeys = sc.Journeys[1:2]
	return sc
}

// checkout is the scenario that is built in.
func checkout(t *testing.T) *scenarios.Scenario {
	t.Helper()
	sc, err := scenarios.Load("checkout", func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	return sc
}

func planned(t *testing.T, s plan.Setting) *plan.Plan {
	t.Helper()
	p, err := plan.New(s)
	require.NoError(t, err)
	return p
}

// always tries a property on the first rounds of one schedule (none: of the
// mix) over seeds, scenarios and numbers of customers and places.
func always(t *testing.T, schedule string, property func(t *testing.T, s plan.Setting, r plan.Round)) {
	t.Helper()
	var schedules []string
	if schedule != "" {
		schedules = []string{schedule}
	}
	for _, sc := range []*scenarios.Scenario{scenario(), appAlone(), checkout(t)} {
		for _, size := range [][2]int{{2, 2}, {3, 3}, {5, 4}, {8, 8}, {8, 1}, {24, 16}} {
			for seed := range uint64(6) {
				s := plan.Setting{Seed: seed, Scenario: sc, Customers: customers(size[0]), Parallel: size[1], Schedules: schedules}
				p := planned(t, s)
				for n := range 12 {
					r := p.Round(n)
					if !t.Run(fmt.Sprintf("%s,%d customers,%d places,seed %d,round %d", sc.Name, size[0], size[1], seed, n), func(t *testing.T) { property(t, s, r) }) {
						return
					}
				}
			}
		}
	}
}

// steps are those of a walk's journey, as far as it walks them.
func steps(s plan.Setting, w plan.Walk) []scenarios.Step {
	all := s.Scenario.Journey(w.Journey).Steps
	if w.Until > 0 {
		return all[:w.Until]
	}
	return all
}

func client(s plan.Setting, w plan.Walk) scenarios.Client {
	return s.Scenario.Journey(w.Journey).Client
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
	return planned(t, plan.Setting{Seed: seed, Scenario: scenario(), Customers: customers(8)})
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
	for n := range 60 {
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

func TestNobodyWalksOneJourneyTwiceAtOnce(t *testing.T) {
	always(t, "", func(t *testing.T, _ plan.Setting, r plan.Round) {
		last := map[string]int{} // customer and journey → the walk before
		for i, w := range r.Walks {
			for _, who := range []string{w.Customer, w.Heir} {
				key := who + " " + w.Journey
				before, again := last[key]
				if who != history.Nobody && who != "" && again {
					require.Equal(t, before, w.Follow, "%s walks %s again before the first walk has ended", who, w.Journey)
					require.False(t, w.InStep)
				}
				last[key] = i
			}
		}
	})
}

func TestEveryWalkOfTheMixCanBeWalked(t *testing.T) {
	always(t, "", func(t *testing.T, s plan.Setting, r plan.Round) {
		require.NotEmpty(t, r.Walks)
		require.Positive(t, r.Number)
		require.Equal(t, s.Parallel, r.Parallel)
		require.Positive(t, r.Window)
		for i, w := range r.Walks {
			n := len(s.Scenario.Journey(w.Journey).Steps)
			require.Equal(t, plan.PartSteps, w.Part)
			require.GreaterOrEqual(t, w.Follow, plan.Alone)
			require.Less(t, w.Follow, i, "it follows one before it: no two wait for each other")
			require.True(t, w.Customer == history.Nobody || contains(s.Customers, w.Customer), w.Customer)
			require.NotEqual(t, w.Customer, w.Heir)
			require.Less(t, w.Rest, n)
			require.Less(t, w.Provoke, n)
			require.LessOrEqual(t, len(w.Think), n)
		}
	})
}

func TestWhoWaitsForEachOtherHasAPlaceAtOnce(t *testing.T) {
	always(t, "", func(t *testing.T, s plan.Setting, r plan.Round) {
		if !r.Hold && (!r.Meet || s.Scenario.Name == "app alone") {
			return
		}
		at := map[scenarios.Client]int{}
		for _, w := range r.Walks {
			if w.Customer != history.Nobody {
				at[client(s, w)]++
			}
		}
		require.LessOrEqual(t, at[scenarios.Browser], r.Parallel)
		require.LessOrEqual(t, at[scenarios.API], r.Parallel)
	})
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

func TestTheMixTakesTheSchedulesInTurn(t *testing.T) {
	p := make8(t, 4)
	for n := range 30 {
		require.Equal(t, plan.Names()[n%6], p.Round(n).Schedule)
		require.Equal(t, n/6+1, p.Round(n).Number)
	}
}

func TestARoundOfOneScheduleIsTheSameInAnyMix(t *testing.T) {
	mix := make8(t, 4)
	for i, name := range plan.Names() {
		alone := planned(t, plan.Setting{Seed: 4, Scenario: scenario(), Customers: customers(8), Schedules: []string{name}})
		for n := range 5 {
			require.Equal(t, mix.Round(6*n+i), alone.Round(n))
		}
	}
}

func TestAScheduleThatHasNothingToWalkIsLeftOut(t *testing.T) {
	guests := scenario()
	guests.Journeys = guests.Journeys[2:]
	require.Equal(t, []string{"relay", "burst", "mingle", "abort", "herd"}, plan.Fitting(guests, nil), "nobody signs out")
	require.Equal(t, plan.Names(), plan.Fitting(scenario(), nil))
	require.Equal(t, []string{"relay", "burst", "mingle", "abort", "herd"}, plan.Fitting(scenario(), []string{"guest"}))
	p := planned(t, plan.Setting{Scenario: guests, Customers: customers(4)})
	for n := range 12 {
		require.NotEmpty(t, p.Round(n).Walks)
		require.NotEqual(t, history.PhaseSwap, p.Round(n).Schedule)
	}
	onlySwap := planned(t, plan.Setting{Scenario: guests, Customers: customers(4), Schedules: []string{history.PhaseSwap}})
	require.Empty(t, onlySwap.Round(0).Walks)
	require.Equal(t, history.PhaseSwap, onlySwap.Round(0).Schedule)
}

func TestWhereThereAreOnlyPassersByNothingIsWalked(t *testing.T) {
	nobody := scenario()
	nobody.Journeys = nobody.Journeys[3:]
	p := planned(t, plan.Setting{Scenario: nobody, Customers: customers(4)})
	require.Empty(t, p.Round(0).Walks)
}

func TestSoloGoesOnWhereItIsAskedFor(t *testing.T) {
	p := planned(t, plan.Setting{Scenario: scenario(), Customers: customers(4), Schedules: []string{history.PhaseSolo}})
	first, next := p.Solo(), []plan.Round{p.Round(0), p.Round(1), p.Round(2)}
	require.Len(t, first, 3)
	for i, want := range []string{"c04", "c01", "c02"} {
		require.Equal(t, history.PhaseSolo, next[i].Schedule)
		require.Equal(t, 4+i, next[i].Number, "its numbers follow those of the phase")
		require.Equal(t, 1, next[i].Parallel)
		require.Equal(t, want, next[i].Walks[1].Customer)
	}
}
