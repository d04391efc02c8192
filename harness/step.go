package harness

import (
	"cmp"
	"context"
	"sync"
	"time"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

func (p *walker) fields() scenarios.Fields {
	return scenarios.Fields{Customer: p.customers[p.walk.Customer], Learned: p.learned, Target: p.target}
}

// nonce makes the step's {{nonce}} when it is asked for: from then on, before
// it is sent, the journal says whose it is. A step that sends none has none.
func (p *walker) nonce(part string, index int) func() string {
	number := p.nonceNumber(part, index)
	return sync.OnceValue(func() string {
		value := customer.Nonce(p.seed, p.session.ID, number)
		p.record.write(history.Event{Learned: &history.Learned{
			Session: p.session.ID, Customer: p.walk.Customer, Kind: scenarios.NonceField, Value: value,
		}})
		return value
	})
}

// otherNonces is from where on the nonces are counted of steps that are
// performed again or are none of the journey's; no journey has so many steps.
const otherNonces = 1 << 20

// nonceNumber is another for every step that the session performs. Each part of
// a walk is a session of its own, and an heir's steps count on, so that the
// index is enough for most.
func (p *walker) nonceNumber(part string, index int) int {
	if part == history.PartProvoke || part == history.PartBetween || index < p.begun {
		p.others++
		return otherNonces + p.others
	}
	p.begun = index + 1
	return index
}

// step performs step k of the turn under way and writes what became of it.
func (p *walker) step(ctx context.Context, k int, st scenarios.Step) (history.Outcome, error) {
	return p.stepOf(ctx, p.walk.Part, k, st)
}

// stepOf performs a step of a part and writes what became of it; k is its index
// in the turn under way, or that of the step it comes before.
func (p *walker) stepOf(ctx context.Context, part string, k int, st scenarios.Step) (history.Outcome, error) {
	st.Index, st.Timeout = p.offset+k, p.patience(st)
	inner, cancel := context.WithTimeout(ctx, st.Timeout+st.Wait+slack)
	defer cancel()
	begun, now := p.record.Now(), time.Now()
	fields := p.fields()
	fields.Nonce = p.nonce(part, st.Index)
	// A client has nothing to do at a meeting, but counts the steps.
	o, err := p.client.Do(inner, st, fields)
	took := time.Since(now)
	if ctx.Err() != nil && (err != nil || o.Outcome != history.StepDone) {
		o, err = history.Outcome{Outcome: history.StepCut, Error: cutText(ctx, took), URL: o.URL}, nil
	}
	if part == plan.PartSteps {
		o = p.unconnected(st, o)
	}
	text := ""
	if err != nil {
		o.Outcome, text = history.StepFailed, err.Error()
	}
	p.record.write(history.Event{Step: &history.Step{
		Session: p.session.ID, Part: part, Index: st.Index, Op: string(st.Op), Text: st.String(),
		Start: begun, End: p.record.Now(), Outcome: o.Outcome, Error: first(o.Error, text), URL: o.URL,
	}})
	if o.Outcome == history.StepDone && part == plan.PartSteps {
		p.speeds.performed(p.round, p.walk, k, took)
	}
	p.remember(o)
	return o, err
}

// unconnected takes it for done when a step came to nothing because the journey
// itself has taken the network away: what it asks is what a page shows without
// one, be it nothing.
func (p *walker) unconnected(st scenarios.Step, o history.Outcome) history.Outcome {
	switch st.Op {
	case scenarios.Network:
		if o.Outcome == history.StepDone {
			p.dark, p.worse = st.Network == scenarios.NetworkOffline, st.Network == scenarios.NetworkSlow
		}
	case scenarios.Visit, scenarios.Reload, scenarios.Back, scenarios.Request, scenarios.Download:
		if p.dark && o.Outcome == history.StepFailed {
			o.Outcome = history.StepDone
		}
	default:
	}
	return o
}

// slowPatience is how many times its timeout a step may take over the network
// that we made slow.
const slowPatience = 3

// patience is how long a step may take.
func (p *walker) patience(st scenarios.Step) time.Duration {
	timeout := cmp.Or(st.Timeout, p.scenario.StepTimeout)
	if p.slowed {
		timeout *= slowPatience
	}
	return timeout
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
