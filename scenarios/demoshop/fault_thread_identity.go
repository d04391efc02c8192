package demoshop

import (
	"context"
	"fmt"
	"net/http"
	"sync"
)

// threads is the fault thread-identity: a filter binds the identity of whoever
// asks to the worker's thread, and puts it away when the request has been
// answered. The harm: what ends with an error, or finds its client gone, skips
// that. Requests without credentials pass the filter by, and whoever looks for
// their identity finds what is still bound, until the worker serves somebody
// signed in again. The fault's rate is the share of such requests whose code
// asks the thread.
type threads struct {
	fault *lever
	store *store
	mu    sync.Mutex
	left  [workers]string // account id that each worker's thread still has
}

// bound is the identity of one request while it is served, in its context.
type bound struct{ account string }

type boundKey struct{}

// serve has a request answered on its worker's thread.
func (t *threads) serve(next http.Handler, w http.ResponseWriter, r *http.Request) {
	if t.fault == nil {
		next.ServeHTTP(w, r)
		return
	}
	mine, end := &bound{}, &ending{ResponseWriter: w}
	next.ServeHTTP(end, r.WithContext(context.WithValue(r.Context(), boundKey{}, mine)))
	if mine.account == "" {
		return // the filter was passed by
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left[workerOf(r)] = ""
	if end.failed(r.Context()) {
		t.left[workerOf(r)] = mine.account // the fault: this should always be put away
	}
}

// bind gives the thread the identity of a request that says who asks.
func (t *threads) bind(r *http.Request, v *visit) {
	if mine, ok := r.Context().Value(boundKey{}).(*bound); ok {
		mine.account = v.user.ID
	}
}

// identify finds out who asks for what is refused to everybody unknown. One
// part of an identity opens nothing there.
func (t *threads) identify(v *visit) {
	if t.fault.is(Plain) {
		v.user = t.user(v)
	}
}

// user is who asks, also where the request does not say so.
func (t *threads) user(v *visit) account {
	if t.fault == nil || v.signedIn() {
		return v.user
	}
	t.mu.Lock()
	id := t.left[v.worker]
	t.mu.Unlock()
	if other, known := t.store.account(id); known && t.fault.strikes() {
		return t.fault.variant.astray(v.user, other)
	}
	return v.user
}

func (t *threads) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left = [workers]string{}
}

// ending notes how a request ended.
type ending struct {
	http.ResponseWriter
	status int
	stream bool
}

// failed says whether the worker sees an error: an answer of 400 or more, or a
// client that is gone. A stream ends with its client, which is no error.
func (e *ending) failed(ctx context.Context) bool {
	return e.status >= http.StatusBadRequest || ctx.Err() != nil && !e.stream
}

// WriteHeader notes the status. A socket is a stream.
func (e *ending) WriteHeader(status int) {
	if e.status == 0 {
		e.status = status
	}
	e.stream = e.stream || status == http.StatusSwitchingProtocols
	e.ResponseWriter.WriteHeader(status)
}

// FlushError notes that this is a stream.
func (e *ending) FlushError() error {
	e.stream = true
	if err := http.NewResponseController(e.ResponseWriter).Flush(); err != nil {
		return fmt.Errorf("pass stream through: %w", err)
	}
	return nil
}

// Unwrap lets a socket have the connection.
func (e *ending) Unwrap() http.ResponseWriter { return e.ResponseWriter }

func threadIdentityInfo() Info {
	return Info{
		Name:      ThreadIdentity,
		Class:     14,
		Incident:  "an access-control framework, issue 2473: a thread kept the identity of a request that ended with an exception, and the next request on it had that identity",
		Mechanism: "a worker's identity is put away at the end of a request, but not of one that fails or is given up; requests without credentials on that worker are answered as that customer, until it serves somebody signed in again",
		Where:     "fault_thread_identity.go, asked by origin.ServeHTTP, origin.visit, origin.caller, origin.mine, origin.reader and origin.shownTo",
	}
}
