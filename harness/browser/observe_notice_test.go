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

func TestWhatIsWrittenToTheConsoleIsSeen(t *testing.T) {
	js := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, text)
		}
	}
	done := func(who string) string { return `; new BroadcastChannel("done").postMessage("` + who + `")` }
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<p>x</p><iframe src=/frame></iframe><script>
			console.log("plain one", 17, null);
			console.warn({user: {name: "deep two", tags: ["x", {y: "deeper three"}]}});
			console.table([{a: "row four"}]);
			console.info(new Map([["k", "entry five"]]));
			console.error(new Error("error six"));
			class P { #x = 1; get bad() { fetch("/ran"); return "never" } }
			const o = {get own() { fetch("/ran"); return "never" }, toJSON() { fetch("/ran") }, toString() { fetch("/ran"); return "" }, long: "l".repeat(300) + " long seven"};
			const last = {long: "l".repeat(300) + " read last"}, came = new Set(), done = new BroadcastChannel("done");
			done.onmessage = (e) => { if (came.add(e.data).size === 3) console.log("all workers have written") };
			console.log(o, new P(), new Proxy({}, {get() { fetch("/ran") }, ownKeys() { fetch("/ran"); return [] }, getOwnPropertyDescriptor() { fetch("/ran") }}), last);
			console.debug(JSON.stringify({a: "json eight"}));
			Promise.reject(new Error("rejected nine")); setTimeout(() => { throw {name: "thrown ten"} });
			new Worker("/worker.js"); new SharedWorker("/shared.js"); navigator.serviceWorker.register("/sw.js");
			console.assert(false, "assert eleven"); console.dir({d: "dir twelve"}); console.trace("trace thirteen"); console.group("group fourteen");
			fetch("/missing")
		</script>`),
		"/frame": html(`<script>console.log("frame one")</script>`), "/worker.js": js(`console.log("worker one", {a: {b: "worker two"}})` + done("worker")),
		"/shared.js": js(`console.log("shared one")` + done("shared")), "/sw.js": js(`console.log("service one")` + done("service")),
		"/missing": http.NotFound,
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	written := map[string]string{
		"plain one 17 null": "/ log", "deep two": "/ warning", "deeper three": "/ warning", "row four": "/ table", "entry five": "/ info",
		"error six": "/ error", "long seven": "/ log", `{"a":"json eight"}`: "/ debug", "rejected nine": "/ exception", "thrown ten": "/ exception",
		"frame one": "/frame log", "worker one": "/worker.js log", "worker two": "/worker.js log", "shared one": "/shared.js log", "service one": "/sw.js log",
		"assert eleven": "/ assert", "dir twelve": "/ dir", "trace thirteen": "/ trace", "group fourteen": "/ startGroup", "status of 404": "/ error",
		"read last": "/ log", "all workers have written": "/ log",
	}
	w.hears(history.SurfaceConsole, written)
	w.end()
	for text, at := range written {
		require.Equal(t, []string{at}, w.sink.shown(t, history.SurfaceConsole, text), text)
	}
	require.Empty(t, w.sink.all("/ran"), "no script of the page's may run because it is observed")
}

func TestBoxesAndNotificationsAreSeenWhereTheyWereShown(t *testing.T) {
	sw := `onmessage = (e) => e.waitUntil(registration.showNotification("sw title", {body: "sw body"}).catch(() => {}))`
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<iframe src=/frame></iframe><p>x</p><script>
			alert("box one"); confirm("box two"); prompt("box three", "default four");
			const was = Notification.permission, n = new Notification("title five", {body: "body six"});
			document.querySelector("p").textContent = [was === Notification.permission, n instanceof Notification, n.constructor === Notification, Notification.name, Notification.length, "" + Notification.prototype].join();
			navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then((r) => {
				r.showNotification("title seven", {body: "body eight"}).catch(() => {}); r.active.postMessage("go") });
		</script>`),
		"/frame": html(`<script>alert("box nine"); new Notification("title ten")</script>`),
		"/pop":   html(`<script>alert("box eleven")</script>`),
		"/open":  html(`<script>window.open("/pop")</script>`),
		"/sw.js": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, sw)
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"), see("true,true,true,Notification,1,[object Notification]"))
	told := map[string]string{
		"box one": "/ alert", "box two": "/ confirm", "box three": "/ prompt", "default four": "/ prompt", "box nine": "/frame alert",
		"title five": "/ notification.title", "body six": "/ notification.body", "title seven": "/ notification.title", "body eight": "/ notification.body",
		"title ten": "/frame notification.title", "sw title": "/sw.js notification.title", "sw body": "/sw.js notification.body",
	}
	w.hears(history.SurfaceNotice, told)
	told["box eleven"] = "/pop alert"
	w.do(visit("/open"))
	w.hears(history.SurfaceNotice, told)
	w.end()
	for text, at := range told {
		require.Equal(t, []string{at}, w.sink.shown(t, history.SurfaceNotice, text), text)
	}
}

