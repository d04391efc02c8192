package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

// shown answers where a text was sighted on a surface: "PLACE WHERE" of each
// time, without repeating itself.
func (r *record) shown(t testing.TB, surface history.Surface, text string) []string {
	t.Helper()
	var all []string
	known := map[string]bool{}
	for _, s := range r.on(surface) {
		var segments []history.Segment
		if s.Body.Unseen == "" {
			require.NoError(t, json.Unmarshal([]byte(s.text), &segments))
		}
		for _, x := range segments {
			at := strings.TrimPrefix(string(s.Place), "GET ") + " " + x.Where
			if strings.Contains(x.Text, text) && !known[at] {
				known[at] = true
				all = append(all, at)
			}
		}
	}
	return all
}

// heard is shown, with what the session was told and no step has recorded yet.
// It looks at nothing: a text that is gone again is there only if it was told.
func (w *walk) heard(surface history.Surface, text string) []string {
	w.Helper()
	all := w.sink.shown(w, surface, text)
	w.eachTold(func(at *toldPage) {
		place := strings.TrimPrefix(string(history.PlaceOf("GET", at.address, w.targetHost)), "GET ")
		for _, x := range at.texts {
			if at.surface == surface && strings.Contains(x.Text, text) {
				all = append(all, place+" "+x.Where)
			}
		}
	})
	return all
}

// eachTold goes through what the session was told and no step has recorded yet.
func (w *walk) eachTold(f func(*toldPage)) {
	for _, p := range []*told{&w.flashes.told, &w.notices.told} {
		p.mu.Lock()
		for _, at := range p.pages {
			f(at)
		}
		p.mu.Unlock()
	}
}

// hears waits until each of these texts was told or seen at its place.
func (w *walk) hears(surface history.Surface, want map[string]string) {
	w.Helper()
	w.await(func() string {
		var missing []string
		for text, at := range want {
			if !slices.Contains(w.heard(surface, text), at) {
				missing = append(missing, fmt.Sprintf("%q at %q", text, at))
			}
		}
		slices.Sort(missing)
		return strings.Join(missing, ", ")
	})
}

// lacks waits until it was said why something is unseen.
func (w *walk) lacks(surface history.Surface, reason string) {
	w.Helper()
	w.await(func() string {
		said := slices.ContainsFunc(w.sink.on(surface), func(x seenSighting) bool { return x.Body.Unseen == reason })
		w.eachTold(func(at *toldPage) { said = said || at.surface == surface && at.unseen == reason })
		if said {
			return ""
		}
		return "the reason " + reason
	})
}

func TestTextThatFlashesForOneFrameIsSeen(t *testing.T) {
	for name, c := range map[string]struct{ page, where string }{
		"in one task":                            {`<main><p class=who></p></main><script>const p = document.querySelector("p"); p.textContent = "Jane Roe"; p.textContent = ""</script>`, "/ main>p.who"},
		"an element":                             {`<main></main><script>const b = document.createElement("h2"); b.innerHTML = "Hi <b>Jane</b> <i>Roe</i>"; document.querySelector("main").append(b); b.remove()</script>`, "/ main>h2"},
		"for a frame":                            {`<main></main><script>const b = document.createElement("h2"); b.textContent = "Jane Roe"; document.querySelector("main").append(b); requestAnimationFrame(() => b.remove())</script>`, "/ main>h2"},
		"as character data":                      {`<p>x</p><script>const n = document.querySelector("p").firstChild; n.data = "Jane Roe"; setTimeout(() => n.data = "y", 30)</script>`, "/ p"},
		"as an attribute":                        {`<img alt=""><script>const i = document.querySelector("img"); i.alt = "Jane Roe"; setTimeout(() => i.alt = "", 30)</script>`, "/ img@alt"},
		"as the title":                           {`<p>x</p><script>document.title = "Jane Roe"; setTimeout(() => document.title = "Shop", 30)</script>`, "/ title"},
		"while it is parsed":                     {`<p>Jane Roe</p><script>document.querySelector("p").remove()</script>`, "/ p"},
		"in a shadow root":                       {`<x-y></x-y><script>const r = document.querySelector("x-y").attachShadow({mode: "open"}); r.innerHTML = "<p>Jane Roe</p>"; setTimeout(() => r.innerHTML = "", 30)</script>`, "/ x-y>p"},
		"in a closed one":                        {`<x-y></x-y><script>{ const r = document.querySelector("x-y").attachShadow({mode: "closed"}); r.innerHTML = "<p>Jane Roe</p>"; setTimeout(() => r.innerHTML = "", 30) }</script>`, "/ x-y>p"},
		"in a frame":                             {`<iframe srcdoc="<p>Jane Roe</p><script>setTimeout(() => document.querySelector('p').remove(), 30)</script>"></iframe>`, "/ iframe>p"},
		"in a frame that goes":                   {`<p>x</p><script>const f = document.createElement("iframe"); document.body.append(f); f.contentDocument.body.innerHTML = "<p>Jane Roe</p>"; f.remove()</script>`, "/ iframe>p"},
		"in a frame that was there for a moment": {`<p>x</p><script>const f = document.createElement("iframe"); document.body.append(f); f.contentDocument.body.innerHTML = "<p>Jane Roe</p>"; setTimeout(() => f.remove(), 30)</script>`, "/ iframe>p"},
		"in a frame that had loaded":             {`<p>x</p><script>const f = document.createElement("iframe"); f.src = "/f"; f.onload = () => f.remove(); document.body.append(f)</script>`, "/f p"},
		"in a frame that leaves":                 {`<iframe src=/g></iframe>`, "/g p"},
		"in a page that leaves":                  {`<p>Jane Roe</p><script>setTimeout(() => location.replace("/f"), 30)</script>`, "/ p"},
		"in a page that leaves for another site": {`<p>Jane Roe</p><script>setTimeout(() => location.replace(location.href.replace("127.0.0.1", "localhost") + "f"), 30)</script>`, "/ p"},
		"while it leaves for another site":       {`<p>x</p><script>setTimeout(() => { location.replace(location.href.replace("127.0.0.1", "localhost") + "slow"); setTimeout(() => document.querySelector("p").textContent = "Signing in Jane Roe", 30) }, 30)</script>`, "/ p"},
		"after document.open":                    {`<script>onload = () => { document.open(); document.write("<p>Jane Roe</p>"); document.close(); setTimeout(() => document.querySelector("p").remove(), 30) }</script>`, "/ p"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := make(chan struct{})
			s := shop(t, map[string]http.HandlerFunc{
				"/": html(c.page), "/f": html("<p>Jane Roe</p>"), "/g": html(`<p>Jane Roe</p><script>setTimeout(() => location.replace("about:blank"), 50)</script>`),
				"/slow": func(w http.ResponseWriter, r *http.Request) {
					select {
					case <-told: // the page stands until its successor answers
					case <-r.Context().Done():
					}
					html("done")(w, r)
				},
			})
			w := beginWith(t, s.URL, func(x *history.SessionSpec) { x.Allowed = nil }, nil)
			done := w.doing(t.Context(), visit("/"))
			w.hears(history.SurfacePage, map[string]string{"Roe": c.where})
			close(told)
			require.Equal(t, history.StepDone, (<-done).Outcome)
			w.end()
			require.Contains(t, w.sink.shown(t, history.SurfacePage, "Roe"), c.where)
		})
	}
}

