package browser

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/customer"
)

// read fetches a body beside the event loop, and records the exchange with
// it. o.mu must be held.
func (o *observer) read(t *target, f *flight, h *hop) {
	o.s.spawn(bodyLimit, func(ctx context.Context) {
		body, err := readBody(ctx, t, f.id)
		o.mu.Lock()
		defer o.mu.Unlock()
		o.bodies--
		h.reading = false
		h.body = body
		h.x.Body.Unseen = unseen(h, len(body), f.received, err)
		if strings.HasPrefix(h.x.Body.Type, "image/") && len(body) > 0 {
			o.pictures[customer.AvatarHash(body)] = true
		}
		if !h.recorded {
			o.record(f)
		}
	})
}

// unseen is why a body could not be had; empty when it was. What comes from
// the page's own memory was read when it first came.
func unseen(h *hop, size, received int, err error) string {
	switch {
	case err == nil && (size > 0 || received == 0):
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
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return firstLine(err.Error())
		}
		err = inner
	}
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
