package harness

import (
	"context"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// unlessCut performs a step, and ends it in its midst where the plan says so.
func (p *walker) unlessCut(ctx context.Context, k int, st scenarios.Step) (history.Outcome, error) {
	return p.step(ctx, k, st)
}
