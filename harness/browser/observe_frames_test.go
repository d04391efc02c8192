package browser

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// elsewhere is a server's address under a name of another site: the browser
// gives its frames a process of their own.
func elsewhere(address string) string { return strings.Replace(address, "127.0.0.1", "localhost", 1) }

// shown are the places at which looks saw a text, with where.
func (w *walk) shown(t testing.TB, surface history.Surface, text string) []string {
	t.Helper()
	var at []string
	for _, s := range w.sink.on(surface) {
		if s.Body.Unseen != "" || s.Flash {
			continue
		}
		for _, x := range segments(t, s.text) {
			if x.Text == text {
				at = append(at, string(s.Place)+" "+x.Where)
			}
		}
	}
	return at
}

// looks are what was seen of pages by looking at them.
func (w *walk) looks() []seenSighting {
	return slices.DeleteFunc(w.sink.on(history.SurfacePage), func(s seenSighting) bool { return s.Flash || s.Body.Unseen != "" })
}

func TestEveryFrameIsSeenAtItsOwnAddress(t *testing.T) {
	here := shop(t, map[string]http.HandlerFunc{"/d": html(`<p>in the other, from here</p>`)})
	there := shop(t, map[string]http.HandlerFunc{"/a": html(`<p>same site</p><input name=card value=4111>`)})
	other := shop(t, map[string]http.HandlerFunc{
		"/b": html(`<p>another site</p><iframe src=/c></iframe><iframe src="` + here.URL + `/d"></iframe><iframe srcdoc="<p>no address there</p>"></iframe>`),
		"/c": html(`<p>deeper</p>`),
	})
	s := shop(t, map[string]http.HandlerFunc{"/": html(fmt.Sprintf(`<p>page</p><iframe src="%s/a"></iframe><iframe src="%s/b"></iframe>
		<iframe srcdoc="<p>no address</p>"></iframe><iframe sandbox srcdoc="<p>sandboxed</p>"></iframe><iframe></iframe>
		<iframe src="data:text/html,<p>in the data"></iframe><script>
		document.querySelector("iframe:not([src],[srcdoc])").contentDocument.body.innerHTML = "<p>written</p>";
		const b = document.createElement("iframe"); b.src = URL.createObjectURL(new Blob(["<p>from a blob</p>"], {type: "text/html"})); document.body.append(b)</script>`,
		there.URL, elsewhere(other.URL)))})
	w := begin(t, s.URL)
	w.do(visit("/"))
	host := func(address string) string { return strings.TrimPrefix(address, "http://") }
	for text, at := range map[string]string{
		"page": "GET / p", "same site": "GET " + host(there.URL) + "/a p", "another site": "GET " + host(elsewhere(other.URL)) + "/b p",
		"deeper": "GET " + host(elsewhere(other.URL)) + "/c p", "in the other, from here": "GET " + host(here.URL) + "/d p",
		"no address": "GET / iframe>p", "sandboxed": "GET / iframe>p", "written": "GET / iframe>p", "in the data": "GET / iframe>p",
		"from a blob": "GET / iframe>p", "no address there": "GET " + host(elsewhere(other.URL)) + "/b iframe>p",
	} {
		require.Equal(t, []string{at}, w.shown(t, history.SurfacePage, text), text)
	}
	require.Equal(t, []string{"GET " + host(there.URL) + "/a card"}, w.shown(t, history.SurfaceField, "4111"))
	for _, p := range w.looks() {
		require.Equal(t, p.Place != "GET /", p.Frame != "", "only what is no part of the page is in a frame")
	}
	w.do(scenarios.Step{Op: scenarios.Wait, Wait: time.Millisecond})
	frames := map[history.Place]map[string]bool{}
	for _, p := range w.looks() {
		if frames[p.Place] == nil {
			frames[p.Place] = map[string]bool{}
		}
		frames[p.Place][p.Frame] = true
	}
	require.Len(t, frames, 5)
	for place, names := range frames {
		require.Len(t, names, 1, "%s is the same frame at the next look", place)
	}
}

