package plan_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

func aborts(w plan.Walk) bool { return len(w.Cuts) > 0 || w.Provoke > 0 }

func TestSomeAbortAndOthersWalkBesideAndAfterThem(t *testing.T) {
	always(t, history.PhaseAbort, func(t *testing.T, s plan.Setting, r plan.Round) {
		require.False(t, r.Meet, "one who has left would be waited for")
		type part struct{ aborters, beside, after map[string]bool }
		parts := map[string]part{}
		for i, w := range r.Walks {
			if endsInAnError(s, r, i) || w.Customer == history.Nobody {
				continue
			}
			p, ok := parts[w.Journey]
			if !ok {
				p = part{map[string]bool{}, map[string]bool{}, map[string]bool{}}
				parts[w.Journey] = p
			}
			switch {
			case aborts(w):
				if w.Follow != plan.Alone {
					require.Equal(t, w.Customer, r.Walks[w.Follow].Customer, "once more")
				}
				p.aborters[w.Customer] = true
			case w.Follow == plan.Alone:
				p.beside[w.Customer] = true
			default:
				require.False(t, w.InStep)
				p.after[w.Customer] = true
			}
		}
		for journey, p := range parts {
			n := len(p.aborters) + len(p.beside)
			for c := range p.after {
				if !p.beside[c] {
					n++
				}
			}
			want := max(1, n/4)
			if s.Scenario.Journey(journey).Client == scenarios.API {
				want = max(want, min(3, (n-1)/2))
			}
			require.Equal(t, want, len(p.aborters), journey)
			require.NotEmpty(t, p.after, journey)
			if n > 2 {
				require.NotEmpty(t, p.beside, journey)
			}
		}
	})
}

// endsInAnError says whether a walk is the error at the end of a round.
func endsInAnError(s plan.Setting, r plan.Round, i int) bool {
	w := r.Walks[i]
	return w.Provoke > 0 && w.Follow != plan.Alone && client(s, w) == scenarios.API &&
		!slices.ContainsFunc(r.Walks[i+1:], func(next plan.Walk) bool { return next.Journey == w.Journey })
}

func TestWhereAWalkIsCutItSendsSomething(t *testing.T) {
	sending := []scenarios.Op{scenarios.Visit, scenarios.Click, scenarios.Press, scenarios.Reload, scenarios.Request, scenarios.Download, scenarios.SignOut}
	again := []scenarios.Op{scenarios.Visit, scenarios.Reload, scenarios.Request}
	always(t, history.PhaseAbort, func(t *testing.T, s plan.Setting, r plan.Round) {
		for _, w := range r.Walks {
			all, last := steps(s, w), -1
			for i, c := range w.Cuts {
				require.Greater(t, c.Step, last, "in the order of their steps, one in each")
				last = c.Step
				require.Contains(t, sending, all[c.Step].Op)
				require.GreaterOrEqual(t, c.At, 0.0)
				require.Less(t, c.At, 1.0)
				if i < len(w.Cuts)-1 {
					require.False(t, c.Leave, "the walk goes on")
					require.Contains(t, again, all[c.Step].Op, "it can be sent again")
					require.True(t, all[c.Step].Request == nil || all[c.Step].Request.Method != "POST")
				}
			}
			if w.Provoke > 0 {
				require.NotEmpty(t, s.Scenario.Journey(w.Journey).Provoke)
				require.Less(t, last, w.Provoke)
				out := slices.IndexFunc(all, func(st scenarios.Step) bool { return st.Op == scenarios.SignOut })
				require.True(t, out < 0 || w.Provoke <= out, "who has signed out leaves no identity behind")
			}
			if client(s, w) == scenarios.Browser {
				require.LessOrEqual(t, len(w.Cuts), 3)
			}
		}
	})
}

// drawn are the cuts and the provocations of many seeds.
func drawn(t *testing.T) (at []float64, stepsOfApp, leaving map[int]int, provoked []int) {
	t.Helper()
	stepsOfApp, leaving = map[int]int{}, map[int]int{}
	for seed := range uint64(1000) {
		p := planned(t, plan.Setting{Seed: seed, Scenario: scenario(), Customers: customers(8), Schedules: []string{history.PhaseAbort}})
		for n := range 6 {
			for _, w := range p.Round(n).Walks {
				for _, c := range w.Cuts {
					at = append(at, c.At)
					if w.Journey == "app" {
						stepsOfApp[c.Step]++
					}
					if c.Leave && w.Journey == "shopper" {
						leaving[c.Step]++
					}
				}
				if w.Provoke > 0 && w.Journey == "shopper" {
					provoked = append(provoked, w.Provoke)
				}
			}
		}
	}
	return at, stepsOfApp, leaving, provoked
}

// chi is the chi-square statistic of counts that should be equal.
func chi(counts []int) float64 {
	total := 0
	for _, n := range counts {
		total += n
	}
	want, sum := float64(total)/float64(len(counts)), 0.0
	for _, n := range counts {
		sum += (float64(n) - want) * (float64(n) - want) / want
	}
	return sum
}

func TestCutsComeAtAnyPointAlike(t *testing.T) {
	at, app, leaving, provoked := drawn(t)
	require.Greater(t, len(at), 10_000)
	bins := make([]int, 20)
	for _, a := range at {
		bins[int(a*20)]++
	}
	require.Less(t, chi(bins), 43.8, "%v: of 19 degrees of freedom one in a thousand is above", bins)

	var counts []int
	for _, n := range leaving {
		counts = append(counts, n)
	}
	require.Len(t, counts, 11, "each step of the shopper that sends something is left once in a while: %v", leaving)
	require.Less(t, chi(counts), 29.6, "%v: of 10 degrees of freedom one in a thousand is above", leaving)
	require.Len(t, app, 6, "each request of the app: %v", app)

	steps := scenario().Journeys[0].Steps
	shown := slices.IndexFunc(steps, func(st scenarios.Step) bool { return st.Op == scenarios.Shows })
	for _, n := range provoked {
		require.Greater(t, n, shown, "errors come once the customer is signed in, for all to see")
	}
}

