package demoshop

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// upstream is the fault shifted-queue: the connections of the edge to the
// origin, on which each answer belongs to the request that came before all
// others.
//
// The origin writes answers through a buffer of the connection. When it refuses
// a request, it writes that answer past the buffer, and flushes it: what was
// flushed before is sent once more. The harm: A is refused, and the connection
// has an answer too many, that of the last request on it. B is sent that one, C
// is sent B's, until the edge replaces the connection.
type upstream struct {
	fault  *lever
	origin http.Handler
	who    func(*http.Request) string // the customer or the session that asks; empty: nobody we know
	only   string                     // the one call that goes by these connections; empty: all calls and pages of those the shop knows
	direct []string                   // prefixes of paths that never do: what is public, streams, and what is asked for by whoever runs the shop
	pool   *connections
}

// queueLife is how long the edge keeps a connection: the shop must stay usable.
const queueLife = 4 * time.Second

func newUpstream(fault *lever, origin http.Handler, who func(*http.Request) string, n *names) *upstream {
	u := &upstream{fault: fault, origin: origin, who: who, only: n.onlyCall(fault)}
	u.direct = []string{n.text("/~assets/"), n.text("/~api/~events"), n.text("/~api/~socket"), n.text("/~flush")}
	u.pool = &connections{fault: fault, to: &loopback{serve: u.serve}, life: queueLife}
	return u
}

// close hangs up. Whoever asks later is connected anew.
func (u *upstream) close() { u.pool.close() }

// ServeHTTP hands a request to the origin: in a healthy shop, without ado.
func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if u.fault == nil {
		u.origin.ServeHTTP(w, r)
		return
	}
	who := u.who(r)
	if !u.covers(r, who) {
		u.origin.ServeHTTP(w, r)
		return
	}
	u.forward(w, r, who)
}

// forward hands a request on by one of the connections.
func (u *upstream) forward(w http.ResponseWriter, r *http.Request, who string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxUpload))
	if err != nil {
		http.Error(w, "the request could not be read", http.StatusBadRequest)
		return
	}
	if len(body) == maxUpload { // more than the origin would take, too
		http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
		return
	}
	a, err := u.ask(r, body, who)
	if err != nil {
		http.Error(w, "the shop does not answer", http.StatusBadGateway)
		return
	}
	a.sendTo(w)
}

func (u *upstream) covers(r *http.Request, who string) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodPost || r.Header.Get("Upgrade") != "" {
		return false
	}
	if u.only != "" {
		return r.URL.Path == u.only
	}
	for _, prefix := range u.direct {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return false
		}
	}
	return who != ""
}

// ask sends a request on one of the connections, and takes the answer that
// comes next: whose that is, nobody looks.
func (u *upstream) ask(r *http.Request, body []byte, who string) (*answer, error) {
	c, err := u.pool.take(r.Context(), who)
	if err != nil {
		return nil, err
	}
	out := r.Clone(r.Context())
	out.Body, out.ContentLength, out.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
	if len(body) == 0 {
		out.Body = http.NoBody // else it would be sent in chunks, and be no request without a body
	}
	_ = c.SetWriteDeadline(now().Add(patience))
	c.owes = append(c.owes, owed{who: who})
	written := make(chan error, 1) // beside the reading: a full connection must be emptied to take more
	go func() { written <- out.Write(c) }()
	a, err := c.answer(r.Context())
	if err != nil {
		c.hangUp() // a request that was given up is no trouble here
		return nil, errors.Join(err, <-written)
	}
	if err := <-written; err != nil {
		c.hangUp()
		return nil, fmt.Errorf("ask origin: %w", err)
	}
	u.pool.giveBack(c)
	return a, nil
}

// answer reads the next answer, and keeps account of those that are owed.
func (c *connection) answer(ctx context.Context) (*answer, error) {
	a := &answer{}
	if err := c.await(ctx, func() error { return a.read(c.r) }); err != nil {
		return nil, err
	}
	was := c.owes[0]
	c.owes = c.owes[1:]
	switch {
	case was.twice:
	case a.status < http.StatusBadRequest:
		c.last = was.who
	case c.last != "":
		c.owes = append([]owed{{c.last, true}}, c.owes...)
		c.last = ""
	}
	return a, nil
}

// read reads an answer as it comes over a connection.
func (a *answer) read(r *bufio.Reader) error {
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	a.status, a.header = resp.StatusCode, resp.Header
	if _, err := a.body.ReadFrom(resp.Body); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	return nil
}

// serve is the origin's end of a connection.
func (u *upstream) serve(ctx context.Context, conn net.Conn) {
	r := bufio.NewReader(conn)
	var buffer []byte // the answer that was flushed last
	for ctx.Err() == nil {
		_ = conn.SetDeadline(now().Add(queueLife + patience))
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		req.RemoteAddr = conn.RemoteAddr().String()
		status, out := u.made(req.WithContext(ctx))
		if status < http.StatusBadRequest {
			buffer = out
		} else {
			out = append(out, buffer...) // the fault
			buffer = nil
		}
		if _, err := conn.Write(out); err != nil {
			return
		}
	}
}

// made is the origin's answer to a request, as it goes over the connection.
func (u *upstream) made(req *http.Request) (status int, out []byte) {
	rec := newRecorder(nil)
	u.origin.ServeHTTP(struct{ http.ResponseWriter }{rec}, req) // nothing streams here
	_, _ = io.Copy(io.Discard, req.Body)                        // the next request begins behind it
	resp := http.Response{
		StatusCode: rec.status, ProtoMajor: 1, ProtoMinor: 1, Header: rec.header,
		ContentLength: int64(rec.body.Len()), Body: io.NopCloser(bytes.NewReader(rec.body.Bytes())),
	}
	var b bytes.Buffer
	_ = resp.Write(&b) // a buffer takes everything
	return rec.status, b.Bytes()
}

func shiftedQueueInfo() Info {
	return Info{
		Name:      ShiftedQueue,
		Class:     12,
		Incident:  "an issue tracker behind a front end that lost count, 2021: each user was sent the response to the previous user's request, indefinitely",
		Mechanism: "a connection from the edge to the origin has one answer too many after a refused request, and hands each answer, with its cookies, to the one who asks next, until it is replaced (4 seconds)",
		Where:     "fault_shifted_queue.go over connections.go and loopback.go, between the edge and the origin",
	}
}
