package browser

import (
	"strings"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

// sent begins a request, or its next hop after a redirect.
func (o *observer) sent(t *target, e *proto.NetworkRequestWillBeSent) {
	if strings.HasPrefix(e.Request.URL, "data:") {
		return // it stands in what was delivered already
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clock.anchor(float64(e.Timestamp), float64(e.WallTime))
	start := o.clock.moment(float64(e.Timestamp))
	f := o.early(e.RequestID)
	f.kind = e.Type
	if e.RedirectResponse != nil && len(f.hops) > 0 {
		o.redirected(f, e, start)
	}
	f.hops = append(f.hops, &hop{x: o.begin(e, start), request: postData(e.Request)})
	o.lastChange = time.Now()
	if e.FrameID != "" {
		o.frames[e.FrameID] = true
	}
	if t != nil && t == o.s.main && e.Type == proto.NetworkResourceTypeDocument && e.FrameID == t.frame() {
		o.page.navigating, o.page.going = true, e.Request.URL
		o.page.request, o.page.status = e.RequestID, 0
	}
}

func (o *observer) begin(e *proto.NetworkRequestWillBeSent, start history.Moment) history.Exchange {
	spec := o.s.spec.Session
	x := history.Exchange{
		Session: spec.ID, Viewer: spec.Customer, Step: o.stepAt(start),
		Method: e.Request.Method, URL: e.Request.URL + e.Request.URLFragment,
		Place:    history.PlaceOf(e.Request.Method, e.Request.URL, o.s.targetHost),
		Resource: resourceName(e.Type), Start: start,
		RequestHeaders: headerLines(e.Request.Headers, ""),
	}
	for _, h := range x.RequestHeaders {
		if strings.EqualFold(h.Name, "content-type") {
			x.RequestBody.Type = mediaType(h.Value)
		}
	}
	return x
}

func (o *observer) redirected(f *flight, e *proto.NetworkRequestWillBeSent, end history.Moment) {
	h := f.last()
	h.fill(e.RedirectResponse, e.RedirectHasExtraInfo)
	h.x.Response = o.clock.moment(responseAt(e.RedirectResponse, float64(e.Timestamp)))
	h.x.End, h.ended = end, true
	h.x.Redirect = e.Request.URL
	h.x.Body.Unseen = history.UnseenRedirect
	o.record(f)
}

func (o *observer) sentHeaders(e *proto.NetworkRequestWillBeSentExtraInfo) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.early(e.RequestID)
	f.sent = append(f.sent, e.Headers)
}

func (o *observer) answeredHeaders(e *proto.NetworkResponseReceivedExtraInfo) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.early(e.RequestID)
	f.got = append(f.got, e)
	o.record(f)
}

// early finds a flight, or makes it: events about the wire come from another
// process than those about the request, sometimes sooner.
func (o *observer) early(id proto.NetworkRequestID) *flight {
	f := o.flights[id]
	if f == nil {
		f = &flight{id: id, begun: time.Now()}
		o.flights[id] = f
	}
	return f
}

// known is a flight that has begun; nil for one of an event that came alone.
func (o *observer) known(id proto.NetworkRequestID) *flight {
	if f := o.flights[id]; f != nil && len(f.hops) > 0 {
		return f
	}
	return nil
}

func (o *observer) fromMemory(e *proto.NetworkRequestServedFromCache) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f := o.known(e.RequestID); f != nil {
		f.last().x.From = "memory"
	}
}

func (o *observer) answered(e *proto.NetworkResponseReceived) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.known(e.RequestID)
	if f == nil {
		return
	}
	h := f.last()
	h.fill(e.Response, e.HasExtraInfo)
	o.noteRefused(f, h)
	f.heard = time.Now()
	h.x.Response = o.clock.moment(responseAt(e.Response, float64(e.Timestamp)))
	if e.RequestID == o.page.request {
		o.page.status = e.Response.Status
	}
}

func (o *observer) data(e *proto.NetworkDataReceived) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f := o.known(e.RequestID); f != nil {
		f.received += e.DataLength
		f.heard = time.Now()
	}
}

func (o *observer) finished(t *target, e *proto.NetworkLoadingFinished) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.known(e.RequestID)
	if f == nil {
		return
	}
	h := f.last()
	o.end(f, o.clock.moment(float64(e.Timestamp)))
	if o.s.spec.Observe && t != nil && f.wantsBody() {
		h.reading = true
		o.bodies++
		o.read(t, f, h)
		return
	}
	o.record(f)
}

func (o *observer) failed(e *proto.NetworkLoadingFailed) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.known(e.RequestID)
	if f == nil {
		return
	}
	h := f.last()
	o.end(f, o.clock.moment(float64(e.Timestamp)))
	h.x.Failed = e.ErrorText
	switch {
	case f.isDownload(), o.s.downloads.began(h.x.URL):
		h.x.Resource, h.x.Failed = "download", "" // its bytes come as a file
	case e.Canceled:
		h.x.Body.Unseen = history.UnseenCancelled
	case h.answered:
		h.x.Body.Unseen = e.ErrorText
	}
	o.noteFailed(f, h, e)
	if e.RequestID == o.page.request {
		o.page.navigating = false
	}
	o.record(f)
}

func (o *observer) end(f *flight, at history.Moment) {
	f.ended = true
	h := f.last()
	h.ended, h.x.End = true, at
	o.lastChange = time.Now()
}

// record pours the flight's hops into the sink that have all they wait for,
// and forgets the flight when none is left. o.mu must be held.
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
	if !o.s.spec.Observe {
		return
	}
	o.s.spec.Sink.Exchange(h.x, h.request, h.body)
	h.request, h.body = nil, nil
}

// finish records what never ended, with what is known of it.
func (o *observer) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.s.spec.Sink.Now()
	for _, f := range o.flights {
		for i, h := range f.hops {
			if h.recorded {
				continue
			}
			f.complete(i)
			if !h.ended {
				h.x.End = now
				h.x.Body.Unseen = history.UnseenCancelled
			}
			if h.reading {
				h.x.Body.Unseen = "the session ended before it was read"
			}
			o.pour(h)
		}
	}
	o.flights = map[proto.NetworkRequestID]*flight{}
}

// postData is a request's body, as far as the browser gives it: files that
// were chosen on the page are left out.
func postData(r *proto.NetworkRequest) []byte {
	var all []byte
	for _, e := range r.PostDataEntries {
		all = append(all, e.Bytes...)
	}
	if len(all) == 0 && r.PostData != "" {
		return []byte(r.PostData)
	}
	return all
}

func mediaType(contentType string) string {
	t, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(t))
}
