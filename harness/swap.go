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

// succeed gives the client to the walk's heir, with everything that the first
// customer left in it; false when the run is over.
//
// The journal says so before the client does: were it the other way round, what
// the driver shows the heir at once (the jar, the page that stands there) would
// be written as shown to one whom nobody had gone before.
func (p *walker) succeed(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	p.offset += len(p.steps(p.walk))
	p.walk.Customer, p.heir, p.learned = p.walk.Heir, true, map[customer.Kind]string{}
	p.record.write(history.Event{Identity: &history.Identity{Session: p.session.ID, Customer: p.walk.Customer, State: history.Became}})
	p.client.Become(p.walk.Customer)
	return true
}

// moves does what the plan has a person do before step k, beside the journey.
// An error says that the session is lost, or that we broke: a move that comes
// to nothing is no failure.
func (p *walker) moves(ctx context.Context, k int) error {
	for _, m := range p.walk.Moves {
		if m.Before != k || m.Heir != p.heir || ctx.Err() != nil {
			continue
		}
		if err := p.move(ctx, k, m.What); err != nil {
			return err
		}
	}
	return nil
}

func (p *walker) move(ctx context.Context, k int, what string) error {
	if (p.dark || p.worse) && (what == plan.MoveOffline || what == plan.MoveSlow) {
		return nil // it would end with a network that the journey does not have here
	}
	if (what == plan.MoveBack || what == plan.MoveReload) && !p.pace.wait(ctx) {
		return nil // the target asks to be left alone until after the end
	}
	switch what {
	case plan.MoveBack:
		if p.journey.Client == scenarios.API {
			return nil // it has no history to go back in
		}
		_, err := p.between(ctx, k, scenarios.Step{Op: scenarios.Back})
		return err
	case plan.MoveReload:
		_, err := p.between(ctx, k, scenarios.Step{Op: scenarios.Reload})
		return err
	case plan.MoveOffline:
		return p.offline(ctx, k)
	case plan.MoveSlow:
		if k == len(p.steps(p.walk)) {
			return nil // there is no next step
		}
		p.slowed = true
		_, err := p.network(ctx, k, scenarios.NetworkSlow)
		return err
	}
	return nil
}

// offline loads the page again without a network: what then stands there came
// out of the client.
func (p *walker) offline(ctx context.Context, k int) error {
	gone, err := p.network(ctx, k, scenarios.NetworkOffline)
	if gone && err == nil {
		_, err = p.between(ctx, k, scenarios.Step{Op: scenarios.Reload})
	}
	if err != nil {
		return err
	}
	return p.online(ctx, k)
}

// unslow ends the move of which step k-1 was a part.
func (p *walker) unslow(ctx context.Context, k int) error {
	if !p.slowed {
		return nil
	}
	p.slowed = false
	return p.online(ctx, k)
}

// online gives the client its network back. It is tried twice: a walk that went
// on without one would blame the shop for it.
func (p *walker) online(ctx context.Context, k int) error {
	for range 2 {
		if back, err := p.network(ctx, k, scenarios.NetworkNormal); back || err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
		return nil // the session ends with the run
	default:
		return fmt.Errorf("restore the network: %w", history.ErrLost)
	}
}

func (p *walker) network(ctx context.Context, k int, c scenarios.Condition) (bool, error) {
	o, err := p.between(ctx, k, scenarios.Step{Op: scenarios.Network, Network: c})
	return o.Outcome == history.StepDone, err
}

// moveTimeout bounds one thing done beside the journey: a page without a
// network has nothing to wait for.
const moveTimeout = 5 * time.Second

// between performs a step that is none of the journey's.
func (p *walker) between(ctx context.Context, k int, st scenarios.Step) (history.Outcome, error) {
	st.Pos, st.Timeout = p.journey.Pos, moveTimeout
	o, err := p.stepOf(ctx, history.PartBetween, k, st)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = fmt.Errorf("%s: %w", st.Op, history.ErrLost)
	}
	return o, err
}
