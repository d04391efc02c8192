package browser

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

// sees reports whether a surface held a text.
func (w *walk) sees(on history.Surface, text string) bool {
	for _, s := range w.sink.on(on) {
		if strings.Contains(s.text, text) {
			return true
		}
	}
	return false
}

// titled is the page's, read without a look that counts.
func (w *walk) titled() string {
	answer, err := w.front().evaluateAs(w.Context(), false, "document.title")
	if err != nil {
		return ""
	}
	return strings.Trim(string(answer), `"`)
}

func TestWhatAPageShowsAfterTheLastStepIsSeen(t *testing.T) {
	const script = `<script>setTimeout(() => { p.textContent = ["Zo", "ë"].join(""); i.value = ["Lind", "qvist"].join(""); document.title = "done" }, 700)</script>`
	s := shop(t, map[string]http.HandlerFunc{
		"/":      html(`<p id=p></p><input id=i name=who>` + script),
		"/frame": html(`<iframe src="/"></iframe><script>setTimeout(() => { document.title = "done" }, 1000)</script>`),
	})
	for _, path := range []string{"/", "/frame"} {
		t.Run(path, func(t *testing.T) {
			w := begin(t, s.URL)
			w.do(visit(path))
			require.False(t, w.sees(history.SurfacePage, "Zoë"))
			require.Eventually(t, func() bool { return w.titled() == "done" }, 20*time.Second, 20*time.Millisecond)
			w.end()
			require.True(t, w.sees(history.SurfacePage, "Zoë"))
			require.True(t, w.sees(history.SurfaceField, "Lindqvist"))
		})
	}
}

func TestAWorkersAnswerIsReadWhateverItsHeadersSay(t *testing.T) {
	const worker = `self.addEventListener("install", () => self.skipWaiting());
		self.addEventListener("activate", e => e.waitUntil(clients.claim()));
		self.addEventListener("fetch", e => {
			const type = new URL(e.request.url).searchParams.get("type");
			if (type) e.respondWith(new Response(["Zo", "ë"].join(""), {headers: {"content-length": "0", "content-type": type}}));
		})`
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<p id=p></p><script>navigator.serviceWorker.register("/w.js"); navigator.serviceWorker.oncontrollerchange = async () => {
			for (const t of ["text/plain", "text/html", "text/plain; charset=utf-8", "application/json"]) await fetch("/me?type=" + encodeURIComponent(t)).then(r => r.text());
			p.textContent = "Done" }</script>`),
		"/w.js": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			fmt.Fprint(w, worker)
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"), see("Done"))
	w.end()
	var answers []string
	for _, x := range w.sink.exchanges {
		if x.From == "service-worker" {
			answers = append(answers, x.response)
		}
	}
	require.Equal(t, []string{"Zoë", "Zoë", "Zoë", "Zoë"}, answers)
}

func TestAFileThatIsOnItsWayAtTheEndIsAwaited(t *testing.T) {
	begun := make(chan struct{})
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<a href="/file">Invoice</a>`),
		"/file": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/csv")
			w.Header().Set("Content-Disposition", "attachment; filename=a.csv")
			fmt.Fprint(w, "to\n")
			w.(http.Flusher).Flush()
			close(begun)
			select {
			case <-time.After(600 * time.Millisecond):
				fmt.Fprint(w, "Zoë\n")
			case <-r.Context().Done():
			}
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"), click("link", "Invoice"))
	<-begun
	w.end()
	require.True(t, w.sees(history.SurfaceDownload, "Zoë"))
}

func TestAStreamThatThePageClosesIsSeenAsFarAsItCame(t *testing.T) {
	const abort = `const c = new AbortController(), r = await fetch("/stream", {signal: c.signal}), d = r.body.getReader();
		await d.read();`
	const moment = `await fetch("/moment");` // until it is followed
	for name, c := range map[string]struct {
		kind, script string
		race         bool // with the page, which may end it before we could listen
	}{
		"at once":           {"application/x-ndjson", abort + `c.abort()`, true},
		"after a moment":    {"application/x-ndjson", abort + moment + `c.abort()`, false},
		"events":            {"text/event-stream", abort + moment + `c.abort()`, false},
		"of no such kind":   {"application/json", abort + moment + `c.abort()`, false},
		"by its reader":     {"application/x-ndjson", abort + moment + `await d.cancel()`, false},
		"an event source's": {"text/event-stream", `await new Promise(f => { const e = new EventSource("/stream"); e.onmessage = () => { e.close(); f() } })`, false},
	} {
		t.Run(name, func(t *testing.T) {
			followed := make(chan struct{})
			s := shop(t, map[string]http.HandlerFunc{
				"/moment": func(_ http.ResponseWriter, r *http.Request) {
					select {
					case <-followed:
					case <-r.Context().Done():
					}
				},
				"/": html(`<script>setTimeout(async () => { ` + c.script + `; document.title = "closed" }, 600)</script>`),
				"/stream": func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", c.kind)
					fmt.Fprint(w, "data: \"Zoë\"\n\n")
					w.(http.Flusher).Flush()
					<-r.Context().Done()
				},
			})
			w := begin(t, s.URL)
			w.do(visit("/"))
			if strings.Contains(c.script, moment) {
				w.follows("/stream", func(f *flight) bool { return f.stream.joined })
				close(followed)
			}
			require.Eventually(t, func() bool { return w.titled() == "closed" }, 20*time.Second, 20*time.Millisecond)
			w.end()
			x := w.sink.exchange(t, "/stream")
			require.True(t, c.race || strings.Contains(x.response, "Zoë") || w.sees(history.SurfaceSocket, "Zoë"))
			require.Contains(t, []string{"", history.UnseenCancelled}, x.Body.Unseen, "nothing that counts as lost")
		})
	}
}
