package harness

import (
	"context"
	"sync"
	"time"
)

// meetDeadline is how long the first to arrive at a barrier waits for the
// others. A walk that hangs on its way never comes; the rest must not pay for
// it with more than this.
const meetDeadline = 5 * time.Second

// barrier lets those who come to it go on together: all who are expected, or as
// many as can be there at once. The rest waits for their sessions to end.
type barrier struct {
	mu       sync.Mutex
	expected int
	most     int
	waiting  int
	open     chan struct{}
	timer    *time.Timer
}

func newBarrier(expected, most int) *barrier { return &barrier{expected: expected, most: most} }

// wait returns when everybody has come who can, when meetDeadline has passed
// since the first of them came, or when the context ends.
func (b *barrier) wait(ctx context.Context) {
	b.mu.Lock()
	if b.waiting == 0 {
		b.open = make(chan struct{})
		open := b.open
		b.timer = time.AfterFunc(meetDeadline, func() { b.release(open) })
	}
	b.waiting++
	open := b.open
	b.mu.Unlock()
	b.settle()
	select {
	case <-open:
	case <-ctx.Done():
	}
}

// leave says that one of those expected will not come (again).
func (b *barrier) leave() {
	b.mu.Lock()
	b.expected--
	b.mu.Unlock()
	b.settle()
}

func (b *barrier) settle() {
	b.mu.Lock()
	full, open := b.waiting > 0 && b.waiting >= min(b.expected, b.most), b.open
	b.mu.Unlock()
	if full {
		b.release(open)
	}
}

// release opens this filling of the barrier, once.
func (b *barrier) release(open chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open != open || b.waiting == 0 {
		return
	}
	b.timer.Stop()
	b.expected -= b.waiting // each comes once
	b.waiting = 0
	close(open)
}
