package harness

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// puppet is a driver whose steps the test performs, with their contexts. It
// writes down what was asked of its clients, in order.
type puppet struct {
	do func(ctx context.Context, st scenarios.Step, f scenarios.Fields) (history.Outcome, error)

	mu  sync.Mutex
	log []string
}

func (d *puppet) Open(_ context.Context, s history.SessionSpec) (client, error) {
	return &pulled{puppet: d, who: s.Session.Customer}, nil
}

func (d *puppet) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.log = append(d.log, fmt.Sprintf(format, args...))
}

type pulled struct {
	*puppet
	who string
}

func (c *pulled) Do(ctx context.Context, st scenarios.Step, f scenarios.Fields) (history.Outcome, error) {
	c.note("%s %d %s%s%s", c.who, st.Index, st.Op, st.URL, st.Network)
	if c.do != nil {
		return c.do(ctx, st, f)
	}
	return did, nil
}

func (c *pulled) Become(who string) {
	c.note("%s becomes %s", c.who, who)
	c.who = who
}

func (c *pulled) Close(context.Context) error { return nil }

// did is the outcome of a step that did what it should.
var did = history.Outcome{Outcome: history.StepDone}

// hang waits for the end of a step and says what ended it.
func hang(ctx context.Context) (history.Outcome, error) {
	<-ctx.Done()
	return history.Outcome{Outcome: history.StepFailed, Error: context.Cause(ctx).Error()}, nil
}

// turn walks a round of these walks with a puppet.
func turn(t *testing.T, d *puppet, j scenarios.Journey, walks ...plan.Walk) ([]walked, []history.Event) {
	t.Helper()
	return turnUntil(t.Context(), t, d, j, walks...)
}

func turnUntil(ctx context.Context, t *testing.T, d *puppet, j scenarios.Journey, walks ...plan.Walk) ([]walked, []history.Event) {
	t.Helper()
	j.Name, j.Customer, j.Pos = "j", scenarios.One, scenarios.Pos{Line: 1, Col: 1}
	if j.Client == "" {
		j.Client = scenarios.Browser
	}
	for i := range j.Steps {
		j.Steps[i].Index = i
	}
	c, dir := conducted(t, &script{}, &scenarios.Scenario{Name: "s", Journeys: []scenarios.Journey{j}})
	c.drivers = map[scenarios.Client]driver{scenarios.API: d, scenarios.Browser: d}
	c.customers["A"], c.customers["B"] = &customer.Customer{ID: "A", First: "Ada"}, &customer.Customer{ID: "B", First: "Bob"}
	for i := range walks {
		walks[i].Journey, walks[i].Part = "j", plan.PartSteps
	}
	results, err := c.round(ctx, plan.Round{Schedule: "abort", Number: 1, Parallel: len(walks), Meet: true, Walks: walks})
	require.NoError(t, err)
	return results, events(t, dir)
}

// stepsIn are the journal's steps, each in a line.
func stepsIn(all []history.Event) []string {
	var lines []string
	for _, e := range all {
		if e.Step != nil {
			lines = append(lines, fmt.Sprintf("%s %d %s %s", e.Step.Part, e.Step.Index, e.Step.Op, e.Step.Outcome))
		}
	}
	return lines
}

func alone(customer string) plan.Walk { return plan.Walk{Customer: customer, Follow: plan.Alone} }
