package harness

import (
	"sync"
	"time"

	"crosstalk/harness/plan"
)

// speeds knows how long the steps of a journey take at this target.
type speeds struct {
	mu   sync.Mutex
	took map[string][]time.Duration
}

func newSpeeds() *speeds { return &speeds{took: map[string][]time.Duration{}} }

// performed notes how long a step took that ended by itself.
func (s *speeds) performed(_ plan.Walk, _ int, _ time.Duration) {}
