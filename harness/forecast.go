package harness

import (
	"runtime"
	"sync"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// forecast tells how long a round will take, from how long the journeys took
// alone and from how much longer the rounds so far took than that promised. A
// round that cannot end is not begun, and the first of each schedule has no
// past to go by. Its methods may be called from any goroutine.
type forecast struct {
	scenario *scenarios.Scenario

	mu      sync.Mutex
	alone   map[string]time.Duration // by journey, the longest
	took    map[string]time.Duration // by schedule, the last
	stretch float64
}

func newForecast(sc *scenarios.Scenario) *forecast {
	return &forecast{scenario: sc, alone: map[string]time.Duration{}, took: map[string]time.Duration{}, stretch: 1}
}

// walked notes how long a walk took from the opening of its session to its end.
func (f *forecast) walked(r plan.Round, w plan.Walk, took time.Duration) {
	if f == nil || r.Schedule != history.PhaseSolo {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.alone[w.Journey] = max(f.alone[w.Journey], took)
}

// Bounds of what a round can teach about the next one.
const (
	leastStretch = 0.5
	mostStretch  = 4
	tellingWork  = 500 * time.Millisecond // in a round of less, what is planned hides it
)

// ended notes how long a round took in which the run did not have to wait for
// the target. Each counts as much as all before it: how busy the machine is
// changes.
func (f *forecast) ended(r plan.Round, took time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.took[r.Schedule] = took
	planned := f.takes(r, 0)
	if work := f.takes(r, 1) - planned; work >= tellingWork {
		stretch := float64(took-planned) / float64(work)
		f.stretch = (f.stretch + min(mostStretch, max(leastStretch, stretch))) / 2
	}
}

// round is how long a round will take: as long as the last of its schedule, or
// what its walks promise.
func (f *forecast) round(r plan.Round) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if took, ok := f.took[r.Schedule]; ok {
		return took
	}
	return f.takes(r, f.stretch)
}

// browsersPerCore is how many browser sessions a core walks at once before they
// begin to wait for it: most of a walk is waiting for the shop.
const browsersPerCore = 2

// takes is how long a round takes whose sessions walk so many times as long as
// alone, beside the pauses and lags that are planned: as long as its longest
// chain of walks that wait for each other, or as all of them in turns of as many
// as there is room for. f.mu must be held.
func (f *forecast) takes(r plan.Round, stretch float64) time.Duration {
	ends := make([]time.Duration, len(r.Walks))
	begins := make([]time.Duration, len(r.Walks))
	var longest, pause time.Duration
	work := map[scenarios.Client]time.Duration{}
	for i, w := range r.Walks {
		took := f.walk(w, stretch)
		if w.Follow >= 0 && w.Follow < i {
			begins[i] = w.Lag + ends[w.Follow]
			if w.InStep {
				begins[i] = w.Lag + begins[w.Follow]
			}
		}
		ends[i] = begins[i] + took
		longest = max(longest, ends[i])
		if j := f.scenario.Journey(w.Journey); j != nil {
			work[j.Client] += took
		}
		if w.Rest > 0 {
			pause = r.Pause
		}
	}
	room := max(1, r.Parallel)
	browsers := min(room, max(1, browsersPerCore*runtime.NumCPU()))
	return pause + max(longest, work[scenarios.Browser]/time.Duration(browsers), work[scenarios.API]/time.Duration(room))
}

// walk is how long a walk takes, with the pauses that are planned.
func (f *forecast) walk(w plan.Walk, stretch float64) time.Duration {
	took := time.Duration(float64(f.alone[w.Journey]) * stretch)
	if j := f.scenario.Journey(w.Journey); j != nil && w.Until > 0 && w.Until < len(j.Steps) {
		took = took * time.Duration(w.Until) / time.Duration(len(j.Steps))
	}
	if w.Heir != "" {
		took *= 2
	}
	for _, think := range w.Think {
		took += think
	}
	return took
}
