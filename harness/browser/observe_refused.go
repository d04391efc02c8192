package browser

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/scenarios"
)

// refusedReach is how many steps ago a request may have been sent whose
// refusal explains why a step failed: a click, what it should have led to, and
// one look more.
const refusedReach = 2

// refused is a request for a document or for data that came to nothing.
type refused struct {
	text string // empty: there was none
	step int
}

// refusals are the latest ones: of the shop itself, and of other hosts.
type refusals struct{ shop, others refused }

// noteRefused keeps a request that was answered 400 or higher. o.mu must be
// held.
func (o *observer) noteRefused(f *flight, h *hop) {
	if h.x.Status >= 400 {
		o.keepRefused(f, h, fmt.Sprintf("was answered %d", h.x.Status))
	}
}

// noteFailed keeps a request that got no answer. What the page or the next
// navigation called off is no failure. o.mu must be held.
func (o *observer) noteFailed(f *flight, h *hop, e *proto.NetworkLoadingFailed) {
	switch {
	case e.CorsErrorStatus != nil:
		o.keepRefused(f, h, "was blocked by CORS: it goes to another origin than the page's")
	case !e.Canceled && h.x.Failed != "":
		o.keepRefused(f, h, "failed: "+strings.TrimPrefix(e.ErrorText, "net::"))
	}
}

func (o *observer) keepRefused(f *flight, h *hop, what string) {
	switch f.kind {
	case proto.NetworkResourceTypeDocument, proto.NetworkResourceTypeXHR, proto.NetworkResourceTypeFetch:
	default:
		return
	}
	r := refused{text: string(h.x.Place) + " " + what, step: h.x.Step}
	if strings.HasPrefix(string(h.x.Place), h.x.Method+" /") {
		o.refused.shop = r
	} else {
		o.refused.others = r
	}
}

// lately says which request was refused a short while ago; "" for none. The
// shop's own come first: other hosts' are often beside the point.
func (o *observer) lately() string {
	now := o.step()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range []refused{o.refused.shop, o.refused.others} {
		if r.text != "" && now-r.step <= refusedReach {
			return r.text
		}
	}
	return ""
}

// explained adds to a step's failure the request that was refused before it:
// a page that waits for its answer often says nothing. Steps that go to an
// address tell its answer themselves.
func (s *Session) explained(op scenarios.Op, err error) error {
	var wrong *failure
	if !errors.As(err, &wrong) || op == scenarios.Visit || op == scenarios.Reload {
		return err
	}
	if text := s.watch.lately(); text != "" {
		return fail("%s; %s", wrong.text, text)
	}
	return err
}
