package harness

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// gatesFor are those of a round in which n customers walk one journey.
func gatesFor(n int, steps []scenarios.Step, change ...func(*plan.Round)) *gates {
	r := plan.Round{Schedule: "burst", Hold: true, Parallel: n}
	for i := range n {
		r.Walks = append(r.Walks, plan.Walk{Customer: fmt.Sprint(i), Journey: "j", Part: plan.PartSteps, Follow: plan.Alone})
	}
	for _, f := range change {
		f(&r)
	}
	sc := oneJourney(steps...)
	sc.StepTimeout = scenarios.DefaultStepTimeout
	other := sc.Journeys[0]
	other.Name, other.Client = "other", scenarios.Browser
	sc.Journeys = append(sc.Journeys, other)
	return newGates(&conductor{scenario: sc}, r)
}

// requested is one request on its way through its gate, in a bubble of its own time.
type requested struct {
	mu   sync.Mutex
	gone bool
	held bool
	took time.Duration
}

func ask(ctx context.Context, g *gates, walk, step int, place history.Place) *requested {
	a := &requested{}
	begun := time.Now()
	go func() {
		held := g.hold(walk)(ctx, step, place)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.gone, a.held, a.took = true, held, time.Since(begun)
	}()
	synctest.Wait()
	return a
}

func (a *requested) isGone() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.gone
}

// allReady has everybody ready for the step.
func allReady(g *gates, step int) {
	var group sync.WaitGroup
	for i := range g.walks {
		group.Go(func() { g.ready(context.Background(), i, step) })
	}
	group.Wait()
}

func allLeft(g *gates) {
	for i := range g.walks {
		g.left(i)
	}
}

func TestRequestsAreHeldUntilTheLastIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gatesFor(8, visits("/"))
		allReady(g, 0)
		var all []*requested
		for i := range 7 {
			all = append(all, ask(t.Context(), g, i, 0, "GET /"))
			require.False(t, all[i].isGone())
		}
		all = append(all, ask(t.Context(), g, 7, 0, "GET /"))
		synctest.Wait()
		for _, a := range all {
			require.True(t, a.isGone())
			require.True(t, a.held, "the last one too is let go with the others")
			require.Zero(t, a.took, "nobody waited for a deadline")
		}
	})
}

func TestAGateDoesNotWaitForOneWhoseStepOrWalkHasEnded(t *testing.T) {
	for name, ends := range map[string]func(g *gates){
		"its step": func(g *gates) { g.passed(1, 0) },
		"its walk": func(g *gates) { g.left(1) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := gatesFor(2, visits("/", "/2"))
				allReady(g, 0)
				a := ask(t.Context(), g, 0, 0, "GET /")
				require.False(t, a.isGone())
				ends(g)
				synctest.Wait()
				require.True(t, a.isGone())
				require.Zero(t, a.took)
				allLeft(g)
			})
		})
	}
}

func TestAGateOpensWhenItsFirstHasWaitedLongEnough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gatesFor(3, visits("/", "/2"))
		allReady(g, 0)
		first := ask(t.Context(), g, 0, 0, "GET /")
		time.Sleep(usualPatience().gate / 2)
		second := ask(t.Context(), g, 1, 0, "GET /")
		time.Sleep(usualPatience().gate)
		synctest.Wait()
		require.Equal(t, usualPatience().gate, first.took)
		require.Equal(t, usualPatience().gate/2, second.took)
		require.True(t, first.held)
		late := ask(t.Context(), g, 2, 0, "GET /")
		require.True(t, late.isGone(), "there is nobody left to meet")
		require.False(t, late.held)
		allLeft(g)
	})
}

func TestOnlyTheFirstRequestOfAWalkAtAPlaceIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gatesFor(2, visits("/"))
		allReady(g, 0)
		first, again := ask(t.Context(), g, 0, 0, "GET /api/me"), ask(t.Context(), g, 0, 0, "GET /api/me")
		require.False(t, first.isGone())
		require.True(t, again.isGone())
		require.False(t, again.held)
		allLeft(g)
	})
}

func TestEachPlaceOfAStepIsAGateOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gatesFor(2, visits("/"))
		allReady(g, 0)
		me, basket := ask(t.Context(), g, 0, 0, "GET /api/me"), ask(t.Context(), g, 1, 0, "GET /api/basket")
		require.False(t, me.isGone())
		require.False(t, basket.isGone())
		ask(t.Context(), g, 1, 0, "GET /api/me")
		require.True(t, me.isGone())
		require.False(t, basket.isGone())
		ask(t.Context(), g, 0, 0, "GET /api/basket")
		require.True(t, basket.isGone())
	})
}

func TestNothingIsHeldInStepsThatAskForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gatesFor(2, append(visits("/"), scenarios.Step{Op: scenarios.Fill}, visits("/2")[0]))
		allReady(g, 0)
		g.ready(t.Context(), 0, 1) // alone, and at once
		g.passed(0, 0)
		g.passed(1, 0)
		allReady(g, 2)
		for name, step := range map[string]int{"of a step that is over": 0, "a page's poll while a field is filled": 1, "of a step that nobody has begun": 7} {
			a := ask(t.Context(), g, 0, step, "GET /")
			require.True(t, a.isGone(), name)
			require.False(t, a.held, name)
		}
	})
}

func TestTheEndOfARunOrOfARequestOpensItsGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gatesFor(2, visits("/"))
		allReady(g, 0)
		ctx, cancel := context.WithCancel(t.Context())
		a := ask(ctx, g, 0, 0, "GET /")
		cancel()
		synctest.Wait()
		require.True(t, a.isGone())
		ended, end := context.WithCancel(t.Context())
		end()
		g = gatesFor(2, visits("/"))
		begun := time.Now()
		g.ready(ended, 0, 0)
		require.Zero(t, time.Since(begun))
		allLeft(g)
	})
}

func TestEverybodyBeginsAStepTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gatesFor(3, visits("/", "/2"))
		begun := time.Now()
		var group sync.WaitGroup
		for i := range 3 {
			group.Go(func() {
				time.Sleep(time.Duration(i) * time.Second) // the slowest needs two
				g.ready(t.Context(), i, 0)
				assert.Equal(t, 2*time.Second, time.Since(begun))
			})
		}
		group.Wait()
		allLeft(g)
	})
}

func TestAWalkThatFallsBehindIsWaitedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gatesFor(3, visits("/1", "/2", "/3", "/4", "/5"))
		begun := time.Now()
		var group sync.WaitGroup
		for i := range 2 {
			group.Go(func() {
				for k := range 3 {
					g.ready(t.Context(), i, k)
					g.hold(i)(t.Context(), k, "GET /")
					g.passed(i, k)
				}
			})
		}
		group.Wait()
		require.Equal(t, usualPatience().step, time.Since(begun), "three steps, each beside one who does not come")

		// It comes after all: what is over is over, and then it is one of them.
		begun = time.Now()
		for k := range 3 {
			g.ready(t.Context(), 2, k)
			require.False(t, g.hold(2)(t.Context(), k, "GET /"))
			g.passed(2, k)
		}
		require.Zero(t, time.Since(begun))
		for i := range 3 {
			group.Go(func() {
				time.Sleep(time.Duration(2-i) * time.Second)
				g.ready(t.Context(), i, 3)
				assert.Equal(t, 2*time.Second, time.Since(begun))
				g.passed(i, 3)
				time.Sleep(time.Duration(i) * time.Second) // now it is the last
				g.ready(t.Context(), i, 4)
				assert.Equal(t, 4*time.Second, time.Since(begun))
			})
		}
		group.Wait()
		allLeft(g)
	})
}

