package harness

import (
	"context"
	"sync"
	"time"

	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// restDeadline is how long those who rest wait for the last to come. A browser
// is half-way through its journey long after an app is; one whose step hangs
// ends within a step's usual timeout, which is less.
const restDeadline = 15 * time.Second

// rest is where everybody of a round pauses, until all go on at once: caches
// run empty, pools shrink, and the user's hook flushes or restarts what it
// likes. What fills them again is asked for by all in one moment.
type rest struct {
	conductor *conductor
	round     plan.Round

	mu       sync.Mutex
	coming   map[int]scenarios.Client // who is expected, by index in the round
	came     map[scenarios.Client]int
	gathered chan struct{}
	late     *time.Timer
	running  bool // somebody sees to the pause and the hook
	over     chan struct{}
}

// newRest is that of a round in which somebody rests; nil for any other.
func newRest(c *conductor, r plan.Round) *rest {
	out := &rest{conductor: c, round: r, coming: map[int]scenarios.Client{}, came: map[scenarios.Client]int{}, gathered: make(chan struct{}), over: make(chan struct{})}
	for i, w := range r.Walks {
		if journey := c.scenario.Journey(w.Journey); w.Rest > 0 && journey != nil {
			out.coming[i] = journey.Client
		}
	}
	if len(out.coming) == 0 {
		return nil
	}
	return out
}

// wait returns when everybody has come and the pause and the hook are over, or
// when ctx ends. Who comes late rests with the others for what is left.
func (r *rest) wait(ctx context.Context, i int) {
	if r == nil {
		return
	}
	r.come(i)
	await(ctx, r.gathered)
	r.mu.Lock()
	mine := !r.running
	r.running = true
	r.mu.Unlock()
	if !mine {
		await(ctx, r.over)
		return
	}
	defer close(r.over)
	if ctx.Err() == nil && sleep(ctx, r.round.Pause) {
		r.conductor.hook(ctx, r.round)
	}
}

// come counts a walk in. The first sets the deadline for the rest.
func (r *rest) come(i int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	client, ok := r.coming[i]
	if !ok {
		return
	}
	delete(r.coming, i)
	r.came[client]++
	if r.late == nil {
		r.late = time.AfterFunc(restDeadline, r.giveUp)
	}
	r.settle()
}

// leave says that one who was to come will not; of one who has come, nothing.
func (r *rest) leave(i int) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.coming, i)
	r.settle()
}

// settle begins the rest when nobody can be missing: those who have come keep
// their places, so of each kind of client no more than the round's parallel
// sessions do. When all have left without coming, nobody rests.
func (r *rest) settle() {
	for _, client := range r.coming {
		if r.came[client] < max(1, r.round.Parallel) {
			return
		}
	}
	if r.late != nil {
		r.begin()
	}
}

func (r *rest) giveUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begin()
}

// begin lets the pause begin, once.
func (r *rest) begin() {
	select {
	case <-r.gathered:
	default:
		r.late.Stop()
		close(r.gathered)
	}
}

// together waits for the others where the round brings everybody to one moment:
// at the rest, and before a step whose requests are held.
func (p *walker) together(ctx context.Context, k int) {
	if p.heir {
		return
	}
	if k > 0 && k == p.walk.Rest {
		// Everybody comes back on a connection that is new, or finds out that
		// the old one is none any more: both happen after a pause.
		if r, ok := p.client.(interface{ Rest() }); ok {
			r.Rest()
		}
		p.rest.wait(ctx, p.index)
	}
	p.gates.ready(ctx, p.index, p.offset+k)
}
