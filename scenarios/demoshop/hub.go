package demoshop

import (
	"context"
	"strconv"
	"sync"
	"time"
)

// hub passes news on to the sockets that listen, by rooms: a socket is in the
// room of the order that its page shows.
type hub struct {
	shared sharedRooms
	mu     sync.Mutex
	rooms  map[string]*room // by order key; none is empty
	left   bell             // rings when a socket leaves
}

// room is who listens to one order.
type room struct {
	ears map[*ear]bool
	told string // the last state that was told to the room
}

// ear is one socket that listens.
type ear struct {
	room string
	news chan news
}

// waitingNews is how much a socket that reads slowly may have waiting. What
// comes then it is not told.
const waitingNews = 32

// news is what a socket is told: where an order stands, whose it is, and how its
// customer's receipts are sent.
type news struct {
	order  order
	status status
}

func newHub(l levers) *hub {
	return &hub{shared: sharedRooms{fault: l[WrongRoom]}, rooms: map[string]*room{}}
}

func (h *hub) join(key string) *ear {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := &ear{room: key, news: make(chan news, waitingNews)}
	if h.rooms[key] == nil {
		h.rooms[key] = &room{ears: map[*ear]bool{}}
	}
	h.rooms[key].ears[e] = true
	return e
}

func (h *hub) leave(e *ear) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.rooms[e.room].ears, e)
	if len(h.rooms[e.room].ears) == 0 {
		delete(h.rooms, e.room)
	}
	h.left.ring()
}

// listens says whether anybody is in a room.
func (h *hub) listens(key string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rooms[key] != nil
}

// publish tells an order's room where the order stands, once: each socket there
// notices that it has changed, and the first of them has it told to all.
func (h *hub) publish(ctx context.Context, n news) {
	if !h.claim(n) {
		return
	}
	for _, astray := range h.shared.to(ctx, h, n) { // none in a healthy shop
		h.send(astray.room, astray.news)
	}
	h.send(n.order.Key, n)
}

func (h *hub) claim(n news) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[n.order.Key]
	if r == nil || r.told == n.status.state {
		return false
	}
	r.told = n.status.state
	return true
}

func (h *hub) send(key string, n news) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.rooms[key] == nil {
		return
	}
	for e := range h.rooms[key].ears {
		select {
		case e.news <- n:
		default:
		}
	}
}

// drain waits until no socket listens any more, within that time.
func (h *hub) drain(within time.Duration) {
	t := time.NewTimer(within)
	defer t.Stop()
	for {
		left := h.left.next()
		h.mu.Lock()
		open := len(h.rooms)
		h.mu.Unlock()
		if open == 0 {
			return
		}
		select {
		case <-left:
		case <-t.C:
			return
		}
	}
}

// untilCourier is from the order to its waiting for the courier.
const untilCourier = 700 * time.Millisecond

// live is where the order stands for those who look on: once it is packed, it
// waits for the courier.
func (o order) live(now time.Time) status {
	is := o.status(now)
	if is.next > 0 {
		return is
	}
	if left := o.Placed.Add(untilCourier).Sub(now); left > 0 {
		is.next = left
		return is
	}
	return status{"courier", "Order " + strconv.Itoa(o.Number) + " for " + o.Contact.Name() + " waits for the courier.", 0}
}
