package match

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/coregx/ahocorasick"
	"github.com/stretchr/testify/require"
)

// The benchmarks of the search, each beside what it must be compared with in
// the same run. Absolute figures move with the machine; the ratios are what
// to read:
//
//	go test ./harness/match -run - -bench 'Search|Pipeline|Build|FewPatterns' -benchtime 5x

// foldedPages are the pages as the search sees them.
func foldedPages() ([]Folded, int) {
	total := 0
	texts := make([]Folded, 0, len(benchPages()))
	for _, p := range benchPages() {
		f := Fold(p.body)
		texts, total = append(texts, f), total+len(f.bytes)
	}
	return texts, total
}

// BenchmarkSearchAlone measures scan over folded pages.
func BenchmarkSearchAlone(b *testing.B) {
	texts, total := foldedPages()
	b.Run("copy", func(b *testing.B) { benchCopy(b, texts, total) })
	for _, n := range []int{100, 1000, 10_000} {
		x, err := New(benchPatterns(n))
		require.NoError(b, err)
		b.Run(fmt.Sprintf("%d customers", n), func(b *testing.B) {
			b.SetBytes(int64(total))
			b.ReportMetric(float64(len(x.entries)), "keys")
			for b.Loop() {
				hits := 0
				for _, f := range texts {
					x.scan(f, func(*entry, int, int) { hits++ })
				}
				b.ReportMetric(float64(hits), "hits")
			}
		})
	}
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprintf("%d customers, coregx", n), func(b *testing.B) { benchCoregx(b, n, texts, total) })
	}
}

// benchCoregx lets the fastest Aho–Corasick library search for the same keys
// in the same bytes. It says where they are, not whether they stand alone. At
// 10,000 customers its automaton takes minutes and gigabytes to build.
func benchCoregx(b *testing.B, n int, texts []Folded, total int) {
	x, err := New(benchPatterns(n))
	require.NoError(b, err)
	builder, seen := ahocorasick.NewBuilder(), map[string]bool{}
	for i := range x.entries {
		start, end := x.part(&x.entries[i])
		if key := x.keys[start:end]; !seen[string(key)] {
			seen[string(key)] = true
			builder.AddPattern(key)
		}
	}
	automaton, err := builder.Build()
	require.NoError(b, err)
	b.SetBytes(int64(total))
	b.ReportMetric(float64(len(seen)), "keys")
	for b.Loop() {
		hits := 0
		for _, f := range texts {
			hits += len(automaton.FindAllOverlapping(f.bytes))
		}
		b.ReportMetric(float64(hits), "hits")
	}
}

func benchCopy(b *testing.B, texts []Folded, total int) {
	dst := make([]byte, 2<<20)
	b.SetBytes(int64(total))
	for b.Loop() {
		for _, f := range texts {
			copy(dst, f.bytes)
		}
	}
}

// BenchmarkBuild measures New, and the memory that the index holds.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		patterns := benchPatterns(n)
		b.Run(fmt.Sprintf("%d customers", n), func(b *testing.B) {
			b.ReportAllocs()
			var x *Index
			before := heap()
			for b.Loop() {
				var err error
				x, err = New(patterns)
				require.NoError(b, err)
			}
			b.ReportMetric(float64(heap()-before)/(1<<20), "MiB-held")
			b.ReportMetric(float64(len(x.entries)), "keys")
			runtime.KeepAlive(x)
			runtime.KeepAlive(patterns)
		})
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // far below 8 EiB
}
