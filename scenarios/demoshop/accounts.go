package demoshop

import "context"

// accounts is the service that looks customers up for the account page, the
// order lists and /api/me.
type accounts struct {
	store  *store
	fault  *lever
	shared sharedLookup // used by the fault shared-variable alone
}

// find looks an account up by its id.
func (a *accounts) find(ctx context.Context, id string) (account, bool) {
	if a.fault.strikes() {
		return a.shared.find(ctx, a.store, id)
	}
	a.store.wait(ctx)
	return a.store.account(id)
}
