package demoshop

import (
	"bufio"
	"context"
	"net"
	"slices"
	"sync"
	"time"
)

// connections is the pool of the faults that lose count of the answers on a
// connection. Each answer belongs to the question that was asked before all
// others, and does not say so: a connection with an answer too many gives
// everybody the answer to the one before.
//
// A right client closes a connection that owes an answer. This one takes it
// for the next question. The fault's rate is the share of the questions, of
// those for which a connection is there that owes somebody else's answer next,
// that are asked on it; the others find a clean one.
type connections struct {
	fault *lever
	to    *loopback
	life  time.Duration // of a connection: after that the pool replaces it, and the shop is right again
	mu    sync.Mutex
	free  []*connection // the one given back last at the end
}

// connection is one that nobody else has while it is taken.
type connection struct {
	net.Conn
	r     *bufio.Reader
	owes  []owed // answers that are on their way, in order; known to the lever alone
	last  string // whose answer was sent last, if it can be sent again
	timer *time.Timer
	over  bool // its life is; guarded by the pool's lock
}

// owed is one answer on its way.
type owed struct {
	who   string // asked for it
	twice bool   // it is sent a second time
}

// mostConnections is how many connections a pool keeps.
const mostConnections = 10

// take is a connection for one question of somebody's.
func (p *connections) take(ctx context.Context, who string) (*connection, error) {
	if c := p.kept(who); c != nil {
		return c, nil
	}
	conn, err := p.to.dial(ctx)
	if err != nil {
		return nil, err
	}
	c := &connection{Conn: conn, r: bufio.NewReader(conn)}
	c.timer = time.AfterFunc(p.life, func() { p.expire(c) })
	return c, nil
}

// kept is one that was given back; nil if none will do.
func (p *connections) kept(who string) *connection {
	p.mu.Lock()
	defer p.mu.Unlock()
	clean, wrong := -1, -1
	for i, c := range p.free {
		switch {
		case len(c.owes) == 0:
			clean = i
		case c.owes[0].who != who:
			wrong = i
		}
	}
	if wrong >= 0 && p.fault.strikes() {
		return p.remove(wrong)
	}
	if clean >= 0 {
		return p.remove(clean)
	}
	return nil
}

// remove takes a connection out of the free ones. The caller holds the lock.
func (p *connections) remove(i int) *connection {
	c := p.free[i]
	p.free = slices.Delete(p.free, i, i+1)
	return c
}

// giveBack keeps a connection: the fault, where it owes an answer.
func (p *connections) giveBack(c *connection) {
	p.mu.Lock()
	gone := c
	if !c.over {
		p.free = append(p.free, c)
		gone = p.tooMany()
	}
	p.mu.Unlock()
	if gone != nil {
		gone.hangUp()
	}
}

// tooMany is the connection that has to go, a clean one before others. The
// caller holds the lock.
func (p *connections) tooMany() *connection {
	if len(p.free) <= mostConnections {
		return nil
	}
	return p.remove(max(0, slices.IndexFunc(p.free, func(c *connection) bool { return len(c.owes) == 0 })))
}

// expire ends the life of a connection: now, or when it is given back.
func (p *connections) expire(c *connection) {
	p.mu.Lock()
	c.over = true
	i := slices.Index(p.free, c)
	if i >= 0 {
		p.remove(i)
	}
	p.mu.Unlock()
	if i >= 0 {
		c.hangUp()
	}
}

// close hangs up on all connections and ends the server.
func (p *connections) close() {
	p.mu.Lock()
	free := p.free
	p.free = nil
	p.mu.Unlock()
	for _, c := range free {
		c.hangUp()
	}
	p.to.close()
}

// await reads from the connection, for no longer than ctx lasts.
func (c *connection) await(ctx context.Context, read func() error) error {
	_ = c.SetReadDeadline(now().Add(patience))
	given := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		_ = c.SetReadDeadline(time.Unix(1, 0))
		close(given)
	})
	err := read()
	if !stop() {
		<-given // else it would cut off whoever reads next
	}
	return err
}

func (c *connection) hangUp() {
	c.timer.Stop()
	_ = c.Close()
}
