package demoshop

import (
	"context"
	"sync"
	"time"
)

// bulkLoader is the fault cold-start: a cache in front of the account store that
// fills itself in bulk. While it is cold, reads that arrive together become one
// query, and each is given an answer by its position. The harm: the store
// answers in an order of its own. The fault's rate is the share of reads in a
// batch that are given their neighbor's answer, which the cache then keeps.
//
// Once it is warm it loads one by one, and rightly.
type bulkLoader struct {
	fault *lever
	now   func() time.Time
	mu    sync.Mutex
	held  map[string]string // account id asked for → account id found
	used  time.Time         // when anything was asked for last
	until time.Time         // it counts as cold until then
	batch *batch            // that gathers reads; nil: none does
}

// batch is one bulk query.
type batch struct {
	ids    []string
	found  []string
	loaded chan struct{} // closed once found is there
}

const (
	// coldAfter is how long nothing may be asked for until the cache drops what
	// it has.
	coldAfter = 750 * time.Millisecond
	// warmAfter is how long it fills itself in bulk.
	warmAfter = 500 * time.Millisecond
	// gathering is how long a batch waits for more.
	gathering = 30 * time.Millisecond
)

// mostHeld is how many accounts the cache has; a full one is emptied.
const mostHeld = 4096

func newBulkLoader(fault *lever) bulkLoader {
	return bulkLoader{fault: fault, now: now, held: map[string]string{}}
}

// now is the time by the shop's clock.
func now() time.Time { return time.Now() }

// flush makes the cache cold.
func (b *bulkLoader) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.held)
	b.used = time.Time{}
}

// account looks an account up by the id that is found for its own.
func (b *bulkLoader) account(ctx context.Context, st *store, id string) (account, bool) {
	found := b.find(ctx, id)
	st.wait(ctx)
	own, ok := st.account(id)
	if other, known := st.account(found); known && found != id {
		return b.fault.variant.astray(own, other), true
	}
	return own, ok
}

// find is the id of the account that is found for an id.
func (b *bulkLoader) find(ctx context.Context, id string) string {
	b.mu.Lock()
	now := b.now()
	if now.Sub(b.used) >= coldAfter {
		clear(b.held)
		b.until = now.Add(warmAfter)
	}
	b.used = now
	found, known := b.held[id]
	switch {
	case known:
		b.mu.Unlock()
		return found
	case !now.Before(b.until):
		b.hold(id, id)
		b.mu.Unlock()
		return id
	}
	q, position := b.join(id)
	b.mu.Unlock()
	if position == 0 {
		b.load(q)
	}
	select {
	case <-q.loaded:
		return q.found[position]
	case <-ctx.Done():
		return id
	}
}

// join adds a read to the batch that gathers. The caller holds the lock.
func (b *bulkLoader) join(id string) (q *batch, position int) {
	if b.batch == nil {
		b.batch = &batch{loaded: make(chan struct{})}
	}
	b.batch.ids = append(b.batch.ids, id)
	return b.batch, len(b.batch.ids) - 1
}

// load gathers and answers a batch. Whoever began it does so even when nobody
// waits for their own answer any more: others do.
func (b *bulkLoader) load(q *batch) {
	timer := time.NewTimer(gathering)
	defer timer.Stop()
	<-timer.C
	b.mu.Lock()
	defer b.mu.Unlock()
	b.batch = nil
	for i, id := range q.ids {
		found := id
		if next := neighbor(q.ids, i); next != id && b.fault.strikes() {
			found = next
		}
		q.found = append(q.found, found)
		b.hold(id, found)
	}
	close(q.loaded)
}

// neighbor is the next id in a batch that is another one; its own without one.
func neighbor(ids []string, i int) string {
	for k := 1; k < len(ids); k++ {
		if next := ids[(i+k)%len(ids)]; next != ids[i] {
			return next
		}
	}
	return ids[i]
}

// hold keeps what was found. The caller holds the lock.
func (b *bulkLoader) hold(id, found string) {
	if len(b.held) >= mostHeld {
		clear(b.held)
	}
	b.held[id] = found
}

func coldStartInfo() Info {
	return Info{
		Name:      ColdStart,
		Class:     24,
		Incident:  "a maker of home cameras, 16 February 2024: when all clients came back at once after an outage, a new cache mixed up the mapping of device and user ids, and 13,000 people were shown others' homes",
		Mechanism: "after a flush or an idle moment, account reads that arrive together are loaded as one batch, and answers are given out by a wrong position",
		Where:     "fault_cold_start.go, asked by accounts.find",
	}
}
