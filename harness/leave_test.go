package harness

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// closing is a client whose end the test looks at.
type closing struct{ end func() }

func (c closing) Do(context.Context, scenarios.Step, scenarios.Fields) (history.Outcome, error) {
	return history.Outcome{Outcome: history.StepFailed, Error: "no"}, nil
}

func (c closing) Become(string) {}

func (c closing) Close(context.Context) error {
	c.end()
	return nil
}

// A session takes up to seconds to end: the others of a burst must not stand at
// a gate, a meeting or a rest for one that will never come there.
func TestNobodyWaitsForAWalkWhoseSessionIsEnding(t *testing.T) {
	steps := []scenarios.Step{{Op: scenarios.Visit, URL: "/1"}, {Op: scenarios.Meet, Name: "m"}, {Op: scenarios.Visit, URL: "/2"}}
	c, _ := conducted(t, &script{}, oneJourney(steps...))
	c.customers["A"] = &customer.Customer{ID: "A"}
	walk := plan.Walk{Customer: "A", Journey: "j", Part: plan.PartSteps, Follow: plan.Alone, Rest: 2}
	var s *stage
	closed := false
	c.drivers[scenarios.API] = opener[closing](func(context.Context, history.SessionSpec) (closing, error) {
		return closing{func() {
			closed = true
			require.True(t, s.gates.walks[0].left, "at a gate")
			require.NotContains(t, s.rest.coming, 0, "at the rest")
			require.Equal(t, 1, s.barriers["m"].expected, "at the meeting")
		}}, nil
	})
	s = newStage(c, plan.Round{Schedule: "herd", Number: 1, Parallel: 2, Meet: true, Hold: true, Walks: []plan.Walk{walk, walk}})
	s.walk(t.Context(), 0, walk)
	require.True(t, closed)
	require.Equal(t, 1, s.barriers["m"].expected, "it leaves once")
}
