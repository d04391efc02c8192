package leak_test

import (
	"encoding/csv"
	"fmt"
	"html"
	"net/url"
	"strings"

	"crosstalk/harness/match"
)

// matrixSurface is one way in which a shop shows a value.
type matrixSurface struct {
	name, mediaType string
	where           string // what Hit.Where must say, or begin with before "›"
	nowhere         bool   // where it stands there is for the decoder to say

	page   func(p matrixPage) string // with matrixSlot where the value goes
	escape []matrixEscape            // what the shop does to text there, one after the other
	chain  []string                  // what undoes wrap
	plus   bool                      // it writes a plus for a space
	wrap   func(string) []byte       // makes the body of the page; nil: as it is
	holds  func(string) bool         // whether it can hold such a text; nil: any

	always   bool   // wrap is undone even where it changed nothing
	plainly  bool   // wrap changes the alphabet only: nothing is undone
	lang     string // escapes of this language are put there as they are
	lines    bool   // holds line breaks
	markup   bool   // values can be split over elements
	segments bool   // values can be split over text nodes
	minor    bool   // only for amounts in minor units
	text     bool   // a person can read it there
}

// matrixEscape is what a shop does to text, and what undoes it.
type matrixEscape struct {
	undone string
	apply  func(string) string
}

// The escapes of pages, scripts and addresses.
func matrixAsHTML() matrixEscape  { return matrixEscape{match.DecodedEntity, html.EscapeString} }
func matrixAsJSON() matrixEscape  { return matrixEscape{match.DecodedJSON, matrixInner} }
func matrixAsQuery() matrixEscape { return matrixEscape{match.DecodedPercent, url.QueryEscape} }
func matrixAsPath() matrixEscape  { return matrixEscape{match.DecodedPercent, url.PathEscape} }

// matrixChanges is an escape that nobody has to undo to read the text.
func matrixChanges(apply func(string) string) matrixEscape { return matrixEscape{apply: apply} }

// matrixSlot stands in a page where the value goes.
const matrixSlot = "\x02"

func matrixHasLines(s matrixSurface) bool   { return s.lines }
func matrixIsPage(s matrixSurface) bool     { return s.markup && s.lang == "html" && s.wrap == nil }
func matrixIsMarkup(s matrixSurface) bool   { return s.markup }
func matrixIsSegments(s matrixSurface) bool { return s.segments }
func matrixShowsText(s matrixSurface) bool  { return s.text }

// matrixSurfaces is the table of surface forms.
func matrixSurfaces() []matrixSurface {
	var all []matrixSurface
	for _, group := range [][]matrixSurface{matrixPages(), matrixAPIs(), matrixLinesOfText(), matrixRecorded(), matrixBodies()} {
		all = append(all, group...)
	}
	return all
}

// matrixHTML is a surface of a page.
func matrixHTML(name, where, slot string) matrixSurface {
	return matrixSurface{
		name: name, mediaType: "text/html; charset=utf-8", where: where, lang: "html",
		escape: []matrixEscape{matrixAsHTML()},
		page:   func(p matrixPage) string { return p.html(slot) },
	}
}

func matrixPages() []matrixSurface {
	list := matrixHTML("page text in a list", "ul#account>li.value", `<ul id="account"><li class="value">`+matrixSlot+`</li><li>Sign out</li></ul>`)
	list.markup, list.lines, list.text = true, true, true
	cell := matrixHTML("table cell", "table#totals>tr>td.value", `<table id="totals"><tr><td>Yours</td><td class="value">`+matrixSlot+`</td></tr></table>`)
	cell.markup, cell.lines, cell.text = true, true, true
	state := matrixHTML("inline script's JSON", "script#state$.customer.value", `<script id="state">window.customerData = {"customer":{"value":"`+matrixSlot+`","tier":2}};</script>`)
	state.lang, state.escape = "json", []matrixEscape{matrixAsJSON()}
	link := matrixHTML("link's query", "a#again@href", `<a id="again" href="/again?to=`+matrixSlot+`&amp;n=1">Again</a>`)
	link.plus = true
	link.lang, link.escape = "", []matrixEscape{matrixAsQuery(), matrixAsHTML()}
	comment := matrixHTML("comment", "div#debug#comment", `<div id="debug"><!-- rendered for `+matrixSlot+` --></div>`)
	comment.lang, comment.escape = "", []matrixEscape{matrixChanges(matrixSwap("--", "- -"))}
	area := matrixHTML("text field", "form#note>textarea", `<form id="note"><textarea name="note">`+matrixSlot+`</textarea></form>`)
	area.lines, area.text = true, true
	return []matrixSurface{
		list, cell, state, link, comment, area,
		matrixHTML("attribute", "div#card>span.who@title", `<div id="card"><span class="who" title="`+matrixSlot+`">You</span></div>`),
		matrixHTML("input's value", "form#address>input@value", `<form id="address"><input name="line" value="`+matrixSlot+`"></form>`),
		matrixHTML("meta element", "main>meta@content", `<meta name="customer" content="`+matrixSlot+`">`),
	}
}

