package browser

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/scenarios"
)

const every = `
<nav><a href=#1>Home</a> <a href=#2>Sign in with a friend</a> <a href=#3>Sign in</a></nav>
<h2>Your <em>account</em></h2>
<button aria-label="Close the box">x</button>
<input type=submit value="Pay now">
<p id=lbl>Voucher code</p><input aria-labelledby=lbl>
<label for=a>Street and <b>house</b></label><input id=a placeholder="Where to?">
<div data-testid=basket>3 things</div>
<img alt="A red shoe" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" width=9 height=9>
<button style="display:none">Hidden one</button>
<button>Twin</button><button>Twin</button>
<div role=button tabindex=0 onclick="document.title='pressed'">Custom</div>
<x-card></x-card>
<iframe srcdoc="<button onclick=&quot;parent.document.title='framed'&quot;>In the frame</button>"></iframe>
<script>
customElements.define("x-card", class extends HTMLElement {
  constructor() { super(); this.attachShadow({mode: "open"}).innerHTML = "<label>Inner <input></label><button>Shadowed</button>"; }
});
</script>`

func TestElementsAreFoundInEveryWayAScenarioCanName(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(every)})
	w := begin(t, s.URL)
	w.do(visit("/"))
	one := func(l scenarios.Locator) scenarios.Locator { l.Nth = -1; return l }
	cases := map[string]struct {
		locator scenarios.Locator
		what    string
	}{
		"a link by its exact name beats a longer one": {one(scenarios.Locator{Role: "link", Name: "sign IN"}), `<a href="#3">`},
		"a bare name":            {one(scenarios.Locator{Name: "Sign in"}), `<a href="#3">`},
		"a bare name as text":    {one(scenarios.Locator{Name: "3 things"}), `<div>`},
		"a heading over inlines": {one(scenarios.Locator{Role: "heading", Name: "Your account"}), `<h2>`},
		"an aria-label":          {one(scenarios.Locator{Role: "button", Name: "close the box"}), `<button>`},
		"a submit by its value":  {one(scenarios.Locator{Role: "button", Name: "Pay now"}), `<input type="submit">`},
		"aria-labelledby":        {one(scenarios.Locator{Label: "Voucher code"}), `<input>`},
		"a label for":            {one(scenarios.Locator{Label: "Street and house"}), `<input id="a">`},
		"part of a label":        {one(scenarios.Locator{Label: "street"}), `<input id="a">`},
		"a textbox by its label": {one(scenarios.Locator{Role: "textbox", Name: "Street and house"}), `<input id="a">`},
		"a placeholder":          {one(scenarios.Locator{Placeholder: "where to"}), `<input id="a">`},
		"a test id":              {one(scenarios.Locator{TestID: "basket"}), `<div>`},
		"an image":               {one(scenarios.Locator{Role: "img", Name: "red shoe"}), `<img>`},
		"css":                    {one(scenarios.Locator{CSS: "nav a:nth-child(2)"}), `<a href="#2">`},
		"xpath":                  {one(scenarios.Locator{XPath: "//h2/em"}), `<em>`},
		"text":                   {one(scenarios.Locator{Text: "your account"}), `<h2>`},
		"in a shadow root":       {one(scenarios.Locator{Role: "button", Name: "Shadowed"}), `<button>`},
		"css in a shadow root":   {one(scenarios.Locator{CSS: "label input"}), `<input>`},
		"a label in a shadow":    {one(scenarios.Locator{Label: "Inner"}), `<input>`},
		"in a frame":             {one(scenarios.Locator{Role: "button", Name: "In the frame"}), `<button>`},
		"the second of twins":    {scenarios.Locator{Role: "button", Name: "Twin", Nth: 1}, `<button>`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			at, err := w.locate(soon(t), c.locator, want{})
			require.NoError(t, err)
			require.Contains(t, at.What, c.what)
		})
	}
	w.do(click("button", "Custom"))
	require.Equal(t, "pressed", w.title(t))
	w.do(click("button", "In the frame"))
	require.Equal(t, "framed", w.title(t))
}

func (w *walk) title(t testing.TB) string {
	v, err := w.view(soon(t))
	require.NoError(t, err)
	return v.Title
}

