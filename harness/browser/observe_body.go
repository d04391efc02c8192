package browser

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
	"golang.org/x/text/encoding/charmap"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

const (
	// readAtOnce is how many bodies of one session are read at a time.
	readAtOnce = 6
	// largestImage is the size, in bytes, up to which a picture may be one
	// that a `shows` step asks for: avatars are small.
	largestImage = 256 << 10
	// maxPictures bounds what a session remembers of pictures and assets.
	maxPictures = 5_000
	// maxFraming is how many bytes an empty body may take on the wire: the
	// last chunk's line, or an empty frame; maxCoding, when it is compressed.
	maxFraming = 16
	maxCoding  = 48
)

// receive has the body of an answer read that has come to its end, or says
// why it need not be. o.mu must be held.
func (o *observer) receive(t *target, f *flight, h *hop) {
	switch {
	case !o.s.watches(partBodies) || h.bodiless() && f.received == 0: // a worker may say that there is none, and send one
	case h.x.Resource == "preflight":
		if f.received > 0 || !h.empty() {
			h.x.Body.Unseen = "the answer to a preflight: the browser itself throws it away"
		}
	case f.received > keptEach:
		h.x.Body.Unseen, h.x.Body.Size = tooLarge(), int64(f.received)
	case o.spared(f, h):
	case t != nil:
		o.read(t, f, h)
	}
}

func tooLarge() string { return fmt.Sprintf("larger than %d MB", keptEach>>20) }

// brokeOff says what is known of a body whose loading ended early. What the
// page itself gave up may have come whole all the same: a page that looks at
// the status alone drops it unread. o.mu must be held.
func (o *observer) brokeOff(t *target, f *flight, h *hop, e *proto.NetworkLoadingFailed) {
	switch {
	case e.Canceled && f.cut:
		h.x.Body.Unseen = history.UnseenAborted
	case e.Canceled:
		h.x.Body.Unseen = history.UnseenCancelled
	case h.answered:
		h.x.Body.Unseen = e.ErrorText
	case e.CorsErrorStatus != nil:
		h.blocked = true
		h.x.Body.Unseen = "the browser kept it from the page, by CORS"
	}
	if o.s.watches(partBodies) && t != nil && h.answered && 0 < f.received && f.received <= keptEach {
		o.read(t, f, h)
	}
}

// read fetches a body beside the event loop, and records the exchange with
// it. o.mu must be held.
func (o *observer) read(t *target, f *flight, h *hop) {
	h.reading = true
	o.bodies++
	document := f.kind == proto.NetworkResourceTypeDocument
	o.s.spawn(bodyLimit, func(ctx context.Context) {
		body, err := o.readInTurn(ctx, t, f.id)
		if document && f.viewer == o.s.turns.now() { // another's is news to who uses the session now
			o.s.frames.delivered.add(body)
		}
		o.mu.Lock()
		defer o.release()
		o.bodies--
		if h.recorded {
			return // without it: the target was listened to no more
		}
		h.reading = false
		if h.x.From == "service-worker" {
			body = unmangled(body)
		}
		o.keep(f, h, body, err)
		o.record(f)
	})
}

func (o *observer) readInTurn(ctx context.Context, t *target, id proto.NetworkRequestID) ([]byte, error) {
	select {
	case o.reading <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-o.reading }()
	return readBody(ctx, t, id)
}

// keep takes a body that was read, or what a stream had brought of it, or
// says why there is none. o.mu must be held.
func (o *observer) keep(f *flight, h *hop, body []byte, err error) {
	lost := unseen(h, len(body), f.received, err)
	if lost != "" && err != nil && o.s.left.Load() {
		lost = history.UnseenAborted
	}
	if lost != "" {
		if streamed, cut := f.stream.whole(); len(streamed) > 0 {
			body, lost = streamed, cut
		}
	}
	h.body = body
	if h.x.Failed == "" || h.x.Body.Unseen == "" || h.x.Failed == aborted && lost == "" && len(body) >= h.declared() && h.declared() > 0 {
		h.x.Body.Unseen = lost
	}
	if lost == "" {
		o.remember(h)
	}
}

// aborted is how the browser calls what the page, or we, gave up.
const aborted = "net::ERR_ABORTED"

// remember notes what was read for later: pictures for `shows` steps, assets
// for this session and for the others. o.mu must be held.
func (o *observer) remember(h *hop) {
	if strings.HasPrefix(h.x.Body.Type, "image/") && 0 < len(h.body) && len(h.body) <= largestImage && len(o.pictures) < maxPictures {
		o.pictures[customer.AvatarHash(h.body)] = true
	}
	if asset(h.x.Resource) && h.x.Failed == "" && len(o.had) < maxPictures {
		o.had[h.x.URL] = true
		o.s.options.Assets.Read(&h.x, h.body)
	}
}

// spared reports whether the body of an asset need not be read, and notes why.
// What comes from the session's own cache was read when it first came. o.mu
// must be held.
func (o *observer) spared(f *flight, h *hop) bool {
	if !asset(h.x.Resource) {
		return false
	}
	read, known := o.had[h.x.URL]
	if known && (h.x.From == "memory" || h.x.From == "disk" && h.x.Status == 200) {
		if !read {
			h.x.Body.Unseen = history.UnseenSampled
		}
		return true
	}
	if !f.complete(len(f.hops) - 1) {
		return false // whether it sets a cookie is not known yet
	}
	picture, ok := o.s.options.Assets.Spare(&h.x, f.received)
	if !ok {
		return false
	}
	h.x.Body.Unseen, h.x.Body.Size = history.UnseenSampled, int64(f.received)
	if !known && len(o.had) < maxPictures {
		o.had[h.x.URL] = false
	}
	if picture != "" && len(o.pictures) < maxPictures {
		o.pictures[picture] = true
	}
	return true
}

// unseen is why a body could not be had; empty when it was. What comes from
// the page's own memory was read when it first came.
func unseen(h *hop, size, received int, err error) string {
	switch {
	case err == nil && size > 0, received == 0 && h.empty():
		return ""
	case h.x.From == "memory", h.x.Status == 304 && received == 0:
		return ""
	case err == nil:
		return "the browser kept none of it"
	case errors.Is(err, context.DeadlineExceeded):
		return "reading it took too long"
	case errors.Is(err, context.Canceled):
		return "the session ended before it was read"
	}
	return "the browser did not keep it: " + rootText(err)
}

// rootText is what the browser itself said.
func rootText(err error) string {
	var answer *cdp.Error
	if errors.As(err, &answer) {
		return firstLine(answer.Message)
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return firstLine(err.Error())
		}
		err = inner
	}
}

// unmangled is the text of a worker's answer as the page reads it: where the
// answer names no character set, the browser hands us its UTF-8 read as
// Windows-1252.
func unmangled(body []byte) []byte {
	was, err := charmap.Windows1252.NewEncoder().Bytes(body)
	if err != nil || len(was) == len(body) || !utf8.Valid(was) {
		return body
	}
	return was
}

func readBody(ctx context.Context, t *target, id proto.NetworkRequestID) ([]byte, error) {
	var got proto.NetworkGetResponseBodyResult
	if err := t.call(ctx, proto.NetworkGetResponseBody{RequestID: id}, &got); err != nil {
		return nil, err
	}
	if got.Base64Encoded {
		return base64.StdEncoding.DecodeString(got.Body)
	}
	return []byte(got.Body), nil
}
