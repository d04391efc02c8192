package demoshop

import (
	"context"
	"math/rand/v2"
	"sync"
)

// tenantPool is the fault pooled-tenant: the store shows on each connection
// only the rows of one account, the tenant that was set there last. Reading an
// account sets it. The harm: one query, added later, is sent without setting
// it, and runs with what the connection has from whoever borrowed it before.
// No two requests need meet, and any free connection may be the one that a
// request is lent. The fault's rate is the share of those queries,
// on a connection with another's tenant, that do not set it.
//
// Which query forgets is the variant: the orders' (everything), the wallet's,
// the passport's, or the member key's.
type tenantPool struct {
	fault *lever
	mu    sync.Mutex
	free  []*tenantConnection
	open  int // of them, lent ones too
}

// tenantConnection is one to the store, with the account id that was set there.
type tenantConnection struct{ tenant string }

// mostTenants is how many connections the pool keeps. More are opened while
// all are lent, and closed when they come back.
const mostTenants = 4

// forgets says whether it is this query that does not set the tenant.
func (p *tenantPool) forgets(q query) bool {
	switch q {
	case ordersQuery:
		return p.fault.is(Plain)
	case walletQuery:
		return p.fault.is(Masked)
	case passportQuery:
		return p.fault.is(Encoded)
	case memberQuery:
		return p.fault.is(Token)
	}
	return false
}

// find looks an account up, rightly.
func (p *tenantPool) find(ctx context.Context, st *store, id string) (account, bool) {
	c := p.borrow()
	defer p.giveBack(c)
	c.tenant = id
	st.wait(ctx)
	return st.account(c.tenant)
}

// ask is whose rows the query that forgets finds.
func (p *tenantPool) ask(ctx context.Context, st *store, q query, own account) account {
	c := p.borrow()
	defer p.giveBack(c)
	st.wait(ctx)
	other, known := st.account(c.tenant)
	rows := known && (q != ordersQuery || len(st.ordersOf(other.ID)) > 0)
	if rows && other.ID != own.ID && p.fault.strikes() {
		return other
	}
	c.tenant = own.ID
	return own
}

func (p *tenantPool) borrow() *tenantConnection {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open < mostTenants || len(p.free) == 0 {
		p.open++
		return &tenantConnection{}
	}
	which := rand.IntN(len(p.free)) //nolint:gosec // nothing hangs on it
	c := p.free[which]
	p.free[which] = p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	return c
}

func (p *tenantPool) giveBack(c *tenantConnection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open > mostTenants {
		p.open--
		return
	}
	p.free = append(p.free, c)
}

func pooledTenantInfo() Info {
	return Info{
		Name:      PooledTenant,
		Class:     15,
		Incident:  "connection poolers with row-level security, issue 1567: the tenant that one request set stays on the connection that the next one borrows",
		Mechanism: "the account whose rows are shown is set on one of four pooled connections, and one query (of the orders, or of one part of the account) forgets to set it and finds the rows of whoever had the connection before",
		Where:     "fault_pooled_tenant.go, asked by accounts.find and accounts.ask",
	}
}
