package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

func jarred(c scenarios.Jarred) scenarios.Step {
	return scenarios.Step{Op: scenarios.Cookie, Cookie: &c}
}

func TestACookieIsPutIntoTheJarAndTakenOut(t *testing.T) {
	var mu sync.Mutex
	var got []string
	s := shop(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got = nil
		for _, c := range r.Cookies() {
			got = append(got, fmt.Sprintf("%s %d", c.Name, len(c.Name)+len(c.Value)))
		}
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "abc", Path: "/"})
		http.SetCookie(w, &http.Cookie{Name: "pad-no", Value: "x", Path: "/"})
		html("Here")(w, r)
	}})
	w := begin(t, s.URL)
	w.do(visit("/"), jarred(scenarios.Jarred{Name: "mail", Value: "{{email}}"}), jarred(scenarios.Jarred{Name: "pad", Size: 9_000}), visit("/"))
	require.ElementsMatch(t, []string{"sid 6", "pad-no 7", "mail 16", "pad-1 4000", "pad-2 4000", "pad-3 1000"}, got)
	require.Contains(t, fmt.Sprint(w.sink.on(history.SurfaceCookie)), "zoe@c01.test", "it is kept in the client like any other")
	w.do(jarred(scenarios.Jarred{Name: "pad"}), jarred(scenarios.Jarred{Name: "mail"}), visit("/"))
	require.ElementsMatch(t, []string{"sid 6", "pad-no 7"}, got)
	w.do(jarred(scenarios.Jarred{Name: "pad"}))
}

func TestACookieThatTheBrowserDoesNotTakeFailsTheStep(t *testing.T) {
	w := begin(t, shop(t, nil).URL)
	require.Contains(t, w.fails(jarred(scenarios.Jarred{Name: "big", Value: strings.Repeat("x", 5_000)})), "does not take the cookie big")
	require.Contains(t, w.fails(jarred(scenarios.Jarred{Name: "__Secure-x", Value: "1"})), "does not take")
	require.Contains(t, w.fails(jarred(scenarios.Jarred{Name: "pad", Size: 4_000_000})), "no more than 100 cookies")
	require.Contains(t, w.fails(jarred(scenarios.Jarred{})), "names no cookie")
	require.Contains(t, w.fails(jarred(scenarios.Jarred{Name: "a", Value: "{{nothing}}"})), "nothing")
}

func TestAnOversizedJarIsWhatTheShopMakesOfIt(t *testing.T) {
	s := httptest.NewUnstartedServer(html("Here"))
	s.Config.MaxHeaderBytes = 8 << 10
	s.Start()
	t.Cleanup(s.Close)
	w := begin(t, s.URL)
	w.do(visit("/"), jarred(scenarios.Jarred{Name: "pad", Size: 40_000}), visit("/"))
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, w.sink.exchange(t, "/").Status)
	w.do(jarred(scenarios.Jarred{Name: "pad"}), visit("/"), see("Here"))
	require.Equal(t, http.StatusOK, w.sink.exchange(t, "/").Status)
}

func TestWhichCookiesAStepMeans(t *testing.T) {
	for name, want := range map[string]bool{"pad": true, "pad-1": true, "pad-20": true, "pad-": false, "pad-x": false, "pads": false, "x": false} {
		require.Equal(t, want, isNamed(name, "pad"), name)
	}
	for domain, want := range map[string]bool{"shop.test": true, ".shop.test": true, ".test": true, "www.shop.test": false, ".www.shop.test": false, "op.test": false} {
		require.Equal(t, want, isFor(domain, "Shop.test"), domain)
	}
}
