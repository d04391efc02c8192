package plan

import (
	"math/rand/v2"
	"time"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// schedules is the one table of what the rounds can do. A new schedule is a
// new line, a name in Names, and a function in a file of its own.
var schedules = map[string]func(p *Plan, r *rand.Rand, number int) Round{
	history.PhaseRelay:  (*Plan).relay,
	history.PhaseBurst:  (*Plan).burst,
	history.PhaseMingle: (*Plan).mingle,
	history.PhaseAbort:  (*Plan).abort,
	history.PhaseSwap:   (*Plan).swap,
	history.PhaseHerd:   (*Plan).herd,
	history.PhaseSolo:   (*Plan).furtherSolo,
}

// Names are the schedules, in the order in which a run walks them by default.
func Names() []string {
	return []string{history.PhaseRelay, history.PhaseBurst, history.PhaseMingle, history.PhaseAbort, history.PhaseSwap, history.PhaseHerd}
}

// Choices are what a setting can ask for: Names, and solo, which is walked
// before the rounds in any case and goes on where it is asked for.
func Choices() []string { return append(Names(), history.PhaseSolo) }

// Fitting are those of Names that have something to walk in this scenario,
// narrowed to these journeys (none: all). Swap, for one, needs a journey that
// signs out. Where none has, they are all.
func Fitting(sc *scenarios.Scenario, journeys []string) []string {
	p, err := New(Setting{Scenario: sc, Customers: []string{"a", "b"}, Journeys: journeys})
	if err != nil {
		return Names() // whoever makes the plan is told
	}
	return p.rotation
}

// Round is the n-th round of the run, zero-based: the schedules take turns.
// Those that have nothing to walk in this scenario are left out; where none
// has, a round has no walks.
func (p *Plan) Round(n int) Round {
	return p.make(p.rotation[n%len(p.rotation)], n/len(p.rotation)+1)
}

func (p *Plan) make(name string, number int) Round {
	round := schedules[name](p, p.random(name, number), number)
	round.Schedule = name
	if round.Number == 0 {
		round.Number = number
	}
	if round.Parallel == 0 {
		round.Parallel = p.setting.Parallel
	}
	return round
}

// copyWindow is how long after one customer was at a place the next one there
// can be shown a copy of theirs, or what they left behind in a worker: the
// lifetime of a short edge cache.
const copyWindow = 10 * time.Second
