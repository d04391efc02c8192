package browser

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// heirloom is a shop that leaves something of Zoë's everywhere in the client.
func heirloom(t testing.TB) map[string]http.HandlerFunc {
	t.Helper()
	return map[string]http.HandlerFunc{
		"/": func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "who", Value: "zoe-cookie"})
			html(`<p>Hi, Zoë</p><img src=/me.png><form><input name=mail value=zoe@c01.test></form><b></b><script>
				localStorage.setItem("who", "zoe-local"); sessionStorage.setItem("who", "zoe-session")
				const opened = indexedDB.open("shop", 1)
				opened.onupgradeneeded = () => opened.result.createObjectStore("orders").put("zoe-database", "k")
				opened.onsuccess = async () => {
					await (await caches.open("pages")).put("/cached", new Response("zoe-cache"))
					document.querySelector("b").textContent = "ready" }</script>`)(w, r)
		},
		"/me.png": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			w.Header().Set("Cache-Control", "max-age=600")
			_, _ = w.Write(onePixel())
		},
		"/plain": html("<p>Nobody</p>"),
	}
}

// by is what of a viewer's was sighted that has a text in it, each as surface
// and place.
func (r *record) by(viewer, text string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []string
	for _, s := range r.sightings {
		if s.Viewer == viewer && strings.Contains(s.text, text) {
			found = append(found, fmt.Sprintf("%s %s", s.Surface, s.Place))
		}
	}
	return found
}

func TestWhatStandsAndIsKeptIsShownToTheHeirOnceMore(t *testing.T) {
	s := shop(t, heirloom(t))
	left := map[string]string{
		"the page":       "Hi, Zoë",
		"a field":        "zoe@c01.test",
		"a cookie":       "zoe-cookie",
		"localStorage":   "zoe-local",
		"sessionStorage": "zoe-session",
		"IndexedDB":      "zoe-database",
		"a cache":        "zoe-cache",
	}
	w := begin(t, s.URL)
	w.do(visit("/"), see("ready"))
	w.Become("c02")
	w.do(scenarios.Step{Op: scenarios.Press, Key: "Tab"})
	w.end()
	for what, text := range left {
		require.NotEmpty(t, w.sink.by("c01", text), "%s is the first customer's", what)
		require.NotEmpty(t, w.sink.by("c02", text), "%s stands there when the heir comes", what)
	}
	for _, text := range []string{"zoe-cookie", "zoe-local", "zoe-database", "zoe-cache"} {
		require.Len(t, w.sink.by("c02", text), len(w.sink.by("c01", text)), "%s: to each once", text)
	}
	markup := 0
	for _, x := range w.sink.on(history.SurfaceMarkup) {
		if x.Viewer == "c02" {
			markup++
		}
	}
	require.Equal(t, 1, markup, "the delivered document was delivered to another")
	require.Equal(t, "c01", w.sink.exchange(t, "/").Viewer)
}

func TestAPictureLeftInTheCacheIsReadAgainForTheHeir(t *testing.T) {
	s := shop(t, heirloom(t))
	for name, again := range map[string]scenarios.Step{"reload": {Op: scenarios.Reload}, "visit": visit("/")} {
		t.Run(name, func(t *testing.T) {
			w := begin(t, s.URL)
			w.do(visit("/"), see("ready"))
			w.do(again, see("ready"))
			w.Become("c02")
			require.False(t, w.watch.showed("anything"))
			w.do(again, see("ready"))
			w.end()
			var bodies []string
			for _, x := range w.sink.all("/me.png") {
				if x.Viewer == "c02" {
					bodies = append(bodies, x.response)
					require.Empty(t, x.Body.Unseen)
				}
			}
			require.Equal(t, []string{string(onePixel())}, bodies)
		})
	}
}

func TestWhatWasAskedForBeforeTheHeirCameBelongsToWhoAsked(t *testing.T) {
	asked, release := make(chan struct{}), make(chan struct{})
	wait := func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		select {
		case <-release:
		case <-r.Context().Done():
		}
		http.Redirect(w, r, "/late", http.StatusFound)
	}
	s := shop(t, map[string]http.HandlerFunc{
		"/":     html(`<p></p><script>fetch("/wait").then((r) => r.text()).then((t) => document.querySelector("p").textContent = t)</script>`),
		"/wait": wait, "/late": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "for Zoë") },
		"/next": html("next"),
	})
	w := beginWith(t, s.URL, nil, func(o *DriverOptions) { o.SettleCap = 300 * time.Millisecond })
	w.do(visit("/"))
	<-asked
	w.Become("c02")
	close(release)
	w.do(see("for Zoë"), visit("/next"))
	w.end()
	for _, path := range []string{"/wait", "/late"} {
		require.Equal(t, "c01", w.sink.exchange(t, path).Viewer, path)
	}
	require.Equal(t, "c02", w.sink.exchange(t, "/next").Viewer)
	require.NotEmpty(t, w.sink.by("c02", "for Zoë"), "what the page made of it, the heir was shown")
	require.Empty(t, w.sink.by("c01", "for Zoë"))
}

