package harness

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// Bounds of how a run gives way.
const (
	longestPause = 60 * time.Second       // that a target is granted, whatever it asks for
	firstBackoff = 500 * time.Millisecond // doubles with each time that the target did not keep up, …
	lastBackoff  = 15 * time.Second       // … up to this
	newsFrom     = time.Second            // by which a pause must grow, to be told
	recentKept   = 20                     // answers that are looked at
	troubleMost  = 4                      // of them may be in trouble, less one
	goodNeeded   = 10                     // good answers in a row, before one more session is let in
)

// pace slows a run down when the target does not keep up, and honors
// Retry-After: what the target cannot answer is no evidence, and staging
// systems are shared. Sessions at once are halved at each trouble and come back
// one by one.
//
// It holds up what has not begun: a walk, or a step that sends something. What
// has begun goes on, or requests that wait for each other would never meet.
// Its methods may be called from any goroutine; those of nil let everything
// pass.
type pace struct {
	most   int // sessions at once while all is well: twice the plan's, which are of two kinds of client
	tell   func(p history.Pace, eased bool)
	heed   *heed
	moment func() history.Moment

	mu      sync.Mutex
	limit   int // sessions at once; most: no limit
	active  int
	until   time.Time // nothing new begins before
	asked   bool      // by the target
	hasty   bool      // pauses are made only where the target asks for them
	backoff time.Duration
	changed history.Moment // when the limit was last halved
	good    int            // good answers in a row
	moved   chan struct{}  // closed when one who waits should look again
	slowed  int            // how often
}

func newPace(parallel int, target string, r *recorder, tell func(p history.Pace, eased bool)) *pace {
	most := 2 * max(1, parallel)
	return &pace{most: most, limit: most, tell: tell, heed: newHeed(target), moment: r.Now, moved: make(chan struct{})}
}

// begin waits until one more session may be under way; false when it may not
// before ctx ends. Who was let in says end.
func (p *pace) begin(ctx context.Context) bool {
	if p == nil {
		return ctx.Err() == nil
	}
	for {
		p.mu.Lock()
		wait := time.Until(p.until)
		if wait <= 0 && p.active < p.limit {
			p.active++
			p.mu.Unlock()
			return ctx.Err() == nil || p.end()
		}
		moved := p.moved
		p.mu.Unlock()
		if !pauseUntil(ctx, wait, moved) {
			return false
		}
	}
}

// end says that a session has ended. It answers false.
func (p *pace) end() bool {
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active--
	p.stir()
	return false
}

// wait returns when something new may be sent; false when that is not before
// ctx ends.
func (p *pace) wait(ctx context.Context) bool {
	if p == nil {
		return ctx.Err() == nil
	}
	for {
		p.mu.Lock()
		wait, moved := time.Until(p.until), p.moved
		p.mu.Unlock()
		if wait <= 0 {
			return ctx.Err() == nil
		}
		if !pauseUntil(ctx, wait, moved) {
			return false
		}
	}
}

// pauseUntil waits for the time to pass (zero: not for it) or for something to
// have moved; false when ctx ended. A pause that ends behind ctx is not waited
// for: nothing could come after it.
func pauseUntil(ctx context.Context, wait time.Duration, moved <-chan struct{}) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return false
	}
	var over <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
	case <-moved:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// outlasts says whether nothing new may begin before ctx ends.
func (p *pace) outlasts(ctx context.Context) bool {
	deadline, timed := ctx.Deadline()
	if p == nil || !timed {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until.After(deadline)
}

// troubled says how often the run had to slow down.
func (p *pace) troubled() int {
	if p == nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.slowed
}

// hurry ends pauses of our own making and makes no further ones: the clean-up
// has little time, and one account less at the target is less for it to do.
func (p *pace) hurry() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hasty = true
	if !p.asked {
		p.until = time.Time{}
	}
	p.stir()
}

// stir has everybody who waits look again. p.mu must be held.
func (p *pace) stir() {
	close(p.moved)
	p.moved = make(chan struct{})
}

// saw takes an answer of the target's, or the failure of one, in a phase.
func (p *pace) saw(x *history.Exchange, phase string) {
	if p == nil {
		return
	}
	a, ok := p.heed.answer(x, phase)
	if !ok {
		return
	}
	if change := p.weigh(a); change != nil {
		p.tell(*change, a.trouble == "")
	}
}

