package browser

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
)

// guard remembers the host that was refused last, for the step that asked.
type guard struct {
	mu      sync.Mutex
	refused string
}

func (g *guard) refuse(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.refused == "" {
		g.refused = host
	}
}

// take answers the host that was refused since the last take; "" for none.
func (g *guard) take() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	host := g.refused
	g.refused = ""
	return host
}

// refusal is what a step fails with that went to a foreign host.
func refusal(host string) error {
	return fail("refused: host %s is not allowed by the guard (guard.hosts or --allow-host)", host)
}

// allowed reports whether a page may stand at this address, and the host it
// was judged by. Addresses without a host, such as about:blank, go nowhere.
func (s *Session) allowed(address string) (host string, ok bool) {
	u, err := url.Parse(address)
	if err != nil {
		return address, false
	}
	switch u.Scheme {
	case "about", "blob", "data", "javascript", "":
		return "", true
	case "http", "https":
		return u.Hostname(), s.spec.Allowed == nil || s.spec.Allowed(u.Hostname())
	}
	return u.Scheme + ":", false
}

// guardOrder holds every document's request, each hop of a redirect too,
// before it is sent.
func (s *Session) guardOrder() order {
	patterns := []*proto.FetchRequestPattern{
		{URLPattern: "*", ResourceType: proto.NetworkResourceTypeDocument, RequestStage: proto.FetchRequestStageRequest},
	}
	patterns = append(patterns, s.holdPatterns()...)
	if len(s.options.Header) > 0 {
		// Our own headers may be credentials: only the target's host gets them.
		patterns = append(patterns, &proto.FetchRequestPattern{
			URLPattern: "*://" + s.targetHost + "/*", RequestStage: proto.FetchRequestStageRequest,
		})
	}
	return orderOf(proto.FetchEnable{Patterns: patterns})
}

// checkRequest lets a held request go, or refuses it. Frames may go anywhere:
// payment pages live in them.
func (s *Session) checkRequest(t *target, m *rod.Message) {
	var e proto.FetchRequestPaused
	if t == nil || !load(m, &e) {
		return
	}
	host, ok := s.allowed(e.Request.URL)
	if t.page() && e.FrameID == t.frame() && e.ResourceType == proto.NetworkResourceTypeDocument && !ok {
		if !t.hidden.Load() { // nobody goes there yet
			s.guard.refuse(host)
		}
		s.answerFetch(t, proto.FetchFailRequest{RequestID: e.RequestID, ErrorReason: proto.NetworkErrorReasonBlockedByClient})
		return
	}
	goOn := proto.FetchContinueRequest{RequestID: e.RequestID, Headers: s.headersFor(e.Request)}
	if s.mayBeHeld(t, &e) {
		s.hold(t, &e, goOn)
		return
	}
	s.answerFetch(t, goOn)
}

// answerFetch answers beside the event loop. The request may have been given
// up meanwhile; then there is nothing to answer.
func (s *Session) answerFetch(t *target, answer proto.Request) {
	s.spawn(answerLimit, func(ctx context.Context) {
		_ = t.callOnce(ctx, answer, nil)
	})
}

// headersFor are the headers to send instead of the page's own: those and
// ours, for the target's host alone. Nil changes nothing.
func (s *Session) headersFor(r *proto.NetworkRequest) []*proto.FetchHeaderEntry {
	u, err := url.Parse(r.URL)
	if err != nil || len(s.options.Header) == 0 || !strings.EqualFold(u.Host, s.targetHost) {
		return nil
	}
	var all []*proto.FetchHeaderEntry
	for name, value := range r.Headers {
		if !s.ours(name) {
			all = append(all, &proto.FetchHeaderEntry{Name: name, Value: fmt.Sprint(value.Val())})
		}
	}
	for _, h := range s.options.Header {
		all = append(all, &proto.FetchHeaderEntry{Name: h.Name, Value: h.Value})
	}
	return all
}

func (s *Session) ours(name string) bool {
	for _, h := range s.options.Header {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	return false
}
