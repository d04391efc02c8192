package browser

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// keptAt is what was recorded last of a place; it fails the test where there
// is nothing.
func (r *record) keptAt(t testing.TB, place string) seenSighting {
	t.Helper()
	var found []seenSighting
	var places []string
	for _, s := range r.on(history.SurfaceStorage) {
		places = append(places, string(s.Place))
		if string(s.Place) == place {
			found = append(found, s)
		}
	}
	require.NotEmpty(t, found, "nothing at %q, but at %q", place, places)
	return found[len(found)-1]
}

func TestWhatPagesKeepInTheClientIsSeen(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<p>working</p><script>
			localStorage.setItem("cart", JSON.stringify({name: "Zoë"})); localStorage.setItem("passing", "Quill"); localStorage.removeItem("passing")
			sessionStorage.setItem("step", "Jane")
			const opened = indexedDB.open("shop", 1)
			opened.onupgradeneeded = () => opened.result.createObjectStore("orders")
			opened.onsuccess = () => { const w = opened.result.transaction("orders", "readwrite"), o = w.objectStore("orders")
				o.put({mail: "zoe@c01.test", when: new Date(0), raw: new Uint8Array([1, 2, 3]), many: new Map([["a", 1n]])}, ["k", 7])
				o.put(new Blob(["blobbed"]), "blob")
				w.oncomplete = async () => {
					const c = await caches.open("pages-1234"); await c.put("/api/orders/42", new Response('{"name":"Lindqvist"}', {headers: {"Content-Type": "application/json", "X-Who": "zoe"}}))
					await navigator.serviceWorker.register("/sw.js")
					const f = await (await navigator.storage.getDirectory()).getFileHandle("draft.txt", {create: true}), out = await f.createWritable()
					await out.write("filed"); await out.close()
					document.querySelector("p").textContent = "ready" } }</script>`),
		"/sw.js": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, "var sw = 1")
		},
		"/next": html("Next"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), see("ready"))
	r := w.sink
	require.Contains(t, r.keptAt(t, "sessionStorage").text, `{"where":"step","text":"Jane"}`)
	require.Contains(t, r.keptAt(t, "IndexedDB shop/orders").text, `zoe@c01.test`)
	store := r.keptAt(t, "IndexedDB shop/orders")
	require.Contains(t, store.text, `1970-01-01T00:00:00.000Z`)
	require.Contains(t, store.text, `\"raw\":\"AQID\"`)
	require.Contains(t, store.text, `{"where":"[\"k\",7]"`)
	require.Contains(t, store.text, base64.StdEncoding.EncodeToString([]byte("blobbed")))
	body := r.keptAt(t, "Cache Storage pages-{} GET /api/orders/{}")
	require.Equal(t, `{"name":"Lindqvist"}`, body.text)
	require.Equal(t, "application/json", body.Body.Type)
	require.Contains(t, r.keptAt(t, "Cache Storage pages-{}").text, `{"where":"GET /api/orders/{} x-who","text":"zoe"}`)
	w.do(visit("/next"))
	w.end()
	require.Contains(t, r.keptAt(t, "Service Worker").text, s.URL+"/sw.js")
	require.Contains(t, r.keptAt(t, "File System").text, `{"where":"/draft.txt","text":"filed"}`)
	all := ""
	for _, x := range r.on(history.SurfaceStorage) {
		all += x.text
		require.Empty(t, x.Body.Unseen, x.Place)
	}
	require.Contains(t, all, `{"where":"cart","text":"{\"name\":\"Zoë\"}"}`)
	require.Contains(t, all, "Quill", "a value that came and went")
	require.Equal(t, 1, strings.Count(all, "Lindqvist"), "what has not changed is not recorded again")
}

func TestWhatFramesOfOtherSitesKeepIsSeenAtTheirHost(t *testing.T) {
	away := newForeign(t)
	third := strings.Replace(away.url, "http://", "", 1)
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<iframe src="` + away.url + `/x"></iframe>`)})
	away.page = `<script>localStorage.setItem("pay", "Zoë"); indexedDB.open("pay", 1).onupgradeneeded = (e) => e.target.result.createObjectStore("a").put("Quill", "k")</script>`
	w := begin(t, s.URL)
	w.do(visit("/"))
	w.end()
	require.Contains(t, w.sink.keptAt(t, "localStorage "+third).text, `{"where":"pay","text":"Zoë"}`)
	require.Contains(t, w.sink.keptAt(t, "IndexedDB pay/a "+third).text, `{"where":"k","text":"Quill"}`)
}

func TestAPagesUpgradeOrDeleteNeverWaitsForUs(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<button onclick="go()">Go</button><p></p><script>
		let blocked = 0
		const step = (r) => new Promise((yes, no) => { r.onblocked = () => blocked++; r.onsuccess = () => { r.result?.close?.(); yes() }; r.onerror = no; r.onupgradeneeded = () => {
			const o = r.result; if (!o.objectStoreNames.contains("s")) o.createObjectStore("s"); for (let i = 0; i < 500; i++) r.transaction.objectStore("s").put("x".repeat(1000), i) } })
		async function go() { for (let i = 1; i < 40; i++) { await step(indexedDB.open("d" + i % 3, i)); if (i % 4 == 0) await step(indexedDB.deleteDatabase("d" + i % 3)) }
			document.querySelector("p").textContent = "done " + blocked }</script>`)})
	w := begin(t, s.URL)
	w.do(visit("/"), click("button", "Go"))
	for range 5 {
		w.do(scenarios.Step{Op: scenarios.Press, Key: "Tab"})
	}
	w.do(see("done 0"))
}

func TestNothingIsKeptMeansNothingIsRecorded(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html("Hello")})
	w := begin(t, s.URL)
	w.do(visit("/"), visit("/"))
	w.end()
	require.Empty(t, w.sink.on(history.SurfaceStorage))
}

func TestALargeDatabaseIsCutOffAndSaidSo(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<p></p><script>const r = indexedDB.open("big", 1)
		r.onupgradeneeded = () => { const o = r.result.createObjectStore("s"); for (let i = 0; i < 3000; i++) o.put("x".repeat(5000) + i, i) }
		r.onsuccess = () => document.querySelector("p").textContent = "ready"</script>`)})
	w := begin(t, s.URL)
	w.do(visit("/"), see("ready"))
	w.end()
	unseen := ""
	for _, x := range w.sink.on(history.SurfaceStorage) {
		require.LessOrEqual(t, len(x.text), largestArea)
		unseen += fmt.Sprint(x.Body.Unseen)
	}
	require.NotEmpty(t, unseen)
}

func TestNamesLoseWhatIsPersonalInThem(t *testing.T) {
	for name, want := range map[string]string{
		"shop": "shop", "user-10001": "user-{}", "zoe@c01.test": "{}", "a b/c": "a b/c", "": "", "50%": "50%", "x%zz": "x%zz",
	} {
		require.Equal(t, want, template(name), name)
	}
}
