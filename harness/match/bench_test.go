package match

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/coregx/ahocorasick"
	"github.com/stretchr/testify/require"
)

// The benchmarks of the search. Figures move with the machine; what to read
// are the ratios, so each benchmark times everything that it compares in turn,
// round after round, and answers the best of each. A round is one iteration:
//
//	go test ./harness/match -run - -bench 'BesideCoregx|Pipeline|Build|Late' -benchtime 10x

// benchSizes are how many customers a run has, of twenty values each.
//
//nolint:gochecknoglobals // a table
var benchSizes = []int{100, 1000, 10_000}

// foldedPages are the pages as the search sees them.
func foldedPages() (texts []Folded, total int) {
	for _, p := range benchPages() {
		f := Fold(p.body)
		texts, total = append(texts, f), total+len(f.bytes)
	}
	return texts, total
}

func scanAll(x *Index, texts []Folded) (hits int) {
	for _, f := range texts {
		x.scan(f, func(*entry, int, int) { hits++ })
	}
	return hits
}

// BenchmarkSearchBesideCoregx measures the search alone, over folded pages,
// beside a plain copy of the same bytes and the fastest Aho–Corasick library
// looking for the same keys in them. At 10,000 customers that library's
// automaton takes minutes and many gigabytes to build: it is left out.
func BenchmarkSearchBesideCoregx(b *testing.B) {
	texts, total := foldedPages()
	r, dst := race{}, make([]byte, 2<<20)
	r.add("copy", total, func() int {
		for _, f := range texts {
			copy(dst, f.bytes)
		}
		return 0
	})
	for _, n := range benchSizes {
		x, err := New(benchPatterns(n))
		require.NoError(b, err)
		r.add(fmt.Sprintf("%d customers, %d keys", n, len(x.entries)), total, func() int { return scanAll(x, texts) })
	}
	for _, n := range benchSizes[:2] {
		a := coregx(b, foldedKeys(b, n))
		r.add(fmt.Sprintf("coregx, %d customers", n), total, func() (hits int) {
			for _, f := range texts {
				hits += len(a.FindAllOverlapping(f.bytes))
			}
			return hits
		})
	}
	addUnfolded(b, &r)
	r.rounds(b)
	r.table(b)
	b.ReportMetric(ratio(r.ways[4].best, r.ways[1].best), "coregx/ours-at-100")
	b.ReportMetric(ratio(r.ways[5].best, r.ways[2].best), "coregx/ours-at-1000")
	b.ReportMetric(ratio(r.ways[3].best, r.ways[1].best), "10000/100")
}

// addUnfolded lets the library search for the values as they are written, in
// the pages as they are: less than our search finds, but all it can do without
// ours.
func addUnfolded(b *testing.B, r *race) {
	size := 0
	for _, p := range benchPages() {
		size += len(p.body)
	}
	a := coregx(b, writtenValues(1000))
	r.add("coregx, 1000 customers, unfolded", size, func() (hits int) {
		for _, p := range benchPages() {
			hits += len(a.FindAllOverlapping(p.body))
		}
		return hits
	})
}

func coregx(b *testing.B, keys map[string]bool) *ahocorasick.Automaton {
	builder := ahocorasick.NewBuilder()
	for key := range keys {
		builder.AddPattern([]byte(key))
	}
	a, err := builder.Build()
	require.NoError(b, err)
	return a
}

// foldedKeys are what an index of n customers searches for.
func foldedKeys(b *testing.B, n int) map[string]bool {
	x, err := New(benchPatterns(n))
	require.NoError(b, err)
	keys := map[string]bool{}
	for i := range x.entries {
		start, end := x.part(&x.entries[i])
		keys[string(x.keys[start:end])] = true
	}
	return keys
}

func writtenValues(n int) map[string]bool {
	values := map[string]bool{}
	for _, p := range benchPatterns(n) {
		for _, f := range p.forms() {
			values[f.text] = true
		}
	}
	return values
}

