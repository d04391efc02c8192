package browser

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// heldLimit is how long a request may be held; then it goes, whatever the
	// schedule says.
	heldLimit = 20 * time.Second
	// mostHeld is how many requests of a session may be held at a time. What a
	// page asks for beyond them goes at once.
	mostHeld = 64
	// answerLimit is how long letting a request go may take.
	answerLimit = 10 * time.Second
)

// holdPatterns are the requests that are held where a schedule asks for it:
// documents are held by the guard already.
func (s *Session) holdPatterns() []*proto.FetchRequestPattern {
	if s.spec.Hold == nil {
		return nil
	}
	var all []*proto.FetchRequestPattern
	for _, kind := range []proto.NetworkResourceType{
		proto.NetworkResourceTypeXHR, proto.NetworkResourceTypeFetch, proto.NetworkResourceTypeEventSource,
	} {
		all = append(all, &proto.FetchRequestPattern{
			URLPattern: "*://" + s.targetHost + "/*", ResourceType: kind, RequestStage: proto.FetchRequestStageRequest,
		})
	}
	return all
}

// mayBeHeld reports whether a request is the schedule's business: a document or
// data of the target's, asked for by somebody. What a page has made ready in
// case somebody goes there was asked for by nobody, nor was the browser's own
// question whether a page may ask another origin; and of redirects only the
// first request is held. What a service worker asks for, or answers, never comes
// here.
func (s *Session) mayBeHeld(t *target, e *proto.FetchRequestPaused) bool {
	if s.spec.Hold == nil || t.hidden.Load() || e.RedirectedRequestID != "" || isPreflight(e.Request) {
		return false
	}
	switch e.ResourceType {
	case proto.NetworkResourceTypeDocument, proto.NetworkResourceTypeXHR, proto.NetworkResourceTypeFetch, proto.NetworkResourceTypeEventSource:
	default:
		return false
	}
	u, err := url.Parse(e.Request.URL)
	return err == nil && strings.EqualFold(u.Host, s.targetHost)
}

// isPreflight knows the browser's own requests by a header that no script can
// set.
func isPreflight(r *proto.NetworkRequest) bool {
	for name := range r.Headers {
		if strings.EqualFold(name, "Access-Control-Request-Method") {
			return true
		}
	}
	return false
}

// hold lets a request go when the schedule says so, when it was given up, or
// when it was held for too long. The order is sent beside everything else: the
// other sessions' requests go at the same moment.
func (s *Session) hold(t *target, e *proto.FetchRequestPaused, goOn proto.FetchContinueRequest) {
	waiting, given := context.WithTimeout(s.ctx, heldLimit)
	f := s.watch.holds(e.NetworkID, given)
	if f == nil {
		given()
		s.answerFetch(t, goOn)
		return
	}
	step, place := s.watch.step(), history.PlaceOf(e.Request.Method, e.Request.URL, s.targetHost)
	s.spawn(heldLimit+answerLimit, func(ctx context.Context) {
		defer given()
		held := s.spec.Hold(waiting, step, place)
		if !s.watch.letGo(e.NetworkID, f, held && waiting.Err() == nil) {
			t.tell(ctx, orderOf(proto.FetchFailRequest{RequestID: e.RequestID, ErrorReason: proto.NetworkErrorReasonAborted}))
			return
		}
		t.tell(ctx, orderOf(goOn))
	})
}

// holds notes that a request is held, and how to let it go; nil when there are
// too many.
func (o *observer) holds(id proto.NetworkRequestID, release context.CancelFunc) *flight {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.early(id)
	if f == nil || f.release != nil || o.held >= mostHeld {
		return nil
	}
	f.release = release
	o.held++
	return f
}

// letGo notes that a request goes now, and reports whether it may: one that its
// page has given up must not. The browser hears of that from the page later than
// we do, and would send what nobody recorded.
func (o *observer) letGo(id proto.NetworkRequestID, f *flight, held bool) bool {
	now := o.s.spec.Sink.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.held--
	f.release = nil
	if f.ended {
		return false
	}
	if !held || o.flights[id] != f {
		return true // a page that polls without end is at rest by its cap, as in any round
	}
	f.begun = time.Now() // the page has waited for it since then, not since it was held
	o.released = f.begun
	f.letGo = now
	if len(f.hops) > 0 {
		f.hops[0].x.Sent = now
	}
	return true
}

// giveUpHeld lets a request go that nobody waits for any more. o.mu must be
// held.
func (f *flight) giveUpHeld() {
	if f.release != nil {
		f.release()
	}
}

// letAllGo lets everything go that is held.
func (o *observer) letAllGo() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.flights {
		f.giveUpHeld()
	}
}
