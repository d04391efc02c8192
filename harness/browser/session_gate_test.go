package browser

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// gateman holds requests until open is closed, and keeps who came.
type gateman struct {
	open chan struct{}
	mu   sync.Mutex
	came []string
}

func newGateman() *gateman { return &gateman{open: make(chan struct{})} }

// newOpenGate lets everything through at once.
func newOpenGate() *gateman {
	g := newGateman()
	close(g.open)
	return g
}

func (g *gateman) hold(ctx context.Context, step int, place history.Place) bool {
	g.mu.Lock()
	g.came = append(g.came, fmt.Sprintf("%d %s", step, place))
	g.mu.Unlock()
	select {
	case <-g.open:
	case <-ctx.Done():
	}
	return true
}

func (g *gateman) seen() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.came)
}

// await fails the test unless all these have come.
func (g *gateman) await(t testing.TB, want ...string) {
	t.Helper()
	require.Eventually(t, func() bool {
		seen := g.seen()
		return !slices.ContainsFunc(want, func(w string) bool { return !slices.Contains(seen, w) })
	}, 20*time.Second, 5*time.Millisecond, "%v have not all come: %v", want, g.seen())
}

// visits counts what reaches a server.
type visits struct {
	mu  sync.Mutex
	all []string
}

func (v *visits) counting(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v.mu.Lock()
		v.all = append(v.all, r.Method+" "+r.URL.Path)
		v.mu.Unlock()
		h(w, r)
	}
}

func (v *visits) of(line string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := 0
	for _, s := range v.all {
		if s == line {
			n++
		}
	}
	return n
}

func held(h history.Hold) func(*history.SessionSpec) {
	return func(s *history.SessionSpec) { s.Hold = h }
}

// doing performs a step beside the test; its outcome comes by the channel.
func (w *walk) doing(ctx context.Context, st scenarios.Step) <-chan history.Outcome {
	done := make(chan history.Outcome, 1)
	st.Index = w.steps
	w.steps++
	go func() {
		out, err := w.Do(ctx, st, w.fields)
		if err != nil {
			out.Error += err.Error()
		}
		done <- out
	}()
	return done
}

func TestARequestThatIsHeldReachesNobodyBeforeItIsLetGo(t *testing.T) {
	var v visits
	s := shop(t, map[string]http.HandlerFunc{
		"/": v.counting(html(`<script>
			fetch("/data").then((r) => r.text()).then((t) => document.body.append(t))
			const x = new XMLHttpRequest(); x.open("POST", "/xhr"); x.send("a=1")
			new EventSource("/events")</script><img src=/pic><script src=/code></script>`)),
		"/data":   v.counting(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "arrived") }),
		"/xhr":    v.counting(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "x") }),
		"/events": v.counting(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }),
		"/pic":    v.counting(html("")), "/code": v.counting(html("")),
	})
	first, second := newGateman(), newGateman()
	now := first
	w := beginWith(t, s.URL, held(func(ctx context.Context, step int, place history.Place) bool {
		if place == "GET /" {
			return now.hold(ctx, step, place)
		}
		return second.hold(ctx, step, place)
	}), nil)
	w.steps = 7
	done := w.doing(t.Context(), visit("/"))
	first.await(t, "7 GET /")
	require.Zero(t, v.of("GET /"))
	close(first.open)
	second.await(t, "7 GET /data", "7 POST /xhr", "7 GET /events")
	require.Zero(t, v.of("GET /data")+v.of("POST /xhr")+v.of("GET /events"))
	select {
	case out := <-done:
		t.Fatalf("the step ended while its data was held: %+v", out)
	case <-time.After(50 * time.Millisecond): // whether it ends is what is asked, not when
	}
	at := w.sink.Now()
	close(second.open)
	require.Equal(t, history.StepDone, (<-done).Outcome)
	w.do(see("arrived"))
	w.end()
	require.Len(t, slices.Concat(first.seen(), second.seen()), 4, "pictures and scripts are not held")
	for _, path := range []string{"/data", "/xhr", "/events"} {
		x := w.sink.exchange(t, path)
		require.GreaterOrEqual(t, x.Sent, at, path)
		require.Less(t, x.Start, at, path)
		require.LessOrEqual(t, x.Sent, x.End, path)
	}
	require.NotZero(t, w.sink.exchange(t, "/").Sent)
	require.Zero(t, w.sink.exchange(t, "/code").Sent)
}

