package demoshop

import (
	"net/http"
	"sync"
	"time"
)

// shelf is a cache within the origin that keeps what was made for one customer
// and does not know whose it is. It is what the faults have in common that
// keep parts of pages; each says what it keeps, under which key, and how much
// of it goes to the next.
type shelf[T any] struct {
	fault *lever
	mark  string // header in which it tells hits from misses, as such caches do
	life  time.Duration
	mu    sync.Mutex
	held  map[string]shelved[T]
}

type shelved[T any] struct {
	thing T
	owner string
	until time.Time
}

func newShelf[T any](fault *lever, n *names, mark string, life time.Duration) *shelf[T] {
	s := &shelf[T]{fault: fault, life: life, held: map[string]shelved[T]{}}
	if fault != nil { // a name that no shop without the fault shows is none of its names
		s.mark = n.header(mark)
	}
	return s
}

// pick answers what is kept under a key, or fresh, which it then keeps if it is
// worth keeping. Only where another's is kept can something go astray.
func (s *shelf[T]) pick(w http.ResponseWriter, key, owner string, fresh T, worth bool) (thing T, kept bool) {
	if s.fault == nil {
		return fresh, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k, there := s.held[key]
	there = there && time.Now().Before(k.until)
	if there && k.owner != owner && s.fault.strikes() {
		w.Header().Set(s.mark, "HIT")
		return k.thing, true
	}
	w.Header().Set(s.mark, "MISS")
	if worth && (!there || k.owner != owner) {
		s.put(key, shelved[T]{fresh, owner, time.Now().Add(s.life)})
	}
	return fresh, false
}

// put keeps a thing. The caller holds the lock. A full shelf is emptied.
func (s *shelf[T]) put(key string, k shelved[T]) {
	if len(s.held) >= maxEntries {
		clear(s.held)
	}
	s.held[key] = k
}

func (s *shelf[T]) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.held)
}
