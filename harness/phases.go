package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// baselineJourney is what empty jars walk before the first sign-up. Its name
// cannot be a scenario's.
const baselineJourney = "(baseline)"

// withBaseline adds the journey of the public baseline to the scenario's own.
func withBaseline(sc *scenarios.Scenario) *scenarios.Scenario {
	out := *sc
	j := scenarios.Journey{Name: baselineJourney, Client: scenarios.API, Customer: scenarios.None}
	for _, own := range sc.Journeys {
		if own.Client == scenarios.Browser {
			j.Client = scenarios.Browser
		}
	}
	paths := sc.Public
	if len(paths) == 0 {
		paths = []string{"/"}
	}
	for _, path := range paths {
		j.Steps = append(j.Steps, scenarios.Step{Op: scenarios.Visit, URL: path})
	}
	out.Journeys = append(append([]scenarios.Journey{}, sc.Journeys...), j)
	return &out
}

// selfChecks proves that our own sessions are isolated before a shop is
// blamed. It answers why the run cannot go on, or "".
func (r *run) selfChecks(ctx context.Context) string {
	r.record.write(history.Event{Phase: &history.Phase{Name: history.PhaseSelfCheck}})
	r.conduct.progress.begin(history.PhaseSelfCheck, 0)
	ctx, cancel := r.budget.until(ctx, r.tail())
	defer cancel()
	why := ""
	for _, check := range r.clients.selfChecks(ctx) {
		r.record.write(history.Event{SelfCheck: &check})
		if !check.OK {
			why = fmt.Sprintf("our own sessions are not isolated: %s: %s", check.Name, check.Detail)
		}
	}
	r.record.write(history.Event{Phase: &history.Phase{Name: history.PhaseSelfCheck, Done: true}})
	return why
}

// baseline lets two visitors with empty jars read the public pages: what both
// are shown is public, and nothing else ever is.
func (r *run) baseline(ctx context.Context) (string, error) {
	visitor := plan.Walk{Customer: history.Nobody, Journey: baselineJourney, Part: plan.PartSteps, Follow: plan.Alone}
	second := visitor
	second.Follow = 0
	ctx, cancel := r.budget.share(ctx, baselineShare, r.tail())
	defer cancel()
	r.clients.during(ctx)
	results, err := r.conduct.round(ctx, plan.Round{Schedule: history.PhaseBaseline, Number: 1, Parallel: 1, Walks: []plan.Walk{visitor, second}})
	for _, w := range results {
		if w.Steps == 0 && (w.Failed != "" || errors.Is(ctx.Err(), context.DeadlineExceeded)) {
			return endNoPages, err
		}
	}
	return "", err
}

// allocate makes the customers, with values that no public page holds.
func (r *run) allocate() error {
	public, err := publicTexts(r.folder)
	if err != nil {
		return err
	}
	customers, err := allocateFor(r.config, public, avoided(r.earlier))
	if err != nil {
		return err
	}
	r.post.belongTo(customers)
	r.record.knows(personalWords(customers))
	ids := make([]string, 0, len(customers))
	for i := range customers {
		c := &customers[i]
		r.conduct.customers[c.ID] = c
		ids = append(ids, c.ID)
		record, err := marshalCustomer(c)
		if err != nil {
			return err
		}
		r.record.write(history.Event{Customer: &history.Customer{ID: c.ID, Record: record, Bystander: i >= r.config.Customers}})
	}
	watch, err := leak.NewWatch(customers, r.config.Scenario.Allow...)
	if err != nil {
		return fmt.Errorf("watch for markers: %w", err)
	}
	public.tell(watch)
	r.record.watchFor(watch)
	if err := r.remember(customers); err != nil {
		return err
	}
	return r.planned(plan.Setting{
		Seed: r.config.Seed, Scenario: r.config.Scenario, Customers: ids[:r.config.Customers], Bystanders: ids[r.config.Customers:],
		Schedules: r.config.Schedules, Solo: r.config.Solo, Parallel: r.config.Parallel, Journeys: r.config.Journeys,
	})
}

// signUp makes the accounts. It answers why the run cannot go on, or "".
func (r *run) signUp(ctx context.Context) (string, error) {
	begun := time.Now()
	defer func() { r.signedUp = time.Since(begun) }()
	inner, cancel := r.budget.share(ctx, signUpShare, r.tail())
	defer cancel()
	r.clients.during(inner)
	for _, round := range r.plan.SignUp() {
		results, err := r.conduct.round(inner, round)
		if err != nil {
			return "", err
		}
		if ctx.Err() == nil && !slices.ContainsFunc(results, func(w walked) bool { return w.Whole }) {
			return endNoSignUp, nil
		}
	}
	return "", nil
}

