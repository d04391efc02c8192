package harness

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// BenchmarkMemory prints what this process holds: the heap that lives after
// each hundred of a thousand browser sessions in a row, eight at a time, and
// the most that it takes with 64 at once. The browsers' own memory is apart.
func BenchmarkMemory(b *testing.B) {
	target := shopElsewhere(b)
	for range b.N {
		r, end := visitors(b, target)
		passersBy(b, r, 50) // caches, pools and the runtime's own have their size then
		first := liveHeap()
		b.ReportMetric(megabytes(first), "MB-after-50")
		for n := 100; n <= 1000; n += 100 {
			passersBy(b, r, 100)
			b.Logf("after %d sessions more: %.1f MB live, %.1f MB resident", n, megabytes(liveHeap()), resident(b))
		}
		last := liveHeap()
		b.ReportMetric(megabytes(last), "MB-after-1050")
		b.ReportMetric((float64(last)-float64(first))/1000/1024, "KB-per-session")
		end()

		r, end = visitors(b, target)
		stop := watchHeap()
		round := plan.Round{Schedule: history.PhaseMingle, Parallel: 64, Walks: walksOfNobody(64)}
		_, err := r.conduct.round(b.Context(), round)
		require.NoError(b, err)
		b.ReportMetric(megabytes(stop()), "MB-heap-at-64")
		b.ReportMetric(resident(b), "MB-resident-at-64")
		end()
	}
}

// visitors begins a run in which nobody signs up.
func visitors(b *testing.B, target string) (*run, func()) {
	ctx, cancel := context.WithTimeout(b.Context(), 30*time.Minute)
	sc, err := scenarios.Load("checkout", os.LookupEnv)
	require.NoError(b, err)
	c, err := Config{Scenario: sc, Target: target, Customers: 64, Out: b.TempDir(), Rounds: 1, Parallel: 64}.settle()
	require.NoError(b, err)
	cl, err := openClients(ctx, c)
	require.NoError(b, err)
	r, err := begin(c, newGuard(c), cl)
	require.NoError(b, err)
	require.NoError(b, r.allocate())
	return r, func() {
		require.NoError(b, r.finish(history.End{Reason: "measured"}))
		require.NoError(b, cl.close())
		cancel()
	}
}

func walksOfNobody(n int) []plan.Walk {
	walks := make([]plan.Walk, n)
	for i := range walks {
		walks[i] = plan.Walk{Customer: history.Nobody, Journey: "passer-by", Part: plan.PartSteps, Follow: plan.Alone}
	}
	return walks
}

func passersBy(b *testing.B, r *run, n int) {
	round := plan.Round{Schedule: history.PhaseMingle, Parallel: 8, Walks: walksOfNobody(n)}
	results, err := r.conduct.round(b.Context(), round)
	require.NoError(b, err)
	for _, w := range results {
		require.True(b, w.Whole, w.Failed)
	}
}

func liveHeap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what pools held is free after the second
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// watchHeap answers a function that stops the watching and says how large the
// heap was at most.
func watchHeap() func() uint64 {
	quit, most := make(chan struct{}), make(chan uint64)
	go func() {
		var top uint64
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				most <- top
				return
			case <-tick.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				top = max(top, m.HeapAlloc)
			}
		}
	}()
	return func() uint64 { close(quit); return <-most }
}

func megabytes(n uint64) float64 { return float64(n) / (1 << 20) }

// resident is the process's resident memory in MB.
func resident(b *testing.B) float64 {
	text, err := os.ReadFile("/proc/self/status")
	require.NoError(b, err)
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(value)[0], 64)
			require.NoError(b, err)
			return kb / 1024
		}
	}
	b.Fatal("the kernel does not say")
	return 0
}