// matrixInner is a JSON string without its quotes.
func matrixInner(s string) string { q := matrixQuote(s); return q[1 : len(q)-1] }

func matrixAPIs() []matrixSurface {
	api := func(name, where string, page func(p matrixPage) string) matrixSurface {
		return matrixSurface{name: name, mediaType: "application/json", where: where, lang: "json", escape: []matrixEscape{matrixAsJSON()}, page: page}
	}
	field := api("JSON field", "$.customer.value", func(p matrixPage) string { return p.json(`{"value":"` + matrixSlot + `"}`) })
	field.text = true
	nested := api("JSON in JSON", "$.payload›$.customer.value", func(p matrixPage) string {
		return `{"ok":true,"payload":` + matrixQuoted(p.json(`{"value":"`+matrixSlot+`"}`)) + `}`
	})
	nested.escape, nested.lang = []matrixEscape{matrixAsJSON(), matrixAsJSON()}, ""
	fragment := api("HTML in JSON", "$.html›ul#mini>li.value", func(p matrixPage) string {
		return `{"html":` + matrixQuoted(p.html(`<ul id="mini"><li class="value">`+matrixSlot+`</li></ul>`)) + `}`
	})
	fragment.escape, fragment.lang = []matrixEscape{matrixAsHTML(), matrixAsJSON()}, ""
	lines := api("JSON lines", "$.value", func(p matrixPage) string {
		return p.lines(func(row string) string { return `{"value":` + matrixQuote(row) + `}` }) + `{"value":"` + matrixSlot + "\"}\n"
	})
	padded := api("JSON called with", "$.customer.value", func(p matrixPage) string {
		return "/**/shopCallback(" + p.json(`{"value":"`+matrixSlot+`"}`) + ");"
	})
	minor := api("JSON amount", "$.customer.total.amount", func(p matrixPage) string {
		return p.json(`{"total":{"amount":` + matrixSlot + `,"currency":"EUR"}}`)
	})
	minor.minor = true
	return []matrixSurface{field, nested, fragment, lines, padded, minor}
}

// matrixQuoted is a JSON string in which the slot stays what it is.
func matrixQuoted(s string) string {
	before, after, _ := strings.Cut(s, matrixSlot)
	b, a := matrixQuote(before), matrixQuote(after)
	return b[:len(b)-1] + matrixSlot + a[1:]
}

