package harness

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
)

func TestARoundThatDoesNotFitIsPassedOverForOneThatDoes(t *testing.T) {
	sc := scenarioOf(t, littleShop)
	p, err := plan.New(plan.Setting{Seed: 1, Scenario: sc, Customers: []string{"c01", "c02", "c03", "c04"}, Schedules: []string{history.PhaseRelay, history.PhaseBurst, history.PhaseMingle}})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		took map[string]time.Duration
		want string // schedule; "" when none fits
	}{
		"all fit":       {map[string]time.Duration{}, history.PhaseRelay},
		"the next does": {map[string]time.Duration{history.PhaseRelay: time.Hour}, history.PhaseBurst},
		"the last does": {map[string]time.Duration{history.PhaseRelay: time.Hour, history.PhaseBurst: time.Hour}, history.PhaseMingle},
		"none does":     {map[string]time.Duration{history.PhaseRelay: time.Hour, history.PhaseBurst: time.Hour, history.PhaseMingle: time.Hour}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := newForecast(sc)
			f.took = c.took
			r := &run{plan: p, conduct: &conductor{forecast: f}}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
			defer cancel()
			n := 0
			round, why := r.next(ctx, &n)
			if c.want == "" {
				require.Equal(t, endSpent, why)
				return
			}
			require.Empty(t, why)
			require.Equal(t, c.want, round.Schedule)
			require.Equal(t, p.Round(n), round, "and the one after it is next")
		})
	}
}
