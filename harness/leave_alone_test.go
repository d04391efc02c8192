package harness

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// What the plan has beside the journey asks a shop for as much as the journey
// does.
func TestATargetThatAsksToBeLeftAloneIsSpared(t *testing.T) {
	for name, w := range map[string]plan.Walk{
		"a move":                    {Moves: []plan.Move{{Before: 1, What: plan.MoveReload}}},
		"going back":                {Moves: []plan.Move{{Before: 1, What: plan.MoveBack}}},
		"an error that is provoked": {Provoke: 1},
		"a step that was stopped":   {Cuts: []plan.Cut{{Step: 0}}},
	} {
		sc := oneJourney(visits("/1", "/2")...)
		sc.Journeys[0].Client, sc.Journeys[0].Provoke = scenarios.Browser, visits("/missing")
		c, _ := conducted(t, &script{}, sc)
		c.customers["A"] = &customer.Customer{ID: "A"}
		c.pace = newPace(1, c.target, c.record, func(history.Pace, bool) {})
		d := &puppet{do: func(ctx context.Context, _ scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
			c.pace.mu.Lock()
			c.pace.until, c.pace.asked = time.Now().Add(time.Hour), true
			c.pace.mu.Unlock()
			if len(w.Cuts) > 0 {
				return hang(ctx)
			}
			return did, nil
		}}
		c.drivers[scenarios.Browser] = d
		w.Customer, w.Journey, w.Part, w.Follow = "A", "j", plan.PartSteps, plan.Alone
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		_, err := c.round(ctx, plan.Round{Schedule: "abort", Number: 1, Parallel: 1, Walks: []plan.Walk{w}})
		cancel()
		require.NoError(t, err)
		require.Equal(t, []string{"A 0 visit/1"}, d.log, name)
	}
}
