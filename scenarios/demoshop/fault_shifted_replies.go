package demoshop

import (
	"context"
	"sync"
	"time"
)

// connectionPool is the fault shifted-replies: the client of the account store.
// A connection carries questions out and replies back, one for one and in order,
// and does not say which reply is to which question.
//
// The harm: A asks, and is canceled before the reply is there. The connection
// goes back to the pool as if nothing were on its way. B takes it, asks, and is
// given A's reply; C is given B's. The fault's rate is the share of reads for
// which the pool takes a connection that was given back like that; the others
// find a clean one.
type connectionPool struct {
	fault *lever
	now   func() time.Time
	mu    sync.Mutex
	free  []*connection // with replies on their way, the one given back last at the end
}

// connection is one to the store.
type connection struct {
	replies []string // account ids, in the order they were asked for
	since   time.Time
}

// connectionLife is how long the pool keeps a connection: after that it is
// replaced, and the shop is right again.
const connectionLife = 10 * time.Second

// find looks an account up, and finds whom the connection answers about.
func (p *connectionPool) find(ctx context.Context, st *store, id string) (account, bool) {
	c := p.take()
	defer p.giveBack(c) // the fault: whether its reply was read or not
	c.replies = append(c.replies, id)
	st.waitAtLeast(ctx, slowRead)
	if ctx.Err() != nil {
		return account{}, false // nobody is left to be answered
	}
	reply := c.replies[0]
	c.replies = c.replies[1:]
	return st.account(reply)
}

// take is a connection for one read: nobody else has it meanwhile.
func (p *connectionPool) take() *connection {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	for len(p.free) > 0 && now.Sub(p.free[0].since) >= connectionLife {
		p.free = p.free[1:]
	}
	if len(p.free) == 0 || !p.fault.strikes() {
		return &connection{since: now}
	}
	last := len(p.free) - 1
	c := p.free[last]
	p.free = p.free[:last]
	return c
}

// giveBack keeps a connection. One that has nothing on its way is like a new
// one and need not be kept.
func (p *connectionPool) giveBack(c *connection) {
	if len(c.replies) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, c)
	if len(p.free) > mostConnections {
		p.free = p.free[1:]
	}
}

// mostConnections is how many connections the pool has.
const mostConnections = 10

func shiftedRepliesInfo() Info {
	return Info{
		Name:      ShiftedReplies,
		Class:     11,
		Incident:  "a chat service, 20 March 2023: a store client gave canceled requests' connections back with the reply still on them, and people were shown others' names, e-mail and payment addresses, and last four card digits",
		Mechanism: "a read of the account store that is canceled between its question and its answer leaves the connection with a reply too many: everybody who reads by it is given the reply of the one before, until the pool replaces it (10 seconds)",
		Where:     "fault_shifted_replies.go, asked by accounts.find",
	}
}
