package browser

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// keptInAll and keptEach bound the bodies that the browser keeps for us
	// per target, in bytes. A larger body is recorded as unseen.
	keptInAll = 128 << 20
	keptEach  = 32 << 20
	// keptPost is how much of a request's body comes with its event.
	keptPost = 1 << 20
	// bodyLimit is how long reading one body may take.
	bodyLimit = 20 * time.Second
)

// observer turns the browser's network events into exchanges, and knows what
// the page is about to do. The event loop writes to it; steps read from it.
type observer struct {
	s *Session

	mu         sync.Mutex
	clock      clock
	steps      []begunStep
	flights    map[proto.NetworkRequestID]*flight
	begun      int    // requests and sockets so far: the number in an exchange's ID
	excess     int    // requests beyond the bounds
	ready      []*hop // to be recorded as soon as mu is free
	sockets    sockets
	last       bool // the session is about to end
	lastChange time.Time
	pictures   map[string]bool // hashes of the pictures that were shown
	had        map[string]bool // addresses of assets that came in this session: whether they were read
	page       movement
	refused    refusals
	bodies     int                        // being read
	held       int                        // requests that a schedule holds
	released   time.Time                  // when the last of them was let go
	frames     map[proto.PageFrameID]bool // that asked for something

	reading  chan struct{} // one place for each body that may be read at a time
	shooting atomic.Bool   // a picture is being taken for what was pushed
}

// movement is where the main page stands and where it is going.
type movement struct {
	navigating bool // a document was asked for and has not come yet
	parsing    bool // it has come, and is not read to its end yet
	committed  time.Time
	going      string
	address    string
	request    proto.NetworkRequestID // of the document
	status     int                    // of its answer
	problem    string                 // why there was none
}

// activity is what keeps a page from being at rest.
type activity struct {
	movement
	opening    int // pages and frames that are being made ready
	held       int // requests that a schedule holds
	released   time.Time
	young      int // requests for documents, scripts or data on their way, hanging ones left out
	lastChange time.Time
}

func newObserver(s *Session) *observer {
	return &observer{
		s: s, frames: map[proto.PageFrameID]bool{}, flights: map[proto.NetworkRequestID]*flight{}, pictures: map[string]bool{},
		had: map[string]bool{}, clock: clock{now: s.spec.Sink.Now}, lastChange: time.Now(),
		reading: make(chan struct{}, readAtOnce), sockets: newSockets(),
	}
}

// handle takes one event of a target.
func (o *observer) handle(t *target, m *rod.Message) {
	if !o.heeded(t, m.Method) {
		return
	}
	switch m.Method {
	case "Network.requestWillBeSent":
		handled(m, func(e *proto.NetworkRequestWillBeSent) { o.sent(t, e) })
	case "Network.requestWillBeSentExtraInfo":
		handled(m, o.sentHeaders)
	case "Network.requestServedFromCache":
		handled(m, o.fromMemory)
	case "Network.responseReceived":
		handled(m, func(e *proto.NetworkResponseReceived) { o.answered(t, e) })
	case "Network.responseReceivedExtraInfo":
		handled(m, o.answeredHeaders)
	case "Network.responseReceivedEarlyHints":
		handled(m, o.hinted)
	case "Network.dataReceived":
		handled(m, o.data)
	case "Network.loadingFinished":
		handled(m, func(e *proto.NetworkLoadingFinished) { o.finished(t, e) })
	case "Network.loadingFailed":
		handled(m, func(e *proto.NetworkLoadingFailed) { o.failed(t, e) })
	case "Page.frameNavigated":
		handled(m, func(e *proto.PageFrameNavigated) { o.navigated(t, e) })
	case "Page.navigatedWithinDocument":
		handled(m, func(e *proto.PageNavigatedWithinDocument) { o.moved(t, e) })
	case "Page.lifecycleEvent":
		handled(m, func(e *proto.PageLifecycleEvent) { o.lived(t, e) })
	default:
		o.handleSocket(m)
	}
}

