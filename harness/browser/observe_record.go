package browser

import (
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// maxFlights is how many requests of a session may be on their way at a
	// time, and maxExchanges how many are recorded in all. What a page asks
	// for beyond them is counted, and said to be unseen.
	maxFlights   = 5_000
	maxExchanges = 50_000
	// maxFrames is how many frames of a session are known by their id.
	maxFrames = 10_000
	// maxHops is how many events with headers one request may bring: a
	// redirect brings one each, and the browser follows twenty.
	maxHops = 64
	// strayAfter is when an event whose request never began is forgotten.
	strayAfter = 30 * time.Second
)

// early finds a flight, or makes it: events about the wire come from another
// process than those about the request, sometimes sooner. It answers nil when
// there are too many. o.mu must be held.
func (o *observer) early(id proto.NetworkRequestID) *flight {
	if f := o.flights[id]; f != nil {
		if len(f.sent) > maxHops || len(f.got) > maxHops || len(f.hints) > maxHops {
			return nil
		}
		return f
	}
	if len(o.flights) >= maxFlights {
		o.forgetStrays()
	}
	if len(o.flights) >= maxFlights || o.begun >= maxExchanges {
		return nil
	}
	f := &flight{id: id, begun: time.Now()}
	o.flights[id] = f
	return f
}

// forgetStrays drops events about the wire that came after their request was
// recorded, or that belong to none.
func (o *observer) forgetStrays() {
	for id, f := range o.flights {
		if len(f.hops) == 0 && time.Since(f.begun) > strayAfter {
			delete(o.flights, id)
		}
	}
}

// known is a flight that has begun; nil for one of an event that came alone.
func (o *observer) known(id proto.NetworkRequestID) *flight {
	if f := o.flights[id]; f != nil && len(f.hops) > 0 {
		return f
	}
	return nil
}

// record hands over the flight's hops that have all they wait for, and
// forgets the flight when none is left. o.mu must be held.
func (o *observer) record(f *flight) {
	left := 0
	for i, h := range f.hops {
		if h.recorded {
			continue
		}
		if !h.ended || h.reading || !f.complete(i) {
			left++
			continue
		}
		o.pour(h)
	}
	if f.ended && left == 0 {
		delete(o.flights, f.id)
	}
}

func (o *observer) pour(h *hop) {
	h.recorded = true
	if o.s.spec.Observe {
		o.ready = append(o.ready, h)
	}
}

// release lets go of o.mu and records what became ready under it: writing a
// body down takes its time, and the next event must not wait for it.
func (o *observer) release() {
	ready := o.ready
	o.ready = nil
	o.mu.Unlock()
	for _, h := range ready {
		o.s.spec.Sink.Exchange(h.x, h.request, h.body)
		h.request, h.body = nil, nil
	}
}

// finish records what never ended, with what is known of it.
func (o *observer) finish() {
	o.mu.Lock()
	defer o.release()
	now := o.s.spec.Sink.Now()
	for _, f := range o.flights {
		for i, h := range f.hops {
			if !h.recorded {
				o.cutShort(f, i, now)
			}
		}
	}
	o.flights = map[proto.NetworkRequestID]*flight{}
	o.finishSockets(now)
	o.noteExcess(now)
}

// cutShort records a hop that the session's end cut short, with what a stream
// had brought by then. o.mu must be held.
func (o *observer) cutShort(f *flight, i int, now history.Moment) {
	h := f.hops[i]
	f.complete(i)
	if !h.ended {
		h.x.End = now
		h.body, h.x.Body.Unseen = f.stream.whole()
		switch {
		case len(h.body) > 0:
		case f.received > fastStream:
			h.x.Body.Unseen, h.x.Body.Size = "an answer of more than 4 MB that came to no end", int64(f.received)
		case f.owes():
			h.x.Body.Unseen = history.UnseenCancelled
		}
		if f.cut {
			h.x.Failed, h.x.Body.Unseen = aborted, history.UnseenAborted
		}
	}
	switch {
	case h.reading && o.s.left.Load():
		h.x.Body.Unseen = history.UnseenAborted
	case h.reading:
		h.x.Body.Unseen = "the session ended before it was read"
	}
	o.pour(h)
}

// noteExcess says what was left out because the page did too much of it, as
// an answer that was not seen. o.mu must be held.
func (o *observer) noteExcess(now history.Moment) {
	if o.excess > 0 {
		o.leaveOut(now, "the page made too many requests: the rest was not recorded")
	}
	if o.s.inbox.lost() > 0 {
		o.leaveOut(now, "the page did more at a time than could be followed")
	}
}

func (o *observer) leaveOut(now history.Moment, why string) {
	x := o.open("GET", o.page.address, now)
	x.Resource, x.End, x.Body.Unseen = "other", now, why
	o.pour(&hop{x: x})
}
