package browser

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

func network(c scenarios.Condition) scenarios.Step {
	return scenarios.Step{Op: scenarios.Network, Network: c}
}

// asker is a page that asks for data at the press of a button, itself or through
// a worker, and says what came of it.
const asker = `<button onclick="ask()">Ask</button><button onclick="talk()">Talk</button><p></p><script>
	const tell = (text) => { document.querySelector("p").textContent += text + ";" }
	const work = new Worker("/worker.js"); work.onmessage = (e) => tell("worker " + e.data)
	const talk = () => { const s = new WebSocket("ws://" + location.host + "/talk"); s.onopen = () => tell("socket open"); s.onerror = () => tell("socket nothing") }
	const ask = () => { work.postMessage(0); fetch("/data").then((r) => r.text()).then((t) => tell("page " + t), () => tell("page nothing")) }</script>`

const askingWorker = `onmessage = () => fetch("/data").then((r) => r.text()).then((t) => postMessage(t), () => postMessage("nothing"))`

func askingShop(t testing.TB, v *visits) map[string]http.HandlerFunc {
	t.Helper()
	script := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, text)
		}
	}
	return map[string]http.HandlerFunc{
		"/": v.counting(html(asker)), "/worker.js": script(askingWorker),
		"/data": v.counting(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "data") }),
		"/app": html(`<h1>Loading</h1><script>navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready)
			.then(() => fetch("/kept")).then((r) => r.text()).then((t) => { document.querySelector("h1").textContent = "ready with " + t })</script>`),
		"/sw.js": script(`
			oninstall = (e) => e.waitUntil(caches.open("v1").then((c) => c.addAll(["/app", "/kept"])).then(() => skipWaiting()))
			onactivate = (e) => e.waitUntil(clients.claim())
			onfetch = (e) => e.respondWith(caches.match(e.request).then((r) => r || fetch(e.request)))`),
		"/talk": v.counting(talk("hello")),
		"/kept": v.counting(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "what was kept") }),
		"/pop":  html(`<h1>Pop</h1><script>fetch("/data").then(() => document.title = "came", () => document.title = "cut off")</script>`),
	}
}

func TestWithoutANetworkNothingReachesTheShopAndThePageSaysSo(t *testing.T) {
	var v visits
	s := shop(t, askingShop(t, &v))
	w, other := begin(t, s.URL), begin(t, s.URL)
	w.do(visit("/"), network(scenarios.NetworkOffline), click("button", "Ask"), see("page nothing;"), see("worker nothing;"))
	w.do(click("button", "Talk"), see("socket nothing;"))
	require.Zero(t, v.of("GET /data")+v.of("GET /talk"))
	other.do(visit("/"), click("button", "Ask"), see("page data;"))
	require.Contains(t, w.fails(scenarios.Step{Op: scenarios.Reload}), "could not be had: ERR_INTERNET_DISCONNECTED")
	require.Contains(t, w.fails(visit("/")), "could not be had: ERR_INTERNET_DISCONNECTED")
	require.Equal(t, 2, v.of("GET /"))
	w.do(network(scenarios.NetworkNormal), visit("/"), click("button", "Ask"), see("page data;"), see("worker data;"))
	w.end()
	require.Empty(t, w.sink.losses)
}

func TestWithoutANetworkAServiceWorkersCacheAnswers(t *testing.T) {
	var v visits
	s := shop(t, askingShop(t, &v))
	w := begin(t, s.URL)
	w.do(visit("/app"), see("ready with what was kept"), network(scenarios.NetworkOffline))
	asked := v.of("GET /kept")
	w.do(scenarios.Step{Op: scenarios.Reload}, see("ready with what was kept"))
	require.Equal(t, asked, v.of("GET /kept"))
	require.Contains(t, w.fails(visit("/")), "could not be had", "what the worker did not keep it must ask for, and it has no network either")
	w.do(network(scenarios.NetworkNormal), visit("/"))
}

func TestANewPageOfTheSessionHasTheSameNetwork(t *testing.T) {
	var v visits
	pages := askingShop(t, &v)
	s := shop(t, pages)
	w := begin(t, s.URL)
	w.do(visit("/app"), see("ready with"), network(scenarios.NetworkOffline), visit("/app"))
	w.do(scenarios.Step{Op: scenarios.Reload}, see("ready with"))
	require.Contains(t, w.fails(visit("/pop")), "could not be had")
	require.Zero(t, v.of("GET /data"))
}

func TestASlowNetworkIsSlowForThisSessionAlone(t *testing.T) {
	var v visits
	s := shop(t, askingShop(t, &v))
	w, other := begin(t, s.URL), begin(t, s.URL)
	w.do(visit("/"), network(scenarios.NetworkSlow))
	other.do(visit("/"))
	w.do(click("button", "Ask"), see("page data;"), see("worker data;"))
	other.do(click("button", "Ask"), see("page data;"))
	w.end()
	other.end()
	took := func(w *walk) time.Duration {
		x := w.sink.exchange(t, "/data")
		return time.Duration(x.Response-x.Start) * time.Microsecond
	}
	require.GreaterOrEqual(t, took(w), slowLatency*time.Millisecond)
	t.Logf("slow %s, other %s", took(w), took(other))
}

func TestAnHeirHasANetwork(t *testing.T) {
	var v visits
	s := shop(t, askingShop(t, &v))
	w := begin(t, s.URL)
	w.do(visit("/"), network(scenarios.NetworkOffline))
	w.Become("c02")
	w.do(visit("/"), click("button", "Ask"), see("page data;"))
}

func TestAFloodThatIsNotListenedToDoesNotBringTheNetworkBack(t *testing.T) {
	var v visits
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<button onclick="for (let i = 0; i < 2100; i++) fetch('/data').catch(() => {})">Flood</button><p></p>
			<button onclick="fetch('/data').then(() => say('came'), () => say('cut off'))">Ask</button>
			<script>const say = (t) => { document.querySelector("p").textContent = t }</script>`),
		"/data": v.counting(func(w http.ResponseWriter, _ *http.Request) {}),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), network(scenarios.NetworkOffline))
	out, err := w.Do(t.Context(), click("button", "Flood"), w.fields)
	require.NoError(t, err)
	t.Log(out)
	w.do(click("button", "Ask"), see("cut off"))
	require.Zero(t, v.of("GET /data"))
}

func TestAnUnknownNetworkIsRefused(t *testing.T) {
	w := begin(t, shop(t, nil).URL)
	require.Contains(t, w.fails(network("wet")), `no network condition "wet"`)
	require.Empty(t, w.sink.on(history.SurfaceNotice))
}
