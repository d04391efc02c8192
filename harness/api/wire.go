package api

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strings"
	"sync"

	"crosstalk/harness/history"
)

// wire notes what happened on the wire for one exchange. Its callbacks come
// from the connection's goroutines, also after the exchange has ended.
type wire struct {
	mu      sync.Mutex
	start   history.Moment
	first   history.Moment
	remote  string
	conn    string
	headers []history.Header
	hints   []history.Header // of interim responses
	interim int
	hold    func() bool // called once, before anything is written; nil: for nothing
	over    func() bool // the request was given up, and its connection can go with it; set where hold is
	asked   bool        // hold was called
	sent    history.Moment
}

// Limits on what a server says before its answer.
const (
	maxInterim = 100
	maxHints   = 500
)

var errInterim = fmt.Errorf("more than %d interim responses", maxInterim)

func (w *wire) trace(now func() history.Moment, conns *connections, session string) *httptrace.ClientTrace {
	locked := func(f func()) {
		w.mu.Lock()
		defer w.mu.Unlock()
		f()
	}
	return &httptrace.ClientTrace{
		// A connection that turns out dead is replaced and the request begins
		// again: what was noted of the first try goes.
		GotConn: func(info httptrace.GotConnInfo) {
			id := conns.id(info.Conn, session)
			locked(func() {
				w.start, w.remote, w.conn = now(), info.Conn.RemoteAddr().String(), id
				w.headers, w.hints = nil, nil
			})
			w.wait(now, info.Conn)
		},
		WroteHeaderField: func(name string, values []string) {
			locked(func() {
				for _, v := range values {
					w.headers = append(w.headers, history.Header{Name: name, Value: v})
				}
			})
		},
		Got1xxResponse: func(_ int, h textproto.MIMEHeader) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.hint(h)
		},
		GotFirstResponseByte: func() { locked(func() { w.first = now() }) },
	}
}

// wait holds the request: its connection is there, and it has written nothing.
// One that begins again on another connection was let go already.
func (w *wire) wait(now func() history.Moment, conn net.Conn) {
	w.mu.Lock()
	asked := w.asked
	w.asked = true
	w.mu.Unlock()
	if asked || w.hold == nil || !w.hold() {
		return
	}
	if w.over() && !shared(conn) {
		_ = conn.Close() // who gave up while held has asked for nothing
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = now()
}

// shared says whether other requests go by the same connection at a time; that
// of HTTP/2 without TLS looks like any other here.
func shared(conn net.Conn) bool {
	secure, ok := conn.(*tls.Conn)
	return ok && secure.ConnectionState().NegotiatedProtocol == "h2"
}

// hint keeps the headers of an interim response: early hints, mostly.
func (w *wire) hint(h textproto.MIMEHeader) error {
	if w.interim++; w.interim > maxInterim {
		return errInterim
	}
	all := append(w.hints, lines(http.Header(h))...)
	w.hints = all[:min(len(all), maxHints)]
	return nil
}

// fill copies what was noted into an exchange.
func (w *wire) fill(x *history.Exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	x.Start = max(x.Start, w.start)
	x.Sent, x.Response, x.Remote, x.Connection = w.sent, w.first, w.remote, w.conn
	x.RequestHeaders = slices.Clone(w.headers)
	x.EarlyHints = slices.Clone(w.hints)
}

// connections names a session's connections in the order of their first use.
type connections struct {
	mu    sync.Mutex
	names map[net.Conn]string
}

func (c *connections) id(conn net.Conn, session string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names == nil {
		c.names = map[net.Conn]string{}
	}
	if c.names[conn] == "" {
		c.names[conn] = fmt.Sprintf("%s-c%d", session, len(c.names)+1)
	}
	return c.names[conn]
}

// protocol is the version as browsers write it: "http/1.1", "h2".
func protocol(proto string) string {
	if proto == "HTTP/2.0" {
		return "h2"
	}
	return strings.ToLower(proto)
}
