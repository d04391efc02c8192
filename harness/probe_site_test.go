package harness

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

// probeSite is a shop that shows one customer's marker, on one surface at each
// of its addresses. It stands under one name on HTTP/1.1, under two more of
// other sites on the same port, and on HTTP/2 with a certificate of its own
// making.
type probeSite struct {
	plain, secure *httptest.Server
	shown         atomic.Pointer[mark] // whose values it shows; nil before customers exist
	done          chan struct{}        // closed when the site ends: for answers without an end
}

// mark is what the site shows.
type mark struct {
	value  string
	avatar []byte
}

// answer serves one address of a probe.
type answer func(w http.ResponseWriter, r *http.Request, m mark)

func serveProbes(t testing.TB, all []probe) *probeSite {
	t.Helper()
	s := &probeSite{done: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { writePage(w, "<p>Welcome to the probes.</p>") })
	for _, p := range all {
		for path, a := range p.answers() {
			mux.HandleFunc(p.at()+path, func(w http.ResponseWriter, r *http.Request) {
				m := s.shown.Load()
				if m == nil {
					http.Error(w, "nobody has signed up yet", http.StatusNotFound)
					return
				}
				a(w, r.WithContext(withSite(r.Context(), s)), *m)
			})
		}
	}
	s.plain = httptest.NewServer(mux)
	s.secure = httptest.NewUnstartedServer(mux)
	s.secure.EnableHTTP2 = true
	s.secure.StartTLS()
	t.Cleanup(func() {
		close(s.done)
		s.plain.CloseClientConnections()
		s.secure.CloseClientConnections()
		s.plain.Close()
		s.secure.Close()
	})
	return s
}

// keyOf is the hash by which a server's key can be trusted.
func keyOf(s *httptest.Server) string {
	sum := sha256.Sum256(s.Certificate().RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// names are the origins that rows write as {other}, {third} and {secure}.
func (s *probeSite) names(t testing.TB) map[string]string {
	u, err := url.Parse(s.plain.URL)
	require.NoError(t, err)
	return map[string]string{
		"{other}": "http://other.localhost:" + u.Port(), "{third}": "http://third.localhost:" + u.Port(), "{secure}": s.secure.URL,
		"{socket}": "ws://" + u.Host,
	}
}

// fill puts origins and the probe's own path into what a row says.
func (s *probeSite) fill(t testing.TB, p probe, text string) string {
	for name, origin := range s.names(t) {
		text = strings.ReplaceAll(text, name, origin)
	}
	return strings.ReplaceAll(text, "@@", p.at())
}

// place is a row's place as the drivers write it: a method and an address are
// made one by the same rule, anything else stands as it is.
func (s *probeSite) place(t testing.TB, p probe, text string) history.Place {
	u, err := url.Parse(s.plain.URL)
	require.NoError(t, err)
	filled := s.fill(t, p, text)
	method, address, _ := strings.Cut(filled, " ")
	switch {
	case strings.HasPrefix(address, "/"):
		return history.PlaceOf(method, s.plain.URL+address, u.Host)
	case strings.Contains(address, "://") && method == strings.ToUpper(method):
		return history.PlaceOf(method, address, u.Host)
	case strings.Contains(filled, "://"):
		before, origin, _ := strings.Cut(filled, "://")
		return history.Place(before[:strings.LastIndex(before, " ")+1] + origin) // "localStorage other.localhost:1"
	}
	return history.Place(filled)
}

// prologue gives a script of the site M, the marker, put together from numbers
// that say nothing alone; A, the probe's path; the other origins; and ready.
func prologue(r *http.Request, m mark) string {
	site, at := siteOf(r.Context()), probePath(r)
	numbers := make([]int, 0, len(m.value))
	for i, c := range []rune(m.value) {
		numbers = append(numbers, int(c)^(37+i%7*11))
	}
	list, err := json.Marshal(numbers)
	if err != nil {
		return "" // numbers always encode
	}
	port := r.Host[strings.LastIndex(r.Host, ":")+1:]
	return fmt.Sprintf(`const M=%s.map((c,i)=>String.fromCodePoint(c^(37+i%%7*11))).join(""),A=%q,`+
		`OTHER="http://other.localhost:%s",THIRD="http://third.localhost:%s",SECURE=%q,NEVER=new Promise(()=>{}),`+
		`pause=(ms)=>new Promise((f)=>setTimeout(f,ms)),`+
		`ready=()=>{document.getElementById("state").textContent="all done"},`+
		`put=(tag,text)=>{const e=document.createElement(tag);e.textContent=text;document.body.append(e);return e};`+"\n",
		list, at, port, port, site.secure.URL)
}

func writePage(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, "<!doctype html><html lang=en><meta charset=utf-8><title>Probe</title><link rel=icon href=\"data:,\"><body>", body)
}

// page is a document with a script that may use M; what the script makes of it
// stands in no answer of the server.
func page(body, script string) answer {
	return func(w http.ResponseWriter, r *http.Request, m mark) {
		writePage(w, "<p id=state>under way</p>"+body+"<script>"+prologue(r, m)+"(async()=>{"+script+"})()</script>")
	}
}

// plainScript is a script of its own, for workers.
func plainScript(script string) answer {
	return func(w http.ResponseWriter, r *http.Request, m mark) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		fmt.Fprint(w, prologue(r, m), script)
	}
}

// says answers a text in which %s is the marker.
func says(media, format string) answer { return saysAs(http.StatusOK, media, format) }

func saysAs(status int, media, format string) answer {
	return func(w http.ResponseWriter, _ *http.Request, m mark) {
		w.Header().Set("Content-Type", media)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.WriteHeader(status)
		fmt.Fprint(w, strings.ReplaceAll(format, "%s", m.value))
	}
}

// note is the usual body of an API.
func note() answer { return says("application/json", `{"note":"for %s"}`) }

// noted answers a header that names the marker, and a body that says nothing.
func noted(status int, name, format string, more ...string) answer {
	return func(w http.ResponseWriter, _ *http.Request, m mark) {
		w.Header().Set(name, strings.ReplaceAll(format, "%s", m.value))
		for i := 0; i+1 < len(more); i += 2 {
			w.Header().Set(more[i], more[i+1])
		}
		w.WriteHeader(status)
	}
}

// endless writes what begin says and then nothing more, until the client
// leaves or the site ends.
func endless(media, begin string) answer {
	return func(w http.ResponseWriter, r *http.Request, m mark) {
		w.Header().Set("Content-Type", media)
		w.Header().Set("Cache-Control", "no-store")
		fmt.Fprint(w, strings.ReplaceAll(begin, "%s", m.value))
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		select {
		case <-r.Context().Done():
		case <-siteOf(r.Context()).done:
		case <-time.After(time.Minute):
		}
	}
}
