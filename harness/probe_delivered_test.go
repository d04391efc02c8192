package harness

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// deliveredProbes show the marker in the body of an answer.
func deliveredProbes() []probe {
	response := history.SurfaceResponse
	at := func(path string, a answer) map[string]answer { return map[string]answer{path: a} }
	data := at("/data", note())
	const read, got = `await (await fetch(A+"/data")).text();ready()`, "GET @@/data"
	return []probe{
		{name: "document", what: "a document", surface: response, where: "script$.note", also: []string{"markup"}, more: at("", document(200))},
		{name: "missing", what: "a document that answers 404", surface: response, where: "script$.note", also: []string{"markup"}, more: at("", document(404))},
		{name: "broken", what: "a document that answers 500", surface: response, where: "script$.note", also: []string{"markup"}, more: at("", document(500)), stops: true, steps: []string{`visit: "@@"`}},
		{
			name: "form", what: "the document that answers a form", surface: response, where: "script$.note", place: "POST @@/data", also: []string{"markup GET @@/data"},
			body: `<form method=post action="/p/form/data"><button>Send</button></form>`, script: `ready()`, more: at("/data", document(200)),
			steps: []string{`visit: "@@"`, `click: Send`, `see: {text: all done}`},
		},
		{
			name: "xhr", what: "an XMLHttpRequest", surface: response, where: "$.note", place: got, more: data,
			script: `const x=new XMLHttpRequest();x.open("GET",A+"/data");x.onload=ready;x.send()`,
		},
		{name: "fetch", what: "a fetch", surface: response, where: "$.note", place: got, more: data, script: read},
		{name: "fetch-error", what: "a fetch that is answered with an error", surface: response, where: "$.note", place: got, more: at("/data", saysAs(500, "application/json", `{"note":"for %s"}`)), script: read},
		{name: "fetch-cross", what: "a fetch from another site", surface: response, where: "$.note", place: "GET {other}@@/data", more: data, script: `await (await fetch(OTHER+A+"/data")).text();ready()`},
		{name: "fetch-blob", what: "a fetch that is read as a blob", surface: response, where: "$.note", place: got, more: data, script: `await (await fetch(A+"/data")).blob();ready()`},
		{name: "fetch-unread", what: "a fetch whose body is never read", surface: response, where: "$.note", place: got, also: []string{"socket GET @@/data"}, more: data, script: `window.kept=await fetch(A+"/data");ready()`},
		{
			name: "before-leaving", what: "an answer just before the page is left", surface: response, where: "$.note", place: got,
			more:   map[string]answer{"/data": note(), "/next": page("", "ready()")},
			script: `const x=new XMLHttpRequest();x.open("GET",A+"/data");x.onload=()=>location.assign(A+"/next");x.send()`,
		},
		{name: "post", what: "the answer to a POST", surface: response, where: "$.note", place: "POST @@/data", more: data, script: `await (await fetch(A+"/data",{method:"POST",body:"x"})).text();ready()`},
		{name: "script", what: "a script", surface: response, place: "GET @@/a.js", more: at("/a.js", says("text/javascript", "// for %s\nready()")), script: loads("script", "src", "/a.js")},
		{name: "style", what: "a style sheet", surface: response, place: "GET @@/a.css", more: at("/a.css", says("text/css", "/* for %s */")), script: `const e=document.createElement("link");e.rel="stylesheet";e.onload=ready;e.href=A+"/a.css";document.head.append(e)`},
		{name: "image", what: "an image", surface: response, place: "GET @@/a.png", kind: customer.Avatar, more: at("/a.png", picture), script: loads("img", "src", "/a.png")},
		{
			name: "font", what: "a font", surface: response, place: "GET @@/a.woff", more: at("/a.woff", says("font/woff", "no font for %s")),
			script: `const f=new FontFace("probe","url("+A+"/a.woff)");await f.load().catch(()=>{});ready()`,
		},
		{
			name: "video", what: "a video", surface: response, place: "GET @@/a.webm", more: at("/a.webm", says("video/webm", "no video for %s")),
			script: `const e=document.createElement("video");e.onerror=ready;e.src=A+"/a.webm";document.body.append(e)`,
		},
		{
			name: "preload", what: "a preload that is not used", surface: response, where: "$.note", place: got, more: data,
			script: `const e=document.createElement("link");e.rel="preload";e.as="fetch";e.crossOrigin="anonymous";e.onload=ready;e.href=A+"/data";document.head.append(e)`,
		},
		{
			name: "prefetch", what: "a prefetch", surface: response, where: "$.note", place: got, more: data,
			script: `const e=document.createElement("link");e.rel="prefetch";e.onload=ready;e.onerror=ready;e.href=A+"/data";document.head.append(e)`,
		},
		{
			name: "prerender", what: "a prerendered document", surface: response, where: "script$.note", place: "GET @@/next", also: []string{"markup GET @@/next"},
			more: at("/next", document(200)), script: prerenders, steps: prerenderSteps,
		},
		{
			name: "prerender-fetch", what: "a fetch of a prerendered document", surface: response, where: "$.note", place: got,
			more:   map[string]answer{"/next": page("", `await (await fetch(A+"/data")).text()`), "/data": note()},
			script: prerenders, steps: prerenderSteps,
		},
		{name: "beacon", what: "the answer to a beacon", surface: response, where: "$.note", place: "POST @@/data", more: data, script: `navigator.sendBeacon(A+"/data","x");await pause(300);ready()`},
		{
			name: "redirect-body", what: "the body of a redirect, in a browser", surface: response, place: "GET @@/away",
			more: map[string]answer{
				"/away": func(w http.ResponseWriter, _ *http.Request, m mark) {
					w.Header().Set("Location", "/p/redirect-body/next")
					w.WriteHeader(http.StatusFound)
					fmt.Fprint(w, m.value)
				},
				"/next": page("", "ready()"),
			},
			steps: []string{`visit: "@@/away"`, `see: {text: all done}`},
			blind: "the browser's protocol gives no body of a redirect; it is counted as unseen",
		},
		{
			name: "trailer", what: "a trailer, in a browser", surface: history.SurfaceHeader, place: got, script: read,
			more: at("/data", func(w http.ResponseWriter, _ *http.Request, m mark) {
				w.Header().Set("Trailer", "X-Note")
				fmt.Fprint(w, "nothing")
				w.Header().Set("X-Note", m.value)
			}),
			blind: "the browser drops trailers before anybody can see them",
		},
	}
}