func TestPopUpsAreSeenUntilTheyAreClosed(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<button onclick='w = window.open("/pop")'>Open</button><button onclick='w.close()'>Close</button>
			<button onclick='window.open("").document.write("<title>Bill</title><p>written by its opener</p>")'>Print</button>
			<a href="/tab" target=_blank>Tab</a>`),
		"/pop": html(`<p>popped</p><iframe srcdoc="<p>in the pop-up</p>"></iframe>`), "/tab": html(`<p>new tab</p>`),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), click("button", "Open"))
	require.Equal(t, []string{"GET /pop p"}, w.shown(t, history.SurfacePage, "popped"))
	require.Equal(t, []string{"GET /pop iframe>p"}, w.shown(t, history.SurfacePage, "in the pop-up"))
	w.do(click("button", "Close"))
	require.Len(t, w.shown(t, history.SurfacePage, "popped"), 1)
	w.do(click("button", "Print"), click("link", "Tab"))
	require.Contains(t, w.shown(t, history.SurfacePage, "written by its opener"), "GET / window>p")
	require.Equal(t, []string{"GET /tab p"}, w.shown(t, history.SurfacePage, "new tab"))
	for _, x := range w.sink.sightings {
		require.Empty(t, x.Body.Unseen)
	}
}

func TestPagesThatComeBackAreSeenAgain(t *testing.T) {
	n := 0
	s := shop(t, map[string]http.HandlerFunc{
		"/{$}": func(w http.ResponseWriter, r *http.Request) {
			n++
			html(fmt.Sprintf(`<p id=x>Hi %c</p><a href=/two>Go</a><script>x.append(" now"); addEventListener("pageshow", (e) => { if (e.persisted) x.append(" again") })</script>`, 'A'+n))(w, r)
		},
		"/two": html(`<p>second</p>`),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), scenarios.Step{Op: scenarios.Reload}, click("link", "Go"), scenarios.Step{Op: scenarios.Back})
	require.Equal(t, []string{"GET / p#x"}, w.shown(t, history.SurfacePage, "Hi B now"))
	pages := w.looks()
	require.Len(t, pages, 4)
	require.Contains(t, pages[1].text, "Hi C now")
	require.Equal(t, s.URL+"/", pages[3].URL)
	require.Contains(t, pages[3].text, "Hi ", "from the browser's memory, its cache, or the shop")
}

func TestAFrameThatHangsHidesNoOther(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/stuck": html(`<p>stuck</p><script>onmessage = () => { for (;;); }</script>`), "/well": html(`<p>well</p>`),
	})
	s.Config.Handler.(*http.ServeMux).HandleFunc("/", html(fmt.Sprintf(`<p>page</p><iframe id=f src="%s/stuck"></iframe><iframe src="/well"></iframe>
		<button onclick='f.contentWindow.postMessage(1, "*"); f.parentNode.append("!")'>Hang</button>`, elsewhere(s.URL))))
	w := begin(t, s.URL)
	w.do(visit("/"))
	require.Len(t, w.shown(t, history.SurfacePage, "stuck"), 1)
	w.do(click("button", "Hang"))
	for range 3 {
		begun := time.Now()
		w.do(scenarios.Step{Op: scenarios.Press, Key: "Shift"})
		require.Less(t, time.Since(begun), 10*time.Second, "what has hung is not waited for again")
	}
	require.Len(t, w.shown(t, history.SurfacePage, "stuck"), 1)
	require.Len(t, w.shown(t, history.SurfacePage, "well"), 5)
	require.Len(t, w.shown(t, history.SurfacePage, "page"), 5)
	var unseen []seenSighting
	for _, x := range w.sink.on(history.SurfacePage) {
		if x.Body.Unseen != "" {
			unseen = append(unseen, x)
		}
	}
	require.Len(t, unseen, 4)
	require.Equal(t, "the page did not answer in time", unseen[0].Body.Unseen)
	require.Equal(t, elsewhere(s.URL)+"/stuck", unseen[0].URL)
	require.NotEmpty(t, unseen[0].Frame)
}
