package mailbox

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds of connections.
const (
	maxLines   = 128             // open at once; then the one that was quiet longest is hung up
	maxCommand = 1 << 20         // bytes of a line outside a mail; mails may have any, unbroken base64 for one
	quiet      = 2 * time.Minute // how long a client may say nothing
	stalled    = time.Second     // how long a mail may stand still once the server closes
	tick       = 20 * time.Millisecond
)

var errLongCommand = errors.New("command too long")

// exchange is the listener with the lines that are open on it: who is in the
// middle of a mail, who is idle, who must go.
type exchange struct {
	net.Listener
	mu    sync.Mutex
	lines map[*line]struct{}
	mails int // that are being read or delivered
}

// Accept waits for the next client, and hangs up on the quietest when there
// are too many: clients that never quit must not keep the others' mail out.
func (e *exchange) Accept() (net.Conn, error) {
	c, err := e.Listener.Accept()
	if err != nil {
		return nil, err //nolint:wrapcheck // a listener's errors are known by their type
	}
	l := &line{Conn: c, exchange: e}
	l.touch()
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.lines) >= maxLines {
		e.quietest().hangUp()
	}
	e.lines[l] = struct{}{}
	return l, nil
}

// quietest is the line to hang up on: one without a mail if there is any. The
// caller holds the lock, and there is one.
func (e *exchange) quietest() *line {
	var out *line
	for l := range e.lines {
		if out == nil || out.busy.Load() && !l.busy.Load() ||
			out.busy.Load() == l.busy.Load() && l.last.Load() < out.last.Load() {
			out = l
		}
	}
	return out
}

// begin and end count the mails being received.
func (e *exchange) begin() { e.count(1) }
func (e *exchange) end()   { e.count(-1) }

func (e *exchange) count(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.mails += n
}

// clear hangs up on everybody who has no mail under way, or whose mail stands
// still, or on all. It answers true when nobody is left.
func (e *exchange) clear(all bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for l := range e.lines {
		if all || !l.busy.Load() || l.quietFor() > stalled {
			l.hangUp()
		}
	}
	return len(e.lines) == 0 && e.mails == 0
}

// line is one client's connection.
type line struct {
	net.Conn
	exchange *exchange
	last     atomic.Int64 // when it was heard last: nanoseconds since 1970
	busy     atomic.Bool  // between MAIL and the end of the mail
	content  atomic.Bool  // the mail itself is being read
	column   int          // bytes since the last line break; of the reading goroutine
}

func (l *line) touch() { l.last.Store(time.Now().UnixNano()) }

func (l *line) quietFor() time.Duration { return time.Since(time.Unix(0, l.last.Load())) }

// Read reads with a deadline of its own: the server's would be set at commands
// only, and count for a whole mail.
func (l *line) Read(b []byte) (int, error) {
	if err := l.SetReadDeadline(time.Now().Add(quiet)); err != nil {
		return 0, err //nolint:wrapcheck // a connection's errors are known by their type
	}
	n, err := l.Conn.Read(b)
	if n > 0 {
		l.touch()
	}
	for _, c := range b[:n] {
		if l.column++; c == '\n' {
			l.column = 0
		}
	}
	if l.column > maxCommand && !l.content.Load() {
		return 0, errLongCommand
	}
	return n, err //nolint:wrapcheck // a connection's errors are known by their type
}

// Write writes with a deadline: a client that does not read its answers is as
// bad as one that says nothing.
func (l *line) Write(b []byte) (int, error) {
	if err := l.SetWriteDeadline(time.Now().Add(quiet)); err != nil {
		return 0, err //nolint:wrapcheck // a connection's errors are known by their type
	}
	return l.Conn.Write(b) //nolint:wrapcheck // a connection's errors are known by their type
}

// Close is called by the server when it is done with the client.
func (l *line) Close() error {
	l.exchange.mu.Lock()
	defer l.exchange.mu.Unlock()
	delete(l.exchange.lines, l)
	return l.Conn.Close() //nolint:wrapcheck // a connection's errors are known by their type
}

// hangUp ends the connection, which its reader then finds out. The caller holds
// the exchange's lock.
func (l *line) hangUp() {
	delete(l.exchange.lines, l)
	_ = l.Conn.Close() // nothing can be done about it
}
