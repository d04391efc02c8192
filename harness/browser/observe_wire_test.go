package browser

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// secureShop serves HTTP/2 over TLS, and a browser of its own trusts it.
func secureShop(t *testing.T, pages map[string]http.HandlerFunc) *walk {
	t.Helper()
	mux := http.NewServeMux()
	for path, h := range pages {
		mux.HandleFunc(path, h)
	}
	s := httptest.NewUnstartedServer(mux)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	key := sha256.Sum256(s.Certificate().RawSubjectPublicKeyInfo)
	d := NewDriver(testBrowser(t, Options{TrustedKeys: []string{base64.StdEncoding.EncodeToString(key[:])}}), DriverOptions{StepTimeout: hung})
	t.Cleanup(d.Close)
	w := &walk{TB: t, sink: &record{begun: time.Now()}, fields: scenarios.Fields{Target: s.URL, Customer: someone()}}
	var err error
	w.Session, err = d.Open(soon(t), history.SessionSpec{
		Session: history.Session{ID: "s001", Client: "browser", Customer: "c01"}, Target: s.URL, Sink: w.sink, Observe: true,
	})
	require.NoError(t, err)
	t.Cleanup(w.end)
	return w
}

func TestAShopOverTLSAndHTTP2IsSeenAsOneWithout(t *testing.T) {
	w := secureShop(t, map[string]http.HandlerFunc{
		"/": func(w http.ResponseWriter, r *http.Request) {
			// A browser misses about one in thirty of the hints that come at once,
			// before it has begun to listen; nobody is told of those.
			time.Sleep(200 * time.Millisecond)
			w.Header().Set("Link", "</a.css>; rel=preload; as=style")
			w.Header().Set("X-Hint", "for Zoë")
			w.WriteHeader(http.StatusEarlyHints)
			w.Header().Del("X-Hint")
			html(`<link rel=stylesheet href=/a.css><p id=p>-</p><script>fetch("/moved").then(r => r.text()); fetch("/empty").then(r => r.text());
				const s = new WebSocket("wss://" + location.host + "/talk"); s.onmessage = () => p.textContent = "Told"</script>`)(w, r)
		},
		"/a.css": give("text/css", "p{}"), "/empty": give("text/plain", ""), "/talk": talk("over TLS"),
		"/moved": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Set-Cookie", "a=1; Path=/; Secure; HttpOnly; Partitioned; SameSite=None")
			w.Header().Add("Set-Cookie", "b=2")
			http.Redirect(w, r, "/a.css", http.StatusTemporaryRedirect)
		},
	})
	w.do(visit("/"), see("Told"))
	w.end()
	page := w.sink.exchange(t, "/")
	assert.Equal(t, "h2", page.Protocol)
	assert.NotEmpty(t, page.Connection)
	assert.NotEmpty(t, page.Remote)
	assert.Equal(t, []string{"for Zoë"}, values(page.EarlyHints, "x-hint"))
	assert.Equal(t, []string{"</a.css>; rel=preload; as=style"}, values(page.EarlyHints, "link"))
	assert.Empty(t, values(page.Headers, "x-hint"))
	moved := w.sink.exchange(t, "/moved")
	assert.Equal(t, []string{"a=1; Path=/; Secure; HttpOnly; Partitioned; SameSite=None", "b=2"}, values(moved.Headers, "set-cookie"))
	assert.Equal(t, page.Connection, moved.Connection)
	assert.LessOrEqual(t, moved.Start, moved.Response)
	assert.LessOrEqual(t, moved.Response, moved.End)
	assert.Equal(t, "p{}", w.sink.exchange(t, "/a.css").response)
	assert.Empty(t, w.sink.exchange(t, "/empty").Body.Unseen)
	told := w.sink.on(history.SurfaceSocket)
	require.Len(t, told, 1)
	assert.Equal(t, "over TLS", told[0].text)
	assert.Equal(t, 101, w.sink.exchange(t, "/talk").Status)
}

func TestWhatACrossOriginAnswerSaysIsSeenOnTheWire(t *testing.T) {
	other := shop(t, map[string]http.HandlerFunc{
		"/open": give("text/plain", "open to all"),
		"/closed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Who", "Zoë")
			fmt.Fprint(w, "closed to pages")
		},
	})
	s := shop(t, map[string]http.HandlerFunc{"/": html(`<script>
		fetch("` + other.URL + `/open", {headers: {"x-a": "1"}}).then(r => r.text()); fetch("` + other.URL + `/closed").catch(() => 0)</script>`)})
	w := begin(t, s.URL)
	host := other.Listener.Addr().String()
	w.do(visit("/"))
	w.asks(host+"/open", host+"/closed")
	w.end()
	assert.Equal(t, "open to all", w.sink.exchange(t, host+"/open").response)
	var asked, closed *seenExchange
	for _, x := range w.sink.exchanges {
		switch x.Place {
		case history.Place("OPTIONS " + host + "/open"):
			asked = &x
		case history.Place("GET " + host + "/closed"):
			closed = &x
		}
	}
	require.NotNil(t, asked, "the preflight")
	assert.Equal(t, "preflight", asked.Resource)
	assert.Equal(t, []string{"x-a"}, values(asked.Headers, "access-control-allow-headers"))
	assert.Contains(t, asked.Body.Unseen, "preflight")
	require.NotNil(t, closed)
	assert.Equal(t, 200, closed.Status)
	assert.Equal(t, []string{"Zoë"}, values(closed.Headers, "x-who"))
	assert.NotEmpty(t, closed.Body.Unseen)
}
