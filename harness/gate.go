package harness

import (
	"cmp"
	"context"
	"sync"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// patience is how long one waits for others. A walk that does not come must not
// cost the rest more than this, and no step may fail because we held its
// requests.
type patience struct {
	// step is how long the first who is ready for a step waits for the others,
	// before anything of the step is begun: on a small machine with eight pages
	// the last is seconds behind.
	step time.Duration
	// gate is how long the first request at a gate is held. All began the step
	// together, so what is still missing then will not come.
	gate time.Duration
	// inStep is how long the requests of one step are held, one after the
	// other, until no further one is; or a fourth of the step's timeout, if that
	// is less.
	inStep time.Duration
	// inVain is how long one walk waits for those who don't come, until it walks
	// on by itself.
	inVain time.Duration
}

func usualPatience() patience {
	return patience{step: meetDeadline, gate: 1500 * time.Millisecond, inStep: 2500 * time.Millisecond, inVain: 10 * time.Second}
}

// mostGates is how many places one walk is held at in one step. A page that
// asks for a thousand addresses of its own meets nobody there.
const mostGates = 40

// gates hold requests of a round at the network until those of the others are
// there, and let them go together. What a page sends a moment later than its
// neighbor's meets nobody: two handlers that share a variable must run in the
// same millisecond.
//
// Those who walk the same journey are brought together twice. Before each step
// that sends requests they wait for one another, outside the step's timeout.
// Then the first request of each at one place waits for those of the others at
// that place; what the answers make a page ask for next meets again, place by
// place. In a herd only the first step after the rest is held, and its first
// requests meet across journeys: all come back at once.
type gates struct {
	mu       sync.Mutex
	walks    []*gated // by index in the round; nil: nothing of it is held
	closed   map[gateKey]*gate
	opened   map[gateKey]bool // whoever comes late goes on at once
	parallel int
	patience patience
}

// gateKey names a gate.
type gateKey struct {
	journey string // "": of all journeys, in a herd
	step    int
	place   history.Place // "": the beginning of the step
}

// firstPlace stands for the place of the first request after the rest.
const firstPlace = history.Place("first")

// gated is a walk as its gates know it.
type gated struct {
	journey string
	client  scenarios.Client
	held    map[int]time.Duration // steps that are held, and how long their timeouts let requests be
	herd    bool                  // its first request meets those of all journeys
	first   int                   // the first step that is held
	past    int                   // steps that have ended
	left    bool
	late    bool // the others waited for it in vain, and do so no more
	vain    time.Duration
	// Of the step that it comes to now.
	step, gates int
	waited      time.Duration
}

// gate is where some are held.
type gate struct {
	came map[int]time.Time // when each came
	open chan struct{}
	late *time.Timer
}

// newGates are those of a round that holds; nil for any other. Walks that
// follow another come later than it by plan, and an heir's steps go on counting
// where nobody else's do: neither is held.
func newGates(c *conductor, r plan.Round) *gates {
	if !r.Hold {
		return nil
	}
	g := &gates{
		walks: make([]*gated, len(r.Walks)), closed: map[gateKey]*gate{}, opened: map[gateKey]bool{},
		parallel: max(1, r.Parallel), patience: usualPatience(),
	}
	for i, w := range r.Walks {
		if w.Follow == plan.Alone && w.Heir == "" {
			g.walks[i] = c.gated(w)
		}
	}
	for i, w := range g.walks {
		if w != nil && g.alone(i) {
			g.walks[i] = nil
		}
	}
	return g
}

// gated is what is held of a walk.
func (c *conductor) gated(w plan.Walk) *gated {
	journey := c.scenario.Journey(w.Journey)
	if journey == nil {
		return nil
	}
	out := &gated{journey: w.Journey, client: journey.Client, herd: w.Rest > 0, held: map[int]time.Duration{}}
	for k, st := range c.steps(w) {
		if !sends(st.Op) || k < w.Rest {
			continue
		}
		if len(out.held) == 0 {
			out.first = k
		}
		out.held[k] = cmp.Or(st.Timeout, c.scenario.StepTimeout) / 4
		if out.herd {
			break
		}
	}
	if len(out.held) == 0 {
		return nil
	}
	return out
}

// alone says that nobody else comes where this walk does.
func (g *gates) alone(i int) bool {
	for n, other := range g.walks {
		if n != i && other != nil && (other.journey == g.walks[i].journey || other.herd && g.walks[i].herd) {
			return false
		}
	}
	return true
}

// hold is what the driver of a walk asks for each request; nil: nothing is held.
func (g *gates) hold(i int) history.Hold {
	if g == nil || g.walks[i] == nil {
		return nil
	}
	return func(ctx context.Context, step int, place history.Place) bool {
		g.mu.Lock()
		key, patience := g.gateOf(i, step, place)
		waiting := g.come(i, key, patience)
		g.mu.Unlock()
		if waiting == nil {
			return false
		}
		begun := time.Now()
		await(ctx, waiting.open)
		g.mu.Lock()
		defer g.mu.Unlock()
		if w := g.walks[i]; w.step == step {
			w.waited += time.Since(begun)
		}
		return true
	}
}

// ready waits until the others of the journey are ready for the step too, if
// it is held.
func (g *gates) ready(ctx context.Context, i, step int) {
	if g == nil || g.walks[i] == nil {
		return
	}
	g.mu.Lock()
	w := g.walks[i]
	if _, ok := w.held[step]; !ok {
		g.mu.Unlock()
		return
	}
	w.step, w.gates, w.waited = step, 0, 0
	key := gateKey{journey: w.journey, step: step}
	if w.herd {
		key = gateKey{}
	}
	waiting := g.come(i, key, g.patience.step)
	g.mu.Unlock()
	if waiting != nil {
		await(ctx, waiting.open)
	}
}

func await(ctx context.Context, event <-chan struct{}) {
	select {
	case <-event:
	case <-ctx.Done():
	}
}
