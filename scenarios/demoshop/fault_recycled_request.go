package demoshop

import (
	"net/http"
	"sync"
	"time"
)

// recycler is the fault recycled-request: what the shop knows of a request is
// an object that is used again for the next one, to save memory. When a request
// ends with an error, or is given up, work goes on after its answer: the error is reported, with
// the session it happened to, and at each try the session is touched so that it
// does not run out meanwhile. That writes the session's cookie into the object,
// which by then is the next request's, and is sent with that one's answer.
//
// A thread that writes late into an object is here an entry in it, with the time
// from when until when it writes: all under one lock. The harm is in the
// order: A's request fails, its object goes back; B's takes it; A's late write;
// B's answer carries A's cookie. The fault's rate is the share of late writes
// that hit another one's request.
type recycler struct {
	fault *lever
	now   func() time.Time
	mu    sync.Mutex
	free  []*envelope // the one given back last at the end
}

// envelope is the object that is used again.
type envelope struct {
	late *lateWrite // by who had it before; nil: nothing is under way
}

// lateWrite is work that holds on to an object that is somebody else's by now.
type lateWrite struct {
	session string
	account string
	due     time.Time
	over    time.Time
}

const (
	// reporting is how long after an answer its error is first reported.
	reporting = 250 * time.Millisecond
	// givingUp is how long it is tried.
	givingUp = 10 * time.Second
	// mostEnvelopes is how many objects are kept for reuse.
	mostEnvelopes = 64
)

// answer has a page's handler answer a visit.
func (o *origin) answer(w http.ResponseWriter, r *http.Request, v *visit, h visitHandler) {
	if o.recycled.fault == nil {
		h(w, r, v)
		return
	}
	e := o.recycled.take()
	defer o.recycled.giveBack(e)
	if late, ok := o.recycled.landed(e); ok && o.wrongCookie(w, v, late) {
		e.late = nil // one answer has it; the report is through
	}
	watched := &statusWatch{ResponseWriter: w, status: http.StatusOK}
	h(watched, r, v)
	failed := watched.status >= http.StatusBadRequest || r.Context().Err() != nil
	if failed && v.signedIn() {
		o.recycled.report(e, v)
	}
}

// wrongCookie sends what a late write has put into this request's object.
func (o *origin) wrongCookie(w http.ResponseWriter, v *visit, late lateWrite) bool {
	_, alive := o.store.session(webSession, late.session)
	a, known := o.store.account(late.account)
	if !alive || !known || a.ID == v.user.ID || !o.recycled.fault.strikes() {
		return false
	}
	o.hand(w, o.recycled.fault.variant, late.session, a)
	return true
}

func (c *recycler) take() *envelope {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.free) == 0 {
		return &envelope{}
	}
	last := len(c.free) - 1
	e := c.free[last]
	c.free = c.free[:last]
	return e
}

func (c *recycler) giveBack(e *envelope) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.free) < mostEnvelopes {
		c.free = append(c.free, e)
	}
}

// landed is the late write that has gone into an object since it was given back.
// Whoever has taken the object has it alone.
func (c *recycler) landed(e *envelope) (lateWrite, bool) {
	now := c.now()
	if e.late == nil || now.Before(e.late.due) || now.After(e.late.over) {
		return lateWrite{}, false
	}
	return *e.late, true
}

// report leaves work behind that holds on to the object: the fault.
func (c *recycler) report(e *envelope, v *visit) {
	now := c.now()
	e.late = &lateWrite{session: v.session.id, account: v.user.ID, due: now.Add(reporting), over: now.Add(givingUp)}
}

// statusWatch notes with which status a request was answered.
type statusWatch struct {
	http.ResponseWriter
	status int
}

func (s *statusWatch) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets a response controller reach the writer itself.
func (s *statusWatch) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func recycledRequestInfo() Info {
	return Info{
		Name:      RecycledRequest,
		Class:     10,
		Incident:  "a code host, February 2021: a background thread kept a request object that the server reused, and a session cookie was sent to somebody else's browser",
		Mechanism: "the object of a page request that fails, or is given up, goes back for reuse while its error is still being reported: from a quarter of a second until ten seconds later that writes the session's cookie, or in the variants one of the others, into whoever's request the object is by then",
		Where:     "fault_recycled_request.go, asked by origin.page through origin.answer",
	}
}
