package demoshop

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"
)

// loopback is a server of the shop's own on a port of this machine, for the
// faults that need real connections. It listens while somebody is connected: a
// shop that nobody closes leaves no socket once its clients have hung up.
type loopback struct {
	serve func(context.Context, net.Conn) // answers a connection until it ends
	mu    sync.Mutex
	now   *listening // nil while nobody is connected
}

// listening is a loopback from its first client to its last.
type listening struct {
	net.Listener
	ended   context.Context //nolint:containedctx // the lifetime of what it serves, which no caller's is
	end     context.CancelFunc
	clients int // guarded by the loopback's lock
	work    sync.WaitGroup
	mu      sync.Mutex
	served  map[net.Conn]bool // nil once it is closed
}

// patience is how long anything may take on a connection of the shop's own.
const patience = 5 * time.Second

// dial connects to the server. Whoever dials must close the connection.
func (l *loopback) dial(ctx context.Context) (net.Conn, error) {
	g, err := l.open(ctx)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: patience}
	conn, err := d.DialContext(ctx, "tcp", g.Addr().String())
	if err != nil {
		l.leave(g)
		return nil, fmt.Errorf("dial loopback: %w", err)
	}
	return &client{conn, sync.OnceFunc(func() { l.leave(g) })}, nil
}

// open begins to listen if nobody does, and counts one more client.
func (l *loopback) open(ctx context.Context) (*listening, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now == nil {
		var lc net.ListenConfig
		on, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("open loopback: %w", err)
		}
		g := &listening{Listener: on, served: map[net.Conn]bool{}}
		g.ended, g.end = context.WithCancel(context.WithoutCancel(ctx))
		g.work.Go(func() { g.accept(l.serve) })
		l.now = g
	}
	l.now.clients++
	return l.now, nil
}

// leave counts one client less. The last one ends the listening.
func (l *loopback) leave(g *listening) {
	l.mu.Lock()
	g.clients--
	last := g.clients == 0 && l.now == g
	if last {
		l.now = nil
	}
	l.mu.Unlock()
	if last {
		g.close()
	}
}

// close hangs up on everybody and waits until all is quiet.
func (l *loopback) close() {
	l.mu.Lock()
	g := l.now
	l.now = nil
	l.mu.Unlock()
	if g != nil {
		g.close()
		g.work.Wait()
	}
}

func (g *listening) close() {
	g.end()
	_ = g.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	for c := range g.served {
		_ = c.Close()
	}
	g.served = nil
}

func (g *listening) accept(serve func(context.Context, net.Conn)) {
	for {
		c, err := g.Accept()
		if err != nil {
			return
		}
		if !g.keep(c) {
			_ = c.Close()
			return
		}
		g.work.Go(func() {
			defer g.drop(c)
			serve(g.ended, c)
		})
	}
}

// keep notes a connection, unless the listening is over.
func (g *listening) keep(c net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.served == nil {
		return false
	}
	g.served[c] = true
	return true
}

func (g *listening) drop(c net.Conn) {
	_ = c.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.served, c)
}

// client is the dialing end of a connection.
type client struct {
	net.Conn
	leave func()
}

// Close hangs up. Only the first call counts.
func (c *client) Close() error {
	defer c.leave()
	return c.Conn.Close() //nolint:wrapcheck // a connection passes errors on
}
