package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// conductor walks rounds: it opens the sessions, performs their steps in the
// order the plan asks for, and writes what became of them.
type conductor struct {
	scenario  *scenarios.Scenario
	target    string
	seed      uint64
	customers map[string]*customer.Customer
	drivers   map[scenarios.Client]driver
	record    *recorder
	guard     guard
	accounts  *accounts
	blind     bool   // perform without observing: for measuring what it costs
	without   string // or without a part of it
	progress  *meter
	onHerd    string  // command of the user's, for the schedule herd
	road      road    // to the target
	lives     *lives  // how long copies live at this target
	speeds    *speeds // how long steps take at this target
	pace      *pace
	budget    *budget
	forecast  *forecast

	serial atomic.Int64
}

func newConductor(c Config, sc *scenarios.Scenario, g guard, cl *clients, r *recorder, m *meter) *conductor {
	out := &conductor{
		scenario: sc, target: c.Target, seed: c.Seed, customers: map[string]*customer.Customer{}, drivers: cl.drivers(),
		record: r, guard: g, accounts: newAccounts(r), progress: m, budget: cl.budget, forecast: newForecast(sc),
		onHerd: c.OnHerd, road: road{resolved: c.resolved(), proxy: c.Proxy}, lives: newLives(sc.Lifetimes), speeds: newSpeeds(),
	}
	out.pace = newPace(c.Parallel, c.Target, r, out.paced)
	r.pace, r.lives = out.pace, out.lives
	return out
}

// walked says what became of a walk.
type walked struct {
	Steps  int // that were done
	Whole  bool
	Failed string // the step that failed, and how; "" when none did
	Err    error  // we broke; the shop's mistakes are never here
}

// round walks a round. It returns when all its walks have ended, which every
// one does within the deadlines of its steps, or when the context ends.
func (c *conductor) round(ctx context.Context, r plan.Round) ([]walked, error) {
	record, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("write plan: %w", err)
	}
	lags := c.lives.lags(ctx, r)
	c.record.write(history.Event{Plan: &history.Plan{Schedule: r.Schedule, Round: r.Number, Record: record, Window: window(r, lags), Lags: lags}})
	c.record.write(history.Event{Phase: &history.Phase{Name: r.Schedule, Round: r.Number}})
	c.progress.begin(r.Schedule, r.Number)
	results := newStage(c, lagged(r, lags)).walkAll(ctx)
	if ctx.Err() == nil && !c.pace.outlasts(ctx) { // what was cut off is not done
		c.record.write(history.Event{Phase: &history.Phase{Name: r.Schedule, Round: r.Number, Done: true}})
	}
	var broken error
	for _, w := range results {
		broken = errors.Join(broken, w.Err)
	}
	return results, broken
}

// stage is one round being walked.
type stage struct {
	*conductor
	round    plan.Round
	trails   []*trail
	barriers map[string]*barrier
	gates    *gates                             // nil: no request is held
	rest     *rest                              // nil: nobody rests
	places   map[scenarios.Client]chan struct{} // a session of a kind needs one of these
}

func newStage(c *conductor, r plan.Round) *stage {
	s := &stage{conductor: c, round: r, barriers: map[string]*barrier{}, places: map[scenarios.Client]chan struct{}{}}
	parallel := max(1, r.Parallel)
	for _, kind := range []scenarios.Client{scenarios.Browser, scenarios.API} {
		s.places[kind] = make(chan struct{}, parallel)
	}
	expected := map[string]int{}
	for _, w := range r.Walks {
		s.trails = append(s.trails, newTrail(len(c.steps(w))))
		for name := range meetings(c.steps(w)) {
			expected[name]++
		}
	}
	for name, n := range expected {
		s.barriers[name] = newBarrier(n, parallel)
	}
	s.gates, s.rest = newGates(c, r), newRest(c, r)
	return s
}

func (s *stage) walkAll(ctx context.Context) []walked {
	results := make([]walked, len(s.round.Walks))
	var group sync.WaitGroup
	for i, w := range s.round.Walks {
		group.Go(func() {
			defer s.trails[i].end()
			defer s.gates.left(i) // however little of it was walked
			defer s.rest.leave(i)
			results[i] = s.walk(ctx, i, w)
			s.progress.walked(results[i])
		})
	}
	group.Wait()
	return results
}