const prerenders = `const e=document.createElement("script");e.type="speculationrules";e.textContent=JSON.stringify({prerender:[{source:"list",urls:[A+"/next"],eagerness:"immediate"}]});document.head.append(e);`

// A prerender has no event that the page could wait for.
var prerenderSteps = []string{`visit: "@@"`, `wait: 1s`}

// document is a page that holds the marker where it renders nothing.
func document(status int) answer {
	return func(w http.ResponseWriter, _ *http.Request, m mark) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		writePage(w, fmt.Sprintf(`<p>all done</p><script type="application/json">{"note":%q}</script>`, m.value))
	}
}

// loads is a script that loads an address into an element.
func loads(tag, attribute, path string) string {
	return fmt.Sprintf(`const e=document.createElement(%q);e.onload=()=>setTimeout(ready);e.%s=A+%q;window.ready=ready;document.body.append(e)`, tag, attribute, path)
}

func picture(w http.ResponseWriter, _ *http.Request, m mark) {
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(m.avatar)
}

// codedProbes show the marker in bodies that are coded, checked, or large.
func codedProbes() []probe {
	response := history.SurfaceResponse
	const read, got = `await (await fetch(A+"/data")).text();ready()`, "GET @@/data"
	coded := func(name string, writer func(io.Writer) io.WriteCloser) probe {
		return probe{name: name, what: "a body in " + name, surface: response, place: got, script: read, more: map[string]answer{"/data": encoded(name, writer)}}
	}
	br := coded("br", func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
	br.name = "brotli"
	return []probe{
		coded("gzip", func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }), br,
		coded("zstd", func(w io.Writer) io.WriteCloser {
			e, err := zstd.NewWriter(w)
			if err != nil {
				panic(err) // no option was given
			}
			return e
		}),
		{
			name: "not-modified", what: "a body that the client kept and the shop confirmed (304)", surface: response, place: got, least: 2,
			more: map[string]answer{"/data": func(w http.ResponseWriter, r *http.Request, m mark) {
				w.Header().Set("Etag", `"probe"`)
				w.Header().Set("Cache-Control", "no-cache")
				if r.Header.Get("If-None-Match") != "" {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				fmt.Fprint(w, m.value)
			}},
			script: `await (await fetch(A+"/data")).text();await (await fetch(A+"/data")).text();ready()`,
		},
		{
			name: "large", what: "a body of 21 MB", surface: response, place: got, script: read,
			more: map[string]answer{"/data": func(w http.ResponseWriter, _ *http.Request, m mark) {
				w.Header().Set("Content-Type", "text/plain")
				_, _ = w.Write(bytes.Repeat([]byte("Nothing but the same line again and again.\n"), 21<<20/43))
				fmt.Fprint(w, m.value)
			}},
		},
		{
			name: "secure", what: "a body over HTTP/2", surface: response, where: "$.note", place: "GET {secure}@@/data", script: read,
			more: map[string]answer{"/data": note()}, steps: []string{`visit: "{secure}@@"`, `see: {text: all done}`},
		},
	}
}

// encoded answers the marker in a content coding.
func encoded(coding string, writer func(io.Writer) io.WriteCloser) answer {
	return func(w http.ResponseWriter, _ *http.Request, m mark) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", coding)
		w.Header().Set("Cache-Control", "no-store")
		body, err := json.Marshal(map[string]string{"note": m.value, "padding": strings.Repeat("words and words ", 40)})
		if err != nil {
			return // a string encodes
		}
		out := writer(w)
		_, _ = out.Write(body)
		_ = out.Close()
	}
}
