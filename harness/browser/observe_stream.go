package browser

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// keptStream is how much of one open stream is kept, in bytes; keptStreams
	// is how many a session follows.
	keptStream  = 4 << 20
	keptStreams = 64
	// fastStream is how many bytes may have come before a stream is too fast
	// to be followed: the browser hands each part over, as text.
	fastStream = keptStream
	// runaway is what a followed stream may bring in all before its target is
	// no longer listened to.
	runaway = 64 << 20
	// streamLimit is how long asking for the streams of a session may take.
	streamLimit = time.Second
)

// stream is what an answer brought that has not come to its end.
type stream struct {
	asked   bool   // the browser was asked to hand its parts over
	joined  bool   // what had come before is in data
	data    []byte // from the first byte on
	waiting []byte // parts that came before the answer with what was before them
	told    int    // how many bytes were recorded
	came    int    // bytes handed over in all
	cut     bool   // there was more than is kept
	tamed   bool   // it ran away, and is not listened to any more
}

// take adds a part that the browser handed over. It is a no-op for a stream
// that was not asked for.
func (s *stream) take(part []byte) {
	if !s.asked || len(part) == 0 {
		return
	}
	s.came += len(part)
	if s.joined {
		s.data = s.bounded(s.data, part)
	} else {
		s.waiting = s.bounded(s.waiting, part)
	}
}

// join puts what had come before the browser was asked in front.
func (s *stream) join(before []byte) {
	s.data, s.joined = s.bounded(nil, before), true
	s.data = s.bounded(s.data, s.waiting)
	s.waiting = nil
}

func (s *stream) bounded(all, part []byte) []byte {
	if room := keptStream - len(all); len(part) > room {
		s.cut = true
		part = part[:max(0, room)]
	}
	return append(all, part...)
}

// whole is all that came, and why that is not all there was.
func (s *stream) whole() (data []byte, unseen string) {
	if s.cut {
		return s.data, "a stream of more than 4 MB: the rest was not kept"
	}
	return s.data, ""
}

// news is what came since it was last asked for: whole lines where there are
// any, so that no value is cut in two, and everything at the end.
func (s *stream) news(last bool) []byte {
	part := s.data[s.told:]
	if i := bytes.LastIndexByte(part, '\n'); i >= 0 && !last {
		part = part[:i+1]
	}
	s.told += len(part)
	return part
}

// lastCall makes the next recordStreams the session's last: it records also
// what only began, and lines that did not end.
func (o *observer) lastCall() {
	o.mu.Lock()
	defer o.release()
	o.last = true
}

// recordStreams pours what open streams have brought so far into the sink,
// each part once. Where the stream ends, its exchange has the whole.
func (o *observer) recordStreams(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, streamLimit)
	defer cancel()
	for _, f := range o.unasked() {
		o.ask(ctx, f)
	}
	for _, p := range o.news() {
		if o.s.spec.Sink.Sighting(p.sighting, p.content) {
			o.s.shoot(ctx)
		}
	}
}

// isEndless reports whether the answer says of itself that it comes in parts.
func (h *hop) isEndless() bool {
	return slices.Contains([]string{"text/event-stream", "application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-seq"}, h.x.Body.Type)
}

// followSoon follows an answer to a script that is not at its end after wait,
// at once where wait is zero. A page may give it up before the next look, and
// what it was given by then goes with it. o.mu must be held.
func (o *observer) followSoon(f *flight, wait time.Duration) {
	script := f.kind == proto.NetworkResourceTypeFetch || f.kind == proto.NetworkResourceTypeXHR
	if f.expected || f.ended || f.target == nil || !script || !o.s.watches(partStreams) {
		return
	}
	f.expected = true
	o.s.spawn(wait+streamLimit, func(ctx context.Context) {
		if sleep(ctx, wait) == nil && o.claim(f, wait == 0) {
			o.ask(ctx, f)
		}
	})
}

