package browser

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

func TestMarkupHoldsWhatNothingRenders(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<meta name=user content="Zoë"><div data-customer=c01><!-- for Zoë --></div>
		<template><p>in a template</p></template><script>window.customerData = {"name": "Zoë"}</script>
		<script id=__NEXT_DATA__ type="application/json">{"props":{"mail":"zoe@c01.test"}}</script><x-closed><i>unslotted</i></x-closed>
		<script>customElements.define("x-closed", class extends HTMLElement { constructor() { super();
			this.attachShadow({mode:"closed"}).innerHTML = "<!-- closed comment --><b data-x=1></b>" } });
			document.body.setAttribute("data-late", "set by script")</script>
		<iframe srcdoc="<!-- framed -->" class=f></iframe>`)})
	w := begin(t, s.URL)
	w.do(visit("/"))
	markup := w.sink.on(history.SurfaceMarkup)
	require.Len(t, markup, 2)
	require.Equal(t, history.Body{Type: "text/html"}, markup[0].Body)
	require.Equal(t, history.Place("GET /"), markup[0].Place)
	for _, text := range []string{`content="Zoë"`, `data-customer="c01"`, "<!-- for Zoë -->", "<p>in a template</p>", `{"name": "Zoë"}`,
		`{"mail":"zoe@c01.test"}`, "<i>unslotted</i>", "<!-- closed comment -->", `data-late="set by script"`} {
		require.Contains(t, markup[0].text, text)
	}
	require.Contains(t, markup[1].text, "<!-- framed -->")
	require.Equal(t, history.Place("GET /"), markup[1].Place)
	require.NotEmpty(t, markup[1].Frame)
}

func TestMarkupIsRecordedWhenItHasChanged(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<input aria-label=Name><button onclick='document.body.dataset.x = "1"'>Change</button><script>document.body.dataset.y = "2"</script>`), "/two": html("two")})
	w := begin(t, s.URL)
	count := func() int { return len(w.sink.on(history.SurfaceMarkup)) }
	w.do(visit("/"), fillIn("Name", "typed"), scenarios.Step{Op: scenarios.Press, Key: "Tab"}, scenarios.Step{Op: scenarios.Reload})
	require.Equal(t, 1, count(), "what is typed is no markup")
	w.do(click("button", "Change"))
	require.Equal(t, 2, count())
	require.NotContains(t, w.sink.on(history.SurfaceMarkup)[1].text, "typed")
	w.do(visit("/two"), visit("/"))
	require.Equal(t, 3, count(), "another document came in between; that one is as it was delivered")
}

func TestAPageTooLargeToReadIsReadInPart(t *testing.T) {
	oneAfterTheOther(t)
	s := shop(t, map[string]http.HandlerFunc{
		"/nodes": html(`<p>beginning</p><script>let h = ""; for (let i = 0; i < 40000; i++) h += "<p><b>x</b></p>"; document.body.insertAdjacentHTML("beforeend", h)</script>`),
		"/text":  html(`<p>beginning</p><p id=x hidden></p><script>x.textContent = "lorem ipsum ".repeat(50e6 / 12)</script>`),
		"/long":  html(`<p>beginning</p><p id=x hidden></p><script>x.textContent = "lorem ipsum ".repeat(3e5 / 12)</script>`),
		"/many":  html(`<p>beginning</p><script>let h = ""; for (let i = 0; i < 25000; i++) h += "<p>x" + i; document.body.insertAdjacentHTML("beforeend", h)</script>`),
	})
	for path, reason := range map[string]string{"/nodes": "80006 elements", "/text": "50000", "/long": "longer than", "/many": "more than 20000 texts"} {
		w := begin(t, s.URL)
		w.do(visit(path))
		require.Contains(t, w.shown(t, history.SurfacePage, "beginning"), "GET "+path+" p")
		var reasons []string
		for _, x := range w.sink.sightings {
			if x.Body.Unseen != "" {
				require.Equal(t, history.Place("GET "+path), x.Place)
				require.Empty(t, x.text)
				reasons = append(reasons, string(x.Surface)+" "+x.Body.Unseen)
			}
			require.Less(t, len(x.text), 8<<20)
		}
		require.NotEmpty(t, reasons, path)
		require.Contains(t, reasons[0], "cut off: ")
		require.Contains(t, strings.Join(reasons, ";"), reason)
		w.end()
	}
}

func TestMarkupThatSaysNoMoreThanWhatWasDeliveredIsNotRecordedAgain(t *testing.T) {
	const plain = `<p class='a b' hidden data-x=1>R&eacute;sum&eacute; &amp; more<table><tr><td>1<td>2</table><!-- note --><script>var x = "<b>" && 1</script>
		<template><i>t</i></template><select><option>a<option selected>b</select><textarea>
 typed </textarea><svg viewBox="0 0 1 1"><path d=M0/></svg><noscript><img src=x></noscript>`
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(plain), "/set": html(plain + `<script>document.body.title = "Zoë"</script>`),
		"/gone": html(plain + `<b id=b>Zoë</b><script>b.remove()</script>`),
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	require.Empty(t, w.sink.on(history.SurfaceMarkup))
	w.do(visit("/set"))
	require.Len(t, w.sink.on(history.SurfaceMarkup), 1)
	w.do(visit("/gone"), visit("/"))
	require.Len(t, w.sink.on(history.SurfaceMarkup), 2)
}

func FuzzMarkupOfForeignBytesHasOneSum(f *testing.F) {
	f.Add("<p a=1 b>text<!-- c -->")
	f.Add("<html><body></p ><tbody x=y>")
	f.Fuzz(func(t *testing.T, text string) {
		sum := contentSum(strings.NewReader(text))
		if sum != contentSum(strings.NewReader(" "+text+"\n")) && strings.TrimSpace(text) == text && !strings.Contains(text, "<") {
			t.Fatalf("blanks around %q count", text)
		}
		if !strings.ContainsAny(text, "<&\x00\r") && strings.TrimSpace(text) != "" && sum == contentSum(strings.NewReader(text+"x")) {
			t.Fatalf("one letter more than %q does not count", text)
		}
	})
}
