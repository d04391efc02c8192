package api_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crosstalk/harness/api"
	"crosstalk/harness/history"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hang is how long a test waits before it says that something never happens.
const hang = 20 * time.Second

// counting is a listener that counts what has come.
type counting struct {
	net.Listener
	conns, bytes, ended atomic.Int64
}

func (l *counting) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.conns.Add(1)
		c = &counted{Conn: c, l: l}
	}
	return c, err
}

type counted struct {
	net.Conn
	l    *counting
	once sync.Once
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.l.bytes.Add(int64(n))
	if err != nil {
		c.once.Do(func() { c.l.ended.Add(1) })
	}
	return n, err
}

// gate is a hold that a test opens.
type gate struct {
	held    chan history.Place // one for each request that is held
	release chan struct{}      // closed: all may go
	mu      sync.Mutex
	steps   []int
}

func newGate() *gate {
	return &gate{held: make(chan history.Place, 100), release: make(chan struct{})}
}

func (g *gate) hold(ctx context.Context, step int, place history.Place) bool {
	g.mu.Lock()
	g.steps = append(g.steps, step)
	g.mu.Unlock()
	g.held <- place
	select {
	case <-g.release:
	case <-ctx.Done():
	}
	return true
}

func (g *gate) asked() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.steps)
}

// next is the place of the request that is held next.
func (g *gate) next(t *testing.T) history.Place {
	t.Helper()
	select {
	case p := <-g.held:
		return p
	case <-time.After(hang):
		t.Fatal("nothing was held")
		return ""
	}
}

// gated is a session whose requests wait at the gate.
func gated(g *gate) change {
	return func(_ *api.Options, spec *history.SessionSpec) { spec.Hold = g.hold }
}

// begin performs steps beside the test; the channel yields when they are done.
func (s *session) begin(steps ...string) <-chan history.Outcome {
	done := make(chan history.Outcome, 1)
	parsed := parse(s.t, steps...)
	go func() {
		var o history.Outcome
		for _, st := range parsed {
			var err error
			if o, err = s.Do(context.Background(), st, s.fields); err != nil {
				o.Error = err.Error()
			}
		}
		done <- o
	}()
	return done
}

func ended(t *testing.T, done <-chan history.Outcome) history.Outcome {
	t.Helper()
	select {
	case o := <-done:
		return o
	case <-time.After(hang):
		t.Fatal("a step never ended")
		return history.Outcome{}
	}
}

// protocols starts a server of each kind an API client speaks to.
func protocols(t *testing.T, name string, h http.HandlerFunc) (target string, l *counting, o change) {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	l = &counting{Listener: server.Listener}
	server.Listener = l
	o = func(o *api.Options, _ *history.SessionSpec) { o.InsecureTLS, o.H2C = true, name == "h2c" }
	switch name {
	case "http/1.1":
		server.Start()
	case "http/1.1 over TLS":
		server.StartTLS()
	case "h2":
		server.EnableHTTP2 = true
		server.StartTLS()
	case "h2c":
		server.Config.Protocols = new(http.Protocols)
		server.Config.Protocols.SetUnencryptedHTTP2(true)
		server.Start()
	}
	t.Cleanup(server.Close)
	return server.URL, l, o
}

func TestARequestIsHeldWhenItsConnectionIsThereAndNothingOfItIsSent(t *testing.T) {
	for _, name := range []string{"http/1.1", "http/1.1 over TLS", "h2", "h2c"} {
		t.Run(name, func(t *testing.T) {
			var reached atomic.Int32
			target, l, o := protocols(t, name, func(_ http.ResponseWriter, _ *http.Request) { reached.Add(1) })
			first := newGate()
			s := open(t, target, o, gated(first))
			done := s.begin("request: {method: POST, url: /api/orders/4711, json: {a: 1}}")
			assert.Equal(t, history.Place("POST /api/orders/{}"), first.next(t))
			require.Eventually(t, func() bool { return l.conns.Load() == 1 }, hang, time.Millisecond, "the connection is there")
			if name == "http/1.1" {
				assert.Zero(t, l.bytes.Load(), "and not a byte on it")
			}
			assert.Zero(t, reached.Load())
			close(first.release)
			require.Empty(t, ended(t, done).Error)
			assert.Equal(t, int32(1), reached.Load())
			x := s.asked()[0]
			assert.NotZero(t, x.Sent)
			assert.LessOrEqual(t, x.Start, x.Sent)
			assert.LessOrEqual(t, x.Sent, x.Response)
			assert.Equal(t, 1, first.asked())
		})
	}
}

func TestARequestOnAnOpenConnectionIsHeldToo(t *testing.T) {
	for _, name := range []string{"http/1.1", "http/1.1 over TLS", "h2", "h2c"} {
		t.Run(name, func(t *testing.T) {
			var reached atomic.Int32
			target, l, o := protocols(t, name, func(_ http.ResponseWriter, _ *http.Request) { reached.Add(1) })
			g := newGate()
			var on atomic.Bool
			s := open(t, target, o, func(_ *api.Options, spec *history.SessionSpec) {
				spec.Hold = func(ctx context.Context, step int, place history.Place) bool {
					return on.Load() && g.hold(ctx, step, place)
				}
			})
			openConnection(t, s)
			asked := len(s.asked())
			assert.Zero(t, s.asked()[asked-1].Sent, "what was not held was not let go")
			on.Store(true)
			before, conns := l.bytes.Load(), l.conns.Load()
			done := s.begin("visit: /a")
			g.next(t)
			if name == "http/1.1" || name == "http/1.1 over TLS" {
				assert.Equal(t, before, l.bytes.Load(), "not a byte")
			}
			assert.Equal(t, asked, int(reached.Load()))
			assert.Equal(t, conns, l.conns.Load())
			close(g.release)
			require.Empty(t, ended(t, done).Error)
			assert.Equal(t, s.asked()[asked-1].Connection, s.asked()[asked].Connection)
		})
	}
}

