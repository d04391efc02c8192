package browser

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// give answers with a text of a media type, to pages of any origin.
func give(kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "x-a")
		fmt.Fprint(w, text)
	}
}

// rest gives what goes on beside the page its time.
func rest(d time.Duration) scenarios.Step { return scenarios.Step{Op: scenarios.Wait, Wait: d} }

// delivered is what one kind of request must be recorded as.
type delivered struct{ resource, text string }

// kindsPage asks for something in every way a page can.
const kindsPage = `<link rel=stylesheet href=/a.css><style>@font-face{font-family:F;src:url(/f.woff2)} p{font-family:F}</style><p>text</p>
	<link rel=prefetch href=/pre><link rel=preload as=fetch href=/preload crossorigin>
	<img src=/big.png><video src=/v.webm autoplay muted></video><object data=/o.svg></object><iframe src=/frame></iframe>
	<a ping=/aping href="#x" id=a>go</a>
	<script>navigator.sendBeacon("/beacon", "hello");
	fetch("/cors").then(r => r.text()); fetch("/keep", {keepalive: true}); fetch("/unread"); fetch("/missing").then(r => r.blob());
	fetch("/held").then(r => window.held = r);
	fetch(URL.createObjectURL(new Blob(["from a blob"]))).then(r => r.text());
	const x = new XMLHttpRequest(); x.open("GET", "/xhr"); x.responseType = "arraybuffer"; x.send();
	new Worker("/worker.js"); new SharedWorker("/shared.js");
	navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then(async () => {
		if (!navigator.serviceWorker.controller) await new Promise(f => { navigator.serviceWorker.oncontrollerchange = f });
		fetch("/made").then(r => r.text()); fetch("/passed").then(r => r.text()) });
	</script>`

func kindsShop() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"/": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy-Report-Only", "img-src 'none'; report-uri /csp")
			html(kindsPage)(w, r)
		},
		"/a.css": give("text/css", "p{color:red}"), "/f.woff2": give("font/woff2", "not a font"), "/pre": give("text/html", "prefetched"),
		"/preload": give("text/plain", "preloaded"), "/big.png": give("image/png", string(onePixel())+strings.Repeat("-", 300<<10)),
		"/v.webm": give("video/webm", strings.Repeat("frame", 1000)), "/beacon": give("text/plain", "to a beacon"),
		"/csp": give("text/plain", "to a report"), "/keep": give("text/plain", "kept alive"), "/cors": give("text/plain", "plain"),
		"/xhr": give("text/plain", "by xhr"), "/frame": html("framed"), "/unread": give("text/plain", "unread"), "/aping": give("text/plain", "to a ping"),
		"/missing": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "nothing for Zoë", 404) },
		"/held":    give("text/plain", strings.Repeat("held and not read ", 100_000)),
		"/o.svg":   give("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'><text>svg</text></svg>"),
		"/worker.js": give("text/javascript", `fetch("/w/fetch").then(r => r.text()); importScripts("/w/import.js");
			const x = new XMLHttpRequest(); x.open("GET", "/w/xhr"); x.send()`),
		"/w/import.js": give("text/javascript", "1"), "/w/xhr": give("text/plain", "worker's xhr"), "/w/fetch": give("text/plain", "worker's fetch"),
		"/shared.js": give("text/javascript", `fetch("/s/fetch").then(r => r.text())`), "/s/fetch": give("text/plain", "shared worker's fetch"),
		"/sw.js": give("text/javascript", `self.addEventListener("install", e => e.waitUntil(fetch("/sw/install").then(r => r.text()).then(() => self.skipWaiting())));
			self.addEventListener("activate", e => e.waitUntil(clients.claim()));
			self.addEventListener("fetch", e => { const at = new URL(e.request.url).pathname;
				if (at == "/made") e.respondWith(new Response("made by a worker")); if (at == "/passed") e.respondWith(fetch(e.request)) })`),
		"/sw/install": give("text/plain", "service worker's fetch"), "/passed": give("text/plain", "passed on"),
	}
}

