package harness

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/api"
	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// crowd is a target at which all who come are counted, and answered only when
// the last is there.
type crowd struct {
	size int
	mu   sync.Mutex
	came map[string]int
	full map[string]chan struct{}
}

func newCrowd(size int) *crowd {
	return &crowd{size: size, came: map[string]int{}, full: map[string]chan struct{}{}}
}

func (c *crowd) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	select {
	case <-c.enter(r.URL.Path):
	case <-r.Context().Done():
	}
}

func (c *crowd) enter(path string) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.full[path] == nil {
		c.full[path] = make(chan struct{})
	}
	if c.came[path]++; c.came[path] == c.size {
		close(c.full[path])
	}
	return c.full[path]
}

func (c *crowd) count(path string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.came[path]
}

func requests(paths ...string) []scenarios.Step {
	var steps []scenarios.Step
	for n, p := range paths {
		steps = append(steps, scenarios.Step{
			Pos: scenarios.Pos{Line: n + 1}, Index: n, Op: scenarios.Request, Request: &scenarios.Call{Method: http.MethodGet, URL: p},
		})
	}
	return steps
}

// burstOver is a round of real API sessions that holds for as long as it takes,
// not begun yet.
func burstOver(t *testing.T, server *httptest.Server, size int, steps []scenarios.Step) (*stage, string) {
	t.Helper()
	sc := oneJourney(steps...)
	c, dir := conducted(t, &script{}, sc)
	sc.StepTimeout = 10 * hanging
	c.target = server.URL
	c.drivers[scenarios.API] = opener[*api.Client](api.New(api.Options{InsecureTLS: true, StepTimeout: sc.StepTimeout}).Open)
	c.guard = newGuard(Config{Scenario: sc})
	r := plan.Round{Schedule: "burst", Number: 1, Hold: true, Parallel: size}
	for i := range size {
		r.Walks = append(r.Walks, plan.Walk{Customer: string(rune('A' + i)), Journey: "j", Part: plan.PartSteps, Follow: plan.Alone})
	}
	s := newStage(c, r)
	s.gates.patience = patience{step: hanging, gate: hanging, inStep: hanging, inVain: hanging}
	return s, dir
}

// hanging is longer than anything takes that does not hang.
const hanging = time.Minute

// waitFor polls until so many wait at the gate.
func waitFor(t *testing.T, g *gates, key gateKey, n int) {
	t.Helper()
	require.Eventually(t, func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		at := g.closed[key]
		return at != nil && len(at.came) == n
	}, hanging, time.Millisecond)
}

func walkBeside(t *testing.T, s *stage) (ended func() []walked) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*hanging)
	results := make(chan []walked, 1)
	go func() { results <- s.walkAll(ctx) }()
	return func() []walked {
		defer cancel()
		return <-results
	}
}

// sent are the exchanges of a burst, those alone that were held.
func sent(t *testing.T, dir string) []history.Exchange {
	t.Helper()
	var all []history.Exchange
	for _, e := range events(t, dir) {
		if e.Exchange != nil && e.Exchange.Sent > 0 {
			all = append(all, *e.Exchange)
		}
	}
	return all
}

const sessions = 8

func TestNobodySendsBeforeTheLastIsReadyForTheStep(t *testing.T) {
	target := newCrowd(sessions)
	slow := make(chan struct{}) // the answer to one of the first requests
	var firsts atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/first" && firsts.Add(1) == sessions {
			select {
			case <-slow:
			case <-r.Context().Done():
			}
		}
		if r.URL.Path == "/second" {
			target.ServeHTTP(w, r)
		}
	}))
	defer server.Close()
	s, dir := burstOver(t, server, sessions, requests("/first", "/second"))
	ended := walkBeside(t, s)
	waitFor(t, s.gates, gateKey{journey: "j", step: 1}, sessions-1)
	require.Zero(t, target.count("/second"))
	close(slow)
	for _, w := range ended() {
		require.True(t, w.Whole, "all were there before any was answered: %s", w.Failed)
	}
	require.Equal(t, sessions, target.count("/second"))
	require.Len(t, sent(t, dir), 2*sessions, "every request was held")
}

func TestNoByteOfARequestIsSentBeforeTheLastConnectionIsThere(t *testing.T) {
	target := newCrowd(sessions)
	slow := make(chan struct{}) // the handshake of one connection
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(target)
	server.TLS = &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if connections.Add(1) == sessions {
			select {
			case <-slow:
			case <-hello.Context().Done():
			}
		}
		return nil, nil
	}}
	server.StartTLS()
	defer server.Close()
	s, dir := burstOver(t, server, sessions, requests("/"))
	ended := walkBeside(t, s)
	waitFor(t, s.gates, gateKey{journey: "j", place: "GET /"}, sessions-1)
	require.Zero(t, target.count("/"))
	close(slow)
	for _, w := range ended() {
		require.True(t, w.Whole, w.Failed)
	}
	held := sent(t, dir)
	require.Len(t, held, sessions)
	first := slices.MinFunc(held, func(a, b history.Exchange) int { return int(a.Sent - b.Sent) })
	for _, x := range held {
		require.LessOrEqual(t, x.Start, first.Sent, "it was ready before any was let go")
	}
}

// A session that fails in the midst of a burst is missed by nobody.
func TestABurstGoesOnWithoutOneThatFails(t *testing.T) {
	var served atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/first" && served.Add(1) == 1 {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	defer server.Close()
	s, _ := burstOver(t, server, sessions, requests("/first", "/second", "/third"))
	failed := 0
	for _, w := range walkBeside(t, s)() {
		if !w.Whole {
			failed++
			require.Contains(t, w.Failed, "418")
		}
	}
	require.Equal(t, 1, failed)
	require.Empty(t, s.gates.closed)
}

func TestTheEndOfARunEndsABurst(t *testing.T) {
	target := newCrowd(sessions + 1) // one more than come
	server := httptest.NewServer(target)
	defer server.Close()
	s, _ := burstOver(t, server, sessions, requests("/", "/second"))
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan []walked, 1)
	go func() { results <- s.walkAll(ctx) }()
	require.Eventually(t, func() bool { return target.count("/") == sessions }, hanging, time.Millisecond)
	cancel()
	select {
	case all := <-results:
		for _, w := range all {
			require.False(t, w.Whole)
			require.NoError(t, w.Err)
		}
	case <-time.After(hanging):
		t.Fatal("the burst goes on")
	}
	require.Empty(t, s.gates.closed)
}
