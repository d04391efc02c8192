package harness

import (
	"context"

	"crosstalk/harness/plan"
)

// rest is where everybody of a round pauses, until all go on at once.
type rest struct{}

func newRest(_ *conductor, _ plan.Round) *rest { return nil }

// wait returns when everybody has come and the pause and the hook are over, or
// when ctx ends.
func (r *rest) wait(_ context.Context) {}

// leave says that one who was to come will not.
func (r *rest) leave() {}