func TestWhatIsPushedIsShownToWhoSitsThere(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script>const s = new WebSocket("ws://" + location.host + "/talk"); s.onmessage = (e) => { document.body.append(e.data + ";") }</script>
			<button onclick='s.send("now")'>Say</button>`),
		"/talk": talk("first"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), see("first;"))
	w.Become("c02")
	w.do(click("button", "Say"), see("echo:now;"))
	w.end()
	require.Equal(t, "c01", w.sink.exchange(t, "/talk").Viewer)
	viewers := map[string]string{}
	for _, m := range w.sink.on(history.SurfaceSocket) {
		viewers[m.text] = m.Viewer
	}
	require.Equal(t, "c01", viewers["first"])
	require.Equal(t, "c02", viewers["now"])
}

func TestWhatFlashedBeforeTheHeirCameWasNotShownToThem(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<p>Here</p><b></b><u></u><script>
		const say = (text) => { const b = document.querySelector("b"); b.textContent = text; console.log("log " + text); setTimeout(() => { b.textContent = "" }) }
		let flash = () => say("zoe" + "-flash"); setTimeout(() => { flash(); document.querySelector("u").textContent = "zoe" + "-stands"; document.title = "done" }, 300)</script><button onclick="say('heir' + '-flash')">Again</button>`)})
	w := begin(t, s.URL)
	w.do(visit("/"))
	require.Eventually(t, func() bool { return w.title(t) == "done" }, 20*time.Second, 5*time.Millisecond)
	w.Become("c02")
	w.do(click("button", "Again"))
	w.end()
	require.NotEmpty(t, w.sink.by("c01", "zoe-flash"))
	require.Empty(t, w.sink.by("c02", "zoe-flash"))
	require.NotEmpty(t, w.sink.by("c02", "heir-flash"))
	require.Empty(t, w.sink.by("c01", "heir-flash"))
	require.NotEmpty(t, w.sink.by("c01", "zoe-stands"), "it came before the heir did")
	require.NotEmpty(t, w.sink.by("c01", "log zoe-flash"))
	require.Empty(t, w.sink.by("c02", "log zoe-flash"))
}

func TestWhatStoodForAMomentInTheHeirsTurnWasShownToThem(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<p>Hi, Zoë</p><button onclick="document.querySelector('p').remove()">Away</button>`)})
	w := beginWith(t, s.URL, func(x *history.SessionSpec) { x.Without = partPages }, nil)
	w.do(visit("/"))
	w.Become("c02")
	w.do(click("button", "Away"))
	w.end()
	require.NotEmpty(t, w.sink.by("c02", "Hi, Zoë"))
}

func TestAHeirComesWhileThePageIsOnItsWayOrHangs(t *testing.T) {
	for name, page := range map[string]http.HandlerFunc{
		"on its way": never(t), "hangs": html(`<p>Hello</p><script>` + saysThatItHangs + `for(;;);</script>`),
		"a box": html(`<script>setTimeout(() => { ` + saysThatItHangs + `for (;;) alert("Hello") }, 50)</script>`),
	} {
		t.Run(name, func(t *testing.T) {
			asked, hanging := make(chan struct{}, 9), make(chan struct{}, 9)
			s := shop(t, map[string]http.HandlerFunc{
				"/":        html(`<button onclick="setTimeout(() => location = '/page', 50)">Go</button>`),
				"/page":    func(w http.ResponseWriter, r *http.Request) { asked <- struct{}{}; page(w, r) },
				"/hanging": func(http.ResponseWriter, *http.Request) { hanging <- struct{}{} },
				"/ok":      html("Fine"),
			})
			w := begin(t, s.URL)
			w.do(visit("/"))
			begun := hanging
			if name == "on its way" {
				begun = asked
			}
			// The click itself may be over by then.
			require.Contains(t, []string{history.StepCut, history.StepDone}, w.cut(click("button", "Go"), begun, context.Canceled).Outcome)
			came := time.Now()
			w.Become("c02")
			require.Less(t, time.Since(came), 20*time.Second)
			w.do(visit("/ok"), see("Fine"))
			w.end()
			require.Equal(t, "c02", w.sink.exchange(t, "/ok").Viewer)
			require.Equal(t, "c01", w.sink.exchange(t, "/page").Viewer)
		})
	}
}

func TestATurnIsWhosItWasAtTheTime(t *testing.T) {
	var u turns
	require.Equal(t, history.Nobody, u.now())
	u.begin(10, "c01")
	u.begin(20, "c02")
	for at, who := range map[history.Moment]string{0: "c01", 10: "c01", 19: "c01", 20: "c02", 99: "c02"} {
		require.Equal(t, who, u.at(at), "moment %d", at)
	}
	require.Equal(t, "c02", u.now())
}