// claim reports whether an answer is to be followed from now on.
func (o *observer) claim(f *flight, atOnce bool) bool {
	o.mu.Lock()
	defer o.release()
	followed := 0
	for _, other := range o.flights {
		if other.stream.asked {
			followed++
		}
	}
	if followed >= keptStreams || !f.isStream(atOnce) {
		return false
	}
	f.stream.asked = true
	return true
}

// unasked are the answers that are open for longer than a moment, or at all
// when the session ends, and that are not followed yet.
func (o *observer) unasked() []*flight {
	o.mu.Lock()
	defer o.release()
	var all []*flight
	followed := 0
	for _, f := range o.flights {
		if f.stream.asked {
			followed++
		}
	}
	for _, f := range o.flights {
		if followed < keptStreams && f.isStream(o.last) {
			f.stream.asked = true
			followed++
			all = append(all, f)
		}
	}
	return all
}

// isStream reports whether the answer has begun, is not at its end, and did
// not begin just now.
func (f *flight) isStream(last bool) bool {
	if f.ended || f.stream.asked || f.target == nil || len(f.hops) == 0 || !f.last().answered || f.received > fastStream {
		return false
	}
	if f.kind == proto.NetworkResourceTypeEventSource {
		return last // its messages are recorded as they come
	}
	if slices.Contains(neverStreams(), f.kind) {
		return false
	}
	return last || time.Since(f.begun) > unreadAfter
}

// neverStreams are loads that take long by their size, and come as a file.
func neverStreams() []proto.NetworkResourceType {
	return []proto.NetworkResourceType{proto.NetworkResourceTypeImage, proto.NetworkResourceTypeMedia, proto.NetworkResourceTypeFont}
}

// tame stops listening to a target in which a followed stream runs away, and
// begins anew: there is no other way to have the browser keep it to itself.
// What was on its way there is recorded as far as it is known. o.mu must be
// held.
func (o *observer) tame(f *flight) {
	if !f.stream.asked || f.stream.came < runaway || f.stream.tamed {
		return
	}
	f.stream.tamed = true
	t, again := f.target, o.s.networkOrders()
	o.s.spawn(bodyLimit, func(ctx context.Context) {
		// The target may be gone; then there is nothing to tame.
		_ = t.raw(ctx, "Network.disable", nil)
		for _, a := range again {
			_ = t.raw(ctx, a.method, a.params)
		}
	})
}

// ask has the browser hand over what a stream has brought, and each part that
// is to come.
func (o *observer) ask(ctx context.Context, f *flight) {
	var before proto.NetworkStreamResourceContentResult
	err := f.target.callOnce(ctx, proto.NetworkStreamResourceContent{RequestID: f.id}, &before)
	o.mu.Lock()
	defer o.release()
	f.stream.asked = err == nil // it may have ended meanwhile; then its body is read
	f.stream.join(before.BufferedData)
}

// piece is a part of a stream on its way into the sink.
type piece struct {
	sighting history.Sighting
	content  []byte
}

func (o *observer) news() []piece {
	step := o.step()
	o.mu.Lock()
	defer o.release()
	var all []piece
	for _, f := range o.flights {
		if !f.stream.joined || f.kind == proto.NetworkResourceTypeEventSource {
			continue
		}
		if part := f.stream.news(o.last); len(part) > 0 {
			x := f.last().x
			s := o.pushed(&x, o.s.spec.Sink.Now(), step)
			s.Body.Type = x.Body.Type
			all = append(all, piece{s, bytes.Clone(part)})
		}
	}
	return all
}

// pushed is a sighting of what a connection brought of its own accord. o.mu
// must be held.
func (o *observer) pushed(x *history.Exchange, at history.Moment, step int) history.Sighting {
	return history.Sighting{
		Session: x.Session, Viewer: o.s.turns.at(at), Step: step,
		Surface: history.SurfaceSocket, URL: x.URL, Place: x.Place, Exchange: x.ID,
	}
}