// walk performs one walk from opening its session to closing it.
func (s *stage) walk(ctx context.Context, i int, w plan.Walk) walked {
	missed := meetings(s.steps(w))
	defer func() {
		for name := range missed {
			s.barriers[name].leave()
		}
	}()
	if w.Follow != plan.Alone && !w.InStep && !s.pause(ctx, s.trails[w.Follow].ended, w.Lag) {
		return walked{}
	}
	if w.InStep {
		// Only when the leader is under way: a follower that held the last
		// free place before its leader had one would wait for ever.
		if !s.pause(ctx, s.trails[w.Follow].began, 0) {
			return walked{}
		}
		// Nor does one who comes long after hold a place that others could use:
		// it takes one in time to be ready at its first step.
		if w.Lag > timeToOpen && !s.trails[w.Follow].follow(ctx, 0, w.Lag-timeToOpen) {
			return walked{}
		}
	}
	journey := s.scenario.Journey(w.Journey)
	if journey == nil {
		return walked{Err: fmt.Errorf("walk: no journey %q in scenario %s", w.Journey, s.scenario.Name)}
	}
	place := s.places[journey.Client]
	select {
	case place <- struct{}{}:
		defer func() { <-place }()
	case <-ctx.Done():
		return walked{}
	}
	if !s.pace.begin(ctx) {
		return walked{}
	}
	defer s.pace.end()
	s.trails[i].start()
	begun := time.Now()
	defer func() { s.forecast.walked(s.round, w, time.Since(begun)) }()
	return s.perform(ctx, i, w, *journey, missed)
}

// timeToOpen is how long before its first step a follower opens its session.
const timeToOpen = 2 * time.Second

// pause waits for the event and then for the lag; false when the context ended.
func (s *stage) pause(ctx context.Context, event <-chan struct{}, lag time.Duration) bool {
	select {
	case <-event:
	case <-ctx.Done():
		return false
	}
	return sleep(ctx, lag)
}

func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// steps are those of the walk's part of its journey.
func (c *conductor) steps(w plan.Walk) []scenarios.Step {
	journey := c.scenario.Journey(w.Journey)
	switch {
	case journey == nil:
		return nil
	case w.Part == plan.PartSetup:
		return journey.Setup
	case w.Part == plan.PartCleanup:
		return journey.Cleanup
	}
	if w.Until > 0 && w.Until < len(journey.Steps) {
		return journey.Steps[:w.Until]
	}
	return journey.Steps
}

func meetings(steps []scenarios.Step) map[string]bool {
	names := map[string]bool{}
	for _, st := range steps {
		if st.Op == scenarios.Meet {
			names[st.Name] = true
		}
	}
	return names
}

// trail is how far a walk has come, for those who follow it.
type trail struct {
	began  chan struct{}
	done   []chan struct{} // one for each step, closed when it has ended
	passed []time.Time     // when it did; to be read once done is closed
	ended  chan struct{}
	once   sync.Once
}

func newTrail(steps int) *trail {
	t := &trail{began: make(chan struct{}), ended: make(chan struct{})}
	for range steps {
		t.done = append(t.done, make(chan struct{}))
	}
	t.passed = make([]time.Time, steps)
	return t
}

func (t *trail) start() { t.once.Do(func() { close(t.began) }) }

// pass says that a step has ended; they end in order.
func (t *trail) pass(step int) {
	t.passed[step] = time.Now()
	close(t.done[step])
}

// follow waits until lag after the step has ended: not lag after we asked, or
// a follower would fall further behind with every step. False when the context
// ended first.
func (t *trail) follow(ctx context.Context, step int, lag time.Duration) bool {
	if step >= len(t.done) {
		return ctx.Err() == nil
	}
	select {
	case <-t.done[step]:
	case <-ctx.Done():
		return false
	}
	return sleep(ctx, time.Until(t.passed[step].Add(lag)))
}

// end releases whoever still waits: a walk that failed has no more steps.
func (t *trail) end() {
	t.start()
	for _, step := range t.done {
		select {
		case <-step:
		default:
			close(step)
		}
	}
	close(t.ended)
}