func handled[E any, P interface {
	*E
	proto.Event
}](m *rod.Message, f func(P)) {
	e := P(new(E))
	if load(m, e) {
		f(e)
	}
}

func (o *observer) navigated(t *target, e *proto.PageFrameNavigated) {
	if t == nil || t != o.s.front() || e.Frame.ParentID != "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.page.navigating = o.page.navigating && string(e.Frame.LoaderID) != string(o.page.request)
	o.page.parsing = e.Type != proto.PageNavigationTypeBackForwardCacheRestore
	o.page.address = e.Frame.URL + e.Frame.URLFragment
	if e.Frame.UnreachableURL != "" {
		o.page.address, o.page.navigating = e.Frame.UnreachableURL, false
	}
	o.page.committed = time.Now()
	o.lastChange = o.page.committed
}

func (o *observer) moved(t *target, e *proto.PageNavigatedWithinDocument) {
	if t == nil || t != o.s.front() || e.FrameID != t.frame() {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.page.address = e.URL
}

func (o *observer) lived(t *target, e *proto.PageLifecycleEvent) {
	if t == nil || t != o.s.front() || e.FrameID != t.frame() || e.Name != proto.PageLifecycleEventNameDOMContentLoaded {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.page.parsing = false
	o.lastChange = time.Now()
}

// activity says what the page is busy with. Requests older than patience
// count no more: they hang, or listen for ever.
func (o *observer) activity(patience time.Duration) activity {
	o.mu.Lock()
	defer o.mu.Unlock()
	a := activity{movement: o.page, opening: int(o.s.preparing.Load()), lastChange: o.lastChange, held: o.held, released: o.released}
	if o.s.left.Load() {
		return a // nothing more comes
	}
	for _, f := range o.flights {
		if f.waitedFor() && time.Since(f.begun) < patience {
			a.young++
		}
	}
	return a
}

// address is where the main page stands.
func (o *observer) address() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.page.address
}

// documentStatus is the status that the main page's document was answered
// with; 0 when no request was needed.
func (o *observer) documentStatus() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.page.status
}

// documentProblem is why the main page's document could not be had; empty when
// it could, or when no request was needed.
func (o *observer) documentProblem() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.page.problem
}

// forgetStatus makes documentStatus speak of what comes next.
func (o *observer) forgetStatus() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.page.status, o.page.problem = 0, ""
}

// showed reports whether a picture with this hash was shown to the session.
func (o *observer) showed(hash string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.pictures[hash]
}

// knowsFrame reports whether a frame is this session's.
func (o *observer) knowsFrame(id proto.PageFrameID) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.frames[id]
}

// begunStep is a step that has begun.
type begunStep struct {
	at    history.Moment
	wall  time.Time
	index int // as the plan counts
}

// beginStep notes that a step begins now.
func (o *observer) beginStep(index int) {
	now := o.s.spec.Sink.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.steps = append(o.steps, begunStep{now, time.Now(), index})
}

// step is the index of the step that is or was last under way.
func (o *observer) step() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.steps) == 0 {
		return 0
	}
	return o.steps[len(o.steps)-1].index
}

// stepAt is the step that was under way at a moment. An event may arrive
// after the next step has begun. o.mu must be held.
func (o *observer) stepAt(m history.Moment) int {
	for i := len(o.steps) - 1; i >= 0; i-- {
		if o.steps[i].at <= m || i == 0 {
			return o.steps[i].index
		}
	}
	return 0
}

// drainLimit is how long the end of a session waits for what hangs, or never
// ends to come.
const drainLimit = time.Second

// drain waits until what is on its way has come and is read, or ctx ends, or
// for a second.
func (o *observer) drain(ctx context.Context) {
	limit := time.Now().Add(drainLimit)
	for time.Now().Before(limit) {
		a := o.activity(o.s.options.SettleCap)
		o.mu.Lock()
		reading := o.bodies
		o.mu.Unlock()
		if reading == 0 && a.young == 0 && !o.s.downloads.busy() {
			return
		}
		if sleep(ctx, 10*time.Millisecond) != nil {
			return
		}
	}
}