func TestEveryKindOfRequestGivesItsBody(t *testing.T) {
	pages := kindsShop()
	s := shop(t, pages)
	w := begin(t, s.URL)
	w.do(visit("/"), click("link", "go"))
	want := map[string]delivered{
		"/a.css": {"style", "p{color:red}"}, "/f.woff2": {"font", "not a font"}, "/pre": {"prefetch", "prefetched"}, "/preload": {"other", "preloaded"},
		"/big.png": {"image", string(onePixel()) + strings.Repeat("-", 300<<10)}, "/v.webm": {"media", strings.Repeat("frame", 1000)},
		"/beacon": {"ping", "to a beacon"}, "/aping": {"ping", "to a ping"}, "/csp": {"other", "to a report"}, "/keep": {"fetch", "kept alive"},
		"/cors": {"fetch", "plain"}, "/xhr": {"xhr", "by xhr"}, "/unread": {"fetch", "unread"}, "/missing": {"fetch", "nothing for Zoë\n"},
		"/held":  {"fetch", strings.Repeat("held and not read ", 100_000)},
		"/o.svg": {"document", "<svg xmlns='http://www.w3.org/2000/svg'><text>svg</text></svg>"},
		"/frame": {"document", "<!doctype html><title>Shop</title>framed"},
		"/w/xhr": {"xhr", "worker's xhr"}, "/w/fetch": {"fetch", "worker's fetch"}, "/w/import.js": {"other", "1"},
		"/s/fetch": {"fetch", "shared worker's fetch"}, "/sw/install": {"fetch", "service worker's fetch"},
		"/made": {"fetch", "made by a worker"}, "/passed": {"fetch", "passed on"},
	}
	w.asks(append(slices.Collect(maps.Keys(want)), "/worker.js", "/shared.js", "/sw.js", "blob:")...)
	w.end()
	for path, d := range want {
		x := w.sink.exchange(t, path)
		assert.Equal(t, d.text, x.response, path)
		assert.Equal(t, d.resource, x.Resource, path)
		assert.Empty(t, x.Body.Unseen, path)
	}
	for _, script := range []string{"/worker.js", "/shared.js", "/sw.js"} {
		assert.Contains(t, w.sink.exchange(t, script).response, "fetch(", script)
	}
	blobs := w.sink.exchange(t, "blob:")
	assert.Equal(t, "from a blob", blobs.response)
	assertNoneTwice(t, w.sink)
}

// assertNoneTwice demands that each exchange has an ID of its own.
func assertNoneTwice(t *testing.T, r *record) {
	t.Helper()
	seen := map[string]bool{}
	for _, x := range r.exchanges {
		assert.False(t, seen[x.ID], "%s of %s twice", x.ID, x.Place)
		assert.True(t, strings.HasPrefix(x.ID, x.Session+"."), x.ID)
		seen[x.ID] = true
	}
}

func TestABodyWithoutBytesIsNotUnseenAndOneThatIsNotHadIs(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script>fetch("/head", {method: "HEAD"}); fetch("/none"); fetch("/empty"); fetch("/chunked").then(r => r.text()); fetch("/zipped").then(r => r.text());
			fetch("/large").then(r => window.r = r); fetch("/cut").catch(() => 0)</script>`),
		"/head": give("text/plain", "not sent"), "/empty": give("text/plain", ""),
		"/none":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
		"/chunked": func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush() },
		"/zipped": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			fmt.Fprint(w, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x01\x00\x00\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00")
		},
		"/large": large("text/plain", 40),
		"/cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "only this")
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	w.asks("/none", "/empty", "/chunked", "/zipped", "/large", "/cut")
	w.end()
	for _, path := range []string{"/head", "/none", "/empty", "/chunked", "/zipped"} {
		for _, x := range append(w.sink.all(path), w.sink.all(path+" ")...) {
			assert.Empty(t, x.Body.Unseen, path)
			assert.Empty(t, x.Failed, path)
		}
	}
	large := w.sink.exchange(t, "/large")
	assert.Contains(t, large.Body.Unseen, "larger than 32 MB")
	assert.Greater(t, large.Body.Size, int64(39<<20))
	cut := w.sink.exchange(t, "/cut")
	assert.NotEmpty(t, cut.Failed)
	assert.NotEmpty(t, cut.Body.Unseen)
}

func TestAnAnswerJustBeforeLeavingIsSeen(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/":     html(`<a href=/next onclick='const x = new XMLHttpRequest(); x.open("GET", "/late", false); x.send()'>Leave</a>`),
		"/next": html("Next"), "/late": give("text/plain", "just before leaving"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), click("link", "Leave"), see("Next"))
	w.end()
	x := w.sink.exchange(t, "/late")
	require.Equal(t, "just before leaving", x.response)
	require.Empty(t, x.Body.Unseen)
}

func TestARedirectsBodyIsSaidToBeUnseen(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script>fetch("/away").then(r => r.text()); fetch("/bare").then(r => r.text())</script>`),
		"/away": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/end")
			w.WriteHeader(302)
			fmt.Fprint(w, "for Zoë")
		},
		"/bare": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Location", "/end"); w.WriteHeader(302) },
		"/end":  give("text/plain", "end"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	w.asks("/away", "/bare", "/end")
	w.end()
	require.Equal(t, history.UnseenRedirect, w.sink.exchange(t, "/away").Body.Unseen)
	require.Empty(t, w.sink.exchange(t, "/bare").Body.Unseen, "nothing was on the wire")
}
