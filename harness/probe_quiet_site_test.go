package harness

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

// quietSite is a shop that notes all it can see of its visitors, with a page
// that does everything a page can do and tells what it noticed.
type quietSite struct {
	wire          wire
	plain, secure *httptest.Server

	mu   sync.Mutex
	told []told
}

// told is what the page reported: what is kept in the client, and what it
// noticed in its own world.
type told struct {
	Kept    json.RawMessage   `json:"kept"`
	Noticed map[string]string `json:"noticed"`
}

func serveQuiet(t *testing.T) *quietSite {
	q := &quietSite{wire: wire{over: map[string]int{}}}
	mux := http.NewServeMux()
	for path, a := range q.answers(t) {
		mux.HandleFunc(path, a)
	}
	q.plain = httptest.NewUnstartedServer(mux)
	q.plain.Listener = tapped{q.plain.Listener, &q.wire}
	q.plain.Start()
	q.secure = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q.wire.secured(r)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		mux.ServeHTTP(w, r)
	}))
	q.secure.EnableHTTP2 = true
	q.secure.StartTLS()
	t.Cleanup(func() {
		q.plain.CloseClientConnections()
		q.secure.CloseClientConnections()
		q.plain.Close()
		q.secure.Close()
	})
	return q
}

// quietFiles are the site's documents and scripts, by path.
var quietFiles = map[string]string{
	"/q/": "page.html", "/q/frame": "frame.html", "/q/sw/inside": "inside.html",
	"/q/page.js": "page.js", "/q/world.js": "world.js", "/q/worker.js": "worker.js", "/q/sw.js": "sw.js",
}

func (q *quietSite) answers(t *testing.T) map[string]http.HandlerFunc {
	all := map[string]http.HandlerFunc{
		"/{$}":          func(w http.ResponseWriter, _ *http.Request) { writePage(w, "<p>Welcome</p>") },
		"/q/form":       file(t, "form.html", "no-cache"),
		"/q/kept.css":   kept("text/css", "p{color:black}", "max-age=600"),
		"/q/kept":       kept("text/plain", "kept", "max-age=600"),
		"/q/tagged":     kept("text/plain", "tagged", "no-cache"),
		"/q/tagged.png": kept("image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "no-cache"),
		"/q/secure":     func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, q.secure.URL) },
		"/q/moved": func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "moved", Value: "1", Path: "/"})
			http.Redirect(w, r, "/q/data?moved", http.StatusFound)
		},
		"/q/socket": greet, "/q/events": kept("text/event-stream", "data: one\n\n", "no-store"), "/q/report": q.report,
	}
	for _, path := range []string{"data", "post", "unread", "blob", "xhr", "worker-data", "frame-data", "beacon", "installed", "sw/made", "sw/passed"} {
		all["/q/"+path] = func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "last", Value: strings.ReplaceAll(path, "/", "-"), Path: "/", HttpOnly: path == "post"})
			w.Header().Set("Cache-Control", "no-store")
			_, _ = io.WriteString(w, strings.Repeat("nothing ", 50))
		}
	}
	for path, name := range quietFiles {
		cache := "max-age=600"
		if strings.HasSuffix(name, ".html") {
			cache = "no-cache" // "no-store" would keep a page from being kept for going back
		}
		all[path+end(path)] = file(t, name, cache)
	}
	return all
}

func end(path string) string {
	if path == "/q/" {
		return "{$}"
	}
	return ""
}

func file(t *testing.T, name, cache string) http.HandlerFunc {
	body, err := os.ReadFile(filepath.Join("testdata", "probes", name))
	require.NoError(t, err)
	media := "text/html; charset=utf-8"
	if strings.HasSuffix(name, ".js") {
		media = "text/javascript; charset=utf-8"
	}
	return kept(media, string(body), cache)
}

// kept answers what a client may keep, and confirms it by its tag.
func kept(media, body, cache string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", media)
		w.Header().Set("Cache-Control", cache)
		w.Header().Set("Etag", fmt.Sprintf(`"%d"`, len(body)))
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, body)
	}
}

func greet(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = c.CloseNow() }()
	if c.Write(r.Context(), websocket.MessageText, []byte("hello")) == nil {
		_, _, _ = c.Read(r.Context()) // until the page closes it
	}
}

func (q *quietSite) report(_ http.ResponseWriter, r *http.Request) {
	var t told
	if json.NewDecoder(r.Body).Decode(&t) != nil {
		return // the test finds that nothing was told
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.told = append(q.told, t)
}

// last is what the page told last; it comes before the page says that it is
// done.
func (q *quietSite) last(t *testing.T) told {
	t.Helper()
	q.mu.Lock()
	defer q.mu.Unlock()
	require.NotEmpty(t, q.told, "the page told nothing")
	last := q.told[len(q.told)-1]
	q.told = nil
	return last
}

// settled waits until nothing more comes: a beacon may come late.
func (q *quietSite) settled(t *testing.T) []asked {
	count := func() int { q.wire.mu.Lock(); defer q.wire.mu.Unlock(); return len(q.wire.asked) }
	before, since := -1, time.Now()
	require.Eventually(t, func() bool {
		if n := count(); n != before {
			before, since = n, time.Now()
		}
		return time.Since(since) > 300*time.Millisecond
	}, hanging, 20*time.Millisecond)
	return q.wire.take()
}
