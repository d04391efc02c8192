package demoshop

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// An order's status is pushed to whoever may see that order: to the thank-you
// page over a WebSocket, for the order it shows, and to an app as an event
// stream, for its customer's latest. A page whose socket does not open listens
// to the stream too.

// Bounds of event streams.
const (
	streamLife = 20 * time.Second       // then the client connects again, if it still wants to know
	reconnect  = 2 * time.Second        // after which it does
	untilPack  = 250 * time.Millisecond // from the order to its being packed
	maxStreams = 2000
)

// bell tells everybody who listens that something has happened.
type bell struct {
	mu sync.Mutex
	ch chan struct{}
}

// next is closed at the next ring.
func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
	}
	b.ch = nil
}

// status is what becomes of an order.
type status struct {
	state string        // a name, for programs
	text  string        // for people
	next  time.Duration // until it changes; 0: it does not
}

func (o order) status(now time.Time) status {
	number, name := strconv.Itoa(o.Number), o.Contact.Name()
	if left := o.Placed.Add(untilPack).Sub(now); left > 0 {
		return status{"received", "We have received order " + number + " from " + name + ".", left}
	}
	return status{"packing", "Order " + number + " is being packed for " + name + ".", 0}
}

// listener finds out who wants to listen to which order: the one that is named,
// or else the latest, when there is one. It answers those who may not. Whoever
// may counts among the streams until they are taken off.
func (o *origin) listener(w http.ResponseWriter, r *http.Request) (placed order, v *visit, ok bool) {
	v = o.caller(r)
	key := r.FormValue(o.of("order"))
	if v.session.id == "" {
		o.reply(w, http.StatusUnauthorized, obj{"error": "sign in first"})
		return order{}, v, false
	}
	placed, found := o.store.latest(v.session, key)
	if key != "" && !found {
		o.reply(w, http.StatusNotFound, obj{"error": "no such order"})
		return order{}, v, false
	}
	if o.streams.Add(1) > maxStreams {
		o.streams.Add(-1)
		o.reply(w, http.StatusServiceUnavailable, obj{"error": "too many listen"})
		return order{}, v, false
	}
	return placed, v, true
}

// events streams an order's status.
func (o *origin) events(w http.ResponseWriter, r *http.Request) {
	_, v, ok := o.listener(w, r)
	if !ok {
		return
	}
	key := r.FormValue(o.of("order"))
	defer o.streams.Add(-1)
	hungUp := o.hangUp.next() // asked for before the client knows that it listens
	w.Header().Set("Content-Type", "text/event-stream")
	s := &stream{w: w, flush: http.NewResponseController(w).Flush, names: o.names}
	s.say(fmt.Sprintf("retry: %d\n\n", reconnect.Milliseconds()))
	end := time.NewTimer(streamLife)
	defer end.Stop()
	for !s.broken {
		news := o.store.placed.next() // asked for before looking, so that no order slips through
		change := s.look(o, v.session, key)
		if change < 0 {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-hungUp:
			return
		case <-end.C:
			return
		case <-news:
		case <-change.after():
		}
	}
}

// span is until something changes by itself: 0 for never, less for the end.
type span time.Duration

func (s span) after() <-chan time.Time {
	if s <= 0 {
		return nil
	}
	return time.After(time.Duration(s))
}

// stream is one client's event stream.
type stream struct {
	w      http.ResponseWriter
	flush  func() error
	names  *names
	told   string
	broken bool
}

// look tells the client what it has not been told, and answers when to look
// again. The stream of one order ends with its last status.
func (s *stream) look(o *origin, se session, key string) span {
	placed, ok := o.store.latest(se, key)
	if !ok {
		return 0
	}
	now := placed.status(time.Now())
	if key != "" { // a page that looks on
		now = placed.live(time.Now())
	}
	if id := placed.Key + "." + now.state; id != s.told {
		s.told = id
		s.event(id, obj{
			"number": strconv.Itoa(placed.Number), "state": now.state, "text": now.text, "final": now.next == 0,
		})
	}
	if key != "" && now.next == 0 {
		return -1
	}
	return span(now.next)
}

func (s *stream) event(id string, v obj) {
	data, err := json.Marshal(s.names.keys(v))
	if err != nil {
		s.broken = true
		return
	}
	s.say("id: " + id + "\ndata: " + string(data) + "\n\n")
}

// say sends at once: an event that waits in a buffer is none.
func (s *stream) say(text string) {
	if _, err := s.w.Write([]byte(text)); err != nil || s.flush() != nil {
		s.broken = true
	}
}

// latest is the order that a session may see: the one that is named, or else
// its customer's last, or else its own last.
func (s *store) latest(se session, key string) (order, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.sessions[se.id]
	if now == nil {
		return order{}, false // signed out since
	}
	if keys := append(append([]string(nil), now.orders...), s.byOwner[now.account]...); key == "" && len(keys) > 0 {
		key = keys[len(keys)-1]
	}
	found, ok := s.orders[key]
	return found, ok && now.owns(found)
}
