package browser

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// hostileLimit is the timeout of a step into a hostile page, and hostileSlack
// what is recorded and mended afterwards may take.
const (
	hostileLimit = 3 * time.Second
	hostileSlack = 5 * time.Second
)

// hostility is a page that means harm, or that a bug made so.
type hostility struct {
	name  string
	path  string
	serve http.HandlerFunc
	steps []scenarios.Step // after the visit
	fails string           // of the last step: a part of what it says; "" when it is done
	lost  string           // what becomes of the session instead
	seen  func(t *testing.T, r *record)
}

// forever writes a piece again and again, until its reader is gone.
func forever(kind, piece string, pause time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, piece); err != nil {
				return
			}
			if pause > 0 {
				w.(http.Flusher).Flush()
				select {
				case <-r.Context().Done():
				case <-time.After(pause):
				}
			}
		}
	}
}

// large writes so many MB.
func large(kind string, size int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		line := strings.Repeat("all work and no play makes a long page ", 1<<20/39) + "\n"
		for n := 0; n < size && r.Context().Err() == nil; n++ {
			if _, err := io.WriteString(w, line); err != nil {
				return
			}
		}
	}
}

func hostilities() []hostility {
	again := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, fmt.Sprintf("/again?n=%d", time.Now().UnixNano()), http.StatusFound)
	}
	return []hostility{
		{name: "an endless redirect", path: "/again", serve: again, fails: "could not be had: ERR_TOO_MANY_REDIRECTS", seen: func(t *testing.T, r *record) {
			hops := r.all("/again?n={}")
			require.GreaterOrEqual(t, len(hops), 10)
			assert.Equal(t, history.UnseenRedirect, hops[3].Body.Unseen)
		}},
		{name: "a page that sends itself elsewhere for ever", path: "/", serve: html(`<p>Here<script>setTimeout(() => location.replace("/?" + Date.now()), 20)</script>`), seen: showsText("Here")},
		{name: "a document of 500 MB", path: "/", serve: large("text/html", 500), fails: "in time", seen: unseenOf("GET /")},
		{name: "500 MB that a script asks for", path: "/data", serve: large("text/plain", 500), steps: nil, seen: unseenOf("GET /data")},
		{name: "a document without end", path: "/", serve: forever("text/html", "<p>And another line</p>", 20*time.Millisecond), seen: showsText("And another line")},
		{name: "an alert in a loop", path: "/", serve: html(`<p>Here</p><script>for (let n = 0;; n++) alert("Look " + n)</script>`), seen: func(t *testing.T, r *record) {
			all := r.on(history.SurfaceNotice)
			require.NotEmpty(t, all)
			assert.Contains(t, all[0].text, "Look 0")
			assert.Less(t, len(all[0].text), 1<<20)
		}},
		{name: "a beforeunload trap", path: "/", serve: html(`<p>Stay</p><script>addEventListener("beforeunload", (e) => { e.preventDefault(); e.returnValue = "Stay!"; })</script>`),
			steps: []scenarios.Step{stepOn(scenarios.Click, scenarios.Locator{CSS: "p", Nth: -1}), visit("/ok"), see("Fine")}, seen: showsText("Stay")},
		{name: "a page that rewrites itself a thousand times a second", path: "/",
			serve: html(`<p id=p>Start</p><script>let n = 0; const f = () => { for (let i = 0; i < 10; i++) p.textContent = "Line " + n++; setTimeout(f, 1) }; f()</script>`), seen: showsText("Line ")},
		{name: "200,000 nodes", path: "/", serve: html(`<script>for (let i = 0, h = ""; i < 100; i++, h = "") { for (let k = 0; k < 1000; k++) h += "<p><b>Row " + (i * 1000 + k) + "</b></p>"; document.write(h) }</script><p>Last</p>`), seen: showsText("Row 0")},
		{name: "a script that overrides what everybody uses", path: "/", serve: html(`<p>Here</p><div id=late></div><script>
			const bad = () => { throw new Error("mine") };
			const spoiled = Object.assign(Object.create(null), {get: bad, set: bad});
			window.fetch = window.MutationObserver = window.JSON = window.Set = window.Map = window.Promise = bad;
			for (const p of [Object.prototype, Array.prototype, String.prototype]) for (const k of ["toJSON", "where", "text", "get", "value"]) Object.defineProperty(p, k, spoiled);
			Function.prototype.call = Function.prototype.apply = Array.prototype.push = Array.prototype.forEach = Array.prototype[Symbol.iterator] = bad;
			Node.prototype.getRootNode = Element.prototype.getAttribute = document.querySelectorAll = document.createTreeWalker = bad;
			document.getElementById("late").append("Too late");
			</script>`), seen: showsText("Too late")},
		{name: "a download without end", path: "/", serve: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Disposition", "attachment; filename=all.csv")
			forever("text/csv", strings.Repeat("name,city\n", 100), time.Millisecond)(w, r)
		}, seen: func(t *testing.T, r *record) {}},
		{name: "invalid UTF-8", path: "/", serve: html("<p>Before\xff\xfe\xc3</p><p>\xe2\x82</p><script>console.log('\\ud800')</script><p>After</p>"), seen: showsText("After")},
		{name: "a tab that hangs", path: "/", serve: html(`<p>Here</p><script>setTimeout(() => { for (;;); }, 200)</script>`), steps: []scenarios.Step{see("Never there")}, fails: `no text "Never there" on the page`, seen: showsText("Here")},
		{name: "a script that never ends while the page loads", path: "/", serve: html(`<p>Loading</p><script>for (;;);</script>`), seen: func(t *testing.T, r *record) {}},
		{name: "a renderer that crashes", path: "/", serve: html(`<p>Here</p>`), lost: "tab", seen: showsText("Here")},
		{name: "a thousand requests a second", path: "/", serve: html(`<p>Here</p><script>setInterval(() => { for (let i = 0; i < 20; i++) fetch("/ok?" + Math.random()).then((r) => r.text()) }, 20)</script>`), seen: showsText("Here")},
		{name: "a console that never falls silent", path: "/", serve: html(`<p>Here</p><script>setInterval(() => { for (let i = 0; i < 100; i++) console.log("still here", i, {deep: {deeper: "x".repeat(500)}}) }, 1)</script>`), seen: showsText("Here")},
		{name: "windows without end", path: "/", serve: html(`<p>Here</p><script>let n = 0; const f = () => { if (n++ < 200) { open("/ok?" + n); setTimeout(f, 5) } }; f()</script>`), seen: showsText("Here")},
		{name: "storage without end", path: "/", serve: html(`<p>Here</p><script>try { for (let i = 0;; i++) localStorage["k" + i] = "v".repeat(20000) } catch (e) {} setInterval(() => sessionStorage.n = Math.random(), 1)</script>`), seen: showsText("Here")},
		{name: "frames in frames in frames", path: "/", serve: html(`<p>Here</p><script>if (top.length < 1 || location.hash.length < 40) for (let i = 0; i < 2; i++) { const f = document.createElement("iframe"); f.src = "/?" + Math.random() + location.hash + "#" + "x".repeat(location.hash.length + 4); document.body.append(f) }</script>`), seen: showsText("Here")},
	}
}

