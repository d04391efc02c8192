package browser

import (
	"fmt"
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
	defer o.release()
	o.clock.anchor(float64(e.Timestamp), float64(e.WallTime))
	start := o.clock.moment(float64(e.Timestamp))
	f := o.early(e.RequestID)
	if f == nil {
		o.excess++
		return
	}
	f.kind, f.target = e.Type, t
	if e.RedirectResponse != nil && len(f.hops) > 0 {
		o.redirected(f, e, start)
	}
	f.hops = append(f.hops, &hop{x: o.begin(e, start), request: postData(e.Request)})
	o.joinFlight(f)
	o.lastChange = time.Now()
	if e.FrameID != "" && len(o.frames) < maxFrames {
		o.frames[e.FrameID] = true
	}
	if t != nil && t == o.s.front() && e.Type == proto.NetworkResourceTypeDocument && e.FrameID == t.frame() {
		o.page.navigating, o.page.going = true, e.Request.URL
		o.page.request, o.page.status, o.page.problem = e.RequestID, 0, ""
	}
	o.shed(t)
}

func (o *observer) begin(e *proto.NetworkRequestWillBeSent, start history.Moment) history.Exchange {
	x := o.open(e.Request.Method, e.Request.URL, start)
	x.URL += e.Request.URLFragment
	x.Resource = resourceName(e.Type)
	if e.Initiator != nil && e.Initiator.Type == proto.NetworkInitiatorTypePreflight {
		x.Resource = "preflight"
	}
	x.RequestHeaders = headerLines(e.Request.Headers, "")
	for _, h := range x.RequestHeaders {
		if strings.EqualFold(h.Name, "content-type") {
			x.RequestBody.Type = mediaType(h.Value)
		}
	}
	return x
}

// open is a new exchange of this session, with an ID by which sightings can
// name it. o.mu must be held.
func (o *observer) open(method, address string, start history.Moment) history.Exchange {
	id := o.s.spec.Session.ID
	o.begun++
	return history.Exchange{
		ID: fmt.Sprintf("%s.%d", id, o.begun), Session: id, Viewer: o.s.turns.at(start), Step: o.stepAt(start),
		Method: method, URL: address, Place: history.PlaceOf(method, address, o.s.targetHost), Start: start,
	}
}

func (o *observer) redirected(f *flight, e *proto.NetworkRequestWillBeSent, end history.Moment) {
	h := f.last()
	h.fill(e.RedirectResponse, e.RedirectHasExtraInfo)
	h.x.Response = o.clock.moment(responseAt(e.RedirectResponse, float64(e.Timestamp)))
	h.x.End, h.ended = end, true
	h.x.Redirect = e.Request.URL
	if !h.bodiless() {
		h.x.Body.Unseen = history.UnseenRedirect
	}
	f.giveHints()
	o.record(f)
}

func (o *observer) sentHeaders(e *proto.NetworkRequestWillBeSentExtraInfo) {
	o.mu.Lock()
	defer o.release()
	if f := o.early(e.RequestID); f != nil {
		f.sent = append(f.sent, e.Headers)
	}
}

func (o *observer) answeredHeaders(e *proto.NetworkResponseReceivedExtraInfo) {
	o.mu.Lock()
	defer o.release()
	if f := o.early(e.RequestID); f != nil {
		f.got = append(f.got, e)
		o.record(f)
	}
}

// hinted keeps the headers of a 103: they come before the answer that they
// belong to, or at the same time from another process.
func (o *observer) hinted(e *proto.NetworkResponseReceivedEarlyHints) {
	o.mu.Lock()
	defer o.release()
	if f := o.early(e.RequestID); f != nil {
		f.hints = append(f.hints, hintLines(e.Headers)...)
		if len(f.hops) > 0 && f.last().answered {
			f.giveHints()
		}
	}
}

func (o *observer) fromMemory(e *proto.NetworkRequestServedFromCache) {
	o.mu.Lock()
	defer o.release()
	if f := o.known(e.RequestID); f != nil {
		f.last().x.From = "memory"
	}
}

func (o *observer) answered(t *target, e *proto.NetworkResponseReceived) {
	o.mu.Lock()
	defer o.release()
	f := o.known(e.RequestID)
	if f == nil {
		if f = o.unannounced(t, e); f == nil {
			return
		}
	}
	h := f.last()
	h.fill(e.Response, e.HasExtraInfo)
	f.giveHints()
	o.noteRefused(f, h)
	f.target, f.heard = t, time.Now()
	if h.isEndless() {
		o.followSoon(f, 0)
	}
	h.x.Response = o.clock.moment(responseAt(e.Response, float64(e.Timestamp)))
	if e.RequestID == o.page.request {
		o.page.status = e.Response.Status
	}
}

// unannounced begins a flight with its answer: a worker's own script is asked
// for before the worker can tell us. o.mu must be held.
func (o *observer) unannounced(t *target, e *proto.NetworkResponseReceived) *flight {
	if t == nil || !strings.HasSuffix(string(t.kind), "worker") || strings.HasPrefix(e.Response.URL, "data:") {
		return nil
	}
	f := o.early(e.RequestID)
	if f == nil {
		return nil
	}
	start := float64(e.Timestamp)
	if e.Response.Timing != nil && e.Response.Timing.RequestTime > 0 {
		start = e.Response.Timing.RequestTime
	}
	f.kind = e.Type
	x := o.open("GET", e.Response.URL, o.clock.moment(start))
	x.Resource = resourceName(e.Type)
	x.RequestHeaders = headerLines(e.Response.RequestHeaders, "")
	f.hops = append(f.hops, &hop{x: x})
	o.joinFlight(f)
	return f
}

// joinFlight gives a flight's latest hop what all its hops have in common: they
// are one request of whoever made it. o.mu must be held.
func (o *observer) joinFlight(f *flight) {
	x := &f.last().x
	if len(f.hops) == 1 {
		f.viewer, x.Sent = x.Viewer, f.letGo
	}
	x.Viewer = f.viewer
}

func (o *observer) data(e *proto.NetworkDataReceived) {
	o.mu.Lock()
	defer o.release()
	if f := o.known(e.RequestID); f != nil {
		f.received += e.DataLength
		f.heard = time.Now()
		f.stream.take(e.Data)
		o.followSoon(f, unreadAfter)
		o.tame(f)
	}
}

func (o *observer) finished(t *target, e *proto.NetworkLoadingFinished) {
	o.mu.Lock()
	defer o.release()
	f := o.known(e.RequestID)
	if f == nil {
		return
	}
	h := f.last()
	o.end(f, o.clock.moment(float64(e.Timestamp)))
	if h.answered {
		h.wireBody = int(e.EncodedDataLength) - h.wireHead
	}
	o.receive(t, f, h)
	o.record(f)
}

func (o *observer) failed(t *target, e *proto.NetworkLoadingFailed) {
	o.mu.Lock()
	defer o.release()
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
	case h.answered && h.bodiless():
		h.x.Failed = "" // there was nothing to load: a page that asks for the status alone ends it so
	default:
		o.brokeOff(t, f, h, e)
	}
	o.noteFailed(f, h, e)
	if e.RequestID == o.page.request {
		o.page.navigating, o.page.problem = false, h.x.Failed
	}
	o.record(f)
}

func (o *observer) end(f *flight, at history.Moment) {
	f.ended = true
	f.giveUpHeld()
	h := f.last()
	h.ended, h.x.End = true, at
	o.lastChange = time.Now()
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
