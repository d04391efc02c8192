package browser

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

// drip sends a line whenever it is told to, and stays open until the channel
// is closed.
func drip(kind string, lines <-chan string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.(http.Flusher).Flush()
		for {
			select {
			case text, more := <-lines:
				if !more {
					return
				}
				fmt.Fprint(w, text)
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				return
			}
		}
	}
}

const streamPage = `<p id=p>-</p><script>let all = "";
	fetch("/stream").then(async r => { const d = r.body.getReader(), t = new TextDecoder(); for (;;) { const x = await d.read(); if (x.done) break; p.textContent = all += t.decode(x.value, {stream: true}) } p.textContent += " End" });
	</script>`

func TestAnOpenStreamIsSeenAsFarAsItCame(t *testing.T) {
	lines := make(chan string, 9)
	s := shop(t, map[string]http.HandlerFunc{"/": html(streamPage), "/stream": drip("application/x-ndjson", lines)})
	w := begin(t, s.URL)
	lines <- `{"to":"Zoë"}` + "\n" + `{"half`
	w.do(visit("/"), see("half"))
	w.pours(`{"to":"Zoë"}` + "\n")
	require.Equal(t, `{"to":"Zoë"}`+"\n", streamed(w)[0], "whole lines where there are any")
	lines <- `":1}` + "\n"
	w.do(see("1}"))
	w.pours(`{"to":"Zoë"}` + "\n" + `{"half":1}` + "\n")
	require.Equal(t, `{"to":"Zoë"}`+"\n"+`{"half":1}`+"\n", strings.Join(streamed(w), ""))
	lines <- "tail"
	w.do(see("tail"))
	w.end()
	require.Equal(t, `{"to":"Zoë"}`+"\n"+`{"half":1}`+"\ntail", strings.Join(streamed(w), ""))
	x := w.sink.exchange(t, "/stream")
	require.Equal(t, `{"to":"Zoë"}`+"\n"+`{"half":1}`+"\ntail", x.response)
	require.Empty(t, x.Body.Unseen)
	for _, m := range w.sink.on(history.SurfaceSocket) {
		require.Equal(t, x.ID, m.Exchange)
		require.Equal(t, x.Place, m.Place)
		require.Equal(t, "application/x-ndjson", m.Body.Type)
	}
}

// pours rests, and looks, again and again until at least this of the streams was
// recorded.
func (w *walk) pours(text string) {
	w.Helper()
	w.await(func() string {
		if strings.HasPrefix(strings.Join(streamed(w), ""), text) {
			return ""
		}
		w.do(rest(5 * time.Millisecond))
		return fmt.Sprintf("%q, but with %q", text, streamed(w))
	})
}

// follows waits until what is known of an open stream meets a condition.
func (w *walk) follows(path string, met func(*flight) bool) {
	w.Helper()
	w.await(func() string {
		w.watch.mu.Lock()
		defer w.watch.mu.Unlock()
		for _, f := range w.watch.flights {
			if len(f.hops) > 0 && strings.HasSuffix(f.last().x.URL, path) && met(f) {
				return ""
			}
		}
		return "what was expected of the stream " + path
	})
}

func streamed(w *walk) []string {
	var all []string
	for _, m := range w.sink.on(history.SurfaceSocket) {
		all = append(all, m.text)
	}
	return all
}

func TestAStreamThatEndsAfterItWasFollowedIsReadWhole(t *testing.T) {
	lines := make(chan string, 9)
	s := shop(t, map[string]http.HandlerFunc{"/": html(streamPage), "/stream": drip("text/html", lines)})
	w := begin(t, s.URL)
	lines <- "one\n"
	w.do(visit("/"), see("one"))
	w.pours("one\n")
	lines <- "two\n"
	close(lines)
	w.do(see("End"))
	w.end()
	x := w.sink.exchange(t, "/stream")
	require.Equal(t, "one\ntwo\n", x.response)
	require.Empty(t, x.Body.Unseen)
	require.Empty(t, x.Failed)
}

