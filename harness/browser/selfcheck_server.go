package browser

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

//go:embed selfcheck.html
var selfCheckPage []byte

//go:embed selfcheck_worker.js
var selfCheckWorker []byte

// Who asks the server: the pages of the first context, or those of the other.
const (
	ownPages   = "own"
	otherPages = "other"
)

// checkServer is the little site that the self-checks visit. It knows pages
// only by what they say of themselves, and connections by their addresses.
type checkServer struct {
	address string
	http    *http.Server
	done    chan struct{}

	mu          sync.Mutex
	count       int                        // of answers to /cached
	connections map[string]map[string]bool // who → remote addresses
}

func startCheckServer(ctx context.Context) (*checkServer, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen on loopback: %w", err)
	}
	s := &checkServer{
		address: listener.Addr().String(), done: make(chan struct{}),
		connections: map[string]map[string]bool{ownPages: {}, otherPages: {}},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /page", s.asset("text/html; charset=utf-8", selfCheckPage))
	mux.HandleFunc("GET /worker.js", s.asset("text/javascript", selfCheckWorker))
	mux.HandleFunc("GET /cookie", s.cookie)
	mux.HandleFunc("GET /cached", s.cached)
	s.http = &http.Server{Handler: s.watched(mux), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(listener)
	}()
	return s, nil
}

// page is the address of a page that says who it is.
func (s *checkServer) page(who string) string {
	_, port, _ := net.SplitHostPort(s.address)
	return "http://" + net.JoinHostPort(selfCheckHost, port) + "/page?who=" + who
}

// watched remembers who came over which connection. It trusts no cookie and no
// header for that: pages name themselves in what they fetch.
func (s *checkServer) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		if seen := s.connections[r.URL.Query().Get("who")]; seen != nil {
			seen[r.RemoteAddr] = true
		}
		s.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

func (s *checkServer) asset(mediaType string, content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(content)
	}
}

// cookie sets a cookie that scripts can't read, or answers the one it got.
func (s *checkServer) cookie(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if value := r.URL.Query().Get("set"); value != "" {
		http.SetCookie(w, &http.Cookie{Name: "self-check", Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		return
	}
	if c, err := r.Cookie("self-check"); err == nil {
		_, _ = fmt.Fprint(w, c.Value)
	}
}

// cached gives every request that reaches it an answer of its own, which a
// browser may keep: two equal answers came out of one cache.
func (s *checkServer) cached(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	w.Header().Set("Cache-Control", "private, max-age=600")
	_, _ = fmt.Fprintf(w, "answer %d", s.count)
}

// apart says what is wrong if a connection was used by both contexts, or if
// the server saw too little to tell.
func (s *checkServer) apart() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	own, other := s.connections[ownPages], s.connections[otherPages]
	if len(own) == 0 || len(other) == 0 {
		return errors.New("the server did not see both contexts: the check proves nothing")
	}
	for address := range own {
		if other[address] {
			return errors.New("two contexts used one connection")
		}
	}
	return nil
}

// close ends the server and waits for it.
func (s *checkServer) close(ctx context.Context) {
	_ = s.http.Close()
	select {
	case <-s.done:
	case <-ctx.Done():
	}
}
