package browser

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// halting sends the beginning of a page and then nothing until its client is
// gone or the test is over.
func halting(t testing.TB, begun chan<- struct{}, gone chan<- struct{}, text string) http.HandlerFunc {
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	return func(w http.ResponseWriter, r *http.Request) {
		html(text)(w, r)
		w.(http.Flusher).Flush()
		begun <- struct{}{}
		select {
		case <-done:
		case <-r.Context().Done():
			gone <- struct{}{}
		}
	}
}

// cut performs a step and ends it by cause as soon as something has happened.
func (w *walk) cut(st scenarios.Step, after <-chan struct{}, cause error) history.Outcome {
	w.Helper()
	return w.cutWhen(st, func() {
		select {
		case <-after:
		case <-time.After(20 * time.Second):
			w.Fatalf("%s: what it is cut after has not happened", st)
		}
	}, cause)
}

// cutWhen performs a step and ends it by cause as soon as what it waits for is so.
func (w *walk) cutWhen(st scenarios.Step, wait func(), cause error) history.Outcome {
	w.Helper()
	ctx, cancel := context.WithCancelCause(w.Context())
	defer cancel(nil)
	done := w.doing(ctx, st)
	wait()
	begun := time.Now()
	cancel(cause)
	out := <-done
	require.Less(w, time.Since(begun), 10*time.Second)
	return out
}

// hasBegun reports that an answer is known to have begun.
func hasBegun(f *flight) bool { return f.last().answered }

