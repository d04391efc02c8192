package match

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// BenchmarkStagesOfAReading says what each stage of Read costs, in texts that
// hold no islands and in those that are full of them.
func BenchmarkStagesOfAReading(b *testing.B) {
	for _, c := range []struct{ name, mediaType, body string }{
		{"HTML", "text/html", samplePages(256 << 10)},
		{"JavaScript", "text/javascript", goSource(b, 256<<10)},
		{"JSON", "application/json", "[" + strings.Repeat(`{"id":10412,"name":"Blå kopp","sku":"northlight-cup-blue-0412","total":{"amount":"129.00"}},`, 2500) + "1]"},
		{"base64", "text/plain", base64.StdEncoding.EncodeToString([]byte(goSource(b, 256<<10)))},
	} {
		t := &text{data: []byte(c.body), media: c.mediaType, kind: kindOf(c.mediaType, []byte(c.body))}
		for _, stage := range []struct {
			name string
			run  func()
		}{
			{"fold", func() { t.fold() }},
			{"look for islands", func() { newOpener(&Reading{}).openIslands(t) }},
			{"join runs", func() { newOpener(&Reading{}).joinRuns(t) }},
			{"read", func() { Read(c.mediaType, t.data) }},
		} {
			b.Run(fmt.Sprintf("%s/%s", c.name, stage.name), func(b *testing.B) {
				b.SetBytes(int64(len(c.body)))
				b.ReportAllocs()
				for b.Loop() {
					stage.run()
				}
			})
		}
	}
}

func samplePages(n int) string {
	b := &strings.Builder{}
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(b, `<tr class="order order-row--highlighted" id="order-%d"><td><a href="/account/orders/%d?utm_source=newsletter">Order #%d</a></td>`+
			`<td>Blå kopp &amp; fat, handgjord i Höganäs</td><td><img src="/static/images/products/northlight-cup-%d.webp" alt=""></td></tr>`+"\n", i, i, i, i)
	}
	return "<!doctype html><html><body><table>" + b.String() + "</table></body></html>"
}

// goSource is code that somebody wrote, which is always at hand.
func goSource(b *testing.B, n int) string {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(runtime.GOROOT(), "src", "net", "http", "*.go")) //nolint:staticcheck // there is a toolchain where tests run
	if err != nil {
		b.Fatal(err)
	}
	s := &strings.Builder{}
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil && s.Len() < n {
			s.Write(data)
		}
	}
	return s.String()[:n]
}
