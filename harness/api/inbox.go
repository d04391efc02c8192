package api

import (
	"cmp"
	"slices"
	"sync"
)

// Limits on what waits to be heard: a step can only wait for what is not older.
const (
	maxUnheard      = 1000
	maxUnheardBytes = 16 << 20
)

// message is one that a stream brought.
type message struct {
	serial int
	from   *stream
	came   *answer // to the request that opened the connection it came by
	event  string  // the event's name; "" for a WebSocket's
	body   []byte
}

// inbox holds what open streams have brought and no step has heard.
type inbox struct {
	mu      sync.Mutex
	serial  int
	bytes   int
	all     []message
	changed chan struct{} // closed at the next change; nil when nobody waits
}

// put adds a message and drops the oldest where there are too many.
func (b *inbox) put(m message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.serial++
	m.serial = b.serial
	b.all = append(b.all, m)
	b.bytes += len(m.body)
	for len(b.all) > maxUnheard || b.bytes > maxUnheardBytes && len(b.all) > 1 {
		b.bytes -= len(b.all[0].body)
		b.all[0] = message{} // append moves the rest to a new array at times: this one is not to hold the body until then
		b.all = b.all[1:]
	}
	b.wake()
}

// ended notes why a stream brings no more.
func (b *inbox) ended(s *stream, why string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s.why = cmp.Or(s.why, why)
	b.wake()
}

func (b *inbox) wake() {
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
}

// take removes the first message behind a serial number that fits. Without
// one it answers the last serial number it looked at, why no more will come
// from these streams, if so, and else what is closed at the next change.
func (b *inbox) take(streams []*stream, after int, fits func(message) bool) (found *message, seen int, over string, changed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	from, _ := slices.BinarySearchFunc(b.all, after+1, func(m message, serial int) int { return m.serial - serial })
	for i := from; i < len(b.all); i++ {
		if m := b.all[i]; slices.Contains(streams, m.from) && fits(m) {
			b.all = slices.Delete(b.all, i, i+1)
			b.bytes -= len(m.body)
			return &m, m.serial, "", nil
		}
	}
	if over = b.over(streams); over != "" {
		return nil, b.serial, over, nil
	}
	if b.changed == nil {
		b.changed = make(chan struct{})
	}
	return nil, b.serial, "", b.changed
}

// over is why the last of some streams ended; "" while one is open.
func (b *inbox) over(streams []*stream) string {
	why := "nothing is listened to"
	for _, s := range streams {
		if s.why == "" {
			return ""
		}
		why = string(s.answer.exchange.Place) + " has ended: " + s.why
	}
	return why
}

// latest is the stream opened last of those that have not ended; without one,
// why.
func (b *inbox) latest(streams []*stream) (s *stream, over string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range slices.Backward(streams) {
		if s.why == "" {
			return s, ""
		}
	}
	return nil, b.over(streams)
}

// answer is a message as later steps look at one.
func (m message) answer() *answer {
	return &answer{exchange: m.came.exchange, header: m.came.header, body: m.body}
}