func TestAStoppedPageKeepsWhatHadComeAndTheSessionGoesOn(t *testing.T) {
	begun, gone := make(chan struct{}, 9), make(chan struct{}, 9)
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<a href=/slow>Go</a>`),
		"/slow": halting(t, begun, gone, `<p>Hello Zoë</p>
			<script>fetch("/data").then((r) => r.body.getReader().read()).then(() => fetch("/seen"))</script>`+pad()),
		"/data": halting(t, begun, gone, "data for Zoë"),
		"/seen": halting(t, begun, gone, ""),
	})
	for name, st := range map[string]scenarios.Step{"a visit": visit("/slow"), "a click": click("link", "Go")} {
		t.Run(name, func(t *testing.T) {
			w := beginWith(t, s.URL, nil, func(o *DriverOptions) { o.handOut = hung })
			w.do(visit("/"))
			out := w.cutWhen(st, func() {
				for range 3 {
					<-begun
				}
				w.follows("/slow", hasBegun)
				w.follows("/data", hasBegun)
			}, history.ErrStopped)
			require.Equal(t, history.StepCut, out.Outcome, out.Error)
			for range 3 {
				<-gone
			}
			w.do(visit("/"), see("Go"))
			w.end()
			for _, path := range []string{"/slow", "/data"} {
				x := w.sink.exchange(t, path)
				require.Equal(t, history.UnseenAborted, x.Body.Unseen, path)
				require.Equal(t, aborted, x.Failed, path)
				require.Equal(t, 200, x.Status, path)
				require.Contains(t, x.response, "Zoë", path)
				require.Equal(t, 1, x.Step, path)
			}
			require.Contains(t, fmt.Sprint(w.sink.on(history.SurfacePage)), "Hello Zoë")
			require.Empty(t, w.sink.losses)
		})
	}
}

// pad is more than a browser waits for before it shows a page's beginning.
func pad() string { return fmt.Sprintf("<!-- %4096s -->", "") }

func TestAVisitIsStoppedBeforeItsAnswerAndThePageBeforeItStays(t *testing.T) {
	asked := make(chan struct{}, 9)
	hang := never(t)
	s := shop(t, map[string]http.HandlerFunc{
		"/": html("Here"), "/never": func(w http.ResponseWriter, r *http.Request) { asked <- struct{}{}; hang(w, r) },
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	require.Equal(t, history.StepCut, w.cut(visit("/never"), asked, history.ErrStopped).Outcome)
	w.do(see("Here"), scenarios.Step{Op: scenarios.Reload}, see("Here"))
	w.end()
	x := w.sink.exchange(t, "/never")
	require.Equal(t, history.UnseenAborted, x.Body.Unseen)
	require.Equal(t, aborted, x.Failed)
}

// saysThatItHangs is the beginning of a script that will hang. One that begins to
// only when the next page is about to come keeps that from coming, as both have
// one thread, and nothing reaches it any more: that step fails, as it would
// anybody's.
const saysThatItHangs = `const say = new XMLHttpRequest(); say.open("GET", "/hanging", false); say.send();`

func TestAPageWhoseScriptNeverEndsIsStoppedInTime(t *testing.T) {
	hanging := make(chan struct{}, 9)
	s := shop(t, map[string]http.HandlerFunc{
		"/":        html(`<p>Hello</p><script>` + saysThatItHangs + `for(;;);</script>`),
		"/hanging": func(http.ResponseWriter, *http.Request) { hanging <- struct{}{} },
		"/ok":      html("Fine"),
	})
	w := begin(t, s.URL)
	require.Equal(t, history.StepCut, w.cut(visit("/"), hanging, history.ErrStopped).Outcome)
	w.do(visit("/ok"), see("Fine"))
}

func TestAHeldRequestIsStoppedUnsent(t *testing.T) {
	var v visits
	s := shop(t, map[string]http.HandlerFunc{"/": html("Here"), "/data": v.counting(html("data"))})
	asked := make(chan struct{}, 1)
	w := beginWith(t, s.URL, held(func(ctx context.Context, _ int, place history.Place) bool {
		if place == "GET /data" {
			asked <- struct{}{}
			<-ctx.Done()
		}
		return true
	}), nil)
	w.do(visit("/"))
	require.Equal(t, history.StepCut, w.cut(visit("/data"), asked, history.ErrStopped).Outcome)
	require.Zero(t, v.of("GET /data"))
	require.Zero(t, w.sink.exchange(t, "/data").Sent)
	w.do(scenarios.Step{Op: scenarios.Reload}, see("Here"))
}

func TestATabThatIsLeftTakesItsRequestsWithIt(t *testing.T) {
	begun, gone := make(chan struct{}, 9), make(chan struct{}, 9)
	s := shop(t, map[string]http.HandlerFunc{
		"/": func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: "abc"})
			html("Here")(w, r)
		},
		"/slow": halting(t, begun, gone, `<p>Hello Zoë</p><script>fetch("/data"); window.open("/pop")</script>`+pad()),
		"/data": halting(t, begun, gone, "data"), "/pop": halting(t, begun, gone, "pop"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	shown := make(chan struct{})
	go func() { <-begun; <-begun; <-begun; close(shown) }()
	require.Equal(t, history.StepCut, w.cut(visit("/slow"), shown, history.ErrLeft).Outcome)
	for range 3 {
		<-gone
	}
	out, err := w.Do(t.Context(), visit("/"), w.fields)
	require.NoError(t, err)
	require.Equal(t, history.StepCut, out.Outcome, "the tab is closed")
	session := w.Session
	w.end()
	require.NoError(t, session.loss())
	require.Empty(t, w.sink.losses)
	for _, path := range []string{"/slow", "/data"} {
		x := w.sink.exchange(t, path)
		require.Equal(t, history.UnseenAborted, x.Body.Unseen, path)
		require.Equal(t, aborted, x.Failed, path)
	}
	require.Contains(t, fmt.Sprint(w.sink.on(history.SurfaceCookie)), "abc")
}

func TestATabIsLeftWithABoxOpenOrAScriptThatNeverEnds(t *testing.T) {
	asked := make(chan struct{}, 99)
	data := func(w http.ResponseWriter, _ *http.Request) { asked <- struct{}{} }
	for name, page := range map[string]string{
		"a box":         `<script>fetch("/data", {keepalive: true}); for (;;) alert("Hello Zoë")</script>`,
		"before unload": `<button onclick="location='/data'">Go</button><script>addEventListener("beforeunload", (e) => { e.preventDefault(); e.returnValue = "x" }); addEventListener("unload", () => { for (;;); })</script>`,
		"a script":      `<script>navigator.sendBeacon("/data"); for (;;);</script>`,
	} {
		t.Run(name, func(t *testing.T) {
			s := shop(t, map[string]http.HandlerFunc{"/": html(page), "/data": data})
			w := begin(t, s.URL)
			st := visit("/")
			if name == "before unload" {
				w.do(st)
				st = click("button", "Go")
			}
			require.Equal(t, history.StepCut, w.cut(st, asked, history.ErrLeft).Outcome)
			w.end()
			require.Empty(t, w.sink.losses)
		})
	}
}

func TestTheEndOfTheRunIsNoStop(t *testing.T) {
	asked := make(chan struct{}, 9)
	hang := never(t)
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script>fetch("/never")</script>`), "/never": func(w http.ResponseWriter, r *http.Request) { asked <- struct{}{}; hang(w, r) },
	})
	w := begin(t, s.URL)
	require.Equal(t, history.StepCut, w.cut(visit("/"), asked, context.Canceled).Outcome)
	w.end()
	require.Equal(t, history.UnseenCancelled, w.sink.exchange(t, "/never").Body.Unseen)
}
