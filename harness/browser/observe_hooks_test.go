package browser

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

func TestWhatIsDrawnIsSeenWhereItIsDrawn(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<main><canvas id=card></canvas></main><iframe src=/frame></iframe><script>
			const c = document.querySelector("canvas").getContext("2d");
			c.fillText("Jane Roe", 10, 10); c.strokeText("Storgatan", 10, 30);
			[..."Lindqvist"].forEach((l, i) => c.fillText(l, 10 + 8 * i, 50));
			[..."far"].forEach((l, i) => c.fillText(l, 100 * i, 70));
			c.fillText("one line,", 0, 90); c.fillText("two pieces", 60, 90);
			c.fillText(4711, 0, 110);
			document.createElement("canvas").getContext("2d").fillText("detached", 0, 0);
			new OffscreenCanvas(10, 10).getContext("2d").fillText("off screen", 0, 0);
			new SharedWorker("/worker.js");
		</script>`),
		"/frame": html(`<canvas class=small></canvas><script>document.querySelector("canvas").getContext("2d").fillText("framed", 0, 0)</script>`),
		"/worker.js": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, `new OffscreenCanvas(10, 10).getContext("2d").fillText("by a worker", 0, 0)`)
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	drawn := map[string]string{
		"Jane Roe": "/ canvas#card", "Storgatan": "/ canvas#card", "Lindqvist": "/ canvas#card", "f a r": "/ canvas#card",
		"one line, two pieces": "/ canvas#card", "4711": "/ canvas#card",
		"detached": "/ canvas", "off screen": "/ canvas", "framed": "/frame canvas.small", "by a worker": "/worker.js canvas",
	}
	w.hears(history.SurfacePage, drawn)
	w.end()
	for text, at := range drawn {
		require.Equal(t, []string{at}, w.sink.shown(t, history.SurfacePage, text), text)
	}
}

// traits are what a page can ask of the functions that something stands in
// for.
const traits = `(() => {
	const out = [], named = (o, n) => { const d = Object.getOwnPropertyDescriptor(o, n), f = d.value;
		out.push([n, f.name, f.length, "" + f, Function.prototype.toString.call(f), d.writable, d.enumerable, d.configurable, Object.getOwnPropertyNames(f).join(), typeof f.prototype, n in f].join()); };
	named(CanvasRenderingContext2D.prototype, "fillText"); named(CanvasRenderingContext2D.prototype, "strokeText");
	named(OffscreenCanvasRenderingContext2D.prototype, "fillText"); named(Element.prototype, "attachShadow");
	named(ServiceWorkerRegistration.prototype, "showNotification"); named(window, "Notification"); named(Function.prototype, "toString");
	for (const f of [() => CanvasRenderingContext2D.prototype.fillText.call({}, "x", 0, 0), () => Notification(), () => new Element.prototype.attachShadow(), () => Function.prototype.toString.call({})])
		try { f(); out.push("no error"); } catch (e) { out.push(e.name + e.message); }
	out.push(Object.getOwnPropertyNames(window).sort().filter((n) => !/^(on|webkit)/.test(n)).length);
	out.push(Object.getOwnPropertyNames(window).filter((n) => /crosstalk/i.test(n)).join(), Object.getOwnPropertyNames(document).join());
	out.push(setTimeout(() => {}) , Object.keys(Notification).join(), Notification.permission, Notification.prototype.constructor === Notification);
	out.push(document.body.attachShadow({mode: "closed"}).mode, document.body.shadowRoot);
	return out.join("\n");
})()`

func TestAPageCannotTellByItsFunctionsThatItIsWatched(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<body><script>const what = ` + traits + `; fetch("/traits", {method: "POST", body: what})</script>`), "/traits": html("")})
	var seen []string
	for _, observe := range []bool{true, false} {
		w := beginWith(t, s.URL, func(x *history.SessionSpec) {
			if !observe {
				x.Without = partFlashes
			}
		}, nil)
		w.do(visit("/"))
		w.end()
		seen = append(seen, w.sink.exchange(t, "/traits").request)
	}
	require.Equal(t, seen[1], seen[0])
	require.Contains(t, seen[0], "function fillText() { [native code] }")
}

func TestAPageThatOverridesEverythingIsSeenAndNotBroken(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<main><p class=who></p><canvas id=card></canvas></main><script>
		const broken = () => { window.tampered = (window.tampered || 0) + 1; throw new Error("overridden") };
		const c = document.querySelector("canvas").getContext("2d"), p = document.querySelector("p"), after = queueMicrotask;
		for (const o of [Reflect, JSON, Set.prototype, Map.prototype, WeakMap.prototype, Array.prototype, String.prototype, EventTarget.prototype, MutationObserver.prototype, Promise.prototype])
			for (const n of Object.getOwnPropertyNames(o)) try { if (n !== "constructor" && typeof o[n] === "function") o[n] = broken; } catch {}
		Function.prototype.call = Function.prototype.apply = Function.prototype.bind = broken;
		window.MutationObserver = window.CustomEvent = window.MouseEvent = window.Event = window.fetch = window.queueMicrotask = window.WeakMap = window.Set = broken;
		for (const n of ["get", "set", "value", "relatedTarget", "detail", "apply", "construct", "writable", "toJSON"])
			Object.defineProperty(Object.prototype, n, { __proto__: null, configurable: true, get() { window.tampered = 1; return undefined }, set: undefined });
		Object.defineProperty(Array.prototype, "0", { __proto__: null, configurable: true, set() { window.tampered = 2 } });
		p.textContent = "Jane Roe"; p.textContent = "";
		c.fillText("drawn Roe", 0, 0);
		const root = p.attachShadow({ mode: "closed" }); root.innerHTML = "<b>closed Roe</b>"; after(() => { root.innerHTML = ""; document.title = "tampered " + window.tampered });
	</script>`)})
	w := begin(t, s.URL)
	w.do(visit("/"))
	w.hears(history.SurfacePage, map[string]string{"Jane Roe": "/ main>p.who", "drawn Roe": "/ canvas#card", "closed Roe": "/ main>p.who>b", "tampered undefined": "/ title"})
	w.end()
	require.Contains(t, w.sink.shown(t, history.SurfacePage, "Jane Roe"), "/ main>p.who")
	require.Contains(t, w.sink.shown(t, history.SurfacePage, "drawn Roe"), "/ canvas#card")
	require.Contains(t, w.sink.shown(t, history.SurfacePage, "closed Roe"), "/ main>p.who>b")
	require.NotEmpty(t, w.sink.shown(t, history.SurfacePage, "tampered undefined"), "nothing of the page's runs because it is watched")
}

func TestAPageThatRewritesItselfWithoutEndIsCutOffAndSaidToBe(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<main></main><script>let n = 0; const m = document.querySelector("main");
			setInterval(() => { for (let i = 0; i < 200; i++) m.innerHTML = "<p>Jane <b>number " + (n++) + "</b></p>" }, 5)</script>`),
		"/ok": html("Fine"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	w.hears(history.SurfacePage, map[string]string{"Jane number 7": "/ main>p"})
	w.lacks(history.SurfacePage, "the page changed more than is kept")
	w.do(visit("/ok"), see("Fine"))
	w.end()
	require.NotEmpty(t, w.sink.shown(t, history.SurfacePage, "Jane number 7"))
	var reasons []string
	size := 0
	for _, x := range w.sink.on(history.SurfacePage) {
		reasons = append(reasons, x.Body.Unseen)
		size += len(x.text)
	}
	require.Contains(t, reasons, "the page changed more than is kept")
	require.Less(t, size, 4<<20)
}
