package match

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// race is several ways to go over the same bytes.
type race struct {
	ways []way
}

type way struct {
	name string
	size int // bytes that one run goes over; 0 when they do not matter
	run  func() (hits int)
	best time.Duration
	hits int
}

func (r *race) add(name string, size int, run func() int) {
	r.ways = append(r.ways, way{name: name, size: size, run: run, best: time.Hour})
}

// rounds times every way in turn, as often as the benchmark asks; each twice
// in a row, so that none pays for what the one before it left in the caches.
func (r *race) rounds(b *testing.B) {
	for b.Loop() {
		for i := range r.ways {
			w := &r.ways[i]
			for range 2 {
				start := time.Now()
				w.hits = w.run()
				w.best = min(w.best, time.Since(start))
			}
		}
	}
	b.ReportMetric(0, "ns/op")
}

func (r *race) took(name string) time.Duration {
	for _, w := range r.ways {
		if w.name == name {
			return w.best
		}
	}
	return 0
}

// table logs what came out.
func (r *race) table(b *testing.B) {
	var t strings.Builder
	for _, w := range r.ways {
		fmt.Fprintf(&t, "\n%-36s %9.2f ms", w.name, w.best.Seconds()*1e3)
		if w.size > 0 {
			fmt.Fprintf(&t, " %8.0f MB/s", float64(w.size)/1e6/w.best.Seconds())
		}
		if w.hits > 0 {
			fmt.Fprintf(&t, " %7d hits", w.hits)
		}
	}
	b.Log(t.String())
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }
