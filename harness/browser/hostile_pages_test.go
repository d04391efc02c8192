package browser

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

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

// asFile makes an answer one that is downloaded.
func asFile(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", "attachment; filename=all.csv")
		serve(w, r)
	}
}

func again(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, fmt.Sprintf("/again?n=%d", time.Now().UnixNano()), http.StatusFound)
}

// enter is a visit that is done.
func enter() []ending { return done(visit("/")) }

func done(steps ...scenarios.Step) []ending {
	var all []ending
	for _, st := range steps {
		all = append(all, ending{step: st, done: true})
	}
	return all
}

// fineAfter are steps after which the page can be used again.
func fineAfter(first ...ending) []ending { return append(first, done(visit("/ok"), see("Fine"))...) }

func hostilities() []hostility {
	return append(append(withoutEnd(), busy()...), crowds()...)
}

// tired is what a step says of a page that never comes to rest.
func tired() []string { return []string{"did not answer in time", "did not come to rest in time"} }

// withoutEnd are pages and answers that come to no end.
func withoutEnd() []hostility {
	return []hostility{
		{
			name: "an endless redirect", path: "/again", serve: again,
			ends: fineAfter(ending{step: visit("/again"), says: []string{"could not be had: ERR_TOO_MANY_REDIRECTS"}}),
			seen: func(t *testing.T, r *record) {
				hops := r.all("/again?n={}")
				require.GreaterOrEqual(t, len(hops), 10)
				for _, x := range hops[:len(hops)-1] {
					assert.Equal(t, history.UnseenRedirect, x.Body.Unseen)
				}
				assert.Equal(t, "net::ERR_TOO_MANY_REDIRECTS", hops[len(hops)-1].Failed)
			},
		},
		{
			name: "a page that sends itself elsewhere for ever", path: "/", serve: html(`<p>Here<script>setTimeout(() => location.replace("/?" + Date.now()), 20)</script>`),
			ends: []ending{{step: visit("/"), done: true, says: tired()}},
			seen: all(showsText("Here"), piecesOf(history.SurfacePage, "Here", 2)),
		},
		{
			name: "a document of 500 MB", path: "/", serve: large("text/html", 500), alone: true,
			ends: []ending{{step: visit("/"), done: true, says: tired()}},
			seen: all(answersUnseenTooLarge("/"), func(t *testing.T, r *record) {
				assert.Regexp(t, "cut off|in time", r.unseens(history.SurfacePage))
			}),
		},
		{
			name: "500 MB that a script asks for", path: "/", data: large("text/plain", 500), alone: true,
			serve: html(`<p>Here</p><script>fetch("/data").then((r) => r.text()).then((t) => document.body.append(t.length))</script>`),
			ends:  done(visit("/"), see("Here")), // a slow machine has no time to look at the page while it reads
			seen:  all(showsText("Here"), answersUnseenTooLarge("/data")),
		},
		{
			name: "a stream without end that a script reads", path: "/", data: forever("text/plain", strings.Repeat("more and more\n", 5000), 0), alone: true,
			serve: html(`<p>Here</p><script>fetch("/data").then(async (r) => { for await (const c of r.body) window.last = c })</script>`),
			ends:  done(visit("/"), rest(time.Second), see("Here")),
			seen:  all(showsText("Here"), answersUnseenTooLarge("/data")),
		},
		{
			name: "a document without end", path: "/", serve: forever("text/html", "<p>And another line</p>", 20*time.Millisecond),
			ends: fineAfter(enter()...),
			seen: all(showsText("And another line"), holds("/", "And another line")),
		},
		{
			name: "a download without end", path: "/", serve: asFile(forever("text/csv", strings.Repeat("name,city\n", 10000), 0)),
			ends: fineAfter(done(visit("/"), rest(2*time.Second))...),
			seen: lacks(history.SurfaceDownload, "larger than 32 MB"),
		},
		{
			name: "a download that trickles without end", path: "/", serve: asFile(forever("text/csv", "name,city\n", 20*time.Millisecond)),
			ends: enter(), seen: lacks(history.SurfaceDownload, "the session ended before it had come"),
		},
	}
}

