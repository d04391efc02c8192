package browser

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// never holds a request until the test is over.
func never(t testing.TB) http.HandlerFunc {
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	return func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}
}

func TestDialogsAreAnsweredAndWhatTheySayIsSeen(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script>alert("Welcome back, Zoë")</script><a href=/two>Two</a><button onclick="document.title = confirm('Sure?')">Ask</button>
			<script>addEventListener("beforeunload", (e) => { e.preventDefault(); e.returnValue = "x" })</script>`),
		"/two": html("Two"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	require.Contains(t, w.sink.on(history.SurfaceNotice)[0].text, `{"where":"alert","text":"Welcome back, Zoë"}`)
	w.do(click("button", "Ask"))
	require.Equal(t, "true", w.title(t))
	w.do(click("link", "Two"), scenarios.Step{Op: scenarios.See, URL: "/two"}, visit("/"), click("button", "Ask"), visit("/two"))
}

func TestACrashedTabIsLostAtOnceAndItsNeighbourIsNot(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html("Hello")})
	w, other := begin(t, s.URL), begin(t, s.URL)
	w.do(visit("/"))
	other.do(visit("/"))
	w.spawn(time.Second, func(ctx context.Context) { _ = w.front().callOnce(ctx, proto.PageCrash{}, nil) })
	begun := time.Now()
	_, err := w.Do(t.Context(), see("Never there"), w.fields)
	require.ErrorIs(t, err, history.ErrLost)
	require.Less(t, time.Since(begun), 10*time.Second)
	_, err = w.Do(t.Context(), visit("/"), w.fields)
	require.ErrorIs(t, err, history.ErrLost)
	require.Len(t, w.sink.losses, 1)
	require.Equal(t, history.Lost{Session: t.Name(), What: "tab", Reason: "the page's renderer crashed"}, w.sink.losses[0])
	other.do(visit("/"), see("Hello"))
}

func TestADeadBrowserLosesItsSessionsInTime(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html("Hello")})
	d := NewDriver(testBrowser(t, Options{}), DriverOptions{})
	sink := &record{begun: time.Now()}
	session, err := d.Open(soon(t), history.SessionSpec{Session: history.Session{ID: "s1"}, Target: s.URL, Sink: sink, Observe: true})
	require.NoError(t, err)
	time.AfterFunc(200*time.Millisecond, func() { d.browser.conn.lose("browser lost", context.Canceled) })
	begun := time.Now()
	_, err = session.Do(t.Context(), see("Never there"), scenarios.Fields{Target: s.URL})
	require.ErrorIs(t, err, history.ErrLost)
	require.Less(t, time.Since(begun), 10*time.Second)
	require.NoError(t, session.Close(t.Context()))
	require.Equal(t, "browser", sink.losses[0].What)
	_, err = d.Open(soon(t), history.SessionSpec{Sink: sink, Target: s.URL})
	require.ErrorIs(t, err, history.ErrLost)
	d.Close()
}

func TestAPageThatIsBusyAtTheEndIsToldByWhatItShowedBefore(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`Hello <script>setTimeout(() => { for(;;); }, 500)</script>`)})
	w := begin(t, s.URL)
	w.do(visit("/"))
	st := scenarios.Step{Op: scenarios.Shows, Fields: []customer.Kind{"first"}, Timeout: 1500 * time.Millisecond}
	require.Equal(t, "first: not on the page at "+s.URL+"/", w.fails(st))
}

func TestAnEndlessScriptEndsAtTheStepsTimeoutAndThePageCanBeUsedAgain(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/":     html(`<button onclick="for(;;);">Spin</button><a href=/ok>Next</a>`),
		"/load": html(`<p>Loading</p><script>for(;;);</script>`), "/ok": html("Fine"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"))
	require.Contains(t, w.fails(briefly(click("button", "Spin"))), "took too long")
	w.do(visit("/ok"), see("Fine"), visit("/load"), visit("/ok"), see("Fine"))
}

func TestAServerThatNeverAnswersFailsTheStepInTime(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<a href=/never>Go</a>`), "/never": never(t)})
	w := begin(t, s.URL)
	begun := time.Now()
	require.Contains(t, w.fails(briefly(visit("/never"))), "/never did not answer in time")
	w.do(visit("/"))
	require.Contains(t, w.fails(briefly(click("link", "Go"))), "/never did not answer in time")
	require.Less(t, time.Since(begun), 10*time.Second)
	w.do(visit("/"), see("Go"))
}

func TestHangingSubresourcesHoldNoStep(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/":      html(`<p>Here</p><img src=/never><link rel=stylesheet href=/never><script>fetch("/never")</script><script async src=/never></script>`),
		"/never": never(t),
	})
	w := begin(t, s.URL)
	begun := time.Now()
	w.do(visit("/"), stepOn(scenarios.See, scenarios.Locator{CSS: "p", Nth: -1}))
	require.Less(t, time.Since(begun), 10*time.Second)
	begun = time.Now()
	w.do(scenarios.Step{Op: scenarios.Press, Key: "Tab"})
	require.Less(t, time.Since(begun), 20*time.Second, "what has hung for long is not waited for again")
}

func TestAStepCutByTheRunSaysSo(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html("Hello")})
	w := begin(t, s.URL)
	w.do(visit("/"))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	out, err := w.Do(ctx, see("Never there"), w.fields)
	require.NoError(t, err)
	require.Equal(t, history.StepCut, out.Outcome)
}

func TestPagesThatCannotBeHadFailTheVisitAndSayWhy(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html("Hello"), "/500": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) },
		"/403": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) },
		"/204": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
	})
	w := begin(t, s.URL)
	w.do(visit("/"), visit("/204"), visit("/403"))
	require.Equal(t, s.URL+"/500 answered 500", w.fails(visit("/500")))
	require.Contains(t, w.fails(visit("http://127.0.0.1:1/")), "could not be had: ERR_")
	require.Contains(t, w.fails(visit("/{{gone}}")), "nothing was remembered")
	for _, p := range w.sink.on(history.SurfacePage) {
		require.Contains(t, p.URL, s.URL, "the browser's own error page is not the shop's")
	}
	w.do(visit("/"), see("Hello"))
}
