package harness

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
)

// accounts is the ledger of what we made at the target. An account is entered
// before the request that creates it, so that a kill at any moment leaves a
// journal from which the next run can clean up.
type accounts struct {
	record *recorder

	mu    sync.Mutex
	state map[string]string // customer and journey → state
}

func newAccounts(r *recorder) *accounts {
	return &accounts{record: r, state: map[string]string{}}
}

func (a *accounts) set(w plan.Walk, state, detail string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := w.Customer + "/" + w.Journey
	if a.state[key] == state {
		return
	}
	a.state[key] = state
	a.record.write(history.Event{Account: &history.Account{Customer: w.Customer, Journey: w.Journey, State: state, Detail: detail}})
}

// creating enters an account that may come to be with the next request.
func (a *accounts) creating(w plan.Walk) {
	if a.of(w) == "" {
		a.set(w, history.AccountCreating, "")
	}
}

// settled says how a set-up or clean-up ended; trouble is empty when well.
func (a *accounts) settled(w plan.Walk, trouble string) {
	switch {
	case w.Part == plan.PartSetup && trouble == "":
		a.set(w, history.AccountCreated, "")
	case w.Part == plan.PartCleanup && trouble == "":
		a.set(w, history.AccountRemoved, "")
	case w.Part == plan.PartCleanup:
		a.set(w, history.AccountLeft, trouble)
	}
	// A set-up that failed stays "creating": the account may be there.
}

func (a *accounts) of(w plan.Walk) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state[w.Customer+"/"+w.Journey]
}

// standing says whether the walk's account may exist.
func (a *accounts) standing(w plan.Walk) bool {
	state := a.of(w)
	return state == history.AccountCreating || state == history.AccountCreated
}

// adopt takes over an account as another run's journal left it.
func (a *accounts) adopt(w plan.Walk, state string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state[w.Customer+"/"+w.Journey] = state
}

// reopen has those tried again, now or by the next run, whose clean-up failed.
func (a *accounts) reopen(detail string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(a.state)) {
		if a.state[key] != history.AccountLeft {
			continue
		}
		a.state[key] = history.AccountCreated
		customer, journey, _ := strings.Cut(key, "/")
		a.record.write(history.Event{Account: &history.Account{Customer: customer, Journey: journey, State: history.AccountCreated, Detail: detail}})
	}
}

// remaining is how many may exist and are not known to stay.
func (a *accounts) remaining() int {
	return a.count(history.AccountCreating) + a.count(history.AccountCreated)
}

// count is how many accounts are in a state.
func (a *accounts) count(state string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, s := range a.state {
		if s == state {
			n++
		}
	}
	return n
}
