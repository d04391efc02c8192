package leak_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// hostile is a body that a broken or unkind shop can send.
type hostile struct {
	name, media, unit string
	times             int
}

func hostiles(mark string) []hostile {
	return []hostile{
		{"open brackets", "application/json", "[", 10 << 20},
		{"open objects", "application/json", `{"a":`, 1 << 20},
		{"backslashes", "application/json", `"\\`, 1 << 20},
		{"numbers", "application/json", "12,", 1 << 20},
		{"strings", "application/json", `"` + mark + `",`, 1 << 15},
		{"brackets as a page", "text/html", "[", 4 << 20},
		{"nested elements", "text/html", "<div>", 1 << 20},
		{"open angles", "text/html", "<", 4 << 20},
		{"attributes", "text/html", "<a x=1 ", 1 << 19},
		{"comments without end", "text/html", "<!--", 1 << 20},
		{"scripts without end", "text/html", "<script>", 1 << 19},
		{"entities", "text/html", "&amp;", 1 << 20},
		{"elements", "text/html", "<p>" + mark + "</p>", 1 << 15},
		{"no text at all", "text/html", "\xff\xfe\x00", 1 << 20},
		{"percent signs", "text/plain", "%25", 1 << 20},
		{"one long line", "text/plain", "zoe lindqvist 12 ", 3 << 20},
		{"marks without a letter", "text/plain", "\u0301", 1 << 20},
		{"base64 of base64", "text/plain", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0", 1 << 16},
	}
}

// tooLong is many times what the slowest needs, and far from what anything that
// grows with the square of its input would.
const tooLong = 30 * time.Second

func TestHostileBodiesAreJudgedInTimeAndHideNothingBehindThem(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine reads some megabytes: the race detector, which makes it long, finds nothing there")
	}
	mark := people(1)[0].Email
	for _, h := range hostiles(mark) {
		t.Run(h.name, func(t *testing.T) {
			tr := readTranscript(t, "customers 3\nsolo each GET / page h1 \"{first}\"\n")
			body := bytes.Repeat([]byte(h.unit), h.times)
			body = append(body, " "+mark+" "...)
			tr.add(history.Event{Exchange: &history.Exchange{
				ID: "x99", Session: tr.session("solo", "c02"), Viewer: "c02", Method: "GET", URL: "http://shop.test/x", Place: "GET /x",
				Resource: "fetch", Status: 200, Start: tr.now, Response: tr.now, End: tr.now + 1,
				Body: history.Body{Hash: tr.bodies.Put(body), Type: h.media, Size: int64(len(body))},
			}})
			began := time.Now()
			require.Equal(t, leak.Leak, judge(t, tr, nil).Verdict)
			require.Less(t, time.Since(began), tooLong)
		})
	}
}