func TestAnXHRInProgressAndAStreamOfAWorkerAreSeen(t *testing.T) {
	lines, more := make(chan string, 9), make(chan string, 9)
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<p id=p>-</p><script>const x = new XMLHttpRequest(); x.open("GET", "/stream"); x.onprogress = () => p.textContent = x.responseText; x.send();
			new Worker("/worker.js")</script>`),
		"/worker.js": give("text/javascript", `fetch("/worked").then(async r => { const d = r.body.getReader(); for (;;) if ((await d.read()).done) break })`),
		"/stream":    drip("application/json", lines), "/worked": drip("application/json", more),
	})
	w := begin(t, s.URL)
	lines <- `{"to":"Zoë"}`
	more <- `{"by":"worker"}`
	w.do(visit("/"), see("Zoë"))
	for path, text := range map[string]string{"/stream": `{"to":"Zoë"}`, "/worked": `{"by":"worker"}`} {
		w.follows(path, func(f *flight) bool { return f.stream.joined && string(f.stream.data) == text })
	}
	w.end()
	require.Equal(t, `{"to":"Zoë"}`, w.sink.exchange(t, "/stream").response)
	require.Equal(t, `{"by":"worker"}`, w.sink.exchange(t, "/worked").response)
	require.Empty(t, w.sink.exchange(t, "/worked").Body.Unseen)
}

func TestAStreamWithoutEndIsBounded(t *testing.T) {
	lines, more := make(chan string, 9), make(chan string)
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<p>Here</p><script>fetch("/slow").then(async r => { const d = r.body.getReader(); for (;;) if ((await d.read()).done) break });
			fetch("/fast").then(async r => { const d = r.body.getReader(); for (;;) if ((await d.read()).done) break })</script>`),
		"/slow": func(w http.ResponseWriter, r *http.Request) {
			drip("application/json", lines)(w, r)
			forever("application/json", strings.Repeat("line of the slow one ", 1_000)+"\n", 10*time.Millisecond)(w, r)
		},
		"/fast": func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-more: // before it answers, so no look finds it open
			case <-r.Context().Done():
			}
			forever("application/json", strings.Repeat("line of the fast one ", 10_000)+"\n", 0)(w, r)
		},
	})
	w := begin(t, s.URL)
	lines <- "first line of the slow one\n"
	w.do(visit("/"))
	w.pours("first line of the slow one\n")
	close(lines)
	w.follows("/slow", func(f *flight) bool { return f.stream.cut })
	w.do(rest(time.Millisecond))
	close(more)
	reason := "came to no end"
	w.follows("/fast", func(f *flight) bool {
		if f.stream.asked { // it was not fast here
			reason = "a stream of more than 4 MB"
			return f.stream.cut
		}
		return f.received > 2*fastStream
	})
	w.end()
	slow := w.sink.exchange(t, "/slow")
	assert.NotEmpty(t, slow.response)
	assert.LessOrEqual(t, len(slow.response), keptStream)
	assert.Contains(t, slow.Body.Unseen, "a stream of more than 4 MB")
	assert.Contains(t, w.sink.exchange(t, "/fast").Body.Unseen, reason)
	total := 0
	for _, m := range w.sink.on(history.SurfaceSocket) {
		total += len(m.text)
	}
	assert.LessOrEqual(t, total, 2*keptStream)
}

func TestAStreamThatRunsAwayIsListenedToNoMore(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 80 MB in a page")
	}
	lines := make(chan string, 9)
	pages := map[string]http.HandlerFunc{
		"/": html(`<p id=p>-</p><script>fetch("/tame").then(async r => { const d = r.body.getReader(); let n = 0; for (;;) {
			const x = await d.read(); if (x.done) break; n += x.value.length; p.textContent = n < 1000 ? "Some" : n > 80e6 ? "All of it" : "More" } })</script>`),
		"/next": html("Next"),
		"/tame": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintln(w, "first")
			w.(http.Flusher).Flush()
			select {
			case <-lines:
			case <-r.Context().Done():
			}
			forever("application/json", strings.Repeat("wild ", 10_000)+"\n", 0)(w, r)
		},
	}
	s := shop(t, pages)
	w := begin(t, s.URL)
	w.do(visit("/"), see("Some"))
	w.pours("first\n")
	lines <- "go"
	all := see("All of it")
	all.Timeout = 90 * time.Second // 80 MB, on a machine that may be busy
	w.do(all)
	var f *flight
	w.watch.mu.Lock()
	for _, each := range w.watch.flights {
		if each.kind == "Fetch" {
			f = each
		}
	}
	w.watch.mu.Unlock()
	require.NotNil(t, f)
	came := func() (int, bool) {
		w.watch.mu.Lock()
		defer w.watch.mu.Unlock()
		return f.stream.came, f.stream.tamed
	}
	require.Eventually(t, func() bool {
		before, tamed := came()
		<-time.After(200 * time.Millisecond)
		after, _ := came()
		return tamed && before == after
	}, hung, time.Millisecond, "it is handed over no more")
	w.do(visit("/next"))
	w.end()
	require.Contains(t, w.sink.exchange(t, "/next").response, "Next", "and the page is seen as before")
	require.Contains(t, w.sink.exchange(t, "/tame").Body.Unseen, "a stream of more than 4 MB")
}

func TestNothingOfAStreamIsToldTwiceOrLost(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 1))
		parts := make([]string, r.IntN(8))
		for i := range parts {
			parts[i] = []string{"a", "bc\n", "\n", "d\ne", ""}[r.IntN(5)]
		}
		asked := r.IntN(len(parts) + 1)
		joined := asked + r.IntN(len(parts)-asked+1)
		before := []byte(strings.Join(parts[:asked], ""))
		var f stream
		var told strings.Builder
		for i, p := range parts {
			f.asked = i >= asked
			if i == joined {
				f.join(before)
			}
			f.take([]byte(p))
			if f.joined && r.IntN(2) == 0 {
				told.Write(f.news(false))
			}
		}
		if !f.joined {
			f.join(before)
		}
		told.Write(f.news(true))
		whole, unseen := f.whole()
		require.Equal(t, strings.Join(parts, ""), string(whole), "seed %d", seed)
		require.Equal(t, string(whole), told.String(), "seed %d", seed)
		require.Empty(t, unseen)
	}
}