// openConnection asks until a connection is used again: once in some hundreds of
// times HTTP/2 has not taken it back when the next request is made.
func openConnection(t *testing.T, s *session) {
	t.Helper()
	for range 10 {
		require.Empty(t, s.do("visit: /").Error)
		if all := s.asked(); len(all) > 1 && all[len(all)-1].Connection == all[len(all)-2].Connection {
			return
		}
	}
	t.Fatal("no connection was used again")
}

func TestOnlyTheFirstRequestOfAStepIsHeldAndOnlyAtTheTarget(t *testing.T) {
	foreign := serve(t, func(http.ResponseWriter, *http.Request) {})
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" {
			http.Redirect(w, r, "/b", http.StatusFound)
		}
	})
	g := newGate()
	close(g.release)
	s := open(t, server.URL, gated(g))
	require.Empty(t, s.do("visit: /", "visit: /a", "visit: "+foreign.URL).Error)
	require.Len(t, s.asked(), 4)
	assert.Equal(t, []history.Place{"GET /", "GET /a"}, []history.Place{<-g.held, <-g.held})
	assert.Equal(t, []int{1, 2}, without(g.steps, 0), "with the steps' own numbers")
	for i, held := range []bool{true, true, false, false} {
		assert.Equal(t, held, s.asked()[i].Sent != 0, s.asked()[i].Place)
	}
}

// without makes step numbers comparable: parse puts steps before the first.
func without(steps []int, from int) []int {
	out := []int{}
	for _, n := range steps {
		out = append(out, n-steps[0]+1+from)
	}
	return out
}

func TestAStreamIsHeldWhenItIsOpenedAndNotWhenItOpensItselfAgain(t *testing.T) {
	server, n := events(t, "retry: 50\ndata: one\n\n", "data: two\n\n…")
	g := newGate()
	s := open(t, server.URL, gated(g))
	done := s.begin("listen: /events", "hear: {text: two}")
	g.next(t)
	assert.Zero(t, n.Load())
	close(g.release)
	require.Empty(t, ended(t, done).Error)
	assert.Equal(t, 1, g.asked())
	assert.NotZero(t, s.asked()[0].Sent)
	assert.Zero(t, s.asked()[1].Sent)
}

func TestAWebSocketIsHeldBeforeItsHandshake(t *testing.T) {
	var reached atomic.Int32
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		reached.Add(1)
		c, err := websocket.Accept(w, r, nil)
		if err == nil {
			defer c.CloseNow()
			_ = c.Write(r.Context(), websocket.MessageText, []byte("hello"))
			_, _, _ = c.Read(r.Context())
		}
	})
	g := newGate()
	s := open(t, server.URL, gated(g))
	done := s.begin("listen: {url: /, socket: true}", "hear: {text: hello}")
	g.next(t)
	assert.Zero(t, reached.Load())
	close(g.release)
	require.Empty(t, ended(t, done).Error)
	assert.NotZero(t, s.asked()[0].Sent)
}

func TestARequestThatBeginsAgainOnAnotherConnectionIsNotHeldTwice(t *testing.T) {
	var reached atomic.Int32
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, reached.Add(1)) })
	g := newGate()
	s := open(t, server.URL, gated(g))
	done := s.begin("visit: /", "visit: /")
	g.next(t)
	g.release <- struct{}{}
	g.next(t)
	// The shop closes the connection on which the second one is about to be sent.
	server.CloseClientConnections()
	close(g.release)
	require.Empty(t, ended(t, done).Error)
	assert.Equal(t, int32(2), reached.Load())
	assert.Equal(t, 2, g.asked())
	require.Len(t, s.asked(), 2)
	assert.NotZero(t, s.asked()[1].Sent)
	assert.NotEqual(t, s.asked()[0].Connection, s.asked()[1].Connection)
}

func TestWhatIsGivenUpWhileItIsHeldIsNeverSent(t *testing.T) {
	for _, name := range []string{"http/1.1", "http/1.1 over TLS"} {
		t.Run(name, func(t *testing.T) {
			var reached atomic.Int32
			target, _, o := protocols(t, name, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
			g := newGate()
			s := open(t, target, o, gated(g))
			assert.Contains(t, s.do("{visit: /, timeout: 50ms}").Error, "no whole answer within the step's timeout")
			close(g.release)
			assert.Empty(t, s.do("visit: /").Error, "the session goes on")
			assert.Equal(t, int32(1), reached.Load())
		})
	}
}

func TestTheEndOfAStepFreesWhatIsHeldOnAConnectionThatOthersUse(t *testing.T) {
	target, _, o := protocols(t, "h2", func(http.ResponseWriter, *http.Request) {})
	g := newGate()
	s := open(t, target, o, gated(g))
	s.do("{visit: /, timeout: 50ms}") // it may still be answered
	close(g.release)
	assert.Empty(t, s.do("visit: /").Error, "the session goes on")
}
