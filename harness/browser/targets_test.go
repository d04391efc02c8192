package browser

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// preparing is a page that has others made ready.
func preparing(kind string, urls ...string) http.HandlerFunc {
	text := ""
	for _, u := range urls {
		text += `<a href="` + u + `">Go on</a>`
	}
	rules := fmt.Sprintf(`{%q:[{"urls":["%s"],"eagerness":"immediate"}]}`, kind, strings.Join(urls, `","`))
	return html(text + `<script type=speculationrules>` + rules + `</script>`)
}

func until(t testing.TB, what string, met func() bool) {
	t.Helper()
	require.Eventually(t, met, 20*time.Second, 20*time.Millisecond, what)
}

func TestAPrerenderedPageIsSeenBeforeAndAfterItTakesThePagesPlace(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": preparing("prerender", "/next"),
		"/next": html(`<p>Order of Zoë</p><button onclick="document.title='pressed'">Press</button>
			<script>fetch("/data"); localStorage.setItem("seen", "next")</script>`),
		"/data": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"name":"Zoë"}`) },
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	until(t, "what a hidden page asks for", func() bool { return len(w.sink.all("/data")) > 0 })
	before := w.front()
	w.do(click("link", "Go on"), see("Order of Zoë"))
	require.NotEqual(t, before, w.front(), "the hidden page took over")
	require.Equal(t, s.URL+"/next", w.watch.address())
	w.do(click("button", "Press"))
	require.Equal(t, "pressed", w.title(t))
	pages := w.sink.on(history.SurfacePage)
	require.Contains(t, pages[len(pages)-1].text, "Order of Zoë")
	w.do(visit("/"), see("Go on"), scenarios.Step{Op: scenarios.Back}, see("Order of Zoë"))
	require.Empty(t, w.sink.losses)
}

func TestAPrerenderThatIsDiscardedEndsQuietly(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": preparing("prerender", "/next"), "/next": html(`<script>fetch("/data")</script>`),
		"/data": html("data"), "/other": html("Other"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	until(t, "what a hidden page asks for", func() bool { return len(w.sink.all("/data")) > 0 })
	w.do(visit("/other"), see("Other"), visit("/"), visit("/other"))
	w.end()
	require.Empty(t, w.sink.losses)
}

func TestNothingIsMadeReadyAtAHostThatIsNotAllowed(t *testing.T) {
	var mu sync.Mutex
	var came []string
	note := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			came = append(came, r.URL.Path)
			mu.Unlock()
			w.Header().Set("Supports-Loading-Mode", "credentialed-prerender")
			next(w, r)
		}
	}
	for _, kind := range []string{"prerender", "prefetch"} {
		t.Run(kind, func(t *testing.T) {
			mu.Lock()
			came = nil
			mu.Unlock()
			var s, other string
			first := shop(t, map[string]http.HandlerFunc{
				"/":    func(w http.ResponseWriter, r *http.Request) { note(preparing(kind, other+"/away"))(w, r) },
				"/ok":  html("Fine"),
				"/ran": note(html("ran")), "/away": note(html(`away <script>fetch("/ran")</script>`)),
			})
			s = strings.Replace(first.URL, "127.0.0.1", "staging.shop.localhost", 1)
			other = strings.Replace(first.URL, "127.0.0.1", "www.shop.localhost", 1)
			w := beginWith(t, s, func(x *history.SessionSpec) {
				x.Allowed = func(host string) bool { return host == "staging.shop.localhost" }
			}, nil)
			w.do(visit("/"))
			until(t, "the browser fetches it in advance, or, as an older one does, lets the guard refuse that", func() bool {
				mu.Lock()
				defer mu.Unlock()
				return len(came) > 1 || len(w.sink.all("/away")) > 0
			})
			require.Contains(t, w.fails(click("link", "Go on")), "refused: host www.shop.localhost is not allowed")
			w.do(visit("/ok"), see("Fine"))
			mu.Lock()
			defer mu.Unlock()
			if kind == "prerender" {
				require.NotContains(t, came, "/ran", "its script has not run")
			}
		})
	}
}

func TestWorkersOfAllKindsAreHeardFromTheirFirstRequestOn(t *testing.T) {
	script := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, text)
		}
	}
	data := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "data of Zoë") }
	s := shop(t, map[string]http.HandlerFunc{
		"/":            html(`<script>new Worker("/w.js"); new SharedWorker("/s.js"); navigator.serviceWorker.register("/sw.js")</script>`),
		"/w.js":        script(`fetch("/from-worker").then(r => r.text()); new Worker("/n.js")`),
		"/n.js":        script(`fetch("/from-nested").then(r => r.text())`),
		"/s.js":        script(`fetch("/from-shared").then(r => r.text())`),
		"/sw.js":       script(`addEventListener("install", (e) => e.waitUntil(fetch("/from-install").then(r => r.text())))`),
		"/from-worker": data, "/from-nested": data, "/from-shared": data, "/from-install": data,
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	for _, path := range []string{"/w.js", "/n.js", "/s.js", "/sw.js", "/from-worker", "/from-nested", "/from-shared", "/from-install"} {
		until(t, path, func() bool {
			for _, x := range w.sink.all(path) {
				if x.response != "" {
					return true
				}
			}
			return false
		})
	}
}

func TestPopUpsWithoutAnOpenerAreSeenFromTheirFirstRequestOn(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/":      html(`<a href="/popup" target=_blank rel=noopener>Pop</a>`),
		"/popup": html(`<script>fetch("/data").then(r => r.text())</script>Popped`), "/data": html("data"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), click("link", "Pop"))
	until(t, "the pop-up's own request", func() bool { return len(w.sink.all("/data")) > 0 })
	require.NotEmpty(t, w.sink.all("/popup"))
}

func TestAPageThatOpensTabsFramesAndWorkersWithoutEndHarmsNobody(t *testing.T) {
	worker := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, "var working = 1")
	}
	s := shop(t, map[string]http.HandlerFunc{
		"/": html("Hello"), "/empty": html(""), "/w.js": worker,
		"/tabs":    html(`<p>Tabs</p><script>for (let i = 0; i < 300; i++) open("/empty?" + i, "_blank")</script>`),
		"/frames":  html(`<p>Frames</p><script>for (let i = 0; i < 200; i++) document.body.append(Object.assign(document.createElement("iframe"), {src: "/empty?" + i}))</script>`),
		"/workers": html(`<p>Workers</p><script>for (let i = 0; i < 300; i++) new Worker("/w.js?" + i)</script>`),
	})
	for _, path := range []string{"/tabs", "/frames", "/workers"} {
		t.Run(path, func(t *testing.T) {
			w, other := begin(t, s.URL), begin(t, s.URL)
			other.do(visit("/"))
			begun := time.Now()
			_, err := w.Do(t.Context(), visit(path), w.fields)
			t.Logf("the step took %v: %v", time.Since(begun), err)
			require.Less(t, time.Since(begun), 15*time.Second)
			other.do(visit("/"), see("Hello"))
			pages, below := w.census()
			require.LessOrEqual(t, pages, mostPages)
			require.LessOrEqual(t, below, mostBelow)
			w.end()
			unseen := 0
			for _, x := range w.sink.sightings {
				if strings.Contains(x.Body.Unseen, "more than") {
					unseen++
				}
			}
			require.LessOrEqual(t, unseen, excessKept)
			if path != "/frames" && err == nil { // frames share the page's channel; a renderer may die of its workers
				require.NotZero(t, unseen)
			}
		})
	}
}
