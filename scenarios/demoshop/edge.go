package demoshop

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// edge is the shared cache in front of the origin.
//
// It keeps only what says that it is public and how long it lives, never an
// answer with Set-Cookie. Requests with Authorization, and requests with a
// session cookie for anything but static files, pass it by. A kept answer is
// found again by method, host, address and the request headers that its Vary
// names.
type edge struct {
	origin   http.Handler
	cookie   string // name of the session cookie
	cacheTag string // header that says HIT, MISS or PASS
	personal personalRule
	bypass   bypassRule
	now      func() time.Time
	mu       sync.Mutex
	held     map[string][]stored
}

// stored is one answer in the cache.
type stored struct {
	answer  *answer
	request http.Header // of the request that brought it; for Vary
	byURL   bool        // kept by a fault's rule: Vary does not matter
	since   time.Time
	expires time.Time
}

// Limits of the cache. A full one is emptied: right, and simple.
const (
	maxAnswer  = 2 << 20
	maxEntries = 4096
	maxVariant = 32
)

func (e *edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || r.Header.Get("Range") != "" {
		e.origin.ServeHTTP(w, r)
		return
	}
	if k, ok := e.find(r); ok {
		e.send(w, k.answer, "HIT", e.now().Sub(k.since))
		return
	}
	rec := newRecorder(func(a *answer) http.ResponseWriter {
		e.head(w, a, "PASS")
		send(w, a.body.Bytes())
		return w
	})
	e.origin.ServeHTTP(rec, r)
	if rec.through != nil {
		return
	}
	rec.header.Set("Date", e.now().UTC().Format(http.TimeFormat))
	tag := "PASS"
	if e.keep(r, &rec.answer) {
		tag = "MISS"
	}
	e.send(w, &rec.answer, tag, -1)
}

// find looks for a living answer to a request.
func (e *edge) find(r *http.Request) (stored, bool) {
	now := e.now()
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, k := range e.held[key(r)] {
		if now.Before(k.expires) && e.serves(k, r) {
			return k, true
		}
	}
	return stored{}, false
}

// serves says whether a kept answer may go to this request.
func (e *edge) serves(k stored, r *http.Request) bool {
	if k.byURL && e.personal.covers(r) {
		return true // the fault: it does not ask who asks
	}
	if e.credentials(r) && !k.answer.control().immutable {
		return false
	}
	return k.byURL || sameVariant(k, r)
}

// keep stores an answer where that is right, or where a fault's rule says so.
func (e *edge) keep(r *http.Request, a *answer) bool {
	if a.body.Len() > maxAnswer {
		return false
	}
	switch {
	case e.personal.takes(r, a, e.credentials(r)):
		// The rule drops Set-Cookie for the one who asked, too: it rewrites
		// the answer on its way in.
		a.header.Del("Set-Cookie")
		e.put(r, a, ruleTTL, true)
	case e.bypass.takes(r, a):
		e.put(r, a, a.control().life, true)
	default:
		life, ok := a.storable()
		if !ok || (e.credentials(r) && !a.control().immutable) {
			return false
		}
		e.put(r, a, life, false)
	}
	return true
}

func (e *edge) put(r *http.Request, a *answer, life time.Duration, byURL bool) {
	now := e.now()
	fresh := stored{a, r.Header.Clone(), byURL, now, now.Add(life)}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.held) >= maxEntries {
		clear(e.held)
	}
	old := e.held[key(r)]
	rest := make([]stored, 0, len(old)+1)
	rest = append(rest, fresh) // the newest is found first
	for _, k := range old {
		if now.Before(k.expires) && !sameVariant(k, r) && len(rest) < maxVariant {
			rest = append(rest, k)
		}
	}
	e.held[key(r)] = rest
}

func (e *edge) clear() {
	e.mu.Lock()
	defer e.mu.Unlock()
	clear(e.held)
}

func (e *edge) send(w http.ResponseWriter, a *answer, tag string, age time.Duration) {
	if age >= 0 {
		w.Header().Set("Age", strconv.Itoa(int(age/time.Second)))
	}
	w.Header().Set("Content-Length", strconv.Itoa(a.body.Len()))
	e.head(w, a, tag)
	send(w, a.body.Bytes())
}

// head sends an answer's status and header.
func (e *edge) head(w http.ResponseWriter, a *answer, tag string) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = append([]string(nil), values...)
	}
	h.Set(e.cacheTag, tag)
	w.WriteHeader(a.status)
}

// credentials says whether a request says who sends it.
func (e *edge) credentials(r *http.Request) bool {
	if r.Header.Get("Authorization") != "" {
		return true
	}
	_, err := r.Cookie(e.cookie)
	return err == nil
}

func key(r *http.Request) string { return r.Method + " " + r.Host + r.URL.RequestURI() }

func sameVariant(k stored, r *http.Request) bool {
	for _, name := range varyNames(k.answer.header) {
		if k.request.Get(name) != r.Header.Get(name) {
			return false
		}
	}
	return true
}
