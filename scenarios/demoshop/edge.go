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
// names. Rules come before all that; a healthy edge has none that is in force.
type edge struct {
	origin   http.Handler
	cookie   string // name of the session cookie
	cacheTag string // header that says HIT, MISS or PASS
	rules    []edgeRule
	now      func() time.Time
	mu       sync.Mutex
	held     map[string][]stored
}

// stored is one answer in the cache.
type stored struct {
	answer  *answer
	request http.Header // of the request that brought it; for Vary
	rule    edgeRule    // that kept it; nil: HTTP's own rules
	since   time.Time
	expires time.Time
}

// edgeRule is what somebody told the edge to do beside, or against, what HTTP
// says of caching. Each fault of the edge is one. Rules are asked in order.
type edgeRule interface {
	// takes says whether the rule keeps this answer, and how. known is whether
	// the request said who sent it. It is called once for each answer to a GET
	// that no rule before took, so it may ask a lever.
	takes(r *http.Request, a *answer, known bool) (keeping, bool)
	// serves says whether an answer that this rule kept may go to a request.
	serves(k stored, r *http.Request, known bool) bool
}

// keeping is how a rule keeps an answer.
type keeping struct {
	life time.Duration
	bare bool // without Set-Cookie: it is dropped for the one who asked, too, because the answer is rewritten on its way in
}

// Limits of the cache. A full one is emptied: right, and simple.
const (
	maxAnswer  = 2 << 20
	maxEntries = 4096
	maxVariant = 32
)

func (e *edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || r.Header.Get("Range") != "" || r.Header.Get("Upgrade") != "" { // a socket passes by
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
	known := e.credentials(r)
	if k.rule != nil {
		return k.rule.serves(k, r, known)
	}
	return (!known || k.answer.control().immutable) && sameVariant(k, r)
}

// keep stores an answer where that is right, or where a rule says so.
func (e *edge) keep(r *http.Request, a *answer) bool {
	if a.body.Len() > maxAnswer {
		return false
	}
	known := e.credentials(r)
	for _, rule := range e.rules {
		if how, ok := rule.takes(r, a, known); ok {
			if how.bare {
				a.header.Del("Set-Cookie")
			}
			e.put(r, a, how.life, rule)
			return true
		}
	}
	life, ok := a.storable()
	if !ok || (known && !a.control().immutable) {
		return false
	}
	e.put(r, a, life, nil)
	return true
}

func (e *edge) put(r *http.Request, a *answer, life time.Duration, rule edgeRule) {
	now := e.now()
	fresh := stored{a, r.Header.Clone(), rule, now, now.Add(life)}
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
