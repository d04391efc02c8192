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
	results, err := r.conduct.round(ctx, plan.Round{Schedule: history.PhaseBaseline, Number: 1, Parallel: 1, Walks: []plan.Walk{visitor, second}})
	for _, w := range results {
		if w.Steps == 0 && w.Failed != "" {
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
	watch, err := leak.NewWatch(customers)
	if err != nil {
		return fmt.Errorf("watch for markers: %w", err)
	}
	public.tell(watch)
	r.record.watchFor(watch)
	if err := r.remember(customers); err != nil {
		return err
	}
	r.plan, err = plan.New(plan.Setting{
		Seed: r.config.Seed, Scenario: r.config.Scenario, Customers: ids[:r.config.Customers], Bystanders: ids[r.config.Customers:],
		Schedules: r.config.Schedules, Solo: r.config.Solo, Parallel: r.config.Parallel,
	})
	return err
}

// signUp makes the accounts. It answers why the run cannot go on, or "".
func (r *run) signUp(ctx context.Context) (string, error) {
	for _, round := range r.plan.SignUp() {
		results, err := r.conduct.round(ctx, round)
		if err != nil {
			return "", err
		}
		if ctx.Err() == nil && !slices.ContainsFunc(results, func(w walked) bool { return w.Whole }) {
			return endNoSignUp, nil
		}
	}
	return "", nil
}

func (r *run) solo(ctx context.Context) error {
	ctx, cancel := r.budget(ctx, 0)
	defer cancel()
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

// budget is the context of what must have ended when the time is spent, less
// what is kept back for the clean-up.
func (r *run) budget(ctx context.Context, keepBack time.Duration) (context.Context, context.CancelFunc) {
	if r.config.For == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, r.began.Add(r.config.For-keepBack))
}

// rounds walks the schedules until the time is spent or the number of rounds is
// walked.
func (r *run) rounds(ctx context.Context, signedUp time.Duration) (history.End, error) {
	ctx, cancel := r.budget(ctx, min(signedUp, r.config.For/4)+min(r.post.reserve(), r.config.For/4))
	defer cancel()
	took := map[string]time.Duration{}
	for n := 0; ; n++ {
		round := r.plan.Round(n)
		if why := r.enough(ctx, n, took[round.Schedule]); why != "" {
			return history.End{Reason: why}, nil
		}
		began := time.Now()
		if _, err := r.conduct.round(ctx, round); err != nil {
			return history.End{}, err
		}
		took[round.Schedule] = time.Since(began)
		if len(round.Walks) == 0 {
			return history.End{Reason: "the scenario has nothing to walk in rounds"}, nil
		}
	}
}

// enough says why no further round is begun, or "". A round of which less
// than 60 % would fit in the time left is not begun: what it cut off would be
// lost as evidence and could be missing at the clean-up.
func (r *run) enough(ctx context.Context, walked int, last time.Duration) string {
	deadline, timed := ctx.Deadline()
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return endInterrupted
	case r.config.Rounds > 0 && walked >= r.config.Rounds:
		return endWalked
	case ctx.Err() != nil, timed && time.Until(deadline) < last*6/10:
		return endSpent
	}
	return ""
}

// cleanUpDeadline bounds the clean-up, which an interrupt does not cut short.
const cleanUpDeadline = 45 * time.Second

// cleanUp removes the accounts that may exist.
func (r *run) cleanUp(ctx context.Context) error {
	if r.plan == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpDeadline)
	defer cancel()
	return cleanRounds(ctx, r.conduct, r.plan.CleanUp())
}

func cleanRounds(ctx context.Context, c *conductor, rounds []plan.Round) error {
	for _, round := range rounds {
		var walks []plan.Walk
		for _, w := range round.Walks {
			if c.accounts.standing(w) {
				walks = append(walks, w)
			}
		}
		if round.Walks = walks; len(walks) == 0 {
			continue
		}
		if _, err := c.round(ctx, round); err != nil {
			return err
		}
	}
	return nil
}
