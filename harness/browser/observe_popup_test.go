package browser

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

func TestTextOfAPopUpThatClosesIsSeen(t *testing.T) {
	pages := map[string]http.HandlerFunc{
		"/stays":   html(`<p>Jane Roe</p><script>opener.postMessage("here", "*")</script>`),
		"/closes":  html(`<p>Jane Roe</p><script>setTimeout(close, 50)</script>`),
		"/at-once": html(`<p>Jane Roe</p><script>close()</script>`),
		"/parsed":  html(`<p>Jane Roe</p><script>document.querySelector("p").remove()</script>`),
		"/later":   html(`<p></p><script>setTimeout(() => { const p = document.querySelector("p"); p.textContent = "Jane Roe"; p.textContent = "" ; close() }, 50)</script>`),
		"/in-turn": html(`<p>x</p><script>setTimeout(() => location.replace("/closes"), 50)</script>`),
		"/drawn":   html(`<canvas></canvas><script>document.querySelector("canvas").getContext("2d").fillText("Jane Roe", 5, 9); setTimeout(close, 50)</script>`),
		"/shadow":  html(`<x-y></x-y><script>document.querySelector("x-y").attachShadow({mode: "closed"}).innerHTML = "<p>Jane Roe</p>"; setTimeout(close, 50)</script>`),
		"/framed":  html(`<body><script>const f = document.createElement("iframe"); document.body.append(f); f.contentWindow.touched = 1; f.src = "/g"; f.onload = close</script>`),
		"/g":       html(`<p>Jane Roe</p>`),
	}
	const other = `const other = location.origin.replace("127.0.0.1", "localhost");`
	alike := map[string]bool{ // to the race detector: their kind is there already
		"in a window of its own": true, "and was taken away as it was parsed": true, "and stood for no time": true, "by a link": true, "by a form": true,
		"of another site in its first script": true, "empty a while, then of this site": true, "filled and closed in one task": true,
		"written and closed in one task": true, "written, then of this site": true, "about:blank by name": true, "with a drawing": true,
		"with a closed shadow root": true, "written, with a closed shadow root": true, "drawn on by its opener": true, "drawn on and closed in one task": true,
	}
	port := regexp.MustCompile(`^localhost:\d+`)
	for name, c := range map[string]struct{ script, where string }{
		"of this site":                        {`open("/closes")`, "/closes p"},
		"in a window of its own":              {`open("/closes", "n", "width=300,height=300")`, "/closes p"},
		"in its first script":                 {`open("/at-once")`, "/at-once p"},
		"and was taken away as it was parsed": {`open("/parsed")`, "/parsed p"},
		"and stood for no time":               {`open("/later")`, "/later p"},
		"of another site":                     {other + `open(other + "/closes")`, "localhost/closes p"},
		"of another site in its first script": {other + `open(other + "/at-once")`, "localhost/at-once p"},
		"without an opener":                   {`open("/closes", "_blank", "noopener")`, "/closes p"},
		"of another site without an opener":   {other + `open(other + "/at-once", "_blank", "noopener")`, "localhost/at-once p"},
		"by a link":                           {`const a = document.createElement("a"); a.href = "/closes"; a.target = "_blank"; a.rel = "opener"; a.click()`, "/closes p"},
		"by a form":                           {`const f = document.createElement("form"); f.action = "/closes"; f.target = "n"; document.body.append(f); f.submit()`, "/closes p"},
		"by its opener":                       {`const w = open("/stays"); onmessage = () => w.close()`, "/stays p"},
		"by its opener, of another site":      {other + `const w = open(other + "/stays"); onmessage = () => w.close()`, "localhost/stays p"},
		"empty, then of this site":            {`const w = open(""); w.touched = 1; w.location = "/closes"`, "/closes p"},
		"empty a while, then of this site":    {`const w = open(""); setTimeout(() => w.location = "/closes", 50)`, "/closes p"},
		"empty, filled by its opener":         {`const w = open(""); w.document.body.innerHTML = "<p>Jane Roe</p>"; setTimeout(() => w.close(), 50)`, "/ p"},
		"filled and closed in one task":       {`const w = open(""); w.document.body.innerHTML = "<p>Jane Roe</p>"; w.close()`, "/ p"},
		"written by its opener":               {`const w = open(""); w.document.write("<p>Jane Roe</p>"); w.document.close(); setTimeout(() => w.close(), 50)`, "/ p"},
		"written and closed in one task":      {`const w = open(""); w.document.write("<p>Jane Roe</p>"); w.document.close(); w.close()`, "/ p"},
		"written, then of this site":          {`const w = open(""); w.document.write("<p>x</p>"); w.document.close(); setTimeout(() => w.location = "/closes", 50)`, "/closes p"},
		"about:blank by name":                 {`const w = open("about:blank"); w.document.title = "Jane Roe"; setTimeout(() => w.close(), 50)`, "/ title"},
		"of a blob":                           {`open(URL.createObjectURL(new Blob(["<p>Jane Roe</p><script>setTimeout(close, 50)<\/script>"], { type: "text/html" })))`, "blob: p"},
		"and had gone on":                     {`open("/in-turn")`, "/closes p"},
		"with a drawing":                      {`open("/drawn")`, "/drawn canvas"},
		"with a closed shadow root":           {`open("/shadow")`, "/shadow x-y>p"},
		"written, with a closed shadow root":  {`const w = open(""); w.document.write("<x-y></x-y><script>document.querySelector('x-y').attachShadow({mode: 'closed'}).innerHTML = '<p>Jane Roe</p>'<\/script>"); w.document.close(); setTimeout(() => w.close(), 50)`, "/ x-y>p"},
		"drawn on by its opener":              {`const w = open(""), c = w.document.createElement("canvas"); w.document.body.append(c); c.getContext("2d").fillText("Jane Roe", 5, 9); setTimeout(() => w.close(), 50)`, "/ canvas"},
		"drawn on and closed in one task":     {`const w = open(""), c = w.document.createElement("canvas"); w.document.body.append(c); c.getContext("2d").fillText("Jane Roe", 5, 9); w.close()`, "/ canvas"},
		"with a frame that was touched":       {`open("/framed")`, "/g p"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if alike[name] {
				oneAfterTheOther(t)
			}
			all := maps.Clone(pages)
			all["/"] = html(`<body><script>` + c.script + `</script>`)
			s := shop(t, all)
			w := beginWith(t, s.URL, func(x *history.SessionSpec) { x.Allowed = nil }, nil)
			w.do(visit("/"))
			at := func(shown []string) []string {
				for i, x := range shown {
					shown[i] = port.ReplaceAllString(x, "localhost")
				}
				return shown
			}
			w.await(func() string {
				if slices.Contains(at(w.heard(history.SurfacePage, "Roe")), c.where) {
					return ""
				}
				return "the text of the pop-up at " + c.where
			})
			w.end()
			require.Contains(t, at(w.sink.shown(t, history.SurfacePage, "Roe")), c.where)
		})
	}
}
