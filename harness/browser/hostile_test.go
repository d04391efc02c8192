package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

const (
	// hostileLimit is the timeout of a step into a hostile page. Do promises to
	// be back lookBeyond later; hostileSlack is what a busy machine adds: it
	// tells a hang from a delay, and no more.
	hostileLimit = 3 * time.Second
	hostileSlack = 20 * time.Second
	// hostileHeap is what the whole test process may hold, in bytes: both
	// sessions, what the test itself keeps, and the shop that serves the pages.
	hostileHeap = 256 << 20
	// neighborFactor is how much slower a neighbor's steps may get in the
	// median, and neighborLimit what is never too slow: the machine is shared.
	neighborFactor = 12
	neighborLimit  = 8 * time.Second
)

// hostility is a page that means harm, or that a bug made so.
type hostility struct {
	name  string
	path  string // of the page; what it asks for itself comes from "/data"
	serve http.HandlerFunc
	data  http.HandlerFunc
	ends  []ending                  // how each step ends; the first is the visit
	alone bool                      // it takes a whole core: not beside another one
	lost  string                    // what becomes of the session in the end
	seen  func(*testing.T, *record) // what the history must say
}

// ending is a step into a hostile page, or on it, and how it may end.
type ending struct {
	step scenarios.Step
	done bool
	says []string // of a step that fails: one of these
}

// TestHostilePagesEndInTimeAndLeaveTheirNeighborsAlone walks into each with a
// neighbor in the same browser who goes on shopping.
func TestHostilePagesEndInTimeAndLeaveTheirNeighborsAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about a minute")
	}
	for _, h := range hostilities() {
		t.Run(h.name, func(t *testing.T) {
			if !h.alone {
				t.Parallel()
			}
			h.try(t)
		})
	}
}

func (h hostility) try(t *testing.T) {
	s := h.shop(t)
	neighbor, w := begin(t, s.URL), begin(t, s.URL)
	usual := shopOnce(t, neighbor)
	peak := watchHeap(t)
	stop := shopOn(t, neighbor)
	h.walk(t, w)
	w.end()
	times := stop()
	h.seen(t, w.sink)
	assertAccounted(t, w.sink)
	slices.Sort(times)
	median := times[len(times)/2]
	heap := peak()
	t.Logf("the neighbor's steps took %v instead of %v, %v at most; the heap had %d MB at most", median, usual, times[len(times)-1], heap>>20)
	assert.Less(t, median, max(neighborFactor*usual, neighborLimit), "the neighbor was held up")
	assert.Less(t, heap, uint64(hostileHeap))
	neighbor.do(visit("/ok"), see("Fine"))
	begin(t, s.URL).do(visit("/ok"), see("Fine")) // who comes next is not harmed either
}

func (h hostility) shop(t *testing.T) *httptest.Server {
	pages := map[string]http.HandlerFunc{"/ok": html(`<p>Fine</p><a href=/ok>Next</a>`), h.path: h.serve}
	if h.data != nil {
		pages["/data"] = h.data
	}
	s := shop(t, pages)
	t.Cleanup(s.CloseClientConnections)
	return s
}

func (h hostility) walk(t *testing.T, w *walk) {
	for _, e := range h.ends {
		e.step.Timeout = hostileLimit
		begun := time.Now()
		out, err := w.Do(t.Context(), e.step, w.fields)
		took := time.Since(begun)
		t.Logf("%s: %v, %s %q %v", e.step, took.Round(time.Millisecond), out.Outcome, out.Error, err)
		assert.Less(t, took, e.step.Wait+hostileLimit+lookBeyond+hostileSlack, e.step.String())
		require.NoError(t, err)
		e.check(t, out)
	}
	if h.lost == "" {
		return
	}
	w.spawn(time.Second, func(ctx context.Context) { _ = w.front().callOnce(ctx, proto.PageCrash{}, nil) })
	_, err := w.Do(t.Context(), see("Never there"), w.fields)
	require.ErrorIs(t, err, history.ErrLost)
	require.Len(t, w.sink.losses, 1)
	assert.Equal(t, h.lost, w.sink.losses[0].What)
}

func (e ending) check(t *testing.T, out history.Outcome) {
	if e.done && out.Outcome == history.StepDone {
		return
	}
	require.Equal(t, history.StepFailed, out.Outcome, e.step.String())
	require.True(t, slices.ContainsFunc(e.says, func(text string) bool { return strings.Contains(out.Error, text) }), "%s: %s", e.step, out.Error)
}

// assertAccounted demands of each answer that it was had, or is said to be
// unseen, or was none.
func assertAccounted(t *testing.T, r *record) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, x := range r.exchanges {
		had := x.response != "" || x.Body.Unseen != "" || x.Failed != "" || x.Resource == "download"
		assert.True(t, had, "%s %d of %s is empty without a reason", x.Place, x.Status, x.Resource)
	}
}

// watchHeap answers a function that tells the largest heap since now.
func watchHeap(t *testing.T) (peak func() uint64) {
	var most uint64
	var all sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	all.Go(func() {
		for sleep(ctx, 50*time.Millisecond) == nil {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	})
	return func() uint64 {
		cancel()
		all.Wait()
		return most
	}
}

func shopping() []scenarios.Step {
	return []scenarios.Step{visit("/ok"), see("Fine"), click("link", "Next")}
}

// shopOnce is how long a neighbor's steps take while nobody does harm; so is
// the first visit, which is slower than others, not counted.
func shopOnce(t *testing.T, w *walk) time.Duration {
	w.do(visit("/ok"))
	begun := time.Now()
	w.do(shopping()...)
	return time.Since(begun) / time.Duration(len(shopping()))
}

// shopOn lets a neighbor walk until the answer is called; each of its steps
// must be done. It answers how long each took.
func shopOn(t *testing.T, w *walk) (stop func() []time.Duration) {
	ctx, cancel := context.WithCancel(t.Context())
	harm := make(chan string, 1)
	var times []time.Duration
	go func() {
		defer close(harm)
		for {
			for _, st := range shopping() {
				begun := time.Now()
				out, err := w.Do(context.WithoutCancel(ctx), st, w.fields)
				times = append(times, time.Since(begun))
				if err != nil || out.Outcome != history.StepDone {
					harm <- fmt.Sprintf("%s: %s %v", st, out.Error, err)
					return
				}
				if ctx.Err() != nil {
					return
				}
			}
		}
	}()
	return func() []time.Duration {
		t.Helper()
		cancel()
		require.Empty(t, <-harm, "the neighbor was harmed")
		return times
	}
}
