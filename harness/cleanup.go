package harness

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"crosstalk/harness/plan"
)

// cleanUp removes the accounts that may exist, as far as the time goes that was
// kept back for it. An interrupt does not end it; but who waits for one to end
// waits no longer than interruptDeadline, or until he asks again.
func (r *run) cleanUp(ctx context.Context) error {
	if r.plan == nil {
		return nil
	}
	inner, cancel := r.cleanUpTime(ctx)
	defer cancel()
	r.clients.during(inner)
	r.conduct.pace.hurry()
	rounds := r.plan.CleanUp()
	for range cleanUpTries {
		slowed := r.conduct.pace.troubled()
		if err := r.unlessGone(inner, rounds); err != nil {
			return err
		}
		if r.conduct.pace.troubled() == slowed {
			return nil // what failed would fail again
		}
		// Whoever was turned away may be let in now that the run has slowed
		// down, or has waited as it was told to; or by the next run.
		r.conduct.accounts.reopen("")
		if inner.Err() != nil || r.conduct.accounts.remaining() == 0 {
			return nil
		}
	}
	return nil
}

// cleanUpTries is how often the accounts are tried of which a target that does
// not keep up turned some away.
const cleanUpTries = 6

// cleanUpTime is the context of the clean-up: the time that is left, whether or
// not the run was interrupted.
func (r *run) cleanUpTime(ctx context.Context) (context.Context, context.CancelFunc) {
	b := r.budget
	after := b.closing() + b.ending(r.record.judging()) + min(r.post.reserve(), leaveSettle)
	inner, cancelTime := context.WithTimeout(context.WithoutCancel(ctx), cleanUpDeadline)
	if b.timed() {
		cancelTime()
		inner, cancelTime = b.until(context.WithoutCancel(ctx), after-b.total/lateShare)
	}
	inner, cancelLeave := orWhen(inner, r.config.Leave)
	// The interrupt may come in the midst of it.
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(interruptDeadline, cancelTime)
		context.AfterFunc(inner, func() { timer.Stop() })
	})
	return inner, func() { stop(); cancelLeave(); cancelTime() }
}

// goneAfter is how many requests in a row must find nobody, before the target
// counts as gone.
const goneAfter = 3

// unlessGone walks the rounds of a clean-up, until the target proves to be gone:
// each of many accounts would wait for it in vain. They stay in the ledger, for
// the next run.
func (r *run) unlessGone(ctx context.Context, rounds []plan.Round) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var gone atomic.Bool
	r.conduct.pace.heed.whenGone(goneAfter, func() { gone.Store(true); cancel() })
	err := cleanRounds(ctx, r.conduct, rounds)
	if gone.Load() {
		r.conduct.accounts.reopen("nobody answered at the target; the next run tries again")
		r.conduct.progress.say(fmt.Sprintf("nobody answers at %s: %d accounts are left for the next run to remove", r.config.Target, r.conduct.accounts.remaining()))
	}
	return err
}

// sayInterrupted tells who interrupted the run what it goes on doing.
func (r *run) sayInterrupted() {
	line := "interrupted: ending the sessions"
	if n := r.conduct.accounts.remaining(); n > 0 {
		line = fmt.Sprintf("interrupted: removing %d accounts; interrupt again to leave them to the next run", n)
	}
	r.conduct.progress.say(line)
}

func cleanRounds(ctx context.Context, c *conductor, rounds []plan.Round) error {
	for _, round := range rounds {
		var walks []plan.Walk
		for _, w := range round.Walks {
			if c.accounts.standing(w) {
				walks = append(walks, w)
			}
		}
		if round.Walks = walks; len(walks) == 0 || ctx.Err() != nil {
			continue
		}
		if _, err := c.round(ctx, round); err != nil {
			return err
		}
	}
	return nil
}
