package browser

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

// languages notes in which language each address was asked for, and what the
// browser called itself there.
type languages struct {
	mu      sync.Mutex
	accepts map[string]string
	agents  map[string]string
}

func (l *languages) noting(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		l.accepts[r.URL.Path] = r.Header.Get("Accept-Language")
		l.agents[r.URL.Path] = r.UserAgent() + "|" + r.Header.Get("Sec-Ch-Ua")
		l.mu.Unlock()
		h(w, r)
	}
}

// at answers what was noted of an address.
func (l *languages) at(path string) (accept, agent string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.accepts[path], l.agents[path]
}

func speakingShop(t *testing.T) (*languages, string) {
	l := &languages{accepts: map[string]string{}, agents: map[string]string{}}
	answer := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }
	s := shop(t, map[string]http.HandlerFunc{
		"/": l.noting(html(`<h1>One</h1><p></p><iframe src="/frame"></iframe><script>
			const w = new Worker("/worker.js"); const said = []
			const tell = (t) => { said.push(t); if (said.length === 3) document.querySelector("p").textContent = "all said, in " + navigator.languages.join() }
			w.onmessage = () => tell("worker")
			fetch("/data").then(() => tell("page"))
			navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then(() => tell("service"))</script>`)),
		"/frame":               l.noting(html(`<h2>Framed</h2>`)),
		"/data":                l.noting(answer),
		"/worker.js":           give("text/javascript", `fetch("/from-worker").then(() => postMessage(""))`),
		"/from-worker":         l.noting(answer),
		"/sw.js":               give("text/javascript", `oninstall = (e) => e.waitUntil(fetch("/from-service-worker"))`),
		"/from-service-worker": l.noting(answer),
	})
	return l, s.URL
}

func TestABrowserSpeaksTheLanguageOfItsCustomerEverywhere(t *testing.T) {
	swedish, address := speakingShop(t)
	w := beginWith(t, address, func(s *history.SessionSpec) { s.Language = "sv-SE" }, nil)
	w.do(visit("/"), see("all said, in sv-SE,sv"))
	w.end()
	usual, address := speakingShop(t)
	plain := begin(t, address)
	plain.do(visit("/"), see("all said"))
	plain.end()
	for _, path := range []string{"/", "/frame", "/data", "/from-worker", "/from-service-worker"} {
		accept, agent := swedish.at(path)
		require.Regexp(t, "^sv-SE,sv", accept, path)
		own, itself := usual.at(path)
		require.NotContains(t, own, "sv", path)
		require.NotEmpty(t, itself, path)
		require.Equal(t, itself, agent, "what the browser calls itself at %s", path)
	}
}