func TestNoStepFailsBecauseItsRequestsAreHeld(t *testing.T) {
	for _, timeout := range []time.Duration{0, 2 * time.Second, 300 * time.Millisecond} {
		t.Run(timeout.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				steps := visits("/1")
				steps[0].Timeout = timeout
				g := gatesFor(2, steps)
				allReady(g, 0)
				begun := time.Now()
				for n := range 100 { // one after the other, each where nobody else comes
					g.hold(0)(t.Context(), 0, history.Place(fmt.Sprint("GET /", n)))
				}
				if timeout == 0 {
					timeout = scenarios.DefaultStepTimeout
				}
				require.LessOrEqual(t, time.Since(begun), timeout/2)
				require.NotZero(t, time.Since(begun))
				allLeft(g)
			})
		})
	}
}

func TestAPageThatAsksForEverythingIsHeldAtFewGates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gatesFor(2, visits("/1"))
		allReady(g, 0)
		held := 0
		for n := range 10 * mostGates {
			if a := ask(t.Context(), g, 0, 0, history.Place(fmt.Sprint("GET /", n))); !a.isGone() {
				held++
			}
		}
		require.Equal(t, mostGates, held)
		allLeft(g)
		synctest.Wait()
		require.Empty(t, g.closed)
	})
}

func TestAWalkThatMeetsNobodyIsHeldNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		paths := make([]string, 50)
		g := gatesFor(2, visits(paths...))
		begun := time.Now()
		var group sync.WaitGroup
		for i := range 2 {
			group.Go(func() {
				for k := range paths {
					g.ready(t.Context(), i, k)
					g.hold(i)(t.Context(), k, history.Place(fmt.Sprint("GET /of/", i))) // nobody else's place
					if i == 1 {
						time.Sleep(usualPatience().gate) // and slower than the other's
					}
					g.passed(i, k)
				}
			})
		}
		group.Wait()
		require.Less(t, time.Since(begun)-time.Duration(len(paths))*usualPatience().gate, 2*usualPatience().inVain)
		allLeft(g)
	})
}

func TestAGateOpensWhenAllAreThereWhoHaveASession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gatesFor(4, visits("/"), func(r *plan.Round) { r.Parallel = 3 })
		begun := time.Now()
		var group sync.WaitGroup
		for i := range 3 { // the fourth waits for one of them to end
			group.Go(func() {
				g.ready(t.Context(), i, 0)
				assert.True(t, g.hold(i)(t.Context(), 0, "GET /"))
			})
		}
		group.Wait()
		require.Zero(t, time.Since(begun))
		allLeft(g)
	})
}

func TestWhoMeetsNobodyByPlanIsNotHeld(t *testing.T) {
	require.Nil(t, gatesFor(3, visits("/"), func(r *plan.Round) { r.Hold = false }), "a round that does not hold")
	g := gatesFor(5, visits("/"), func(r *plan.Round) {
		r.Walks[1].Follow, r.Walks[1].InStep = 0, true
		r.Walks[2].Heir = "B"
		r.Walks[4].Journey = "other"
	})
	require.NotNil(t, g.hold(0))
	require.NotNil(t, g.hold(3))
	require.Nil(t, g.hold(1), "a follower")
	require.Nil(t, g.hold(2), "one with an heir")
	require.Nil(t, g.hold(4), "the only one of its journey")
	for i := range 5 { // nothing of this waits, or fails
		if g.hold(i) == nil {
			g.ready(t.Context(), i, 0)
		}
	}
	for _, g := range []*gates{nil, gatesFor(2, []scenarios.Step{{Op: scenarios.See}}), gatesFor(2, visits("/"), func(r *plan.Round) { r.Walks[0].Journey, r.Walks[1].Journey = "none", "none" })} {
		require.Nil(t, g.hold(0))
		g.ready(t.Context(), 0, 0)
		g.passed(0, 0)
		g.left(0)
	}
}

