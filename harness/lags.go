package harness

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
)

const (
	// shareForLag is which part of the time that is left one lag may take: a
	// run must not spend itself on waiting for one copy to end.
	shareForLag = 4
	// unhurriedLag is the longest lag of a run that has no time to keep.
	unhurriedLag = 30 * time.Second
	// pastLife is how long after its end a copy is asked for.
	pastLife = time.Second
)

// lags are those of the round's walks whose lag depends on a lifetime, with the
// reason for each. A walk for which there is none that can be waited for keeps
// the lag it was planned with.
func (l *lives) lags(ctx context.Context, r plan.Round) map[int]history.Lag {
	if l == nil {
		return nil
	}
	var lags map[int]history.Lag
	longest := longestLag(ctx)
	for i, w := range r.Walks {
		if w.Life == "" || w.Follow == plan.Alone {
			continue
		}
		if lags == nil {
			lags = map[int]history.Lag{}
		}
		lags[i] = lagFor(w, l.known(), longest)
	}
	return lags
}

// longestLag is what the time left until the context's end allows.
func longestLag(ctx context.Context) time.Duration {
	if end, ok := ctx.Deadline(); ok {
		return time.Until(end) / shareForLag
	}
	return unhurriedLag
}

// lagFor takes the known lifetimes that can be waited for in turn.
func lagFor(w plan.Walk, known []life, longest time.Duration) history.Lag {
	var fit []life
	for _, one := range known {
		if one.worthIt() && lagOf(w.Life, one.lasts) <= longest {
			fit = append(fit, one)
		}
	}
	if len(fit) == 0 {
		return history.Lag{Micros: history.Moment(w.Lag.Microseconds()), Why: whyNone(known, longest)}
	}
	one := fit[max(0, w.Turn)%len(fit)]
	why := "half of " + one.why
	if w.Life == plan.LifePast {
		why = one.why + ", and a second"
	}
	return history.Lag{Micros: history.Moment(lagOf(w.Life, one.lasts).Microseconds()), Why: why}
}

func lagOf(part plan.Life, lasts time.Duration) time.Duration {
	if part == plan.LifePast {
		return lasts + pastLife
	}
	return lasts / 2
}

// whyNone says why none of the known lifetimes is waited for.
func whyNone(known []life, longest time.Duration) string {
	if len(known) == 0 {
		return "no answer says how long a copy lives, and the scenario declares nothing"
	}
	shortest := slices.MinFunc(known, func(a, b life) int { return int(a.lasts - b.lasts) })
	if !shortest.worthIt() {
		return fmt.Sprintf("%s is too long to be waited for: more than %s", shortest.why, longestLife)
	}
	return fmt.Sprintf("%s is too long for the time that is left: one lag may take %s", shortest.why, longest.Round(100*time.Millisecond))
}

// lagged is the round with these lags.
func lagged(r plan.Round, lags map[int]history.Lag) plan.Round {
	if len(lags) == 0 {
		return r
	}
	r.Walks = slices.Clone(r.Walks) // the plan's own stay as they are
	for i, lag := range lags {
		r.Walks[i].Lag = time.Duration(lag.Micros) * time.Microsecond
	}
	return r
}

// window is the round's, with the lags that its plan could not know: one who
// comes 21 s after another is still exposed to what the other left.
func window(r plan.Round, lags map[int]history.Lag) history.Moment {
	longest := history.Moment(0)
	for lag := range maps.Values(lags) {
		longest = max(longest, lag.Micros)
	}
	own := history.Moment(r.Window.Microseconds())
	if longest > 0 && own == 0 {
		own = history.DefaultWindow
	}
	return own + longest
}
