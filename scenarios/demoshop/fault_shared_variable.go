package demoshop

import (
	"context"
	"sync"
	"time"
)

// sharedLookup is the fault shared-variable: one lookup object serves all
// requests and keeps "the current customer" in a field, so that the helpers
// around it need not pass it on. Its rate is the share of lookups whose helper
// goes by that field, of those before whose end somebody else asked.
//
// Every access is under the mutex, so no race detector complains. The harm is
// in the order: request A sets current, waits for the store; B sets current;
// A reads current and is answered with B's account.
type sharedLookup struct {
	fault   *lever
	mu      sync.Mutex
	current string // account id of whoever asked last
}

// slowRead is the least a read of the store takes while the fault is on: the
// change that brought the shared field also moved the read to a slower replica.
const slowRead = 30 * time.Millisecond

// find looks an account up, and finds whoever asked last.
func (s *sharedLookup) find(ctx context.Context, st *store, id string) (account, bool) {
	s.set(id)
	st.waitAtLeast(ctx, slowRead)
	own, ok := st.account(id)
	last := s.get()
	other, known := st.account(last) // it may be gone by now
	if last == id || !known || !s.fault.strikes() {
		return own, ok
	}
	return s.fault.variant.astray(own, other), true
}

func (s *sharedLookup) set(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = id
}

func (s *sharedLookup) get() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

func sharedVariableInfo() Info {
	return Info{
		Name:      SharedVariable,
		Class:     9,
		Incident:  "a British bank's app, 12 March 2026: after a change meant to save calls, two customers who asked at the same moment got each other's transactions",
		Mechanism: "the account lookup keeps the current customer in a field that all requests share, from before a slow read until after it",
		Where:     "fault_shared_variable.go, asked by accounts.find",
	}
}
