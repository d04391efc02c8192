package browser

import (
	"cmp"
	"context"
	"sync"
	"time"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

const (
	// becomeLimit is how long a handover may take in all, and handLimit how much
	// of that the pages have to tell what they showed until then.
	becomeLimit = 6 * time.Second
	handLimit   = 500 * time.Millisecond
)

// turns say who has used a session, and from when on. The first turn begins
// with the session; a later one, with Become.
type turns struct {
	mu  sync.Mutex
	all []tenure
}

type tenure struct {
	from     history.Moment
	customer string
}

// begin has a customer use the session from now on.
func (u *turns) begin(now history.Moment, customer string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.all = append(u.all, tenure{now, customer})
}

// now is who uses the session; Nobody before anybody did.
func (u *turns) now() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.all) == 0 {
		return history.Nobody
	}
	return u.all[len(u.all)-1].customer
}

// at is who used the session at a moment. An event may arrive after the next
// turn has begun.
func (u *turns) at(m history.Moment) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	for i := len(u.all) - 1; i >= 0; i-- {
		if u.all[i].from <= m || i == 0 {
			return u.all[i].customer
		}
	}
	return history.Nobody
}

// Become has another customer use the session from now on, with everything that
// the last one left in it. What came until now is recorded as the last one's;
// then what stands and is kept here is recorded as shown to the new one, whether
// the last one was shown it or not. The network becomes normal. Requests under
// way still belong to whoever made them. It takes 6 s at most; Nobody, or "", is
// a passer-by.
func (s *Session) Become(customer string) {
	ctx, cancel := context.WithTimeout(s.ctx, becomeLimit)
	defer cancel()
	s.closeBooks(ctx)
	s.turns.begin(s.spec.Sink.Now(), cmp.Or(customer, history.Nobody))
	s.forget()
	if s.loss() != nil || s.left.Load() {
		return
	}
	_ = s.setNetwork(ctx, scenarios.NetworkNormal) // a page that is gone has none
	s.look(ctx, scenarios.Wait)
}

// closeBooks records what came by itself in the turn that ends.
func (s *Session) closeBooks(ctx context.Context) {
	if !s.spec.Observe || s.loss() != nil || s.left.Load() {
		return
	}
	if s.watches(partFlashes) {
		s.handOver(ctx)
	}
	s.recordPushed(ctx)
	if s.watches(partStorage) {
		s.storage.begin()
		s.recordPassed()
	}
}

// handOver has the pages tell what they showed until now and no look has read,
// and forget what was read: to the next customer all of it is news. What a page
// tells is an event, and events come later than answers; so the session's own
// page tells last that it was the last.
func (s *Session) handOver(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, handLimit)
	defer cancel()
	select {
	case <-s.handed: // of a page that did not answer the last time
	default:
	}
	front := s.front()
	s.askAll(ctx, "handOver", front)
	if front.ask(ctx, nil, "handOver", true) != nil {
		return // a page that hangs tells nothing more
	}
	select {
	case <-s.handed:
	case <-ctx.Done():
	}
}

// forget makes the session take nothing for known because the last customer was
// shown it.
func (s *Session) forget() {
	s.cookies, s.shown = "", nil
	s.frames.markup = nil
	s.frames.delivered.forget()
	s.storage.forget()
	s.watch.forget()
}

// forget has bodies read again that the last customer was given, and pictures
// count as shown only from now on.
func (o *observer) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.pictures)
	clear(o.had)
	for _, f := range o.flights {
		for _, h := range f.hops {
			h.told = nil
		}
	}
}

func (d *arrivals) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sums, d.last = nil, nil
}

// forget has everything that is kept read and recorded again.
func (k *storage) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.read)
	clear(k.last)
	clear(k.cached)
	k.kept = 0
}

// recordPassed records values that were stored since the last look, whether they
// still stand or not.
func (s *Session) recordPassed() {
	news, lost := s.storage.takeNews()
	for a, passed := range news {
		s.keepPassed(a, passed)
	}
	if lost {
		s.miss("localStorage", "", "more values came and went than are kept")
	}
}
