package harness

import (
	"context"
	"errors"
	"fmt"
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
	heir    bool            // who walks now is the predecessor's heir
	slowed  bool            // its network is slow until the step under way has ended
	dark    bool            // the journey has taken the network away
	worse   bool            // or made it slow
	begun   int             // steps of the journey that were begun, from the first one on
	others  int             // that were performed again, or are none of the journey's
}

// perform opens the session, walks, and closes it whatever happened.
func (s *stage) perform(ctx context.Context, i int, w plan.Walk, j scenarios.Journey, missed map[string]bool) walked {
	p := &walker{stage: s, index: i, walk: w, journey: j, missed: missed, learned: map[customer.Kind]string{}}
	p.session = history.Session{
		ID: fmt.Sprintf("s%04d", s.serial.Add(1)), Client: string(j.Client), Journey: j.Name,
		Customer: w.Customer, Phase: s.round.Schedule, Round: s.round.Number,
	}
	s.record.write(history.Event{Session: &p.session})
	defer s.pace.exempt(p.session.ID, w, j)()
	defer s.record.write(history.Event{Closed: &history.Closed{Session: p.session.ID}})
	if err := p.open(ctx); err != nil {
		return p.broke(ctx, err)
	}
	s.progress.opened()
	defer s.progress.closed()
	defer p.close(ctx)
	defer p.leave() // nobody waits for what a session takes to end
	out := p.walkSteps(ctx)
	if w.Heir == "" || !out.Whole || !p.succeed(ctx) {
		return out
	}
	first := out.Steps
	out = p.walkSteps(ctx)
	out.Steps += first
	return out
}

func (p *walker) open(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, openDeadline)
	defer cancel()
	c, err := p.drivers[p.journey.Client].Open(ctx, history.SessionSpec{
		Session: p.session, Target: p.target, Language: p.language(), Sink: p.record, Allowed: p.guard.allowed, Hold: p.record.placing(p.gates.hold(p.index)), Observe: !p.blind, Without: p.without,
	})
	if err != nil {
		return fmt.Errorf("open session: %w", err)
	}
	p.client = c
	return nil
}

// language is that of whoever uses the client first: a device keeps its own when
// it changes hands.
func (p *walker) language() string {
	if c := p.customers[p.walk.Customer]; c != nil {
		return c.Locale
	}
	return ""
}

// leave says, to all who may wait for this walk, that it comes no more. It may be
// called twice.
func (p *walker) leave() {
	for name := range p.missed {
		delete(p.missed, name)
		p.barriers[name].leave()
	}
	p.gates.left(p.index)
	p.rest.leave(p.index)
}

// close must not be cut short by the end of the run: what is on its way to the
// journal is evidence.
func (p *walker) close(ctx context.Context) {
	ctx, cancel := p.budget.closings(ctx)
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

// walkSteps is one customer's turn: the steps of the journey, and what the plan
// has beside them.
func (p *walker) walkSteps(ctx context.Context) walked {
	var out walked
	steps := p.steps(p.walk)
	for k, st := range steps {
		on, err := p.aside(ctx, k)
		if err != nil {
			return p.brokeAfter(ctx, out, err)
		}
		if !on || !p.ready(ctx, k, st) {
			return out
		}
		outcome, err := p.unlessCut(ctx, k, st)
		p.passed(k)
		if err == nil {
			err = p.unslow(ctx, k+1)
		}
		if err != nil {
			return p.brokeAfter(ctx, out, err)
		}
		if outcome.Outcome != history.StepDone {
			return p.stopped(ctx, out, k, st, outcome)
		}
		out.Steps++
	}
	on, err := p.aside(ctx, len(steps))
	if err != nil {
		return p.brokeAfter(ctx, out, err)
	}
	if out.Whole = on; on && p.walk.Part != plan.PartSteps {
		p.accounts.settled(p.walk, "")
	}
	return out
}

// aside does what the plan has beside the journey before step k; false when the
// walk is at its end.
func (p *walker) aside(ctx context.Context, k int) (bool, error) {
	if err := p.moves(ctx, k); err != nil {
		return false, err
	}
	if p.provokesAt(k) {
		return false, p.provoke(ctx, k)
	}
	return ctx.Err() == nil || k == len(p.steps(p.walk)), nil
}

// passed tells who follows this walk, and who waits for its requests, that a
// step has ended.
func (p *walker) passed(k int) {
	if !p.heir { // an heir's steps are followed by nobody
		p.trails[p.index].pass(k)
	}
	p.gates.passed(p.index, p.offset+k)
}

// brokeAfter is broke after the steps that were done.
func (p *walker) brokeAfter(ctx context.Context, out walked, err error) walked {
	broken := p.broke(ctx, err)
	broken.Steps = out.Steps
	return broken
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
	if p.walk.InStep && !p.heir && !p.trails[p.walk.Follow].follow(ctx, k, p.walk.Lag) {
		return false
	}
	if st.Op == scenarios.Meet && p.missed[st.Name] {
		delete(p.missed, st.Name)
		if p.round.Meet {
			p.barriers[st.Name].wait(ctx)
		}
	}
	if sends(st.Op) && !p.pace.wait(ctx) {
		return false
	}
	p.together(ctx, k)
	if p.walk.Part == plan.PartSetup && creates(st.Op) {
		p.accounts.creating(p.walk) // in the journal before the request is sent
	}
	return ctx.Err() == nil
}

// creates says whether a step may be the one that makes the account.
func creates(op scenarios.Op) bool {
	return op == scenarios.Click || op == scenarios.Press || op == scenarios.Request || op == scenarios.Send || op == scenarios.Upload
}
