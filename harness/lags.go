package harness

import (
	"context"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
)

// lives knows how long copies live at this target: what was declared, and what
// answers said of themselves.
type lives struct{ declared []time.Duration }

func newLives(declared []time.Duration) *lives { return &lives{declared: declared} }

// lags are those of the round's walks whose lag depends on a lifetime.
func (l *lives) lags(_ context.Context, _ plan.Round) map[int]history.Lag { return nil }

// lagged is the round with these lags.
func lagged(r plan.Round, _ map[int]history.Lag) plan.Round { return r }

// window is the round's, with the lags that its plan could not know.
func window(r plan.Round, _ map[int]history.Lag) history.Moment {
	return history.Moment(r.Window.Microseconds())
}
