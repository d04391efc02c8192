package harness

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// Deadlines around a session that its steps don't have.
const (
	openDeadline  = 20 * time.Second
	closeDeadline = 8 * time.Second
	slack         = 5 * time.Second // beyond a step's own timeout, before the session counts as hung
)

// walker is one walk under way.
type walker struct {
	*stage
	index   int
	walk    plan.Walk
	journey scenarios.Journey
	session history.Session
	client  client
	learned map[customer.Kind]string
	missed  map[string]bool // barriers it has not come to yet
	offset  int             // steps that a predecessor performed with this client
}

// perform opens the session, walks, and closes it whatever happened.
func (s *stage) perform(ctx context.Context, i int, w plan.Walk, j scenarios.Journey, missed map[string]bool) walked {
	p := &walker{stage: s, index: i, walk: w, journey: j, missed: missed, learned: map[customer.Kind]string{}}
	p.session = history.Session{
		ID: fmt.Sprintf("s%04d", s.serial.Add(1)), Client: string(j.Client), Journey: j.Name,
		Customer: w.Customer, Phase: s.round.Schedule, Round: s.round.Number,
	}
	s.record.write(history.Event{Session: &p.session})
	defer s.record.write(history.Event{Closed: &history.Closed{Session: p.session.ID}})
	if err := p.open(ctx); err != nil {
		return p.broke(ctx, err)
	}
	s.progress.opened()
	defer s.progress.closed()
	defer p.close(ctx)
	defer p.gates.left(p.index)
	out := p.walkSteps(ctx)
	if w.Heir == "" || !out.Whole || !p.succeed(ctx) {
		return out
	}
	return p.walkSteps(ctx)
}

func (p *walker) open(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, openDeadline)
	defer cancel()
	c, err := p.drivers[p.journey.Client].Open(ctx, history.SessionSpec{
		Session: p.session, Target: p.target, Sink: p.record, Allowed: p.guard.allowed, Hold: p.gates.hold(p.index), Observe: !p.blind, Without: p.without,
	})
	if err != nil {
		return fmt.Errorf("open session: %w", err)
	}
	p.client = c
	return nil
}

// close must not be cut short by the end of the run: what is on its way to the
// journal is evidence.
func (p *walker) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeDeadline)
	defer cancel()
	if err := p.client.Close(ctx); err != nil && !errors.Is(err, history.ErrLost) {
		p.progress.say(fmt.Sprintf("%s: close session: %v", p.session.ID, err))
	}
}

// broke tells a lost session, with which the run goes on, from an error of
// ours, with which it does not.
func (p *walker) broke(ctx context.Context, err error) walked {
	if ctx.Err() != nil {
		return walked{} // the end of the run, not of the session
	}
	if errors.Is(err, history.ErrLost) || errors.Is(err, context.DeadlineExceeded) {
		p.record.Lost(history.Lost{Session: p.session.ID, What: "session", Reason: err.Error()})
		p.progress.lost()
		return walked{}
	}
	return walked{Err: fmt.Errorf("session %s: %w", p.session.ID, err)}
}

func (p *walker) walkSteps(ctx context.Context) walked {
	var out walked
	for k, st := range p.steps(p.walk) {
		if !p.moves(ctx, k) || p.provoked(ctx, k) || !p.ready(ctx, k, st) {
			return out
		}
		outcome, err := p.unlessCut(ctx, k, st)
		p.trails[p.index].pass(k)
		p.gates.passed(p.index, p.offset+k)
		if err != nil {
			broken := p.broke(ctx, err)
			broken.Steps = out.Steps
			return broken
		}
		if outcome.Outcome != history.StepDone {
			return p.stopped(ctx, out, k, st, outcome)
		}
		out.Steps++
	}
	out.Whole = true
	if p.walk.Part != plan.PartSteps {
		p.accounts.settled(p.walk, "")
	}
	return out
}

// stopped ends a walk at a step that was not done.
func (p *walker) stopped(ctx context.Context, out walked, k int, st scenarios.Step, o history.Outcome) walked {
	if o.Outcome == history.StepFailed {
		out.Failed = fmt.Sprintf("step %d, %s: %s", k+1, st.String(), o.Error)
	}
	if p.walk.Part == plan.PartSetup && p.existsAlready(ctx) {
		p.accounts.settled(p.walk, "")
		return walked{Steps: out.Steps, Whole: true}
	}
	if p.walk.Part != plan.PartSteps && o.Outcome == history.StepFailed { // one that was cut off can be tried again
		p.accounts.settled(p.walk, out.Failed)
	}
	return out
}

