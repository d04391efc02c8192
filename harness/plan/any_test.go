package plan_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// anyScenario has journeys of any steps in any order: more than the language
// allows, so that no rule of the language is relied on.
func anyScenario(r *rand.Rand) *scenarios.Scenario {
	ops := []scenarios.Op{
		scenarios.Visit, scenarios.Click, scenarios.Shows, scenarios.SignOut, scenarios.Request, scenarios.Reload,
		scenarios.Back, scenarios.Meet, scenarios.Fill, scenarios.Network, scenarios.Listen, scenarios.Download,
	}
	some := func() []scenarios.Step {
		var steps []scenarios.Step
		for range r.IntN(8) {
			steps = append(steps, scenarios.Step{Op: ops[r.IntN(len(ops))]})
		}
		return steps
	}
	sc := &scenarios.Scenario{Name: "any"}
	for i := range r.IntN(6) {
		sc.Journeys = append(sc.Journeys, scenarios.Journey{
			Name:     fmt.Sprint("j", i),
			Client:   []scenarios.Client{scenarios.Browser, scenarios.API}[r.IntN(2)],
			Customer: []scenarios.Role{scenarios.One, scenarios.Guest, scenarios.None}[r.IntN(3)],
			Setup:    some(), Steps: some(), Provoke: some(), ProvokeFrom: r.IntN(8), Cleanup: some(),
		})
	}
	return sc
}

func TestAnyScenarioCanBePlanned(t *testing.T) {
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 0))
		s := plan.Setting{Seed: seed, Scenario: anyScenario(r), Customers: customers(1 + r.IntN(9)), Parallel: r.IntN(9), Until: map[string]int{"j0": r.IntN(5), "j1": r.IntN(5)}}
		for _, j := range s.Scenario.Journeys {
			if r.IntN(4) == 0 {
				s.Journeys = append(s.Journeys, j.Name)
			}
		}
		p := planned(t, s)
		rounds := append(append(p.SignUp(), p.Solo()...), p.CleanUp()...)
		for _, name := range plan.Choices() {
			s.Schedules = []string{name}
			for n := range 4 {
				rounds = append(rounds, planned(t, s).Round(n))
			}
		}
		for _, round := range rounds {
			for i, w := range round.Walks {
				fits(t, seed, s, round, i, w)
			}
		}
	}
}

// fits says whether a walk can be walked.
func fits(t *testing.T, seed uint64, s plan.Setting, round plan.Round, i int, w plan.Walk) {
	t.Helper()
	journey := s.Scenario.Journey(w.Journey)
	require.NotNil(t, journey)
	if w.Part != plan.PartSteps {
		return
	}
	all := steps(s, w)
	n := len(all)
	ok := n > 0 && w.Follow < i && w.Rest < n && w.Provoke < n && w.Until < len(journey.Steps) && len(w.Think) <= n &&
		(w.Customer == history.Nobody) == (journey.Customer == scenarios.None)
	for _, c := range w.Cuts {
		ok = ok && c.Step < n && (w.Provoke == 0 || c.Step < w.Provoke)
	}
	for _, m := range w.Moves {
		ok = ok && m.Before < n
	}
	if w.Heir != "" {
		last := -1
		for k, st := range all {
			if st.Op == scenarios.Shows || st.Op == scenarios.SignOut {
				last = k
			}
		}
		ok = ok && last >= 0 && all[last].Op == scenarios.SignOut && w.Until == 0
	}
	require.True(t, ok, "seed %d: %s %d: %+v", seed, round.Schedule, round.Number, w)
}
