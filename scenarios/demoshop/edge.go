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
	who      func(*http.Request) string // the account or session that a request is sent by; only rules ask
	now      func() time.Time
	mu       sync.Mutex
	held     map[string][]stored
}

// stored is one answer in the cache.
type stored struct {
	answer  *answer
	request http.Header // of the request that brought it; for Vary
	rule    edgeRule    // that kept it; nil: HTTP's own rules
	owner   string      // whom it was made for, if a rule kept it; empty: nobody we know
	since   time.Time
	expires time.Time
}

// edgeRule is what somebody told the edge to do beside, or against, what HTTP
// says of caching. Each fault of the edge is one. Rules are asked in order.
//
// A fault's opportunity is not that an answer is kept, by which nobody may ever
// come, but that somebody comes by whom it must not go to.
type edgeRule interface {
	// lever decides about those; nil: there are none.
	lever() *lever
	// takes says whether the rule keeps this answer, and how. known is whether
	// the request said who sent it.
	takes(r *http.Request, a *answer, known bool) (keeping, bool)
	// serves says how an answer that this rule kept would go to a request.
	serves(k stored, to asking) serving
}

// asking is somebody who asks for what is kept.
type asking struct {
	*http.Request
	known bool // the request says who sent it
	mine  bool // it was made for whoever asks
}

// serving is how a kept answer goes to somebody.
type serving int

const (
	never   serving = iota // it does not
	rightly                // as it should
	wrongly                // if the lever strikes
)

// astray is wrongly for those whom a rule is for.
func astray(covered bool) serving {
	if covered {
		return wrongly
	}
	return never
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
	now, spared := e.now(), false
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, k := range e.held[key(r)] {
		if !now.Before(k.expires) {
			continue
		}
		switch e.serves(k, r) {
		case never:
		case rightly:
			return k, true
		case wrongly: // one request is one opportunity, however much is kept
			if !spared && k.rule.lever().strikes() {
				return k, true
			}
			spared = true
		}
	}
	return stored{}, false
}

// serves says how a kept answer would go to this request.
func (e *edge) serves(k stored, r *http.Request) serving {
	known := e.credentials(r)
	switch {
	case k.rule != nil:
		return k.rule.serves(k, asking{r, known, k.owner != "" && k.owner == e.who(r)})
	case (!known || k.answer.control().immutable) && sameVariant(k, r):
		return rightly
	}
	return never
}

// keep stores an answer where that is right, or where a rule says so.
func (e *edge) keep(r *http.Request, a *answer) bool {
	if a.body.Len() > maxAnswer {
		return false
	}
	known := e.credentials(r)
	for _, rule := range e.rules {
		if how, ok := rule.takes(r, a, known); ok && !rule.lever().sleeps() {
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
	fresh := stored{answer: a, request: r.Header.Clone(), rule: rule, since: now, expires: now.Add(life)}
	if rule != nil {
		fresh.owner = e.who(r)
	}
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
