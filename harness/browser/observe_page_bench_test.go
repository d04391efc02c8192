package browser

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

// BenchmarkLook compares a look with what it was made of: the script that walks
// the page, and the browser's own account of it with the markup. It tells the
// renderer's share too, in milliseconds of its processor.
func BenchmarkLook(b *testing.B) {
	row := `<tr class=row><td>Shoes %d</td><td class=price><b>12</b>.99</td><td><a href="/p/%d" title="Look at it">More</a></td></tr>`
	var rows strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&rows, row, i, i)
	}
	s := shop(b, map[string]http.HandlerFunc{
		"/small": html(`<header><a class=account href=#>Hi, <b>Zoë</b></a></header><table>` + rows.String()[:20*len(row)] + `</table>`),
		"/large": html(`<table>` + rows.String() + `</table>`),
	})
	for _, path := range []string{"/small", "/large"} {
		w := begin(b, s.URL)
		w.do(visit(path))
		require.NoError(b, w.front().callOnce(b.Context(), proto.PerformanceEnable{}, nil))
		for name, f := range map[string]func() error{
			"script":   func() error { _, err := w.view(b.Context()); return err },
			"snapshot": func() error { _, err := w.front().capture(b.Context()); return err },
			"whole":    func() error { _, err := w.bounded(b.Context(), w.front(), 10*time.Second); return err },
		} {
			b.Run(strings.TrimPrefix(path, "/")+"/"+name, func(b *testing.B) {
				before := w.busy(b)
				for b.Loop() {
					require.NoError(b, f())
				}
				b.ReportMetric(1000*(w.busy(b)-before)/float64(b.N), "renderer-ms/op")
			})
		}
		w.end()
	}
}

// busy is how long the page's process has worked, in seconds.
func (w *walk) busy(b *testing.B) float64 {
	b.Helper()
	var got proto.PerformanceGetMetricsResult
	require.NoError(b, w.front().callOnce(b.Context(), proto.PerformanceGetMetrics{}, &got))
	for _, m := range got.Metrics {
		if m.Name == "ProcessTime" {
			return m.Value
		}
	}
	return 0
}
