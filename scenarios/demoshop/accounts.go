package demoshop

import "context"

// accounts is the service that looks customers up for the account page, the
// order lists, the checkout of apps and /api/me.
type accounts struct {
	store  *store
	shared sharedLookup
	remote accountClient
	loader bulkLoader
}

func newAccounts(st *store, l levers) *accounts {
	return &accounts{
		store:  st,
		shared: sharedLookup{fault: l[SharedVariable]},
		remote: newAccountClient(l[ShiftedReplies], st),
		loader: newBulkLoader(l[ColdStart]),
	}
}

// find looks an account up by its id. Of the faults that spoil this read a shop
// has one at a time: the first of these.
func (a *accounts) find(ctx context.Context, id string) (account, bool) {
	switch {
	case a.shared.fault != nil:
		return a.shared.find(ctx, a.store, id)
	case a.remote.fault != nil:
		return a.remote.find(ctx, a.store, id)
	case a.loader.fault != nil:
		id = a.loader.find(ctx, id)
	}
	a.store.wait(ctx)
	return a.store.account(id)
}