func TestAPageThatFloodsTheConsoleIsWatchedAgainFromTheNextLookOn(t *testing.T) {
	shut := make(chan struct{}) // the console
	flashes := html(`<p></p><script>const p = document.querySelector("p"); p.textContent = "Jane Roe"; p.textContent = ""</script>`)
	s := shop(t, map[string]http.HandlerFunc{
		"/":  html(`<p></p><script>for (let i = 0; i < 20000; i++) console.log("x" + i); fetch("/written").then((r) => r.text()); fetch("/shut").then(() => { const p = document.querySelector("p"); p.textContent = "Late Roe"; p.textContent = "" })</script><button onclick='const p = document.querySelector("p"); p.textContent = "Jane Roe"; p.textContent = ""'>Go</button>`),
		"/f": flashes, "/written": html(""),
		"/shut": func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-shut:
			case <-r.Context().Done():
			}
		},
	})
	w := beginWith(t, s.URL, nil, func(o *DriverOptions) { o.StepTimeout, o.SettleCap = 2*hung, hung }) // no look before the page's answer
	done := w.doing(t.Context(), visit("/"))
	w.asks("/written") // comes after all that was written
	require.True(t, w.front().logging.silent.Load())
	close(shut)
	require.Equal(t, history.StepDone, (<-done).Outcome)
	w.hears(history.SurfacePage, map[string]string{"Late Roe": "/ p"})
	w.do(click("button", "Go"))
	w.hears(history.SurfacePage, map[string]string{"Jane Roe": "/ p"})
	w.do(visit("/f"))
	w.hears(history.SurfacePage, map[string]string{"Jane Roe": "/f p"})
	w.end()
	require.Contains(t, w.sink.shown(t, history.SurfacePage, "Late Roe"), "/ p", "while the console is shut off")
	at := w.sink.shown(t, history.SurfacePage, "Jane Roe")
	require.Contains(t, at, "/ p", "the document that wrote so much")
	require.Contains(t, at, "/f p", "the one after it")
	var missed []string
	for _, x := range w.sink.on(history.SurfacePage) {
		missed = append(missed, x.Body.Unseen)
	}
	require.Contains(t, missed, "new documents were not watched until the next look: too much was written to the console")
}

func TestAWorkerThatFloodsTheConsoleIsHeardAgainAndFindsNothingOfOurs(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/":        html(`<script>const w = new SharedWorker("/w.js"); w.port.start()</script><button id=f onclick="w.port.postMessage(20000)">Flood</button><button onclick="w.port.postMessage(1)">Go</button>`),
		"/written": html(""),
		"/w.js": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte(`const c = new OffscreenCanvas(9, 9).getContext("2d");
				onconnect = (e) => { e.ports[0].onmessage = (m) => {
					for (let i = 0; i < m.data; i++) console.log("x" + i);
					if (m.data > 1) fetch("/written").then((r) => r.text());
					if (m.data === 1) { c.fillText("Jane Roe " + typeof self.__crosstalkTell, 0, 0); console.log("heard again") } } }`))
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	_, err := w.front().evaluateAs(t.Context(), false, `document.querySelector("#f").click()`) // no step: no look hears the worker again too early
	require.NoError(t, err)
	w.asks("/written") // comes after all that was written
	w.lacks(history.SurfaceConsole, "more was written to the console than is kept")
	w.do(rest(time.Millisecond), click("button", "Go"))
	w.hears(history.SurfacePage, map[string]string{"Jane Roe undefined": "/w.js canvas"})
	w.hears(history.SurfaceConsole, map[string]string{"heard again": "/w.js log"})
	w.end()
	require.Equal(t, []string{"/w.js log"}, w.sink.shown(t, history.SurfaceConsole, "heard again"))
	require.Contains(t, w.sink.shown(t, history.SurfacePage, "Jane Roe undefined"), "/w.js canvas")
}