// weigh decides what an answer changes; nil: nothing.
func (p *pace) weigh(a answered) *history.Pace {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case a.retry > 0:
		return p.obey(a)
	case a.trouble == "":
		return p.recover()
	}
	p.good = 0
	why := p.heed.trouble()
	if why == "" {
		return nil
	}
	was := p.limit
	p.halve()
	out := &history.Pace{Parallel: p.limit, Why: why}
	p.backoff = min(lastBackoff, max(firstBackoff, 2*p.backoff))
	if until := time.Now().Add(p.backoff); !p.hasty && until.After(p.until) {
		p.until, p.asked = until, false
		out.Pause = history.Moment(p.backoff.Microseconds())
	}
	if p.limit == was && out.Pause == 0 {
		return nil // it cannot go slower
	}
	return out
}

// obey begins nothing for as long as the target asks. A whole burst is told the
// same at once: it is said only when it is news. p.mu must be held.
func (p *pace) obey(a answered) *history.Pace {
	p.good = 0
	pause := min(a.retry, longestPause)
	until := time.Now().Add(pause)
	news := until.Sub(p.until) > newsFrom || !p.asked
	if until.After(p.until) {
		p.until = until
	}
	p.asked = true
	if a.begun >= p.changed {
		p.halve()
		news = true
	}
	if !news {
		return nil
	}
	return &history.Pace{
		Parallel: p.limit, Pause: history.Moment(pause.Microseconds()), Asked: true,
		Why: fmt.Sprintf("%s with Retry-After: %s", a.trouble, a.asked),
	}
}

// halve halves the sessions at once: those that there are, where there were
// fewer than might have been. p.mu must be held.
func (p *pace) halve() {
	p.limit = max(1, min(p.limit, max(p.active, 1))/2)
	p.changed = p.moment()
	p.slowed++
	p.heed.forget(p.changed)
}

// recover lets in one session more when all has been well for a while. p.mu
// must be held.
func (p *pace) recover() *history.Pace {
	if p.good++; p.good < goodNeeded || p.limit >= p.most {
		return nil
	}
	p.good = 0
	p.limit++
	if p.limit*2 >= p.most { // one for each session of the plan: no limit any more
		p.limit, p.backoff = p.most, 0
	}
	p.stir()
	return &history.Pace{Parallel: min(p.limit, p.most/2), Why: fmt.Sprintf("%d good answers in a row", goodNeeded)}
}

// exempt has a walk's session judged by what is not of the plan's own making,
// until the answered function is called.
func (p *pace) exempt(session string, w plan.Walk, j scenarios.Journey) func() {
	if p == nil {
		return func() {}
	}
	slow := func(st scenarios.Step) bool { return st.Op == scenarios.Network }
	switch {
	case w.Provoke > 0:
		p.heed.exempts(session, exemptAll)
	case len(w.Cuts) > 0 || len(w.Moves) > 0 || slices.ContainsFunc(j.Steps, slow):
		p.heed.exempts(session, exemptTiming)
	}
	return func() { p.heed.ended(session) }
}

// sends says whether a step may send a request to the target.
func sends(op scenarios.Op) bool {
	switch op {
	case scenarios.Visit, scenarios.Reload, scenarios.Back, scenarios.Click, scenarios.Press, scenarios.Request, scenarios.Send,
		scenarios.Listen, scenarios.Upload, scenarios.Download, scenarios.SignOut:
		return true
	default:
		return false
	}
}

// paced writes a change of pace down and tells who watches; not of each session
// more that is let in again.
func (c *conductor) paced(p history.Pace, eased bool) {
	c.record.write(history.Event{Pace: &p})
	line := fmt.Sprintf("the target does not keep up: %s; at most %d at once", p.Why, p.Parallel)
	switch {
	case eased && p.Parallel < c.pace.most/2:
		return
	case eased:
		line = "the target keeps up again: " + p.Why
	case p.Pause > 0:
		line += fmt.Sprintf(", nothing new for %s", time.Duration(p.Pause)*time.Microsecond)
	}
	c.progress.say(line)
}
