package harness

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

const (
	// servesArrivals makes the test binary serve a target that writes down when
	// the first byte of each request came.
	servesArrivals = "CROSSTALK_TEST_SERVES_ARRIVALS"
	// bursting is how many sessions come to one place at once, and bursts how
	// often in a round.
	bursting, bursts = 8, 40
	// burstRounds is how many rounds there are with holding, and as many without.
	burstRounds = 2
)

// arrivals is a target on a socket of its own: net/http would tell when it has
// read a request, not when its first byte came.
type arrivals struct {
	mu   sync.Mutex
	came map[string][]int64 // by path, in nanoseconds
}

func serveArrivals() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println("http://" + l.Addr().String())
	a := &arrivals{came: map[string][]int64{}}
	for {
		conn, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go a.serve(conn)
	}
}

func (a *arrivals) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		if _, err := in.Peek(1); err != nil {
			return
		}
		at := time.Now().UnixNano()
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		kind, body := "text/html", fmt.Sprintf(`<!doctype html><link rel="icon" href="data:,"><title>page</title><script>fetch("/data%s")</script>`, strings.TrimPrefix(r.URL.Path, "/page"))
		switch {
		case r.URL.Path == "/arrivals":
			kind, body = "application/json", a.told()
		case strings.HasPrefix(r.URL.Path, "/data"):
			kind, body = "application/json", `{"ok":true}`
			fallthrough
		default:
			a.note(r.URL.Path, at)
		}
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nCache-Control: no-store\r\nContent-Length: %d\r\n\r\n%s", kind, len(body), body)
	}
}

func (a *arrivals) note(path string, at int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.came[path] = append(a.came[path], at)
}

// told answers what came since it was asked last.
func (a *arrivals) told() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	text, err := json.Marshal(a.came)
	if err != nil {
		panic(err)
	}
	a.came = map[string][]int64{}
	return string(text)
}

// BenchmarkSpread prints how far apart the requests of a burst come to the
// target: from the first byte of the first to the first byte of the last, at
// the socket of another process, in milliseconds; the median and the 95th
// percentile over many bursts of 8 sessions, with holding and without (the same
// round, begun together). It does so for documents in a browser, for what their
// scripts fetch, and for requests of an API client.
func BenchmarkSpread(b *testing.B) {
	target := elsewhere(b, servesArrivals)
	for range b.N {
		for _, kind := range []scenarios.Client{scenarios.Browser, scenarios.API} {
			spreads := map[string][]float64{}
			walk := burster(b, target, kind)
			for n := range 2 * burstRounds {
				hold := n%2 == 0
				walk(n, hold)
				for what, all := range spreadsAt(b, target) {
					name := fmt.Sprintf("%s-%s-%s", kind, what, map[bool]string{true: "held", false: "free"}[hold])
					spreads[name] = append(spreads[name], all...)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(spreads)) {
				all := spreads[name]
				slices.Sort(all)
				b.Logf("%-24s %4d bursts: median %7.2f ms, 95th percentile %7.2f ms, worst %7.2f ms", name, len(all), median(all), all[len(all)*95/100], all[len(all)-1])
				b.ReportMetric(median(all), name+"-median-ms")
				b.ReportMetric(all[len(all)*95/100], name+"-p95-ms")
			}
		}
	}
}

// burster has all sessions of one kind walk over the same places at once.
func burster(b *testing.B, target string, kind scenarios.Client) func(n int, hold bool) {
	journey := scenarios.Journey{Name: "burst", Client: kind, Customer: scenarios.One}
	for n := range bursts {
		st := scenarios.Step{Pos: scenarios.Pos{Line: n + 1}, Index: n, Op: scenarios.Visit, URL: fmt.Sprintf("/page/%d", n)}
		if kind == scenarios.API {
			st = scenarios.Step{Pos: st.Pos, Index: n, Op: scenarios.Request, Request: &scenarios.Call{Method: http.MethodGet, URL: fmt.Sprintf("/data/%d", n)}}
		}
		journey.Steps = append(journey.Steps, st)
	}
	sc := &scenarios.Scenario{Name: "burst", Journeys: []scenarios.Journey{journey}, StepTimeout: scenarios.DefaultStepTimeout}
	c, err := Config{Scenario: sc, Target: target, Customers: bursting, Out: b.TempDir(), Rounds: 1}.settle()
	require.NoError(b, err)
	ctx, cancel := context.WithTimeout(b.Context(), 10*time.Minute)
	b.Cleanup(cancel)
	cl, err := openClients(ctx, c)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, cl.close()) })
	r, err := begin(c, newGuard(c), cl)
	require.NoError(b, err)
	require.NoError(b, r.allocate())
	return func(n int, hold bool) {
		round := plan.Round{Schedule: "burst", Number: n + 1, Hold: hold, Parallel: bursting}
		for id := range r.conduct.customers {
			round.Walks = append(round.Walks, plan.Walk{Customer: id, Journey: "burst", Part: plan.PartSteps, Follow: plan.Alone})
		}
		results, err := r.conduct.round(ctx, round)
		require.NoError(b, err)
		for _, w := range results {
			require.True(b, w.Whole, w.Failed)
		}
	}
}

// spreadsAt asks the target what came, and answers the spreads of whole bursts
// in milliseconds by the first word of their paths.
func spreadsAt(b *testing.B, target string) map[string][]float64 {
	answer, err := http.Get(target + "/arrivals")
	require.NoError(b, err)
	defer answer.Body.Close()
	var came map[string][]int64
	require.NoError(b, json.NewDecoder(answer.Body).Decode(&came))
	out := map[string][]float64{}
	for path, at := range came {
		if len(at) == bursting {
			what := strings.Split(path, "/")[1]
			out[what] = append(out[what], float64(slices.Max(at)-slices.Min(at))/1e6)
		}
	}
	return out
}
