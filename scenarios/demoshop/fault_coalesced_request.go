package demoshop

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// coalescer is the fault coalesced-request: requests for one address that are
// under way at one time are answered once, to spare the origin. Whoever comes
// first asks it; the others wait, and are given that answer, Set-Cookie
// included. Nothing is stored, so a rule about what may be stored helps nobody.
//
// The harm: the key is the address, and neither a cookie nor a bearer token is
// in it. The fault's rate is the share of those who wait for somebody else's
// answer that are given it; the others then ask for themselves.
type coalescer struct {
	fault  *lever
	origin http.Handler
	who    func(*http.Request) string // sent a request; empty: nobody we know
	paths  []string
	first  string // the page at which a session begins; coalesced for who has none
	mu     sync.Mutex
	flight map[string]*flight // by address
}

// flight is one request to the origin, and who waits for its answer.
type flight struct {
	from   string // who asked
	answer *answer
	landed chan struct{} // closed once answer is there
}

// slowRender is how long the origin takes to begin with what is coalesced: that
// is why somebody thought of it.
const slowRender = 300 * time.Millisecond

// coalesced is the origin, or what stands in front of it in a shop with the fault.
func coalesced(fault *lever, origin *origin) http.Handler {
	if fault == nil {
		return origin
	}
	n := origin.names
	c := &coalescer{fault: fault, origin: origin, who: origin.who, flight: map[string]*flight{}}
	if only := n.onlyCall(fault); only != "" {
		c.paths = []string{only}
		return c
	}
	c.first = n.text("/~sign-in")
	c.paths = n.personalCalls()
	return c
}

func (c *coalescer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	from := c.who(r)
	if r.Method != http.MethodGet || !slices.Contains(c.paths, r.URL.Path) && (r.URL.Path != c.first || from != "") {
		c.origin.ServeHTTP(w, r)
		return
	}
	f, leads := c.join(key(r), from)
	if leads {
		c.lead(f, r)
		f.answer.sendTo(w)
		return
	}
	select {
	case <-f.landed:
	case <-r.Context().Done():
		return // nobody is left to be answered
	}
	if f.personal() && (f.from != from || from == "") && c.fault.strikes() {
		f.answer.sendTo(w)
		return
	}
	c.origin.ServeHTTP(w, r)
}

// join finds the flight for an address, or begins one.
func (c *coalescer) join(address, from string) (f *flight, leads bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.flight[address]; f != nil {
		return f, false
	}
	f = &flight{from: from, landed: make(chan struct{})}
	c.flight[address] = f
	return f, true
}

// lead asks the origin for all who wait. One who gives up meanwhile is answered
// all the same: others may wait.
func (c *coalescer) lead(f *flight, r *http.Request) {
	address := key(r)
	rec := newRecorder(func(*answer) http.ResponseWriter { return nil })
	defer func() {
		c.mu.Lock()
		delete(c.flight, address)
		c.mu.Unlock()
		f.answer = &rec.answer
		close(f.landed)
	}()
	render := time.NewTimer(slowRender)
	defer render.Stop()
	<-render.C
	c.origin.ServeHTTP(rec, r)
}

// personal says whether an answer has anything of whoever asked for it.
func (f *flight) personal() bool {
	return f.answer.status == http.StatusOK && (f.from != "" || len(f.answer.header.Values("Set-Cookie")) > 0)
}

// sendTo sends an answer as it came.
func (a *answer) sendTo(w http.ResponseWriter) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = slices.Clone(values)
	}
	w.WriteHeader(a.status)
	send(w, a.body.Bytes())
}

// who is the account, or else the session, that a request is sent by; empty for
// one without a session.
func (o *origin) who(r *http.Request) string {
	kind, id := webSession, o.sessionCookie(r)
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		kind, id = appSession, strings.TrimSpace(bearer)
	}
	se, ok := o.store.session(kind, id)
	if ok && se.account != "" {
		return se.account
	}
	return se.id
}

func coalescedRequestInfo() Info {
	return Info{
		Name:      CoalescedRequest,
		Class:     7,
		Incident:  "a server framework's cache, issue 61: requests for one address that arrive together were answered once, and the first one's fresh session cookie went to all of them",
		Mechanism: "calls of the API for one address that are under way at one time, and visits to the sign-in page without a session, are answered once, Set-Cookie included, without asking who sent them",
		Where:     "fault_coalesced_request.go, between the edge and the origin",
	}
}