// keepBack is what the clean-up and all that comes after it will need.
// A target that turns customers away needs longer to let them leave.
func (r *run) keepBack() time.Duration {
	if r.budget.timed() && r.conduct.pace.troubled() > 0 {
		return r.tail() + r.budget.total/cleanUpMost
	}
	return r.tail() + r.budget.cleaning(r.signedUp)
}

func (r *run) solo(ctx context.Context) error {
	ctx, cancel := r.budget.until(ctx, r.keepBack())
	defer cancel()
	r.clients.during(ctx)
	for _, round := range r.plan.Solo() {
		if ctx.Err() != nil {
			return nil
		}
		if _, err := r.conduct.round(ctx, round); err != nil {
			return err
		}
	}
	return nil
}

// rounds walks the schedules until the time is spent or the number of rounds is
// walked.
func (r *run) rounds(ctx context.Context) (history.End, error) {
	for n := 0; ; n++ {
		end, err := r.oneRound(ctx, &n)
		if err != nil || end != "" {
			return history.End{Reason: end}, err
		}
	}
}

// oneRound walks the n-th round or, where that does not fit into the time left,
// the next one of another schedule that does, or answers why none is begun.
// What must be kept back is reckoned anew for each: the judge has more to do by
// then.
func (r *run) oneRound(ctx context.Context, n *int) (string, error) {
	ctx, cancel := r.budget.until(ctx, r.keepBack())
	defer cancel()
	r.clients.during(ctx)
	round, why := r.next(ctx, n)
	if why != "" {
		return why, nil
	}
	begun, slowed := time.Now(), r.conduct.pace.troubled()
	results, err := r.conduct.round(ctx, round)
	if err != nil {
		return "", err
	}
	r.early.look()
	if ctx.Err() == nil && r.conduct.pace.troubled() == slowed {
		r.conduct.forecast.ended(round, time.Since(begun))
	}
	if len(round.Walks) == 0 {
		return "the scenario has nothing to walk in rounds", nil
	}
	r.vain = nextVain(r.vain, round, results)
	sleep(ctx, vainPause(r.vain))
	return "", nil
}

// nextVain counts the rounds in a row in which no customer's walk came to its
// end. A passer-by's does at almost any shop.
func nextVain(before int, round plan.Round, results []walked) int {
	for i, w := range round.Walks {
		if w.Customer != history.Nobody && i < len(results) && results[i].Whole {
			return 0
		}
	}
	return before + 1
}

// Pauses after rounds in vain: the first few cost nothing, since a race that
// leaks makes rounds fail too.
const (
	freeVain      = 3
	firstVain     = 100 * time.Millisecond
	longestVain   = 5 * time.Second
	vainDoublings = 6
)

// vainPause is how long nothing is begun after so many rounds in vain. Where an
// app can't even sign in, its rounds take milliseconds: a night of them would
// be a flood at the target, and a journal of nothing but failures.
func vainPause(vain int) time.Duration {
	if vain <= freeVain {
		return 0
	}
	return min(longestVain, firstVain<<min(vain-freeVain-1, vainDoublings))
}

// next is the first round from the n-th on that fits into the time left, and
// why there is none. Rounds that are passed over are not walked later: each is
// whole in itself, and the journal has those that were.
func (r *run) next(ctx context.Context, n *int) (plan.Round, string) {
	round := r.plan.Round(*n)
	why := r.enough(ctx, *n, r.conduct.forecast.round(round))
	if why != endSpent || ctx.Err() != nil {
		return round, why
	}
	for later := *n + 1; later < *n+len(plan.Names()); later++ {
		round := r.plan.Round(later)
		if len(round.Walks) > 0 && r.enough(ctx, later, r.conduct.forecast.round(round)) == "" {
			*n = later
			return round, ""
		}
	}
	return round, why
}

// enough says why no further round is begun, or "". A round that would not fit
// in the time left is not begun: what it cut off would be lost as evidence and
// could be missing at the clean-up. Nor is one that could only wait for the
// target to be ready again.
func (r *run) enough(ctx context.Context, walked int, takes time.Duration) string {
	deadline, timed := ctx.Deadline()
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return endInterrupted
	case r.config.Rounds > 0 && walked >= r.config.Rounds:
		return endWalked
	case ctx.Err() != nil, timed && time.Until(deadline) < time.Duration(float64(takes)*fits), r.conduct.pace.outlasts(ctx):
		return endSpent
	}
	return ""
}