// showsText demands that the page was seen at all.
func showsText(text string) func(t *testing.T, r *record) {
	return func(t *testing.T, r *record) {
		var all strings.Builder
		for _, s := range r.on(history.SurfacePage) {
			all.WriteString(s.text)
		}
		assert.Contains(t, all.String(), text)
	}
}

// unseenOf demands that a body that was not had is said to be unseen.
func unseenOf(place history.Place) func(t *testing.T, r *record) {
	return func(t *testing.T, r *record) {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, x := range r.exchanges {
			if x.Place == place {
				assert.NotEmpty(t, x.Body.Unseen, "%d bytes of it", len(x.response))
				return
			}
		}
		t.Errorf("no exchange of %s", place)
	}
}

// TestHostilePagesEndInTimeAndLeaveTheirNeighborsAlone walks into each with a
// neighbor in the same browser who goes on shopping.
func TestHostilePagesEndInTimeAndLeaveTheirNeighborsAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about a minute")
	}
	for _, h := range hostilities() {
		t.Run(h.name, func(t *testing.T) {
			s := hostileShop(t, h)
			neighbor, w := begin(t, s.URL), begin(t, s.URL)
			stop := shopOn(t, neighbor)
			h.walk(t, w)
			w.end()
			stop()
			h.seen(t, w.sink)
			neighbor.do(visit("/ok"), see("Fine"))
		})
	}
}

func hostileShop(t *testing.T, h hostility) *httptest.Server {
	pages := map[string]http.HandlerFunc{"/ok": html(`<p>Fine</p><a href=/ok>Next</a>`), h.path: h.serve}
	if h.path == "/data" {
		pages["/"] = html(`<p>Here</p><script>fetch("/data").then((r) => r.text()).then((t) => document.body.append(t.length))</script>`)
	}
	s := shop(t, pages)
	t.Cleanup(s.CloseClientConnections)
	return s
}

func (h hostility) walk(t *testing.T, w *walk) {
	path := h.path
	if path == "/data" {
		path = "/"
	}
	var out history.Outcome
	var err error
	for _, st := range append([]scenarios.Step{visit(path)}, h.steps...) {
		st.Timeout = hostileLimit
		begun := time.Now()
		out, err = w.Do(t.Context(), st, w.fields)
		took := time.Since(begun)
		t.Logf("%s: %v, %s %q %v", st, took.Round(time.Millisecond), out.Outcome, out.Error, err)
		assert.Less(t, took, hostileLimit+hostileSlack, st.String())
		require.NoError(t, err)
	}
	if h.fails != "" {
		assert.Contains(t, out.Error, h.fails)
	}
	if h.lost == "" {
		return
	}
	w.spawn(time.Second, func(ctx context.Context) { _ = w.main.callOnce(ctx, proto.PageCrash{}, nil) })
	_, err = w.Do(t.Context(), see("Never there"), w.fields)
	require.ErrorIs(t, err, history.ErrLost)
	require.Len(t, w.sink.losses, 1)
	assert.Equal(t, h.lost, w.sink.losses[0].What)
}

// shopOn lets a neighbor walk until the answer is called; each of its steps
// must be done within its own timeout.
func shopOn(t *testing.T, w *walk) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan string, 1)
	go func() {
		for {
			for _, st := range []scenarios.Step{visit("/ok"), see("Fine"), click("link", "Next")} {
				out, err := w.Do(context.WithoutCancel(ctx), st, w.fields)
				switch {
				case err != nil:
					done <- fmt.Sprintf("%s: %v", st, err)
					return
				case out.Outcome != history.StepDone:
					done <- fmt.Sprintf("%s: %s", st, out.Error)
					return
				case ctx.Err() != nil:
					done <- ""
					return
				}
			}
		}
	}()
	return func() {
		t.Helper()
		cancel()
		require.Empty(t, <-done, "the neighbor was harmed")
	}
}
