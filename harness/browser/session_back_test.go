package browser

import (
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// signedIn is a shop whose page stays in the browser's memory after a sign-out.
func signedIn(v *visits) map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"/": v.counting(html(`<p>Hi, Zoë</p><i>fresh</i><a href=/bye>Sign out</a><script>
			addEventListener("pageshow", (e) => { if (e.persisted) document.querySelector("i").textContent = "out of memory" })</script>`)),
		"/bye": v.counting(html("<p>Bye</p><a href=/next>On</a>")), "/next": v.counting(html("<p>Next</p>")),
	}
}

func TestWhatAFullBrowserKeepsInMemoryIsSeenByGoingBack(t *testing.T) {
	t.Setenv("CROSSTALK_NO_INSTALL", "1")
	binary, err := Provide(t.Context(), Want{Full: true, Log: os.Stderr})
	if err != nil {
		t.Skipf("SKIPPED, for want of a full browser: %v", err)
	}
	b, err := Launch(soon(t), Options{Binary: binary})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	d := NewDriver(b, testDriver(t).options)
	t.Cleanup(d.Close)
	var v visits
	s := shop(t, signedIn(&v))
	for name, hold := range map[string]history.Hold{"free": nil, "held": newOpenGate().hold} {
		t.Run(name, func(t *testing.T) {
			before := v.of("GET /")
			w := beginIn(t, d, s.URL, held(hold), nil)
			out := stepOn(scenarios.SignOut, scenarios.Locator{Role: "link", Name: "Sign out", Nth: -1})
			w.do(visit("/"), see("fresh"), out, see("Bye"))
			w.Become("c02")
			w.do(scenarios.Step{Op: scenarios.Back})
			if !w.keptInMemory(t) {
				t.Skip("SKIPPED: this browser keeps no pages in memory")
			}
			require.Equal(t, before+1, v.of("GET /"), "the page came without a request")
			require.NotEmpty(t, w.sink.by("c02", "Hi, Zoë"), "the heir is shown what the last one was")
			w.do(click("link", "Sign out"), see("Bye"), click("link", "On"), see("Next"), scenarios.Step{Op: scenarios.Back}, see("Bye"))
			w.end()
			require.Empty(t, w.sink.losses)
		})
	}
}

// keptInMemory reports whether the page that one went back to is the one that
// was left.
func (w *walk) keptInMemory(t *testing.T) bool {
	t.Helper()
	v, err := w.view(t.Context())
	require.NoError(t, err)
	for _, s := range v.Texts {
		if s.Text == "out of memory" {
			return true
		}
	}
	return false
}

func TestGoingBackWithoutMemoryAsksAgain(t *testing.T) {
	var v visits
	s := shop(t, signedIn(&v))
	w := begin(t, s.URL)
	w.do(visit("/"), click("link", "Sign out"), see("Bye"))
	w.Become("c02")
	w.do(scenarios.Step{Op: scenarios.Back}, see("Hi, Zoë"))
	require.NotEmpty(t, w.sink.by("c02", "Hi, Zoë"))
}

func TestGoingBackToAPageThatCannotBeHadSaysSo(t *testing.T) {
	var v visits
	pages := signedIn(&v)
	inner := pages["/"]
	pages["/"] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		inner(w, r)
	}
	s := shop(t, pages)
	w := begin(t, s.URL)
	w.do(visit("/"), click("link", "Sign out"), see("Bye"), network(scenarios.NetworkOffline))
	require.Contains(t, w.fails(scenarios.Step{Op: scenarios.Back}), "could not be had: ERR_")
}