func TestAHerdIsHeldAtItsReturnAloneAndAcrossJourneys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		steps := append(visits("/1", "/2"), scenarios.Step{Op: scenarios.Fill}, visits("/3")[0], visits("/4")[0])
		g := gatesFor(4, steps, func(r *plan.Round) {
			for i := range r.Walks {
				r.Walks[i].Rest = 2
			}
			r.Walks[2].Journey, r.Walks[3].Journey = "other", "other"
		})
		for i := range 2 {
			g.ready(t.Context(), 0, i)
			require.False(t, g.hold(0)(t.Context(), i, "GET /"), "before the rest")
		}
		allReady(g, 3) // the first that asks after the rest
		var all []*requested
		for i := range 4 {
			place := history.Place("GET /3")
			if i > 1 {
				place = "GET /api/me"
			}
			all = append(all, ask(t.Context(), g, i, 3, place))
			require.Equal(t, i == 3, all[i].isGone() || all[0].isGone())
		}
		synctest.Wait()
		for _, a := range all {
			require.True(t, a.isGone())
			require.True(t, a.held)
		}
		data := ask(t.Context(), g, 0, 3, "GET /api/me")
		require.False(t, data.isGone(), "what the page asks for then meets by journey")
		ask(t.Context(), g, 1, 3, "GET /api/me")
		require.True(t, data.isGone())
		for i := range 4 {
			g.passed(i, 3)
		}
		g.ready(t.Context(), 0, 4)
		for _, place := range []history.Place{"GET /4", "GET /api/me"} {
			require.True(t, ask(t.Context(), g, 0, 4, place).isGone(), "after the return")
		}
		allLeft(g)
	})
}

func TestAHerdDoesNotWaitForOneThatReturnsWithoutARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gatesFor(2, visits("/1", "/2"), func(r *plan.Round) { r.Walks[0].Rest, r.Walks[1].Rest = 1, 1 })
		allReady(g, 1)
		a := ask(t.Context(), g, 0, 1, "GET /2")
		require.False(t, a.isGone())
		g.passed(1, 1)
		synctest.Wait()
		require.True(t, a.isGone())
		allLeft(g)
	})
}

// Whatever sessions do, every request goes in the end, the round does not
// crawl, and no gate is left closed.
func TestGatesLetEverybodyGoWhateverTheyDo(t *testing.T) {
	for range 30 {
		seed := rand.Uint64()
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { walkGates(t, rand.New(rand.NewPCG(seed, 0))) })
		})
	}
}

func walkGates(t *testing.T, r *rand.Rand) {
	n, steps := 2+r.IntN(7), 1+r.IntN(8)
	g := gatesFor(n, visits(make([]string, steps)...), func(round *plan.Round) {
		round.Parallel = 1 + r.IntN(n)
		if r.IntN(3) == 0 {
			for i := range round.Walks {
				round.Walks[i].Rest = 1 + r.IntN(steps)
			}
		}
	})
	if g == nil {
		return
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	begun := time.Now()
	var group sync.WaitGroup
	for i := range n {
		own := rand.New(rand.NewPCG(r.Uint64(), 1))
		group.Go(func() {
			defer g.left(i)
			walkThrough(ctx, g, i, steps, own)
		})
	}
	if r.IntN(4) == 0 {
		time.AfterFunc(time.Duration(r.IntN(3000))*time.Millisecond, cancel)
	}
	group.Wait()
	require.Less(t, time.Since(begun), time.Duration(n)*usualPatience().inVain+time.Duration(steps)*(5*time.Second))
	g.mu.Lock()
	defer g.mu.Unlock()
	require.Empty(t, g.closed)
}

// walkThrough is a session that is slow, fails, and asks for this and that.
func walkThrough(ctx context.Context, g *gates, i, steps int, r *rand.Rand) {
	for k := range steps {
		time.Sleep(time.Duration(r.IntN(800)) * time.Millisecond)
		g.ready(ctx, i, k)
		if r.IntN(12) == 0 || ctx.Err() != nil {
			return
		}
		var requests sync.WaitGroup
		for range r.IntN(4) {
			place := history.Place(fmt.Sprint("GET /", r.IntN(3)))
			if hold := g.hold(i); hold != nil {
				requests.Go(func() { hold(ctx, k, place) })
			}
		}
		if r.IntN(5) > 0 {
			requests.Wait()
		} else {
			defer requests.Wait() // they outlive their step
		}
		g.passed(i, k)
	}
}
