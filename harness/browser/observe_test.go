package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// values are a header's lines in an exchange.
func values(all []history.Header, name string) []string {
	var out []string
	for _, h := range all {
		if strings.EqualFold(h.Name, name) {
			out = append(out, h.Value)
		}
	}
	return out
}

func TestAnExchangeSaysAllThatHappenedOnTheWire(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script>fetch("/api/me?id=123456", {method: "POST", headers: {"Content-Type": "application/json"}, body: '{"q":"ł"}'})</script>`),
		"/api/me": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Add("Set-Cookie", "a=1; Path=/; HttpOnly")
			w.Header().Add("Set-Cookie", "b=2, with comma")
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.WriteHeader(500)
			fmt.Fprint(w, `{"email":"zoë@c01.test"}`)
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	w.end()
	x := w.sink.exchange(t, "/api/me?id={}")
	require.Equal(t, "POST", x.Method)
	require.Equal(t, 500, x.Status)
	require.Equal(t, "fetch", x.Resource)
	require.Equal(t, `{"q":"ł"}`, x.request)
	require.Equal(t, "application/json", x.RequestBody.Type)
	require.Equal(t, `{"email":"zoë@c01.test"}`, x.response)
	require.Equal(t, history.Body{Type: "application/json"}, x.Body)
	require.Equal(t, []string{"a=1; Path=/; HttpOnly", "b=2, with comma"}, values(x.Headers, "set-cookie"))
	require.NotEmpty(t, values(x.RequestHeaders, "host"), "as it was sent, not as the page asked")
	require.Equal(t, strings.TrimPrefix(s.URL, "http://"), x.Remote)
	require.Equal(t, "http/1.1", x.Protocol)
	require.NotEmpty(t, x.Connection)
	require.Equal(t, "c01", x.Viewer)
	require.Less(t, history.Moment(0), x.Start)
	require.LessOrEqual(t, x.Start, x.Response)
	require.LessOrEqual(t, x.Response, x.End)
	require.LessOrEqual(t, x.End, w.sink.Now())
	jar := w.sink.on(history.SurfaceCookie)
	require.Len(t, jar, 1)
	require.JSONEq(t, `[{"where":"a","text":"1","attributes":"Path=/; HttpOnly"},{"where":"b","text":"2, with comma","attributes":"Path=/api"}]`, jar[0].text)
}

func TestEachHopOfARedirectIsAnExchangeOfItsOwn(t *testing.T) {
	hop := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "hop" + r.URL.Path[1:], Value: "x"})
			http.Redirect(w, r, to, http.StatusSeeOther)
		}
	}
	s := shop(t, map[string]http.HandlerFunc{"/one": hop("/two"), "/two": hop("/end"), "/end": html("The end")})
	w := begin(t, s.URL)
	require.Equal(t, s.URL+"/end", w.do(visit("/one")).URL)
	w.end()
	for path, to := range map[string]string{"/one": "/two", "/two": "/end"} {
		x := w.sink.exchange(t, path)
		require.Equal(t, 303, x.Status)
		require.Equal(t, s.URL+to, x.Redirect)
		require.Equal(t, history.UnseenRedirect, x.Body.Unseen)
		require.Equal(t, []string{"hop" + path[1:] + "=x"}, values(x.Headers, "set-cookie"))
	}
	x := w.sink.exchange(t, "/end")
	require.Empty(t, values(x.Headers, "set-cookie"))
	require.Contains(t, values(x.RequestHeaders, "cookie")[0], "hoptwo=x")
	require.Contains(t, x.response, "The end")
}

func TestBodiesOfEveryKindAreRead(t *testing.T) {
	answer := func(kind, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			fmt.Fprint(w, text)
		}
	}
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script src=/a.js></script><link rel=stylesheet href=/a.css><img src=/me.png>
			<script>fetch("/blob").then(r => r.blob()); fetch("/unread"); const x = new XMLHttpRequest(); x.open("GET", "/xhr"); x.send()</script>
			<iframe src=/frame></iframe>`),
		"/a.js": answer("text/javascript", "/* for Zoë */"), "/a.css": answer("text/css", "p{}"),
		"/me.png": answer("image/png", string(onePixel())), "/blob": answer("text/plain", "as a blob"),
		"/unread": answer("text/plain", "nobody reads this"), "/xhr": answer("text/plain", "by xhr"), "/frame": html("in a frame"),
		"/last": html(`<a href=/ onclick='fetch("/slow")'>Leave</a>`), "/slow": answer("text/plain", "just before leaving"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), visit("/last"), click("link", "Leave"))
	w.end()
	for path, text := range map[string]string{
		"/a.js": "/* for Zoë */", "/me.png": string(onePixel()), "/blob": "as a blob", "/xhr": "by xhr",
		"/frame": "<!doctype html><title>Shop</title>in a frame",
	} {
		x := w.sink.exchange(t, path)
		require.Equal(t, text, x.response, path)
		require.Empty(t, x.Body.Unseen, path)
	}
	require.Equal(t, "p{}", w.sink.exchange(t, "/a.css").response)
	for _, path := range []string{"/unread", "/slow"} {
		x := w.sink.exchange(t, path)
		require.True(t, x.response != "" || x.Body.Unseen != "", "%s is read or said to be unseen", path)
	}
}