func TestAnAlertInALoopEndsWithTheStepAndTheSessionGoesOn(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<script>for (let i = 0; ; i++) alert("Hello Jane " + i)</script>`), "/ok": html("Fine")})
	w := begin(t, s.URL)
	begun := time.Now()
	out, err := w.Do(t.Context(), briefly(visit("/")), w.fields)
	require.NoError(t, err, out)
	w.do(visit("/ok"), see("Fine"))
	w.end()
	require.Less(t, time.Since(begun), 15*time.Second)
	require.NotEmpty(t, w.sink.shown(t, history.SurfaceNotice, "Hello Jane 0"))
}

func TestAFloodOnTheConsoleIsCutOffAndSaidToBe(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/":   html(`<p>x</p><script>for (let i = 0; i < 10000; i++) console.log("line " + i, {i})</script>`),
		"/ok": html(`<p>Fine</p><script>console.log("afterwards")</script>`),
	})
	w := begin(t, s.URL)
	begun := time.Now()
	out, err := w.Do(t.Context(), visit("/"), w.fields)
	require.NoError(t, err, out)
	t.Log("the flood took", time.Since(begun))
	w.do(visit("/ok"), see("Fine"), visit("/ok"))
	w.end()
	t.Log("all took", time.Since(begun))
	require.NotEmpty(t, w.sink.shown(t, history.SurfaceConsole, "line 1000"))
	require.Empty(t, w.sink.shown(t, history.SurfaceConsole, "line 2500"))
	require.NotEmpty(t, w.sink.shown(t, history.SurfaceConsole, "afterwards"))
	var reasons []string
	for _, x := range w.sink.on(history.SurfaceConsole) {
		reasons = append(reasons, x.Body.Unseen)
	}
	require.Contains(t, reasons, "more was written to the console than is kept")
}

func TestWhatIsTakenFromATextThatIsTooLongIsSaid(t *testing.T) {
	var p told
	p.add("", history.SurfaceConsole, "http://shop.test/", "log", strings.Repeat("x", longestTold+1))
	for i := range mostTold + 10 {
		p.add("", history.SurfaceConsole, "http://shop.test/", "log", fmt.Sprint(i))
		p.add("", history.SurfaceConsole, "http://shop.test/", "log", fmt.Sprint(i))
	}
	all := p.take()
	require.Len(t, all, 1)
	require.Len(t, all[0].texts, mostTold)
	require.Len(t, all[0].texts[0].Text, longestTold)
	require.Equal(t, "more was told than is kept", all[0].unseen)
	require.Empty(t, p.take())
}

func TestAPictureIsTakenWhenABoxShowsAnothersValue(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<script>alert("Hello Jane Roe")</script>`)})
	w := begin(t, s.URL)
	w.sink.foreign = func(x history.Sighting, _ []byte) bool { return x.Surface == history.SurfaceNotice }
	w.do(visit("/"))
	w.end()
	require.Len(t, w.sink.shots, 1)
}

func FuzzWhatADocumentTells(f *testing.F) {
	f.Add([]byte(`{"url":"http://a/","page":[{"where":"p","text":"x"}],"field":[],"notice":[],"cut":"y"}`))
	f.Add([]byte(`{"kind":"canvas","text":"x"}`))
	f.Add([]byte(`{"kind":"notification.title","text":"x"}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		s := &Session{}
		s.takeFlash(&target{address: "http://a/w.js"}, "", payload)
		for _, p := range []*told{&s.flashes.told, &s.notices.told} {
			for _, at := range p.take() {
				require.True(t, len(at.texts) > 0 || at.unseen != "")
			}
		}
	})
}
