package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// ordinary has everything that script and snapshot both see.
const ordinary = `
<header class=top><a class=account href=#>Hi, <b>Zo</b>ë</a></header>
<div id=order17 class="card c9"><p hidden>secret<b>bold</b> <i></i></p></div><ul id=list><li>item<li class="x y9 zed">two</ul>
<p>one<br>two <span>three <em>four</em></span><span><div>apart</div></span><!-- no --> five</p>
<p>` + "long \u00a0\u00ad\u200bline " + `<b>begins</b>%s</p>
<table><tr><td>Lind</td><td>qvist</td></tr></table><details><summary>sum</summary><p>closed details</p></details>
<x-open><b slot=s>slotted</b>given</x-open><x-outer></x-outer><x-plain>as it is</x-plain>
<form aria-label="the form"><input name=mail value=zoe@c01.test title="your mail"><input type=password id=pw value=hush><select name=land><option value=SE>Sweden</option>
<optgroup label=Others><option value=DE>Germany<option>Norway</optgroup></select><select multiple name=many><option selected>a<option value=bee selected>b<option>c</select>
<input type=hidden name=csrf value=tok3n><textarea aria-label=Note>note</textarea><input type=checkbox name=off value=no><input type=radio name=r value=1 checked>
<label>Telephone <input value=0701></label><input type=submit value="Buy, Zoë"><input type=button value=B><input type=reset><input type=file><input type=image alt=go>
<output name=o>out</output><div contenteditable id=ce>edit <b>me</b></div><input type=date value=1990-02-01 name=born><input placeholder="like 12" name=empty></form>
<template><p>templ</p></template><noscript>nos</noscript><img alt="Zoë's picture"><img alt=""><a aria-label="go on" aria-description=far href=#></a>
<div role=slider aria-valuetext="three stars" aria-roledescription=rating></div>
<svg id=pic><title>svgt</title><text class=label>svgtext <tspan>span</tspan></text><linearGradient><desc>what</desc></linearGradient><style>.q{}</style></svg>
<math><mi>x</mi></math><custom-thing.odd>odd</custom-thing.odd>
<iframe class=inner srcdoc="<title>T</title><p>framed <iframe srcdoc='<i>deeper</i>'></iframe><input name=inframe value=v>"></iframe><script>
const define = (name, html) => customElements.define(name, class extends HTMLElement { constructor() { super(); this.attachShadow({mode:"open"}).innerHTML = html } });
define("x-open", "<div><em>shadow</em><slot name=s></slot></div><slot></slot><slot name=z>fallz</slot>");
define("x-outer", "<section><x-open><b slot=s>inner</b></x-open></section>");
document.querySelector("[name=mail]").value = "typed"; document.querySelector("textarea").value = "typed note"; document.querySelector("select").value = "DE";
</script>`

func TestTheSnapshotReadsAPageAsTheScriptDoes(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(fmt.Sprintf(ordinary, strings.Repeat(" and on", 400)))})
	w := begin(t, s.URL)
	w.do(visit("/"))
	v, err := w.view(soon(t))
	require.NoError(t, err)
	require.Greater(t, len(v.Texts), 60)
	pages := w.looks()
	require.Len(t, pages, 1, "frames without an address are part of the page that holds them")
	texts := segments(t, pages[0].text)
	// What the script does not see: titles of frames.
	texts = without(texts, history.Segment{Where: "iframe.inner>title", Text: "T"})
	require.Equal(t, sorted(v.Texts), sorted(texts))
	require.Equal(t, sorted(v.Fields), sorted(segments(t, w.sink.on(history.SurfaceField)[0].text)))
	require.Contains(t, texts, history.Segment{Where: "iframe.inner>p>iframe>i", Text: "deeper"})
	require.Contains(t, texts, history.Segment{Where: "x-outer>section>x-open>b", Text: "inner"})
}