func TestARequestThePageCancelsIsSaidToBe(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/":      html(`<script>const a = new AbortController(); fetch("/never", {signal: a.signal}).catch(() => 0); setTimeout(() => a.abort(), 50)</script>`),
		"/never": never(t),
		"/cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "only this")
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	w.do(visit("/cut"))
	w.end()
	require.Equal(t, history.UnseenCancelled, w.sink.exchange(t, "/never").Body.Unseen)
	cut := w.sink.exchange(t, "/cut")
	require.NotEmpty(t, cut.Failed)
	require.NotEmpty(t, cut.Body.Unseen)
}

func TestABodyConfirmedByTheServerSays304AndIsStillSeen(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script>fetch("/data", {cache: "no-cache"}).then(r => r.text()).then(t => document.title = t)</script>`),
		"/data": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") == `"1"` {
				w.WriteHeader(304)
				return
			}
			fmt.Fprint(w, "for Zoë")
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"), visit("/"))
	w.end()
	x := w.sink.all("/data")
	require.Len(t, x, 2)
	require.Equal(t, 304, x[1].Status)
	require.Equal(t, "disk", x[1].From)
	require.Equal(t, "for Zoë", x[1].response)
}

func TestAnExchangeBelongsToTheStepThatBeganIt(t *testing.T) {
	later := make(chan struct{})
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<button onclick='fetch("/slow")'>Load</button>`),
		"/slow": func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-later:
			case <-r.Context().Done():
			}
			fmt.Fprint(w, "late")
		},
	})
	w := beginWith(t, s.URL, nil, func(o *DriverOptions) { o.SettleCap = 200 * time.Millisecond })
	w.do(visit("/"), click("button", "Load"), scenarios.Step{Op: scenarios.Press, Key: "Tab"})
	close(later)
	w.asks("/slow")
	w.do(rest(time.Millisecond))
	w.end()
	x := w.sink.exchange(t, "/slow")
	require.Equal(t, 1, x.Step)
	require.Equal(t, "late", x.response)
	require.Equal(t, 0, w.sink.exchange(t, "/").Step)
}

func TestARenderedPageIsSeenWithItsHiddenPartsAndFields(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`
<header class=top><a class=account href=#>Hi, <b>Zo</b>ë</a></header>
<div id=order17 class="card c9"><p hidden>secret</p></div><div class=card><x-in></x-in></div>
<form><input name=mail value=zoe@c01.test><input type=password id=pw value=hush><select name=land><option value=SE selected>Sweden</select>
<input type=hidden name=csrf value=tok3n><textarea aria-label=Note>note</textarea><input type=checkbox name=off value=no></form>
<iframe srcdoc="<p>framed</p>"></iframe><img alt="Zoë's picture"><style>.no{}</style><script>var no = 1
customElements.define("x-in", class extends HTMLElement { constructor() { super(); this.attachShadow({mode:"open"}).innerHTML = "<i>shadow</i>" } })</script>`)})
	w := begin(t, s.URL)
	w.do(visit("/"))
	w.end()
	page := w.sink.on(history.SurfacePage)
	require.Len(t, page, 1)
	require.Equal(t, history.SegmentsType, page[0].Body.Type)
	require.Equal(t, history.Place("GET /"), page[0].Place)
	require.Equal(t, "c01", page[0].Viewer)
	texts := segments(t, page[0].text)
	for _, s := range []history.Segment{
		{Where: "title", Text: "Shop"}, {Where: "header.top>a.account", Text: "Hi, Zoë"}, {Where: "header.top>a.account>b", Text: "Zo"},
		{Where: "div.card>p", Text: "secret"}, {Where: "div.card>x-in>i", Text: "shadow"}, {Where: "iframe>p", Text: "framed"},
		{Where: "img@alt", Text: "Zoë's picture"},
	} {
		require.Contains(t, texts, s)
	}
	require.NotContains(t, page[0].text, "var no")
	require.Equal(t, []history.Segment{
		{Where: "mail", Text: "zoe@c01.test"}, {Where: "pw", Text: "hush"}, {Where: "land", Text: "SE"}, {Where: "land", Text: "Sweden"},
		{Where: "csrf", Text: "tok3n"}, {Where: "Note", Text: "note"},
	}, segments(t, w.sink.on(history.SurfaceField)[0].text))
}

func segments(t testing.TB, text string) []history.Segment {
	t.Helper()
	var all []history.Segment
	require.NoError(t, json.Unmarshal([]byte(text), &all))
	return all
}