// busy are pages that never rest.
func busy() []hostility {
	hung := []string{`no text "Never there" on the page`, "did not answer"}
	return []hostility{
		{
			name: "an alert in a loop", path: "/", serve: html(`<p>Here</p><script>for (let n = 0;; n++) alert("Look " + n)</script>`),
			ends: fineAfter(enter()...),
			seen: all(either("Here", "in time"), shows(history.SurfaceNotice, "Look 0"), piecesOf(history.SurfaceNotice, "Look ", 20), func(t *testing.T, r *record) {
				if n := strings.Count(r.texts(history.SurfaceNotice), "Look "); n >= mostTold {
					lacks(history.SurfaceNotice, "more was told than is kept")(t, r)
				}
			}),
		},
		{
			name: "a beforeunload trap", path: "/", serve: html(`<p>Stay</p><script>addEventListener("beforeunload", (e) => { e.preventDefault(); e.returnValue = "Stay!"; })</script>`),
			ends: fineAfter(done(visit("/"), stepOn(scenarios.Click, scenarios.Locator{CSS: "p", Nth: -1}))...),
			seen: all(showsText("Stay"), showsText("Fine"), shows(history.SurfaceNotice, "beforeunload")),
		},
		{
			name: "a page that rewrites itself a thousand times a second", path: "/",
			serve: html(`<p id=p>Start</p><script>let n = 0; const f = () => { for (let i = 0; i < 200; i++) p.textContent = "Line " + n++; setTimeout(f, 1) }; f()</script>`),
			ends:  fineAfter(done(visit("/"), rest(2*time.Second))...),
			seen:  all(piecesOf(history.SurfacePage, "Line ", 1000), lacks(history.SurfacePage, "changed more than is kept")),
		},
		{
			name: "a script that overrides what everybody uses", path: "/", serve: html(`<p>Here</p><div id=late></div><script>
			const bad = () => { throw new Error("mine") };
			const spoiled = Object.assign(Object.create(null), {get: bad, set: bad});
			window.fetch = window.MutationObserver = window.JSON = window.Set = window.Map = window.Promise = bad;
			for (const p of [Object.prototype, Array.prototype, String.prototype]) for (const k of ["toJSON", "where", "text", "get", "value"]) Object.defineProperty(p, k, spoiled);
			Function.prototype.call = Function.prototype.apply = Array.prototype.push = Array.prototype.forEach = Array.prototype[Symbol.iterator] = bad;
			Node.prototype.getRootNode = Element.prototype.getAttribute = document.querySelectorAll = document.createTreeWalker = bad;
			document.getElementById("late").append("Too late");
			document.getElementById("late").textContent = "Only briefly"; document.getElementById("late").textContent = "In the end";
			</script>`),
			ends: enter(),
			seen: all(showsText("Here"), showsText("Too late"), showsText("Only briefly"), showsText("In the end"), nothingUnseen(history.SurfacePage), shows(history.SurfaceMarkup, "In the end")),
		},
		{
			name: "invalid UTF-8", path: "/", serve: html("<p>Before\xff\xfe\xc3</p><p>\xe2\x82</p><script>console.log('lone \\ud800')</script><p>After</p>"),
			ends: enter(),
			seen: all(showsText("Before"), showsText("After"), holds("/", "<p>Before"), holds("/", "<p>After"), shows(history.SurfaceConsole, "lone"), nothingUnseen(history.SurfacePage)),
		},
		{
			name: "a tab that hangs", path: "/", serve: html(`<p>Here</p><script>setTimeout(() => { for (;;); }, 500)</script>`),
			ends: fineAfter(ending{step: visit("/"), done: true}, ending{step: see("Never there"), says: hung}),
			seen: either("Here", "in time"),
		},
		{
			name: "a script that never ends while the page loads", path: "/", serve: html(`<p>Loading</p><script>for (;;);</script>`),
			ends: fineAfter(enter()...), seen: either("Loading", "in time"),
		},
		{
			name: "a renderer that crashes", path: "/", serve: html(`<p>Here</p>`), lost: "tab",
			ends: enter(),
			seen: all(showsText("Here"), func(t *testing.T, r *record) { assert.Equal(t, "the page's renderer crashed", r.losses[0].Reason) }),
		},
	}
}