// BenchmarkPipeline measures everything from a body to its hits, and where the
// time goes.
func BenchmarkPipeline(b *testing.B) {
	for _, n := range benchSizes {
		b.Run(fmt.Sprintf("%d customers", n), func(b *testing.B) { benchPipeline(b, n) })
	}
}

func benchPipeline(b *testing.B, n int) {
	x, err := New(benchPatterns(n))
	require.NoError(b, err)
	size := 0
	readings := make([]*Reading, len(benchPages()))
	for i, p := range benchPages() {
		readings[i], size = Read(p.mediaType, p.body), size+len(p.body)
	}
	r := stages(x, readings, size)
	r.rounds(b)
	r.table(b)
	search := r.took(stageSearch)
	b.ReportMetric(ratio(r.took(stageAll), search), "all/search")
	b.ReportMetric(ratio(r.took(stageFold), search), "fold/search")
	b.ReportMetric(ratio(r.took(stageRead)-r.took(stageFold), search), "open/search")
	b.ReportMetric(ratio(r.took(stageTyped), search), "dates/search")
	b.ReportMetric(ratio(r.took(stageFind)-search-r.took(stageTyped), search), "locate/search")
}

// The stages of the pipeline, each timed on its own. What Read takes longer
// than folding is taking apart and decoding; what Find takes longer than the
// two searches is saying where hits stand.
const (
	stageFold   = "fold all texts"
	stageRead   = "read: take apart, decode, fold"
	stageSearch = "search for keys"
	stageTyped  = "look for dates and amounts"
	stageFind   = "find: search, look, locate"
	stageAll    = "all: read and find"
)

func stages(x *Index, readings []*Reading, size int) *race {
	r := &race{}
	every := func(run func(t *text)) func() int {
		return func() int {
			for _, reading := range readings {
				for _, t := range reading.texts {
					run(t)
				}
			}
			return 0
		}
	}
	r.add(stageFold, size, every(func(t *text) { Fold(t.data) }))
	r.add(stageRead, size, func() int {
		for _, p := range benchPages() {
			Read(p.mediaType, p.body)
		}
		return 0
	})
	r.add(stageSearch, size, every(func(t *text) { x.scan(t.folded, func(*entry, int, int) {}) }))
	r.add(stageTyped, size, every(func(t *text) { x.findTyped(t.folded, func(int, int, int, []string) {}) }))
	r.add(stageFind, size, func() (hits int) {
		for _, reading := range readings {
			hits += len(x.Find(reading))
		}
		return hits
	})
	r.add(stageAll, size, func() (hits int) {
		for _, p := range benchPages() {
			hits += len(x.Search(p.mediaType, p.body))
		}
		return hits
	})
	return r
}

// BenchmarkBuild measures New, and the memory that the index then holds.
func BenchmarkBuild(b *testing.B) {
	for _, n := range benchSizes {
		patterns := benchPatterns(n)
		b.Run(fmt.Sprintf("%d customers", n), func(b *testing.B) {
			b.ReportAllocs()
			x, before := (*Index)(nil), heap()
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

// BenchmarkLateMarkers measures what ten values cost that are learned late: an
// index of their own, and a search in bodies that were read before.
func BenchmarkLateMarkers(b *testing.B) {
	patterns := benchPatterns(1)[10:]
	var readings []*Reading
	size := 0
	for _, p := range benchPages() {
		readings, size = append(readings, Read(p.mediaType, p.body)), size+len(p.body)
	}
	b.Run("build", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, err := New(patterns)
			require.NoError(b, err)
		}
	})
	b.Run("find", func(b *testing.B) {
		x, err := New(patterns)
		require.NoError(b, err)
		b.SetBytes(int64(size))
		for b.Loop() {
			for _, r := range readings {
				x.Find(r)
			}
		}
	})
}