func TestOnlyTheFirstRequestOfARedirectIsHeldAndOtherHostsAreNot(t *testing.T) {
	away := newForeign(t)
	s := shop(t, map[string]http.HandlerFunc{
		"/":     func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/two", http.StatusFound) },
		"/two":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/end", http.StatusSeeOther) },
		"/end":  html(`<iframe src="` + away.url + `/frame"></iframe><script>fetch("/hop"); fetch("` + away.url + `/far", {mode: "no-cors"})</script>`),
		"/hop":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/data", http.StatusFound) },
		"/data": html("data"),
	})
	g := newOpenGate()
	w := beginWith(t, s.URL, held(g.hold), nil)
	w.do(visit("/"))
	require.Eventually(t, func() bool { return len(away.requests()) == 2 }, 20*time.Second, 10*time.Millisecond)
	w.end()
	require.ElementsMatch(t, []string{"0 GET /", "0 GET /hop"}, g.seen())
	require.NotZero(t, w.sink.exchange(t, "/").Sent)
	require.Zero(t, w.sink.exchange(t, "/end").Sent)
	require.Zero(t, w.sink.exchange(t, "/data").Sent)
}

func TestWhatWasNotHeldHasNotBeenSentLater(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html("Hello")})
	w := beginWith(t, s.URL, held(func(context.Context, int, history.Place) bool { return false }), nil)
	w.do(visit("/"))
	w.end()
	require.Zero(t, w.sink.exchange(t, "/").Sent)
}

// A page that asks again and again is at rest by its cap, where nothing of it is
// held as where no schedule holds anything.
func TestAPageThatPollsWithoutEndComesToRestInARoundThatHolds(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script>(async () => { for (;;) await fetch("/poll") })()</script>`),
		"/poll": func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(150 * time.Millisecond): // a long poll, shorter than the cap
			case <-r.Context().Done():
			}
		},
	})
	w := beginWith(t, s.URL, held(func(context.Context, int, history.Place) bool { return false }), func(o *DriverOptions) { o.SettleCap = 700 * time.Millisecond })
	out := <-w.doing(t.Context(), scenarios.Step{Op: scenarios.Visit, URL: "/", Timeout: 15 * time.Second})
	require.Equal(t, history.StepDone, out.Outcome, out.Error)
	w.end()
}

func TestARequestThatThePageGivesUpIsHeldNoLonger(t *testing.T) {
	var v visits
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script>const a = new AbortController(); fetch("/data", {signal: a.signal}).catch(() => document.body.append("given up"))</script>
			<button onclick="a.abort()">Give up</button>`),
		"/data": v.counting(html("")),
	})
	ended := make(chan error, 1)
	asked := make(chan struct{})
	w := beginWith(t, s.URL, held(func(ctx context.Context, _ int, place history.Place) bool {
		if place != "GET /data" {
			return false
		}
		close(asked)
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return true
	}), nil)
	done := w.doing(t.Context(), scenarios.Step{Op: scenarios.Visit, URL: "/", Timeout: 700 * time.Millisecond})
	<-asked
	require.Equal(t, history.StepFailed, (<-done).Outcome, "a page whose data is held is not at rest")
	done = w.doing(t.Context(), click("button", "Give up"))
	require.ErrorIs(t, <-ended, context.Canceled)
	require.Equal(t, history.StepDone, (<-done).Outcome)
	w.do(see("given up"))
	w.end()
	require.Zero(t, v.of("GET /data"))
	require.Zero(t, w.sink.exchange(t, "/data").Sent)
}

