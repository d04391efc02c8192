package zoo

import (
	"context"
	"sync"
	"time"

	"crosstalk/scenarios/demoshop"
)

// tally remembers how often a fault could have struck, and did, over the time
// of a run: what counts is what it had done when the proof was seen, and the
// judge finds that later.
type tally struct {
	count  func() demoshop.Count
	mu     sync.Mutex
	past   []moment       // each with another count than the one before
	served map[string]int // by decoy, what it gave out up to the end of the run
	clean  time.Time      // until then the fault had certainly not struck
}

type moment struct {
	at    time.Time
	count demoshop.Count
}

// tallyEvery is how often a shop is asked. What it let go astray reaches a
// session, and the journal, within about as long.
const tallyEvery = 50 * time.Millisecond

// watch asks until ctx ends.
func (t *tally) watch(ctx context.Context) {
	tick := time.NewTicker(tallyEvery)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			t.note(now)
		case <-ctx.Done():
			return
		}
	}
}

func (t *tally) note(now time.Time) {
	count := t.count()
	t.mu.Lock()
	defer t.mu.Unlock()
	if count.Strikes == 0 && now.After(t.clean) {
		t.clean = now // or later: it was counted after that
	}
	if n := len(t.past); n == 0 || t.past[n-1].count != count {
		t.past = append(t.past, moment{now, count})
	}
}

// by is the count as it was noted at that time or a moment later: a strike comes
// before its proof. Where a busy machine noted the first strike later still, it is
// that: nothing can be proven before.
func (t *tally) by(at time.Time) demoshop.Count {
	t.mu.Lock()
	defer t.mu.Unlock()
	var last demoshop.Count
	for _, m := range t.past {
		if m.at.After(at.Add(tallyEvery)) && last.Strikes > 0 {
			break
		}
		last = m.count
	}
	return last
}
