package api

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// A slow network is a bad mobile connection.
const (
	slowDelay = 400 * time.Millisecond // more, for each answer and each new connection
	slowRate  = 50_000                 // bytes a second, either way
	slowChunk = 4 << 10                // read or written at once, so that bytes trickle
)

var errOffline = errors.New("no network: offline by plan")

// link is the network as one session has it: all its connections, and the
// condition that they are in. Its methods may be called from any goroutine.
type link struct {
	reach     func(ctx context.Context, network, address string) (net.Conn, error)
	mu        sync.Mutex
	condition scenarios.Condition
	gone      bool // for good
	open      map[*line]bool
}

func newLink(reach func(ctx context.Context, network, address string) (net.Conn, error)) *link {
	return &link{reach: reach, condition: scenarios.NetworkNormal, open: map[*line]bool{}}
}

// dial opens a connection, unless there is no network.
func (l *link) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if err := l.broken(); err != nil {
		return nil, err
	}
	conn, err := l.reach(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c := &line{Conn: conn, link: l, closed: make(chan struct{})}
	c.written = true // the handshake takes its time, as an answer does
	if err := l.add(c); err != nil {
		_ = conn.Close() // the network was lost meanwhile
		return nil, err
	}
	return c, nil
}

func (l *link) add(c *line) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.lost(); err != nil {
		return err
	}
	l.open[c] = true
	return nil
}

func (l *link) drop(c *line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, c)
}

// broken is why nothing can be sent now; nil when it can.
func (l *link) broken() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost()
}

// lost is broken for those who hold the lock.
func (l *link) lost() error {
	switch {
	case l.gone:
		return history.ErrLeft
	case l.condition == scenarios.NetworkOffline:
		return errOffline
	}
	return nil
}

func (l *link) slow() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.condition == scenarios.NetworkSlow
}

// enter puts the network into a condition. Being offline ends connections: a
// phone that comes back has another address.
func (l *link) enter(as scenarios.Condition) {
	l.mu.Lock()
	l.condition = as
	l.mu.Unlock()
	if as == scenarios.NetworkOffline {
		l.cut()
	}
}

// leave ends all connections, for good.
func (l *link) leave() {
	l.mu.Lock()
	l.gone = true
	l.mu.Unlock()
	l.cut()
}

func (l *link) cut() {
	l.mu.Lock()
	all := make([]*line, 0, len(l.open))
	for c := range l.open {
		all = append(all, c)
	}
	l.mu.Unlock()
	for _, c := range all {
		_ = c.Close() // nobody is left to be told of it
	}
}

// line is one connection over a link.
type line struct {
	net.Conn
	link    *link
	closed  chan struct{}
	once    sync.Once
	mu      sync.Mutex
	written bool // since anything was read
}

// Read reads what has come; over a slow network, a little at a time.
func (c *line) Read(p []byte) (int, error) {
	if c.link.slow() {
		p = p[:min(len(p), slowChunk)]
	}
	n, err := c.Conn.Read(p)
	if n > 0 && c.link.slow() { // it may have become slow while we waited
		c.trickle(n, c.answered())
	}
	return n, err //nolint:wrapcheck // a connection is transparent
}

// answered says whether this is the first that was read since something was
// written, and notes that it was.
func (c *line) answered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := c.written
	c.written = false
	return first
}

// Write sends bytes; over a slow network, a few at a time.
func (c *line) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.written = true
	c.mu.Unlock()
	sent := 0
	for c.link.slow() && len(p)-sent > slowChunk {
		n, err := c.Conn.Write(p[sent : sent+slowChunk])
		sent += n
		if err != nil {
			return sent, err //nolint:wrapcheck // a connection is transparent
		}
		c.trickle(n, false)
	}
	n, err := c.Conn.Write(p[sent:])
	return sent + n, err //nolint:wrapcheck // likewise
}

// trickle waits as long as so many bytes take over a slow network.
func (c *line) trickle(n int, first bool) {
	d := time.Duration(n) * time.Second / slowRate
	if first {
		d += slowDelay
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.closed:
	}
}

// Close ends the connection, and whoever waits on it.
func (c *line) Close() error {
	c.once.Do(func() {
		close(c.closed)
		c.link.drop(c)
	})
	return c.Conn.Close() //nolint:wrapcheck // a connection is transparent
}

// enter puts the session's network into a condition.
func (c *Client) enter(as scenarios.Condition) {
	c.link.enter(as)
	if as == scenarios.NetworkOffline {
		c.transport.CloseIdleConnections() // they are closed; the pool must know before the network is back
	}
}

// leave ends all that the session has open, as an app that is closed does.
func (c *Client) leave() {
	c.left = true
	c.end(history.ErrLeft)
	c.link.leave()
	c.transport.CloseIdleConnections()
}

// Rest drops the connections that nothing uses now: whoever pauses for long
// comes back on new ones.
func (c *Client) Rest() { c.transport.CloseIdleConnections() }