// crowds are pages that have too much of something.
func crowds() []hostility {
	return []hostility{
		{
			name: "200,000 nodes", path: "/", alone: true,
			serve: html(`<script>for (let i = 0, h = ""; i < 100; i++, h = "") { for (let k = 0; k < 1000; k++) h += "<p><b>Row " + (i * 1000 + k) + "</b></p>"; document.write(h) }</script><p>Last</p>`),
			ends:  []ending{{step: visit("/"), done: true}},
			seen: all(either("Row 0", "in time"), func(t *testing.T, r *record) {
				assert.Regexp(t, "cut off: the page has 20[0-9]{4} elements|in time", r.unseens(history.SurfacePage))
			}),
		},
		{
			name: "thousands of requests a second", path: "/", alone: true,
			serve: html(`<p>Here</p><script>setInterval(() => { for (let i = 0; i < 50; i++) fetch("/ok?" + Math.random()).then((r) => r.text()) }, 20)</script>`),
			ends:  append(enter(), ending{step: visit("/ok"), done: true, says: tired()}),
			seen:  all(showsText("Here"), someAnswer("not listened to any more")),
		},
		{
			name: "three thousand requests at once", path: "/", alone: true,
			serve: html(`<p>Here</p><script>for (let i = 0; i < 3000; i++) fetch("/ok?" + i).then((r) => r.text(), () => 0)</script>`),
			ends:  fineAfter(ending{step: visit("/"), done: true, says: tired()}, ending{step: visit("/ok"), done: true, says: tired()}),
			seen:  all(showsText("Here"), someAnswer("and stopped: too many requests"), holds("/ok", "Fine")), // it is listened to again
		},
		{
			name: "a console that never falls silent", path: "/", serve: html(`<p>Here</p><script>setInterval(() => { for (let i = 0; i < 100; i++) console.log("still here", i, {deep: {deeper: "x".repeat(500)}}) }, 1)</script>`),
			ends: done(visit("/"), rest(time.Second), see("Here")),
			seen: all(showsText("Here"), shows(history.SurfaceConsole, "still here"), lacks(history.SurfaceConsole, "more ")),
		},
		{
			name: "windows without end", path: "/", alone: true,
			serve: html(`<p>Here</p><script>let n = 0; const f = () => { if (n++ < 200) { open("/ok?" + n); setTimeout(f, 5) } }; f()</script>`),
			ends:  enter(),
			seen:  all(either("Here", "in time"), lacks(history.SurfacePage, "closed unseen: more than 12 pages are open")),
		},
		{
			name: "storage without end", path: "/", serve: html(`<p>Here</p><script>try { for (let i = 0;; i++) localStorage["k" + i] = "v".repeat(20000) } catch (e) {} setInterval(() => sessionStorage.n = Math.random(), 1)</script>`),
			ends: enter(),
			seen: all(showsText("Here"), shows(history.SurfaceStorage, `"where":"k0"`), shows(history.SurfaceStorage, `"where":"n"`), lacks(history.SurfaceStorage, "more values came and went than are kept")),
		},
		{
			name: "frames in frames in frames", path: "/", serve: html(`<p>Here</p><script>if (top.length < 1 || location.hash.length < 40) for (let i = 0; i < 2; i++) { const f = document.createElement("iframe"); f.src = "/?" + Math.random() + location.hash + "#" + "x".repeat(location.hash.length + 4); document.body.append(f) }</script>`),
			ends: enter(), seen: all(showsText("Here"), piecesOf(history.SurfacePage, "Here", 5)),
		},
	}
}