func TestAPictureIsTakenTheMomentAForeignMarkerIsShown(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html("Hi, Anna"), "/ok": html("Hi, Zoë")})
	w := begin(t, s.URL)
	w.sink.foreign = func(_ history.Sighting, text []byte) bool { return strings.Contains(string(text), "Anna") }
	w.do(visit("/ok"))
	require.Empty(t, w.sink.shots)
	w.do(visit("/"))
	require.Len(t, w.sink.shots, 1)
	require.Equal(t, "\x89PNG", string(w.sink.shots[0][:4]))
}

func TestNothingIsRecordedWithoutObservation(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<script>fetch("/x")</script><p>Zoë`), "/x": html("x")})
	w := beginWith(t, s.URL, func(x *history.SessionSpec) { x.Observe = false }, nil)
	w.do(visit("/"), see("Zoë"), scenarios.Step{Op: scenarios.Shows, Fields: []customer.Kind{customer.First, customer.Avatar}})
	w.end()
	require.Empty(t, w.sink.exchanges)
	require.Empty(t, w.sink.sightings)
}

func TestWorkersAndPopUpsAreObservedToo(t *testing.T) {
	script := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, text)
		}
	}
	plain := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
	}
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<a href=/pop target=_blank>Pop</a><script>new Worker("/worker.js"); new SharedWorker("/shared.js")
			navigator.serviceWorker.register("/sw.js")</script>`),
		"/worker.js": script(`fetch("/from-worker").then(r => r.text())`), "/from-worker": plain("worker sees Zoë"),
		"/shared.js": script(`fetch("/from-shared").then(r => r.text())`), "/from-shared": plain("shared worker sees Zoë"),
		"/sw.js":    script(`oninstall = (e) => e.waitUntil(fetch("/from-sw").then(r => r.text()))`),
		"/from-sw":  plain("service worker sees Zoë"),
		"/pop":      html(`popped<script>fetch("/from-pop").then(r => r.text())</script>`),
		"/from-pop": plain("pop-up sees Zoë"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), click("link", "Pop"))
	require.Eventually(t, func() bool { return len(w.sink.all("/from-sw")) > 0 }, 20*time.Second, 20*time.Millisecond)
	w.end()
	for _, path := range []string{"/from-worker", "/from-shared", "/from-sw", "/from-pop"} {
		require.Len(t, w.sink.all(path), 1, path)
		require.Contains(t, w.sink.exchange(t, path).response, "sees Zoë", path)
	}
	require.Contains(t, w.sink.exchange(t, "/pop").response, "popped")
}

func TestWhatIsOnItsWayIsRecordedAtTheEnd(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script>fetch("/soon").then(r => r.text()); fetch("/never"); fetch("/stream").then(r => r.text())</script>`),
		"/soon": func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(300 * time.Millisecond) // a slow shop
			fmt.Fprint(w, "just in time")
		},
		"/never": never(t),
		"/stream": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "first ")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
	})
	w := beginWith(t, s.URL, nil, func(o *DriverOptions) { o.SettleCap = time.Second })
	w.do(scenarios.Step{Op: scenarios.Visit, URL: "/"})
	w.end()
	require.Equal(t, "just in time", w.sink.exchange(t, "/soon").response)
	require.Equal(t, history.UnseenCancelled, w.sink.exchange(t, "/never").Body.Unseen)
	stream := w.sink.exchange(t, "/stream")
	require.Equal(t, 200, stream.Status)
	require.True(t, stream.response == "first " || stream.Body.Unseen != "", "what came of it is seen, or said not to be")
}

func FuzzTheBrowsersClockGivesMomentsWithinTheRun(f *testing.F) {
	f.Add(1.5, 1.7e9, 2.5)
	f.Add(-1.0, 0.0, 1e300)
	f.Fuzz(func(t *testing.T, monotonic, wall, later float64) {
		c := clock{now: func() history.Moment { return 1000 }}
		c.anchor(monotonic, wall)
		if m := c.moment(later); m < 0 || m > 1000 {
			t.Fatalf("moment(%v) = %d after anchor(%v, %v)", later, m, monotonic, wall)
		}
	})
}

func FuzzHeadLinesNeverPanicAndKeepEachCookieApart(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n")
	f.Add(":\n::\n\r")
	f.Fuzz(func(t *testing.T, text string) {
		lines := parseLines(text)
		if len(lines) > strings.Count(text, "\n") {
			t.Fatalf("%d lines out of %q", len(lines), text)
		}
	})
}

func TestALateEventBelongsToTheStepItHappenedIn(t *testing.T) {
	o := &observer{steps: []begunStep{{at: 100}, {at: 200, index: 1}, {at: 300, index: 2}}}
	for m, step := range map[history.Moment]int{50: 0, 150: 0, 200: 1, 299: 1, 300: 2, 900: 2} {
		require.Equal(t, step, o.stepAt(m), "moment %d", m)
	}
}
