package harness

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// unlessCut performs a step, and ends it in its midst where the plan says so.
// Who was stopped asks again where that is a matter of course; else the outcome
// is that of the cut, and the walk at its end.
func (p *walker) unlessCut(ctx context.Context, k int, st scenarios.Step) (history.Outcome, error) {
	for _, cut := range p.walk.Cuts {
		if cut.Step != k || p.heir {
			continue
		}
		o, err := p.cutShort(ctx, k, st, cut)
		again := !cut.Leave && repeatable(st) && ctx.Err() == nil
		if err != nil || o.Outcome != history.StepCut || !again || !p.pace.wait(ctx) {
			return o, err
		}
	}
	return p.step(ctx, k, st)
}

// cutShort performs a step and cuts it. A step that ends by itself before that
// is one like any other.
//
// The cut ends a context of its own inside the walk's: what ended a step is
// then told by the cause, and the end of the run is never taken for the plan's
// doing.
func (p *walker) cutShort(ctx context.Context, k int, st scenarios.Step, cut plan.Cut) (history.Outcome, error) {
	cause := history.ErrStopped
	if cut.Leave {
		cause = history.ErrLeft
	}
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	after := time.Duration(cut.At * float64(p.speeds.usual(p.walk, k)))
	timer := time.AfterFunc(after, func() { cancel(cause) })
	defer timer.Stop()
	o, err := p.step(inner, k, st)
	if cut.Leave && err == nil && inner.Err() != nil {
		// The step was through in the moment of the cut, and is written as
		// done; the client has left all the same and performs no other.
		o.Outcome, p.slowed = history.StepCut, false // with the client went its network
	}
	return o, err
}

// cutText says why a step was cut, and after how long; "" for the end of the
// run.
func cutText(ctx context.Context, took time.Duration) string {
	cause := context.Cause(ctx)
	for _, planned := range []error{history.ErrStopped, history.ErrLeft, errProvokedLong} {
		if errors.Is(cause, planned) {
			return fmt.Sprintf("%v after %s", planned, took.Round(100*time.Microsecond))
		}
	}
	return ""
}

// repeatable says whether a step only asks: nothing is done twice when it is
// performed again.
func repeatable(st scenarios.Step) bool {
	switch st.Op {
	case scenarios.Visit, scenarios.Reload:
		return true
	case scenarios.Request:
		return st.Request != nil && (st.Request.Method == "" || st.Request.Method == http.MethodGet || st.Request.Method == http.MethodHead)
	default:
		return false
	}
}