func matrixLinesOfText() []matrixSurface {
	same := func(s string) string { return s }
	oneLine := matrixSwap("\n", " ")
	return []matrixSurface{
		{name: "plain text", mediaType: "text/plain", lines: true, text: true, page: func(p matrixPage) string {
			return p.lines(same) + "Goes to: " + matrixSlot + "\n"
		}},
		{name: "header", mediaType: "text/plain", escape: []matrixEscape{matrixChanges(oneLine)}, page: func(matrixPage) string { return matrixSlot }},
		{name: "Set-Cookie", mediaType: "text/plain", escape: []matrixEscape{matrixAsPath()}, page: func(matrixPage) string {
			return "who=" + matrixSlot + "; Path=/; HttpOnly; SameSite=Lax"
		}},
		{name: "Location", mediaType: "text/plain", plus: true, escape: []matrixEscape{matrixAsQuery()}, page: func(matrixPage) string {
			return "https://shop.example/thanks?to=" + matrixSlot + "&n=1"
		}},
		{name: "form", mediaType: "application/x-www-form-urlencoded", where: "to", plus: true, escape: []matrixEscape{matrixAsQuery()}, page: func(p matrixPage) string {
			var b strings.Builder
			for i, row := range p.texts() {
				fmt.Fprintf(&b, "other=%s&page=%d&", url.QueryEscape(row), i)
			}
			return b.String() + "to=" + matrixSlot
		}},
		{name: "table in CSV", mediaType: "text/csv", text: true, nowhere: true,
			escape: []matrixEscape{matrixChanges(matrixSwap(`"`, `""`))}, page: matrixCSV},
		{name: "script", mediaType: "application/javascript", lang: "js", escape: []matrixEscape{matrixAsJSON()}, nowhere: true,
			page: func(p matrixPage) string {
				return p.lines(func(row string) string { return "e.push(" + matrixQuote(row) + ");function n(t){return t.exports}" }) + `e.customer="` + matrixSlot + `";`
			}},
		{name: "socket frame", mediaType: "", lang: "json", escape: []matrixEscape{matrixAsJSON()}, nowhere: true, page: func(p matrixPage) string {
			return `42["order",` + p.json(`{"value":"`+matrixSlot+`"}`) + `]`
		}},
		{name: "event stream", mediaType: "text/event-stream", lang: "json", escape: []matrixEscape{matrixAsJSON()}, nowhere: true, page: func(p matrixPage) string {
			return "retry: 3000\n\n" + p.lines(func(row string) string { return "data: " + matrixQuote(row) + "\n" }) + `data: {"value":"` + matrixSlot + "\"}\n\n"
		}},
		{name: "XML", mediaType: "application/xml", where: "orders>order>customer", lang: "html", escape: []matrixEscape{matrixAsHTML()}, page: func(p matrixPage) string {
			return `<?xml version="1.0"?><orders>` + p.lines(func(row string) string { return "<order><other>" + html.EscapeString(row) + "</other></order>" }) +
				"<order><customer>" + matrixSlot + "</customer></order></orders>"
		}},
	}
}

func matrixCSV(p matrixPage) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	for i, row := range p.texts() {
		if err := w.Write([]string{fmt.Sprint(i), row, "ok"}); err != nil {
			return ""
		}
	}
	w.Flush()
	return b.String() + `"7","` + matrixSlot + `","ok"` + "\n"
}

func matrixRecorded() []matrixSurface {
	recorded := func(name, where, before, after string) matrixSurface {
		return matrixSurface{
			name: name, mediaType: match.SegmentsType, where: where, escape: []matrixEscape{matrixAsJSON()},
			page: func(p matrixPage) string {
				return `[` + p.lines(func(row string) string { return `{"where":"` + before + `other","text":` + matrixQuote(row) + `},` }) +
					`{"where":"` + where + `","text":"` + after + matrixSlot + `"},{"where":"footer","text":"Imprint"}]`
			},
		}
	}
	page := recorded("text as a browser shows it", "main>p.greeting", "main>li.", "")
	page.segments, page.text, page.lines = true, true, true
	page.escape = append(page.escape, matrixChanges(matrixSwap(matrixInner(matrixNext), `"},{"where":"main>p.greeting","text":"`)))
	jar := recorded("cookie jar", "profile", "other_", "")
	jar.escape = []matrixEscape{matrixAsPath()}
	storage := recorded("local storage", "localStorage cart›$.user.value", "localStorage ", "")
	storage.escape = []matrixEscape{matrixAsJSON(), matrixAsJSON()}
	storage.page = func(p matrixPage) string {
		return `[` + p.lines(func(row string) string { return `{"where":"localStorage other","text":` + matrixQuote(row) + `},` }) +
			`{"where":"localStorage cart","text":"{\"user\":{\"value\":\"` + matrixSlot + `\"},\"n\":1}"}]`
	}
	return []matrixSurface{page, jar, storage}
}
