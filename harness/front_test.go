package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/scenarios"
)

// littleShop is the scenario of the shop that little serves.
const littleShop = `
name: little
journeys:
  app:
    client: api
    customer: one
    setup:
      - request: {method: POST, url: /accounts, json: {email: "{{email}}", gift: "{{gift}}"}}
    steps:
      - request: {method: POST, url: /login, json: {email: "{{email}}"}}
      - request: {url: /me}
      - shows: [email, gift]
      - request: {url: /orders}
      - shows: [email]
      - sign_out: {method: POST, url: /logout}
    cleanup:
      - request: {method: POST, url: /login, json: {email: "{{email}}"}}
      - request: {method: DELETE, url: /me}
`

// little is a shop that keeps its customers apart.
type little struct {
	mu       sync.Mutex
	gifts    map[string]string // by e-mail
	sessions map[string]string // e-mail by cookie
}

func newLittle() *little {
	return &little{gifts: map[string]string{}, sessions: map[string]string{}}
}

func (l *little) accounts() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.gifts)
}

func (l *little) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var in struct{ Email, Gift string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	email := ""
	if cookie, err := r.Cookie("sid"); err == nil {
		email = l.sessions[cookie.Value]
	}
	_, known := l.gifts[first(email, in.Email)]
	switch at := r.Method + " " + r.URL.Path; {
	case at == "GET /":
		fmt.Fprint(w, "welcome")
	case at == "POST /accounts":
		l.gifts[in.Email] = in.Gift
		w.WriteHeader(http.StatusCreated)
	case !known:
		w.WriteHeader(http.StatusUnauthorized)
	case at == "POST /login":
		sid := fmt.Sprintf("%x-%d", in.Email, len(l.sessions))
		l.sessions[sid] = in.Email
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: sid, Path: "/"})
	case at == "POST /logout":
		http.SetCookie(w, &http.Cookie{Name: "sid", Path: "/", MaxAge: -1})
	case at == "DELETE /me":
		delete(l.gifts, email)
	default:
		_ = json.NewEncoder(w).Encode(map[string]string{"email": email, "gift": l.gifts[email]})
	}
}

// front stands before a shop and may do something else with a request.
type front struct {
	shop  http.Handler
	spoil func(n int, r *http.Request) http.HandlerFunc // nil: the shop answers

	mu   sync.Mutex
	seen []glance
}

// glance is a request as the front saw it come.
type glance struct {
	at      time.Time
	spoiled bool
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	var answer http.HandlerFunc
	if f.spoil != nil {
		answer = f.spoil(len(f.seen), r)
	}
	f.seen = append(f.seen, glance{at: time.Now(), spoiled: answer != nil})
	f.mu.Unlock()
	if answer == nil {
		answer = f.shop.ServeHTTP
	}
	answer(w, r)
}

// before opens the front until the test ends. What hangs there is let go then.
func before(t *testing.T, f *front) string {
	t.Helper()
	target, _ := ending(t, f)
	return target
}

// ending also answers what ends the front before that.
func ending(t *testing.T, f *front) (string, func()) {
	t.Helper()
	life, end := context.WithCancel(context.Background())
	server := httptest.NewUnstartedServer(f)
	server.Config.BaseContext = func(net.Listener) context.Context { return life }
	server.Start()
	stop := sync.OnceFunc(func() { end(); server.CloseClientConnections(); server.Close() })
	t.Cleanup(stop)
	return server.URL, stop
}

// silence never answers.
func silence(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// streams never ends its answer.
func streams(w http.ResponseWriter, r *http.Request) {
	line := []byte(strings.Repeat("never ending ", 300) + "\n")
	for r.Context().Err() == nil {
		if _, err := w.Write(line); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush()
		select {
		case <-time.After(time.Millisecond):
		case <-r.Context().Done():
		}
	}
}

// resets breaks the connection off.
func resets(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// scenarioOf parses a scenario of a test.
func scenarioOf(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	sc, err := scenarios.ParseRecorded("test.yaml", []byte(text), func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	return sc
}
