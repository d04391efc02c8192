package browser

import (
	"context"
	"strings"
	"sync"

	"github.com/go-rod/rod/lib/proto"
)

const (
	// mostRequests is how many requests one page, frame or worker may make in
	// a step, mostWaiting how many bodies of a session may wait to be read, and
	// mostEvents how many events about its network a target may cause in a
	// step. All sessions of a browser share one connection: the flood of one
	// would hold up the others, so a target beyond these is not listened to
	// until the next step. A page beyond mostRequests stands still until then:
	// each request passes the guard, and with it the one thread that serves all
	// pages of the browser.
	mostRequests = 2_000
	// warnings is how often the patience with a page is halved that floods step
	// after step.
	warnings    = 3
	mostWaiting = 600
	mostEvents  = 40_000
)

const (
	tooManyRequests = "not listened to any more in this step, and stopped: too many requests"
	tooManyBodies   = "not listened to any more in this step: too many answers at once"
	tooManyEvents   = "not listened to any more in this step: too much was sent"
)

// attention is whether a target is listened to, and what it has told of its
// network since the step began.
type attention struct {
	mu       sync.Mutex
	deaf     bool
	still    bool // the page's scripts are stopped
	events   int
	requests int
	floods   int // steps in a row in which there were too many requests
}

// heeds counts an event, and reports whether it is to be handled; tooMuch says
// that with it there are too many.
func (a *attention) heeds(request bool) (heed, tooMuch bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.deaf {
		return false, false
	}
	a.events++
	if request {
		a.requests++
	}
	return true, a.events > mostEvents
}

func (a *attention) tooManyRequests() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.requests > mostRequests>>min(a.floods, warnings)
}

// end answers true when the target was listened to until now.
func (a *attention) end() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	was := a.deaf
	a.deaf = true
	return !was
}

// heeded reports whether an event is to be handled, and stops listening to a
// target that causes too many.
func (o *observer) heeded(t *target, method string) bool {
	if t == nil || !strings.HasPrefix(method, "Network.") {
		return true
	}
	heed, tooMuch := t.attention.heeds(method == "Network.requestWillBeSent")
	if tooMuch {
		o.mu.Lock()
		defer o.release()
		o.turnDown(t, tooManyEvents)
	}
	return heed && !tooMuch
}

// shed stops listening to a target that asks for too much. o.mu must be held.
func (o *observer) shed(t *target) {
	switch {
	case t == nil:
	case t.attention.tooManyRequests():
		o.turnDown(t, tooManyRequests)
		o.s.spawn(releaseLimit, func(ctx context.Context) { t.hold(ctx) })
	case o.bodies > mostWaiting:
		o.turnDown(t, tooManyBodies)
	}
}

// turnDown stops listening to a target's network until the next step, and says
// of all that was on its way there that it was not seen. o.mu must be held.
func (o *observer) turnDown(t *target, why string) {
	if !t.attention.end() {
		return
	}
	now := o.s.spec.Sink.Now()
	for id, f := range o.flights {
		if f.target != t {
			continue
		}
		f.giveUpHeld()
		for i, h := range f.hops {
			if h.recorded {
				continue
			}
			f.complete(i)
			h.x.Body.Unseen = why
			if !h.ended {
				h.x.End = now
			}
			o.pour(h)
		}
		delete(o.flights, id)
	}
	o.leaveOut(now, why)
	if o.s.network.Load() == nil { // else it would have a network again
		o.s.spawn(releaseLimit, func(ctx context.Context) { t.hush(ctx) })
	}
}

// hush has the browser tell no more of a target's network, unless it is
// listened to again by now.
func (t *target) hush(ctx context.Context) {
	t.attention.mu.Lock()
	defer t.attention.mu.Unlock()
	if t.attention.deaf {
		t.tell(ctx, orderOf(proto.NetworkDisable{}))
	}
}

// hold stops a page's scripts, but not ours, unless the page is listened to
// again by now.
func (t *target) hold(ctx context.Context) {
	t.attention.mu.Lock()
	defer t.attention.mu.Unlock()
	if t.attention.deaf && !t.attention.still && (t.page() || t.kind == iframeTarget) {
		t.attention.still = true
		t.tell(ctx, orderOf(proto.EmulationSetScriptExecutionDisabled{Value: true}))
	}
}

// tell sends an order and does not wait: what is asked of the target next
// comes after it, and a target that is gone need not hear it.
func (t *target) tell(ctx context.Context, o order) {
	if p, err := t.conn.post(ctx, t.channel, o.method, o.params); err == nil {
		p.forget()
	}
}

// heedAgain listens to all targets from now on, as a step begins.
func (s *Session) heedAgain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, releaseLimit)
	defer cancel()
	for _, t := range s.everyTarget() {
		t.heedAgain(ctx, s.networkOrders())
	}
}

func (t *target) heedAgain(ctx context.Context, listen []order) {
	a := &t.attention
	a.mu.Lock()
	defer a.mu.Unlock()
	a.events, a.requests = 0, 0
	if !a.deaf {
		a.floods = 0
		return
	}
	a.deaf = false
	for _, o := range listen {
		t.tell(ctx, o)
	}
	if a.still {
		a.still = false
		a.floods++
		t.tell(ctx, orderOf(proto.EmulationSetScriptExecutionDisabled{}))
	}
}
