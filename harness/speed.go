package harness

import (
	"slices"
	"sync"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
)

// speeds knows how long the steps of a journey take at this target. Its methods
// may be called from any goroutine.
type speeds struct {
	mu    sync.Mutex
	solo  map[stepAt]*samples // alone at the target, as far as we know
	later map[stepAt]*samples
}

// stepAt is a step of a journey.
type stepAt struct {
	journey string
	step    int
}

// mostSamples is how many durations of a step are kept, the latest: enough for
// a 95th percentile, and a long run needs no more memory than a short one.
const mostSamples = 60

// samples are the latest durations of a step.
type samples struct {
	took []time.Duration
	next int // which is replaced, once there are mostSamples
}

func (s *samples) add(d time.Duration) {
	if len(s.took) < mostSamples {
		s.took = append(s.took, d)
		return
	}
	s.took[s.next] = d
	s.next = (s.next + 1) % mostSamples
}

// percentile95 is by nearest rank: of fewer than twenty, the longest.
func (s *samples) percentile95() time.Duration {
	sorted := slices.Sorted(slices.Values(s.took))
	return sorted[(95*len(sorted)+99)/100-1]
}

func newSpeeds() *speeds {
	return &speeds{solo: map[stepAt]*samples{}, later: map[stepAt]*samples{}}
}

// performed notes how long a step took that was done. Those of rounds that hold
// requests are left out: the wait for the others is none of the target's time.
func (s *speeds) performed(r plan.Round, w plan.Walk, step int, took time.Duration) {
	if r.Hold {
		return
	}
	all := s.later
	if r.Schedule == history.PhaseSolo {
		all = s.solo
	}
	at := stepAt{w.Journey, step}
	s.mu.Lock()
	defer s.mu.Unlock()
	if all[at] == nil {
		all[at] = &samples{}
	}
	all[at].add(took)
}

// firstGuess is for a step that was never done: about what a page load takes.
const firstGuess = time.Second

// usual is the 95th percentile of how long the step took in solo; where nobody
// did it there, of how long it took since; firstGuess where nobody ever did.
func (s *speeds) usual(w plan.Walk, step int) time.Duration {
	at := stepAt{w.Journey, step}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, all := range []map[stepAt]*samples{s.solo, s.later} {
		if all[at] != nil {
			return all[at].percentile95()
		}
	}
	return firstGuess
}
