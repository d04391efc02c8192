package harness

import (
	"bytes"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// asked is one request as the server saw it come.
type asked struct {
	line       string   // method, path and version
	head       []string // header lines in the order of the wire; sorted where they came over HTTP/2
	connection int      // in the order of their first requests, from 1
	came       time.Time
}

// wire writes down what comes in over a listener's connections, before a
// server that sorts headers reads it.
type wire struct {
	mu    sync.Mutex
	asked []asked
	taps  int
	over  map[string]int // HTTP/2: connection by remote address
}

// take answers what came since the last take, and forgets the connections.
func (w *wire) take() []asked {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.asked
	w.asked, w.taps, w.over = nil, 0, map[string]int{}
	return all
}

func (w *wire) note(line string, head []string, connection *int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if *connection == 0 {
		w.taps++
		*connection = w.taps
	}
	w.asked = append(w.asked, asked{line, head, *connection, time.Now()})
}

// secured writes down a request that came over HTTP/2.
func (w *wire) secured(r *http.Request) {
	head := []string{}
	for name, values := range r.Header {
		for _, v := range values {
			head = append(head, name+": "+v)
		}
	}
	slices.Sort(head)
	w.mu.Lock()
	connection := w.over[r.RemoteAddr]
	w.mu.Unlock()
	w.note(r.Method+" "+r.URL.RequestURI()+" "+r.Proto, head, &connection)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over[r.RemoteAddr] = connection
}

// tapped is a listener whose connections are written down.
type tapped struct {
	net.Listener
	wire *wire
}

func (l tapped) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err //nolint:wrapcheck // net/http looks at it
	}
	return &tap{Conn: c, wire: l.wire}, nil
}

// tap is one connection. It is numbered when its first request comes: browsers
// open some that they never use.
type tap struct {
	net.Conn
	wire   *wire
	number int
	buffer []byte
	skip   int  // bytes of a body that are still to come
	raw    bool // it is a WebSocket's now
}

func (t *tap) Read(b []byte) (int, error) {
	n, err := t.Conn.Read(b)
	t.buffer = append(t.buffer, b[:n]...)
	for t.next() {
		continue
	}
	return n, err //nolint:wrapcheck // net/http looks at it
}

// next takes one request's head out of the buffer, if it is there whole.
func (t *tap) next() bool {
	if t.raw {
		t.buffer = nil
		return false
	}
	cut := min(t.skip, len(t.buffer))
	t.buffer, t.skip = t.buffer[cut:], t.skip-cut
	end := bytes.Index(t.buffer, []byte("\r\n\r\n"))
	if t.skip > 0 || end < 0 {
		return false
	}
	lines := strings.Split(string(t.buffer[:end]), "\r\n")
	t.buffer = t.buffer[end+4:]
	for i, l := range lines {
		name, value, _ := strings.Cut(l, ": ")
		switch strings.ToLower(name) {
		case "content-length":
			t.skip, _ = strconv.Atoi(value)
			if strings.HasPrefix(lines[0], "POST /q/report ") { // it says what the page noticed
				lines[i] = name + ": (any)"
			}
		case "upgrade":
			t.raw = true
		case "sec-websocket-key":
			lines[i] = name + ": (random)"
		}
	}
	t.wire.note(lines[0], lines[1:], &t.number)
	return true
}
