package api_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"crosstalk/harness/history"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cutting is a shop that says when it is asked, and answers a beginning and
// then nothing until the client is gone.
type cutting struct {
	asked chan string
	mu    sync.Mutex
	open  map[string]bool // addresses of clients' connections
}

func newCutting(t *testing.T) (*cutting, string) {
	t.Helper()
	c := &cutting{asked: make(chan string, 100), open: map[string]bool{}}
	server := httptest.NewUnstartedServer(c)
	server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		c.mu.Lock()
		defer c.mu.Unlock()
		switch state {
		case http.StateNew:
			c.open[conn.RemoteAddr().String()] = true
		case http.StateClosed:
			delete(c.open, conn.RemoteAddr().String())
		default:
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return c, server.URL
}

// connections is how many are open, hijacked ones left out once they end.
func (c *cutting) connections() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.open)
}

func (c *cutting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/quick":
		fmt.Fprint(w, "quick")
		return
	case "/socket":
		c.socket(w, r)
		return
	case "/events":
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: hello\n\ndata: half")
	case "/begun":
		fmt.Fprint(w, "a beginning")
	case "/silent":
		c.asked <- r.URL.Path
		<-r.Context().Done()
		return
	}
	w.(http.Flusher).Flush()
	c.asked <- r.URL.Path
	<-r.Context().Done()
}

func (c *cutting) socket(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	c.asked <- r.URL.Path
	_, _, _ = conn.Read(r.Context())
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, r.RemoteAddr)
}

func (c *cutting) wait(t *testing.T, path string) {
	t.Helper()
	select {
	case is := <-c.asked:
		require.Equal(t, path, is)
	case <-time.After(hang):
		t.Fatalf("nobody asked for %s", path)
	}
}

// cut performs a step and ends it with a cause once the shop was asked.
func (s *session) cut(shop *cutting, step, path string, cause error) history.Outcome {
	s.t.Helper()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	parsed, done := parse(s.t, step)[0], make(chan history.Outcome, 1)
	go func() {
		o, err := s.Do(ctx, parsed, s.fields)
		if err != nil {
			o.Error = err.Error()
		}
		done <- o
	}()
	shop.wait(s.t, path)
	cancel(cause)
	return ended(s.t, done)
}

func TestWhoPressesStopGoesOnWithTheSession(t *testing.T) {
	shop, target := newCutting(t)
	s := open(t, target)
	require.Empty(t, s.do("listen: /events", "hear: {text: hello}").Error)
	shop.wait(t, "/events")
	for i, path := range []string{"/begun", "/silent"} {
		o := s.cut(shop, "visit: "+path, path, history.ErrStopped)
		assert.Equal(t, history.StepCut, o.Outcome)
		assert.Empty(t, o.Error)
		x := s.asked()[1+i]
		assert.Equal(t, "stopped by plan", x.Failed)
		assert.Equal(t, history.UnseenAborted, x.Body.Unseen)
	}
	require.Empty(t, s.do("visit: /quick", "see: {text: quick}").Error)
	assert.NotEmpty(t, s.do("{hear: {text: never}, timeout: 20ms}").Error)
	assert.NotContains(t, s.do("{hear: {text: never}, timeout: 20ms}").Error, "has ended", "the stream is still open")
}

func TestWhoLeavesTakesEveryConnectionAlong(t *testing.T) {
	shop, target := newCutting(t)
	s := open(t, target)
	require.Empty(t, s.do("visit: /quick", "listen: /events", "hear: {text: hello}").Error)
	shop.wait(t, "/events")
	require.Empty(t, s.do("listen: {url: /socket, socket: true}").Error)
	shop.wait(t, "/socket")
	assert.GreaterOrEqual(t, shop.connections(), 2)

	o := s.cut(shop, "visit: /begun", "/begun", history.ErrLeft)
	assert.Equal(t, history.StepCut, o.Outcome)
	require.Eventually(t, func() bool { return shop.connections() == 0 }, hang, time.Millisecond, "at once, and before the session is closed")
	x := s.asked()[len(s.asked())-1]
	assert.Equal(t, "left by plan", x.Failed)
	assert.Equal(t, history.UnseenAborted, x.Body.Unseen)
	_, err := s.Do(context.Background(), parse(t, "visit: /quick")[0], s.fields)
	require.ErrorIs(t, err, history.ErrLost)
	require.NoError(t, s.Close(context.Background()))
	assert.Equal(t, []string{history.UnseenAborted}, s.unseen("half"), "the plan cut this message")
}

func TestWhoLeavesEndsAConnectionThatManyRequestsShare(t *testing.T) {
	shop := &cutting{asked: make(chan string, 100)}
	target, l, o := protocols(t, "h2c", shop.ServeHTTP)
	s := open(t, target, o)
	require.Empty(t, s.do("visit: /quick", "listen: /events", "hear: {text: hello}").Error)
	shop.wait(t, "/events")
	s.cut(shop, "visit: /silent", "/silent", history.ErrLeft)
	require.Eventually(t, func() bool { return l.ended.Load() == l.conns.Load() }, hang, time.Millisecond)
}

func TestALeaverOpensNoStreamAgain(t *testing.T) {
	server, n := events(t, "retry: 50\ndata: one\n\n…")
	shop, _ := newCutting(t)
	s := open(t, server.URL)
	require.Empty(t, s.do("listen: /events", "hear: {text: one}").Error)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(history.ErrLeft)
	assert.Equal(t, history.StepCut, s.perform(ctx, parse(t, "wait: 10s")[0]).Outcome)
	require.NoError(t, s.Close(context.Background()))
	assert.Equal(t, int32(1), n.Load())
	assert.Zero(t, shop.connections())
}

func TestAMessageThatAHangUpCutIsTheClientsOwnDoing(t *testing.T) {
	shop, target := newCutting(t)
	s := open(t, target)
	require.Empty(t, s.do("listen: /events", "hear: {text: hello}").Error)
	shop.wait(t, "/events")
	require.Empty(t, s.do("hang_up:").Error)
	assert.Equal(t, []string{history.UnseenCancelled}, s.unseen("half"))
}

// unseen is why each message of a text is not whole.
func (s *session) unseen(text string) []string {
	var all []string
	for _, f := range s.framed() {
		if f.text == text {
			all = append(all, f.Body.Unseen)
		}
	}
	return all
}
