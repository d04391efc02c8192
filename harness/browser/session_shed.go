package browser

import (
	"context"
	"fmt"
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
	// until the next step.
	mostRequests = 1_500
	mostWaiting  = 600
	mostEvents   = 40_000
)

func tooManyRequests() string {
	return fmt.Sprintf("not listened to any more in this step: more than %d requests", mostRequests)
}

const (
	tooManyBodies = "not listened to any more in this step: too many answers at once"
	tooManyEvents = "not listened to any more in this step: too much was sent"
)

// attention is whether a target is listened to, and what it has told of its
// network since the step began.
type attention struct {
	mu       sync.Mutex
	deaf     bool
	events   int
	requests int
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
	return a.requests > mostRequests
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
		o.turnDown(t, tooManyRequests())
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
	o.s.spawn(releaseLimit, func(ctx context.Context) { t.hush(ctx) })
}

// hush has the browser tell no more of a target's network, unless it is
// listened to again by now.
func (t *target) hush(ctx context.Context) {
	t.attention.mu.Lock()
	defer t.attention.mu.Unlock()
	if !t.attention.deaf {
		return
	}
	if p, err := t.conn.post(ctx, t.channel, proto.NetworkDisable{}.ProtoReq(), nil); err == nil {
		p.forget() // a target that is gone tells nothing
	}
}

// heedAgain listens to all targets from now on, as a step begins.
func (s *Session) heedAgain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, releaseLimit)
	defer cancel()
	for _, t := range s.everyTarget() {
		t.heedAgain(ctx, s.networkOrder())
	}
}

func (t *target) heedAgain(ctx context.Context, listen order) {
	a := &t.attention
	a.mu.Lock()
	defer a.mu.Unlock()
	a.events, a.requests = 0, 0
	if !a.deaf {
		return
	}
	a.deaf = false
	if p, err := t.conn.post(ctx, t.channel, listen.method, listen.params); err == nil {
		p.forget() // what is asked of the target next comes after it
	}
}
