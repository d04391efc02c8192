package harness

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// forecasting knows a journey of ten steps that took two seconds alone.
func forecasting() *forecast {
	f := newForecast(&scenarios.Scenario{Journeys: []scenarios.Journey{{Name: "j", Client: scenarios.API, Steps: make([]scenarios.Step, 10)}}})
	f.walked(plan.Round{Schedule: history.PhaseSolo}, plan.Walk{Journey: "j"}, 2*time.Second)
	f.walked(plan.Round{Schedule: history.PhaseBurst}, plan.Walk{Journey: "j"}, time.Hour)
	return f
}

func TestTheFirstRoundOfAScheduleIsForeseenFromItsWalks(t *testing.T) {
	alone := plan.Walk{Journey: "j", Follow: plan.Alone}
	for name, row := range map[string]struct {
		round plan.Round
		want  time.Duration
	}{
		"nothing":            {plan.Round{}, 0},
		"one":                {plan.Round{Parallel: 1, Walks: []plan.Walk{alone}}, 2 * time.Second},
		"two at once":        {plan.Round{Parallel: 2, Walks: []plan.Walk{alone, alone}}, 2 * time.Second},
		"two in turn":        {plan.Round{Parallel: 1, Walks: []plan.Walk{alone, alone}}, 4 * time.Second},
		"one after another":  {plan.Round{Parallel: 2, Walks: []plan.Walk{alone, {Journey: "j", Follow: 0, Lag: time.Second}}}, 5 * time.Second},
		"one behind another": {plan.Round{Parallel: 2, Walks: []plan.Walk{alone, {Journey: "j", Follow: 0, InStep: true, Lag: time.Second}}}, 3 * time.Second},
		"with an heir":       {plan.Round{Parallel: 1, Walks: []plan.Walk{{Journey: "j", Follow: plan.Alone, Heir: "c02"}}}, 4 * time.Second},
		"half of it":         {plan.Round{Parallel: 1, Walks: []plan.Walk{{Journey: "j", Follow: plan.Alone, Until: 5}}}, time.Second},
		"with thought":       {plan.Round{Parallel: 1, Walks: []plan.Walk{{Journey: "j", Follow: plan.Alone, Think: []time.Duration{time.Second}}}}, 3 * time.Second},
		"with a rest":        {plan.Round{Parallel: 1, Pause: time.Second, Walks: []plan.Walk{{Journey: "j", Follow: plan.Alone, Rest: 1}}}, 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, row.want, forecasting().round(row.round))
		})
	}
}

func TestARoundTeachesHowLongTheNextOnesTake(t *testing.T) {
	walk := plan.Walk{Journey: "j", Follow: plan.Alone, Think: []time.Duration{10 * time.Second}}
	mingle := plan.Round{Schedule: history.PhaseMingle, Parallel: 1, Walks: []plan.Walk{walk}}
	herd := plan.Round{Schedule: history.PhaseHerd, Parallel: 1, Walks: []plan.Walk{walk}}
	f := forecasting()
	f.ended(mingle, 16*time.Second) // of which 10 are planned
	require.Equal(t, 16*time.Second, f.round(mingle), "as long as the last")
	require.Equal(t, 14*time.Second, f.round(herd), "twice as long as alone, half believed")
	f.ended(mingle, time.Hour)
	require.LessOrEqual(t, f.round(herd), 10*time.Second+mostStretch*2*time.Second, "one that hung teaches no more than that")
}

func TestABudgetKeepsBackWhatIsStillToCome(t *testing.T) {
	b := newBudget(100 * time.Second)
	ctx, cancel := b.until(t.Context(), 30*time.Second)
	defer cancel()
	deadline, timed := ctx.Deadline()
	require.True(t, timed)
	require.Equal(t, b.began.Add(70*time.Second), deadline)
	require.Equal(t, 25*time.Second, b.cleaning(40*time.Second), "a quarter at most")
	require.Equal(t, 5*time.Second, b.cleaning(time.Second), "a twentieth at least")
	before := b.began
	b.exclude(time.Minute)
	require.Equal(t, before.Add(time.Minute), b.began)
}

func TestARunWithoutATimeHasNoDeadlines(t *testing.T) {
	b := newBudget(0)
	for _, bounded := range []func() bool{
		func() bool {
			ctx, cancel := b.until(t.Context(), time.Second)
			defer cancel()
			_, ok := ctx.Deadline()
			return ok
		},
		func() bool {
			ctx, cancel := b.share(t.Context(), 3, 0)
			defer cancel()
			_, ok := ctx.Deadline()
			return ok
		},
	} {
		require.False(t, bounded())
	}
	require.Zero(t, b.cleaning(time.Hour))
	require.Equal(t, closeDeadline, b.closing())
}