func TestAnElementThatCannotBeUsedIsExplained(t *testing.T) {
	oneAfterTheOther(t)
	t.Parallel()
	s := shop(t, map[string]http.HandlerFunc{"/": html(every +
		`<button disabled>Frozen</button><input readonly aria-label=Fixed>
		<div style="position:relative"><button>Under</button><div class=veil style="position:absolute;inset:0"></div></div>`)})
	w := begin(t, s.URL)
	w.do(visit("/"))
	cases := map[string]struct {
		step scenarios.Step
		says string
	}{
		"none, with what is near": {click("link", "Sing in"), `no link "Sing in" on the page; did you mean "Sign in"?`},
		"a label with a slip":     {fillIn("Voucher kode", "x"), `no "Voucher kode" on the page; did you mean "Voucher code"?`},
		"more than one":           {click("button", "Twin"), `button "Twin" fits 2 elements: <button> "Twin", <button> "Twin"; say which with nth`},
		"too few":                 {stepOn(scenarios.Click, scenarios.Locator{Role: "button", Name: "Twin", Nth: 2}), "only 2 elements fit"},
		"hidden":                  {click("button", "Hidden one"), "is on the page but not visible"},
		"disabled":                {click("button", "Frozen"), `button "Frozen" is disabled`},
		"read-only":               {fillIn("Fixed", "x"), `"Fixed" is read only`},
		"covered":                 {click("button", "Under"), `button "Under" is covered by <div class="veil">`},
		"no field":                {stepOn(scenarios.Fill, scenarios.Locator{Role: "heading", Nth: -1}), "is no text field but <h2>"},
		"no check box":            {stepOn(scenarios.Check, scenarios.Locator{Role: "heading", Nth: -1}), "is no check box but <h2>"},
		"no such key":             {scenarios.Step{Op: scenarios.Press, Key: "Entre"}, `there is no key "Entre"`},
		"a wrong locator":         {stepOn(scenarios.Click, scenarios.Locator{CSS: "a[", Nth: -1}), "the locator is wrong"},
		"an api step":             {scenarios.Step{Op: scenarios.Request}, "a browser cannot perform"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { require.Contains(t, w.fails(briefly(c.step)), c.says) })
	}
}

func TestElementsAreWaitedForUntilTheyCanBeUsed(t *testing.T) {
	oneAfterTheOther(t)
	later := func(script string) http.HandlerFunc {
		return html(`<style>button{position:absolute;top:50px;left:0}</style><button onclick="document.title='done'" id=b>Go</button><script>` + script + `</script>`)
	}
	pages := map[string]string{
		"that appears late":       `const e = b; e.remove(); setTimeout(() => document.body.append(e), 400)`,
		"that is hidden first":    `b.hidden = true; setTimeout(() => b.hidden = false, 400)`,
		"that is disabled first":  `b.disabled = true; setTimeout(() => b.disabled = false, 400)`,
		"that is covered first":   `const v = document.createElement("div"); v.style = "position:fixed;inset:0;background:red"; document.body.append(v); setTimeout(() => v.remove(), 400)`,
		"that moves first":        `let x = 0; const i = setInterval(() => { b.style.left = (x += 11) + "px"; if (x > 300) clearInterval(i) }, 16)`,
		"that is far down":        `b.style.top = "9000px"; document.body.style.height = "10000px"`,
		"that is replaced":        `setTimeout(() => b.replaceWith(b.cloneNode(true)), 5)`,
		"that overrides builtins": `Element.prototype.getClientRects = () => []; window.requestAnimationFrame = () => 0; JSON.stringify = () => "no"; document.querySelectorAll = null`,
	}
	handlers := map[string]http.HandlerFunc{}
	for name, script := range pages {
		handlers[path(name)] = later(script)
	}
	s := shop(t, handlers)
	for name := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := begin(t, s.URL)
			w.do(visit(path(name)), click("button", "Go"))
			require.Eventually(t, func() bool { return w.title(t) == "done" }, 20*time.Second, 20*time.Millisecond)
		})
	}
}

func TestFormsDrawnByTheirLabelsAndListsOfTheirOwnCanBeUsed(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`
<style>.sr{position:absolute;opacity:0;width:0;height:0}</style>
<input class=sr type=checkbox id=c onchange="document.title = this.checked"><label for=c>I agree</label>
<div role=combobox aria-label=Size tabindex=0 onclick="list.hidden=false">Choose</div>
<ul role=listbox id=list hidden><li role=option onclick="document.title=this.textContent">Large</li><li role=option>Small</li></ul>
<label>Late list <select id=late></select></label>
<script>setTimeout(() => late.add(new Option("Blue", "b")), 300)</script>`)})
	w := begin(t, s.URL)
	w.do(visit("/"), stepOn(scenarios.Check, scenarios.Locator{Label: "I agree", Nth: -1}))
	require.Equal(t, "true", w.title(t))
	w.do(scenarios.Step{Op: scenarios.Select, Target: &scenarios.Locator{Label: "Size", Nth: -1}, With: "large"})
	require.Equal(t, "Large", w.title(t))
	pick := scenarios.Step{Op: scenarios.Select, Target: &scenarios.Locator{Label: "Late list", Nth: -1}, With: "Blue"}
	w.do(pick)
	pick.With = "Green"
	require.Contains(t, w.fails(briefly(pick)), `has no option "Green"; it has "Blue"`)
}

func path(name string) string { return "/" + strings.ReplaceAll(name, " ", "-") }