func TestASessionThatEndsLetsGoOfWhatIsHeld(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<script>for (let i = 0; i < 200; i++) fetch("/data/" + i)</script>`), "/data/": html("")})
	g := newGateman()
	w := beginWith(t, s.URL, held(func(ctx context.Context, step int, place history.Place) bool {
		return place != "GET /" && g.hold(ctx, step, place)
	}), nil)
	done := w.doing(t.Context(), briefly(visit("/")))
	require.Eventually(t, func() bool { return len(g.seen()) == mostHeld }, 20*time.Second, 5*time.Millisecond)
	require.Equal(t, history.StepFailed, (<-done).Outcome)
	begun := time.Now()
	w.end()
	require.Less(t, time.Since(begun), 10*time.Second)
	require.Len(t, g.seen(), mostHeld, "the rest went at once")
}

func TestSessionsThatAreLetGoTogetherArriveTogether(t *testing.T) {
	const n = 8
	var mu sync.Mutex
	var came []time.Time
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<button onclick="fetch('/data').then((r) => r.text()).then((t) => document.body.append(t))">Go</button>`),
		"/data": func(w http.ResponseWriter, _ *http.Request) {
			mu.Lock()
			came = append(came, time.Now())
			mu.Unlock()
			fmt.Fprint(w, "arrived")
		},
	})
	open, all := make(chan struct{}), make(chan struct{}, n)
	var walks []*walk
	for range n {
		w := beginWith(t, s.URL, held(func(ctx context.Context, _ int, place history.Place) bool {
			if place != "GET /data" {
				return false
			}
			all <- struct{}{}
			select {
			case <-open:
			case <-ctx.Done():
			}
			return true
		}), nil)
		w.do(visit("/"))
		walks = append(walks, w)
	}
	var dones []<-chan history.Outcome
	for _, w := range walks {
		dones = append(dones, w.doing(t.Context(), click("button", "Go")))
	}
	for range n {
		<-all
	}
	mu.Lock()
	require.Empty(t, came)
	mu.Unlock()
	close(open)
	for i, d := range dones {
		require.Equal(t, history.StepDone, (<-d).Outcome, "%d", i)
	}
	spread := came[len(came)-1].Sub(came[0])
	t.Logf("%d requests came within %s", n, spread)
	require.Len(t, came, n)
	require.Less(t, spread, 10*time.Second)
}

func TestWhichRequestsPassTheGate(t *testing.T) {
	var v visits
	pages := askingShop(t, &v)
	pages["/cross"] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "X-Who")
		v.counting(func(http.ResponseWriter, *http.Request) {})(w, r)
	}
	s := shop(t, pages)
	away := newForeign(t)
	away.page = `<script>fetch("` + s.URL + `/cross", {headers: {"X-Who": "me"}})</script>`
	t.Run("a frame's of another site, and no preflight", func(t *testing.T) {
		g := newOpenGate()
		w := beginWith(t, s.URL, held(g.hold), nil)
		w.do(visit("/"), scenarios.Step{Op: scenarios.Press, Key: "Tab"})
		_, err := w.front().evaluateAs(t.Context(), false, `(() => { const f = document.createElement("iframe"); f.src = "`+away.url+`/frame"; document.body.append(f) })()`)
		require.NoError(t, err)
		require.Eventually(t, func() bool { return v.of("GET /cross") == 1 }, 20*time.Second, 10*time.Millisecond)
		require.Equal(t, 1, v.of("OPTIONS /cross"))
		require.ElementsMatch(t, []string{"0 GET /", "1 GET /cross"}, g.seen())
	})
	t.Run("a worker's", func(t *testing.T) {
		g := newOpenGate()
		w := beginWith(t, s.URL, held(g.hold), nil)
		w.do(visit("/"), click("button", "Ask"), see("page data;"), see("worker data;"))
		require.Equal(t, []string{"0 GET /", "1 GET /data", "1 GET /data"}, g.seen())
	})
	t.Run("not what a service worker asks for", func(t *testing.T) {
		g := newOpenGate()
		w := beginWith(t, s.URL, held(g.hold), nil)
		w.do(visit("/app"), see("ready with"), visit("/pop"))
		require.Eventually(t, func() bool { return w.title(t) == "came" }, 20*time.Second, 10*time.Millisecond)
		t.Log(g.seen())
		require.NotContains(t, g.seen(), "2 GET /data")
	})
}
