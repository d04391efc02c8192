package demoshop

import "context"

// accounts is the service that looks customers up for the account page, the
// order lists, the checkout of apps and /api/me.
type accounts struct {
	store  *store
	shared sharedLookup
	remote accountClient
	loader bulkLoader

	tenants tenantPool
}

func newAccounts(st *store, l levers) *accounts {
	return &accounts{
		store:  st,
		shared: sharedLookup{fault: l[SharedVariable]},
		remote: newAccountClient(l[ShiftedReplies], st),
		loader: newBulkLoader(l[ColdStart]),

		tenants: tenantPool{fault: l[PooledTenant]},
	}
}

// find looks an account up by its id. Of the faults that spoil this read a shop
// has one at a time: see lookupFaults.
func (a *accounts) find(ctx context.Context, id string) (account, bool) {
	switch {
	case a.shared.fault != nil:
		return a.shared.find(ctx, a.store, id)
	case a.remote.fault != nil:
		return a.remote.find(ctx, a.store, id)
	case a.loader.fault != nil:
		return a.loader.account(ctx, a.store, id)
	case a.tenants.fault != nil:
		return a.tenants.find(ctx, a.store, id)
	}
	a.store.wait(ctx)
	return a.store.account(id)
}

// ask is whose rows a query about an account finds: its own.
func (a *accounts) ask(ctx context.Context, q query, own account) account {
	if !a.tenants.forgets(q) {
		return own
	}
	return a.tenants.ask(ctx, a.store, q, own)
}

// query is what is asked about an account beside the account itself.
type query string

const (
	ordersQuery   query = "orders"
	walletQuery   query = "wallet"
	passportQuery query = "passport"
	memberQuery   query = "member"
)
