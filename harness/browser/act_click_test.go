package browser

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/scenarios"
)

// wall is a button before something that notes every part of a click that it
// gets, all over the page.
const wall = `<!doctype html><style>html,body{margin:0;height:100%} #b{position:absolute;top:50px;left:0;width:90px;height:30px}
	#sr{position:absolute;opacity:0;width:0;height:0} iframe{position:absolute;border:0;top:0;left:0;width:300px;height:300px}</style>
	<script>
	const parts = [];
	for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"])
		document.addEventListener(type, (e) => { if (!e.composedPath()[0].closest("button, label, input")) parts.push(type) });
	let clicks = 0;
	function got() { document.title = ++clicks + " clicks, missed: " + (parts.join() || "none") }
	function arrives(f, d = document, times = 1) { // not where the mouse is at first
		d.addEventListener("mousemove", (e) => { if (e.clientX && times-- > 0) f() });
	}
	</script>`

func TestAClickReachesAnElementThatMovesWhenTheMouseArrives(t *testing.T) {
	oneAfterTheOther(t)
	button := `<button id=b onclick=got()>Go</button>`
	pages := map[string]string{
		"goes elsewhere":          button + `<script>arrives(() => { b.style.left = "400px" })</script>`,
		"goes elsewhere thrice":   button + `<script>let n = 0; arrives(() => { b.style.left = ++n * 100 + "px" }, document, 3)</script>`,
		"is replaced":             button + `<script>arrives(() => b.replaceWith(b.cloneNode(true)))</script>`,
		"is covered for a while":  button + `<script>arrives(() => { const v = document.createElement("div"); v.style = "position:fixed;inset:0"; document.body.append(v); setTimeout(() => v.remove(), 200) })</script>`,
		"stands in a shadow root": `<div id=h></div><script>h.attachShadow({mode: "open"}).innerHTML = "<button style='position:absolute;left:0'>Go</button>"; const b = h.shadowRoot.firstChild; b.onclick = got; arrives(() => { b.style.left = "400px" })</script>`,
		"stands in a frame":       `<iframe id=f srcdoc="<button style='position:absolute;left:0' onclick='parent.got()'>Go</button>"></iframe><script>f.onload = () => arrives(() => { f.contentDocument.querySelector("button").style.left = "100px" }, f.contentDocument)</script>`,
		"has its frame moved":     `<iframe id=f srcdoc="<button onclick='parent.got()'>Go</button>"></iframe><script>f.onload = () => arrives(() => { f.style.left = "400px" }, f.contentDocument)</script>`,
		"is drawn by its label":   `<input id=sr type=checkbox aria-label=Go onchange=got()><label id=b for=sr>Agree</label><script>arrives(() => { b.style.left = "400px" }); sr.onclick = () => parts.pop()</script>`,
	}
	address := eachAt(t, pages)
	for name := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := begin(t, address) // in the last one's session the mouse would be there already
			w.do(visit(path(name)), stepOn(scenarios.Click, scenarios.Locator{CSS: "#sr, button", Nth: -1}))
			require.Equal(t, "1 clicks, missed: none", w.title(t))
		})
	}
}

// eachAt is a shop with a page for each name.
func eachAt(t testing.TB, pages map[string]string) string {
	handlers := map[string]http.HandlerFunc{}
	for name, page := range pages {
		handlers[path(name)] = html(wall + page)
	}
	return shop(t, handlers).URL
}

func TestAClickThatReachedItsElementIsNotRepeated(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"answers":                             ``,
		"goes elsewhere at the press":         `<script>b.onmousedown = () => { b.style.left = "400px" }</script>`,
		"goes elsewhere at the first of it":   `<script>b.onpointerdown = () => { b.style.left = "400px" }</script>`,
		"is replaced at the press":            `<script>b.onmousedown = () => b.replaceWith(b.cloneNode(true))</script>`,
		"goes away at the press":              `<script>b.onmousedown = () => b.remove()</script>`,
		"goes away at the release":            `<script>b.onmouseup = () => b.remove()</script>`,
		"is covered at the press":             `<script>b.onmousedown = () => { const v = document.createElement("div"); v.style = "position:fixed;inset:0"; document.body.append(v) }</script>`,
		"asks at the press":                   `<script>b.onmousedown = () => confirm("Sure?")</script>`,
		"asks when clicked":                   `<script>b.onclick = () => confirm("Sure?")</script>`,
		"leaves at the press":                 `<script>b.onmousedown = () => { location = "/next" }</script>`,
		"leaves when clicked":                 `<script>b.onclick = () => { location = "/next" }</script>`,
		"stops what it gets":                  `<script>b.onpointerdown = (e) => { e.preventDefault(); e.stopPropagation() }</script>`,
		"is told by who is first to hear":     `<script>addEventListener("pointerdown", (e) => e.stopImmediatePropagation(), true)</script>`,
		"has the pointer caught by the wall":  `<script>b.onpointerdown = (e) => document.body.setPointerCapture(e.pointerId)</script>`,
		"is clicked by the page too":          `<script>document.addEventListener("mousemove", () => document.body.click(), {once: true})</script>`,
		"draws itself anew under the pointer": `<script>b.onmouseenter = () => { b.innerHTML = "<b>Go</b>" }</script>`,
	}
	var presses atomic.Int64
	handlers := map[string]http.HandlerFunc{
		"/next":    html("<h1>Next</h1>"),
		"/pressed": func(http.ResponseWriter, *http.Request) { presses.Add(1) },
	}
	for name, page := range pages {
		handlers[path(name)] = html(`<button id=b>Go</button><script>addEventListener("pointerdown", () => navigator.sendBeacon("/pressed"), true)</script>` + page)
	}
	w := begin(t, shop(t, handlers).URL)
	for name := range pages {
		t.Run(name, func(t *testing.T) {
			presses.Store(0)
			w.do(visit(path(name)), click("button", "Go"))
			require.Eventually(t, func() bool { return presses.Load() > 0 }, 20*time.Second, 5*time.Millisecond)
			w.do(visit("/next"))
			require.EqualValues(t, 1, presses.Load())
		})
	}
}

func TestAnOrderIsPlacedOnceByAButtonThatMovesUnderTheMouse(t *testing.T) {
	t.Parallel()
	var orders atomic.Int64
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(wall + `<form method=post action=/order><button id=b>Pay</button></form><script>arrives(() => { b.style.left = "400px" })</script>`),
		"/order": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, "order %d", orders.Add(1))
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"), click("button", "Pay"), see("order 1"))
	require.EqualValues(t, 1, orders.Load())
}

func TestAnElementThatFleesFromTheMouseIsNotClickedAndThatIsExplained(t *testing.T) {
	oneAfterTheOther(t)
	t.Parallel()
	s := shop(t, map[string]http.HandlerFunc{"/": html(wall +
		`<button id=b onclick=got()>Go</button><script>let x = 0; document.addEventListener("mousemove", () => { b.style.left = (x = 400 - x) + "px" })</script>`)})
	w := begin(t, s.URL)
	w.do(visit("/"))
	flees := click("button", "Go")
	flees.Timeout = 1500 * time.Millisecond
	w.fails(flees)
	require.Equal(t, "Shop", w.title(t))
	require.Equal(t, `button "Go" moved away whenever it was clicked: <body> was in its place`,
		spot{State: "missed", By: "<body>"}.explain(*flees.Target))
}