// sorted are segments as lines, in an order that does not matter.
func sorted(all []history.Segment) string {
	lines := make([]string, len(all))
	for i, s := range all {
		lines[i] = s.Where + " | " + s.Text
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func without(all []history.Segment, one history.Segment) []history.Segment {
	var rest []history.Segment
	for _, s := range all {
		if s != one {
			rest = append(rest, s)
		}
	}
	return rest
}

func TestARememberedValueStandsWhereThePageShowsIt(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<x-in></x-in><iframe src=/framed/1234567></iframe><iframe srcdoc="<b class=doc>Doc 7</b>"></iframe><script>
			customElements.define("x-in", class extends HTMLElement { constructor() { super(); this.attachShadow({mode:"open"}).innerHTML = "<i class=num>Order 5</i>" } })</script>`),
		"/framed/1234567": html(`<p class=ref>Ref 6</p>`),
	})
	w := begin(t, s.URL)
	out := w.do(visit("/"), scenarios.Step{Op: scenarios.Remember, Remember: []scenarios.Memory{
		{Kind: "order", From: &scenarios.Locator{CSS: ".num", Nth: -1}}, {Kind: "ref", From: &scenarios.Locator{CSS: ".ref", Nth: -1}},
		{Kind: "doc", From: &scenarios.Locator{CSS: ".doc", Nth: -1}},
	}})
	seen := map[history.Place][]history.Segment{}
	for _, p := range w.looks() {
		seen[p.Place] = append(seen[p.Place], segments(t, p.text)...)
	}
	require.Len(t, out.Learned, 3)
	require.Equal(t, history.Place("GET /framed/{}"), out.Learned[1].Place)
	for _, l := range out.Learned {
		require.Contains(t, seen[l.Place], history.Segment{Where: l.Where, Text: l.Value})
	}
}

func TestWhatNoScriptReachesIsSeenAllTheSame(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`
<style>.gen::before{content:"Hi, " attr(data-who)} .gen::after{content:counter(n) " orders"} .gen{counter-increment:n 5}
li.named::marker{content:"Zoë's mark: "} .first::first-letter{color:red} ol{list-style:upper-roman} q::before{content:"»"}</style>
<p class="gen first" data-who=Zoë>text</p><ol><li class=named>a<li>b</ol><q>quoted</q>
<x-closed><u>given</u></x-closed><div id=host></div><script>
customElements.define("x-closed", class extends HTMLElement { constructor() { super(); const r = this.attachShadow({mode:"closed"});
	r.innerHTML = "<i class=in title='closed title'>closed <b>root</b></i><slot></slot><input name=pin value=1234><div id=nest></div>";
	r.querySelector("#nest").attachShadow({mode:"closed"}).innerHTML = "<p>deep</p>" } })
document.querySelector("#host").attachShadow({mode:"closed"}).innerHTML = "<p>by hand</p>";
</script>`)})
	w := begin(t, s.URL)
	w.do(visit("/"))
	texts := segments(t, w.looks()[0].text)
	for _, s := range []history.Segment{
		{Where: "p.gen::before", Text: "Hi, Zoë"}, {Where: "p.gen::after", Text: "5 orders"}, {Where: "p.gen", Text: "text"},
		{Where: "ol>li.named::marker", Text: "Zoë's mark:"}, {Where: "x-closed>i.in", Text: "closed root"},
		{Where: "x-closed>i.in@title", Text: "closed title"}, {Where: "x-closed>u", Text: "given"},
		{Where: "div#nest>p", Text: "deep"}, {Where: "div#host>p", Text: "by hand"},
	} {
		require.Contains(t, texts, s)
	}
	for _, s := range texts {
		require.NotContains(t, s.Where, "q::", "a quotation mark says nothing")
		require.NotEqual(t, "ol>li::marker", s.Where, "a number of a list says nothing")
		require.NotContains(t, s.Where, "first-letter", "it is a part of a text")
	}
	require.Equal(t, []history.Segment{{Where: "pin", Text: "1234"}}, segments(t, w.sink.on(history.SurfaceField)[0].text))
}

func TestAFieldWithoutANameIsCalledByItsLabel(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<label>Your <b>phone</b> <input value=1><select><option>x</select></label>
		<span id=l1>House</span><span id=l2>number</span><input aria-labelledby="l1 l2" value=2><p class=at><input value=3></p>`)})
	w := begin(t, s.URL)
	w.do(visit("/"))
	require.Equal(t, []history.Segment{
		{Where: "Your phone", Text: "1"}, {Where: "Your phone", Text: "x"}, {Where: "House number", Text: "2"}, {Where: "p.at>input", Text: "3"},
	}, segments(t, w.sink.on(history.SurfaceField)[0].text))
}

// FuzzASnapshotIsReadWhateverItSays takes snapshots that no browser would send.
func FuzzASnapshotIsReadWhateverItSays(f *testing.F) {
	f.Add([]byte(`{"strings":["http://a/","SLOT","open","x-a","name"],"documents":[{"documentURL":0,"frameId":-1,"nodes":{"parentIndex":[-1,0,1,2,3],
		"nodeType":[9,1,1,1,3],"nodeName":[0,3,1,3,3],"nodeValue":[-1,-1,-1,-1,2],"backendNodeId":[1,2,3,4,5],"attributes":[[],[4,2],[4],[4,9],[]],
		"shadowRootType":{"index":[2,3,-4],"value":[2,2]},"pseudoType":{"index":[3],"value":[2]},"contentDocumentIndex":{"index":[1],"value":[1]}},
		"layout":{"nodeIndex":[3,900,-1],"text":[2]}},{"documentURL":900,"nodes":{"parentIndex":[0,5,1],"nodeType":[1,1,1],"nodeName":[1,1,1],
		"nodeValue":[0,0,0],"backendNodeId":[0,0,0],"attributes":[[],[],[]],"contentDocumentIndex":{"index":[0],"value":[0]}}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var taken snapshot
		if json.Unmarshal(data, &taken) != nil {
			return
		}
		for _, d := range taken.documents() {
			for _, s := range append(d.texts, d.fields...) {
				if s.Text == "" || len(s.Text) > longestText {
					t.Fatalf("a text of %d bytes at %q", len(s.Text), s.Where)
				}
			}
		}
	})
}