// existsAlready asks, after a set-up that failed, whether the page says so: a
// run with an old seed meets the accounts that its first run left.
func (p *walker) existsAlready(ctx context.Context) bool {
	if p.journey.Exists == nil || ctx.Err() != nil {
		return false
	}
	o, err := p.client.Do(ctx, scenarios.Step{Op: scenarios.See, Target: p.journey.Exists, Timeout: time.Second}, p.fields())
	return err == nil && o.Outcome == history.StepDone
}

// ready waits until the step may begin: for the pause the plan asks for, for
// the walk that is followed, for the others at a barrier.
func (p *walker) ready(ctx context.Context, k int, st scenarios.Step) bool {
	if k < len(p.walk.Think) && !sleep(ctx, p.walk.Think[k]) {
		return false
	}
	if p.walk.InStep && k < len(p.trails[p.walk.Follow].done) && !p.trails[p.walk.Follow].follow(ctx, k, p.walk.Lag) {
		return false
	}
	if st.Op == scenarios.Meet && p.missed[st.Name] {
		delete(p.missed, st.Name)
		if p.round.Meet {
			p.barriers[st.Name].wait(ctx)
		}
	}
	if p.walk.Part == plan.PartSetup && creates(st.Op) {
		p.accounts.creating(p.walk) // in the journal before the request is sent
	}
	return ctx.Err() == nil
}

// creates says whether a step may be the one that makes the account.
func creates(op scenarios.Op) bool {
	return op == scenarios.Click || op == scenarios.Press || op == scenarios.Request || op == scenarios.Send || op == scenarios.Upload
}

func (p *walker) fields() scenarios.Fields {
	return scenarios.Fields{Customer: p.customers[p.walk.Customer], Learned: p.learned, Target: p.target}
}

// nonce makes the step's {{nonce}} when it is asked for: from then on, before
// it is sent, the journal says whose it is. A step that sends none has none.
func (p *walker) nonce(k int) func() string {
	return sync.OnceValue(func() string {
		// Each part of a walk is a session of its own, so k is enough.
		value := customer.Nonce(p.seed, p.session.ID, k)
		p.record.write(history.Event{Learned: &history.Learned{
			Session: p.session.ID, Customer: p.walk.Customer, Kind: scenarios.NonceField, Value: value,
		}})
		return value
	})
}

// step performs one step and writes what became of it.
func (p *walker) step(ctx context.Context, k int, st scenarios.Step) (history.Outcome, error) {
	timeout := st.Timeout
	if timeout == 0 {
		timeout = p.scenario.StepTimeout
	}
	inner, cancel := context.WithTimeout(ctx, timeout+slack)
	defer cancel()
	begun := p.record.Now()
	fields := p.fields()
	fields.Nonce = p.nonce(k)
	// A client has nothing to do at a meeting, but counts the steps.
	o, err := p.client.Do(inner, st, fields)
	if ctx.Err() != nil && (err != nil || o.Outcome == history.StepFailed) {
		o, err = history.Outcome{Outcome: history.StepCut, URL: o.URL}, nil
	}
	text := ""
	if err != nil {
		o.Outcome, text = history.StepFailed, err.Error()
	}
	p.record.write(history.Event{Step: &history.Step{
		Session: p.session.ID, Part: p.walk.Part, Index: k, Op: string(st.Op), Text: st.String(),
		Start: begun, End: p.record.Now(), Outcome: o.Outcome, Error: first(o.Error, text), URL: o.URL,
	}})
	p.remember(o)
	return o, err
}

// remember keeps what a step learned, for later steps and for the judge.
func (p *walker) remember(o history.Outcome) {
	for _, l := range o.Learned {
		p.learned[customer.Kind(l.Kind)] = l.Value
		if l.Marker && p.walk.Customer != history.Nobody {
			p.record.write(history.Event{Learned: &history.Learned{
				Session: p.session.ID, Customer: p.walk.Customer, Kind: l.Kind, Value: l.Value, Place: l.Place, Where: l.Where,
			}})
		}
	}
	if o.SignedIn {
		p.record.write(history.Event{Identity: &history.Identity{Session: p.session.ID, Customer: p.walk.Customer, State: history.SignedIn}})
	}
	if o.SignedOut {
		p.record.write(history.Event{Identity: &history.Identity{Session: p.session.ID, Customer: p.walk.Customer, State: history.SignedOut}})
	}
}