func TestAllEndingsAreInOneRoundAndTakeTurnsAmongBrowsers(t *testing.T) {
	for seed := range uint64(10) {
		p := planned(t, plan.Setting{Seed: seed, Scenario: checkoutProvoking(t), Customers: customers(8), Schedules: []string{history.PhaseAbort}})
		browsers := map[string]bool{}
		for n := range 3 {
			all := map[string]bool{}
			for _, w := range p.Round(n).Walks {
				if !aborts(w) {
					continue
				}
				how := "stop"
				if w.Provoke > 0 {
					how = "provoke"
				} else if w.Cuts[len(w.Cuts)-1].Leave {
					how = "leave"
				}
				all[how] = true
				if w.Journey != "app" {
					browsers[how] = true
				}
			}
			require.Len(t, all, 3, "round %d", n)
		}
		require.Len(t, browsers, 3)
	}
}

func TestTheFirstRoundProvokesErrorsInTheBrowser(t *testing.T) {
	for seed := range uint64(10) {
		p := planned(t, plan.Setting{Seed: seed, Scenario: checkout(t), Customers: customers(8), Schedules: []string{history.PhaseAbort}})
		require.True(t, slices.ContainsFunc(p.Round(0).Walks, func(w plan.Walk) bool { return w.Journey == "shopper" && w.Provoke > 0 }), "seed %d", seed)
	}
}

// checkoutProvoking is the built-in scenario, with errors at each journey.
func checkoutProvoking(t *testing.T) *scenarios.Scenario {
	sc := checkout(t)
	for i := range sc.Journeys {
		sc.Journeys[i].Provoke = sc.Journeys[i].Steps[:1]
	}
	return sc
}

func TestAnAppIsCutSeveralTimes(t *testing.T) {
	several := 0
	for seed := range uint64(50) {
		p := planned(t, plan.Setting{Seed: seed, Scenario: appAlone(), Customers: customers(8), Schedules: []string{history.PhaseAbort}})
		for _, w := range p.Round(0).Walks {
			if len(w.Cuts) >= 2 {
				several++
			}
		}
	}
	require.Greater(t, several, 40)
}

func TestWhoAbortsInABrowserDoesNotInTheApp(t *testing.T) {
	for seed := range uint64(20) {
		p := planned(t, plan.Setting{Seed: seed, Scenario: scenario(), Customers: customers(8), Schedules: []string{history.PhaseAbort}})
		aborters := map[string]int{}
		for _, w := range p.Round(0).Walks {
			if aborts(w) && !browses(p.Round(0).Walks, w.Follow) {
				aborters[w.Customer]++
			}
		}
		require.Len(t, aborters, 4, "one in a browser, three in the app: %v", aborters)
	}
}

// browses says whether a walk follows one in a browser.
func browses(walks []plan.Walk, follow int) bool {
	return follow != plan.Alone && walks[follow].Journey != "app"
}

func TestEveryAbortRoundOfAnAppHasErrors(t *testing.T) {
	for seed := range uint64(20) {
		p := planned(t, plan.Setting{Seed: seed, Scenario: scenario(), Customers: customers(8), Schedules: []string{history.PhaseAbort}})
		for number := range 6 {
			provoking, again, others, last := 0, 0, 0, 0
			walks := p.Round(number).Walks
			for i, w := range walks {
				switch {
				case w.Journey != "app":
				case browses(walks, w.Follow):
					last++
					require.Positive(t, w.Provoke)
					require.Len(t, walks[i+1:], 3)
					for _, stranger := range walks[i+1:] {
						require.Equal(t, []any{history.Nobody, i}, []any{stranger.Customer, stranger.Follow}, "and strangers alone come after it")
					}
					require.Equal(t, w.Customer, walks[w.Follow].Customer)
				case w.Provoke > 0 && w.Follow != plan.Alone:
					again++
					require.True(t, walks[w.Follow].Provoke > 0 && walks[w.Follow].Customer == w.Customer, "after their own error, when those beside have come as far")
					require.True(t, slices.ContainsFunc(walks[i+1:], func(next plan.Walk) bool { return next.Journey == "app" }), "and others walk after it")
				case w.Provoke > 0:
					provoking++
				case aborts(w):
					others++
				}
			}
			require.Equal(t, []int{1, 1, 2, 1}, []int{provoking, again, others, last}, "seed %d, round %d", seed, number)
		}
	}
}

func TestErrorsAreProvokedBeforeTheLastSignOut(t *testing.T) {
	sc := appAlone()
	app := &sc.Journeys[0]
	app.Steps = append(app.Steps, app.Steps[2:4]...) // looking at public data, unknown to the shop
	provoked := map[int]bool{}
	for seed := range uint64(1000) {
		p := planned(t, plan.Setting{Seed: seed, Scenario: sc, Customers: customers(8), Schedules: []string{history.PhaseAbort}})
		for _, w := range p.Round(0).Walks {
			provoked[w.Provoke] = true
		}
	}
	for _, never := range []int{9, 10, 11} {
		require.NotContains(t, provoked, never)
	}
	require.Len(t, provoked, 1+5, "zero for the others, and every step from the first own data to the sign-out: %v", provoked)
}
