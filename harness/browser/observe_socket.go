package browser

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// maxMessage is how large one message of a socket may be, in bytes, to be
	// recorded; maxMessages and maxSocketBytes bound those of a session.
	maxMessage     = 1 << 20
	maxMessages    = 10_000
	maxSocketBytes = 32 << 20
	// maxSockets is how many sockets of a session are followed.
	maxSockets = 1_000
)

// sockets are the WebSockets of a session, and what it was sent on them and
// by event streams.
type sockets struct {
	open     map[proto.NetworkRequestID]*hop
	messages int
	bytes    int
	cut      map[string]bool // connections, by exchange, and why a message of theirs was not recorded
}

func newSockets() sockets {
	return sockets{open: map[proto.NetworkRequestID]*hop{}, cut: map[string]bool{}}
}

// handleSocket takes one event of a socket or an event stream.
func (o *observer) handleSocket(m *rod.Message) {
	switch m.Method {
	case "Network.webSocketCreated":
		handled(m, o.socketCreated)
	case "Network.webSocketWillSendHandshakeRequest":
		handled(m, o.socketAsked)
	case "Network.webSocketHandshakeResponseReceived":
		handled(m, o.socketAnswered)
	case "Network.webSocketFrameReceived":
		handled(m, func(e *proto.NetworkWebSocketFrameReceived) { o.frame(e.RequestID, e.Timestamp, e.Response, false) })
	case "Network.webSocketFrameSent":
		handled(m, func(e *proto.NetworkWebSocketFrameSent) { o.frame(e.RequestID, e.Timestamp, e.Response, true) })
	case "Network.webSocketFrameError":
		handled(m, func(e *proto.NetworkWebSocketFrameError) { o.socketBroke(e.RequestID, e.Timestamp, e.ErrorMessage) })
	case "Network.webSocketClosed":
		handled(m, func(e *proto.NetworkWebSocketClosed) { o.socketBroke(e.RequestID, e.Timestamp, "") })
	case "Network.eventSourceMessageReceived":
		handled(m, o.eventCame)
	}
}

func (o *observer) socketCreated(e *proto.NetworkWebSocketCreated) {
	o.mu.Lock()
	defer o.release()
	if len(o.sockets.open) >= maxSockets || o.begun >= maxExchanges {
		o.excess++
		return
	}
	h := &hop{x: o.open("GET", e.URL, o.s.spec.Sink.Now())}
	h.x.Resource = "websocket"
	h.x.Place = history.PlaceOf("GET", e.URL, o.s.targetHost)
	o.sockets.open[e.RequestID] = h
}

func (o *observer) socketAsked(e *proto.NetworkWebSocketWillSendHandshakeRequest) {
	o.mu.Lock()
	defer o.release()
	o.clock.anchor(float64(e.Timestamp), float64(e.WallTime))
	if h := o.sockets.open[e.RequestID]; h != nil && e.Request != nil {
		h.x.Start = o.clock.moment(float64(e.Timestamp))
		h.x.Step, h.x.Viewer = o.stepAt(h.x.Start), o.s.turns.at(h.x.Start)
		h.x.RequestHeaders = headerLines(e.Request.Headers, "")
	}
}

// socketAnswered records the handshake at once: what is pushed from then on
// names it.
func (o *observer) socketAnswered(e *proto.NetworkWebSocketHandshakeResponseReceived) {
	o.mu.Lock()
	defer o.release()
	h := o.sockets.open[e.RequestID]
	if h == nil || h.recorded || e.Response == nil {
		return
	}
	h.x.Status = e.Response.Status
	h.x.Headers = headerLines(e.Response.Headers, e.Response.HeadersText)
	h.x.Protocol = "websocket"
	if len(e.Response.RequestHeaders) > 0 || e.Response.RequestHeadersText != "" {
		h.x.RequestHeaders = headerLines(e.Response.RequestHeaders, e.Response.RequestHeadersText)
	}
	h.x.Response = o.clock.moment(float64(e.Timestamp))
	h.x.End, h.ended = h.x.Response, true
	o.pour(h)
}

// socketBroke ends a socket. One that was never answered is recorded now.
func (o *observer) socketBroke(id proto.NetworkRequestID, at proto.MonotonicTime, why string) {
	o.mu.Lock()
	defer o.release()
	h := o.sockets.open[id]
	if h == nil {
		return
	}
	if !h.recorded && why != "" {
		h.x.End, h.x.Failed = o.clock.moment(float64(at)), why
		if status := refusedHandshake(why); status > 0 {
			h.x.Status, h.x.Response, h.x.Failed = status, h.x.End, ""
		}
		o.pour(h)
	}
	if why == "" {
		if !h.recorded {
			h.x.End = o.clock.moment(float64(at))
			o.pour(h)
		}
		delete(o.sockets.open, id)
	}
}

// answeredHandshake is how Chromium says that a server answered, but with no
// socket. Its lines and its body it tells nobody.
var answeredHandshake = regexp.MustCompile(`Unexpected response code: (\d{3})$`)

// refusedHandshake is the status of such an answer; zero where none came. A shop
// whose sockets are refused answers all the same: taken for a connection that was
// reset, each page with a socket slowed the run down.
func refusedHandshake(why string) int {
	found := answeredHandshake.FindStringSubmatch(why)
	if found == nil {
		return 0
	}
	status, _ := strconv.Atoi(found[1]) // three digits are a number
	return status
}

// Opcodes of WebSocket messages that carry something.
const (
	opText   = 1
	opBinary = 2
)

// frame records one message of a socket, sent or received.
func (o *observer) frame(id proto.NetworkRequestID, at proto.MonotonicTime, f *proto.NetworkWebSocketFrame, sent bool) {
	if f == nil || f.Opcode != opText && f.Opcode != opBinary {
		return
	}
	content, kind := []byte(f.PayloadData), textType(f.PayloadData)
	if f.Opcode == opBinary {
		kind = "application/octet-stream"
		if decoded, err := base64.StdEncoding.DecodeString(f.PayloadData); err == nil {
			content = decoded
		}
	}
	o.mu.Lock()
	h := o.sockets.open[id]
	if h == nil {
		o.release()
		return
	}
	o.message(&h.x, at, content, kind, sent)
}

// eventCame records one event of an EventSource: its data as a message of its
// own, so that pointers into it stay what they are, and its name and id beside
// it where it has any.
func (o *observer) eventCame(e *proto.NetworkEventSourceMessageReceived) {
	var about []history.Segment
	if e.EventName != "" && e.EventName != "message" {
		about = append(about, history.Segment{Where: "event", Text: e.EventName})
	}
	if e.EventID != "" {
		about = append(about, history.Segment{Where: "id", Text: e.EventID})
	}
	o.mu.Lock()
	f := o.known(e.RequestID)
	if f == nil {
		o.release()
		return
	}
	h := f.last()
	if text := encodeSegments(about); len(about) > 0 && !h.told[string(text)] {
		if h.told == nil {
			h.told = map[string]bool{}
		}
		if len(h.told) < maxTold {
			h.told[string(text)] = true
		}
		o.message(&h.x, e.Timestamp, text, history.SegmentsType, false)
		o.mu.Lock()
	}
	o.message(&h.x, e.Timestamp, []byte(e.Data), textType(e.Data), false)
}

// maxTold bounds what is remembered of events' names.
const maxTold = 1_000

func encodeSegments(all []history.Segment) []byte {
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(all); err != nil {
		return nil // segments are strings: they always encode
	}
	return []byte(text.String())
}

// message pours one message into the sink, within the session's bounds. o.mu
// must be held; it is released.
func (o *observer) message(x *history.Exchange, at proto.MonotonicTime, content []byte, kind string, sent bool) {
	came := o.clock.moment(float64(at))
	s := o.pushed(x, came, o.stepAt(came))
	s.Body.Type, s.Sent = kind, sent
	why := o.sockets.excess(len(content))
	if why != "" {
		key := x.ID + " " + why
		if o.sockets.cut[key] || len(o.sockets.cut) >= maxSockets {
			o.release()
			return
		}
		o.sockets.cut[key] = true
		s.Body.Unseen, content, s.Sent = why, nil, false
	}
	o.release()
	if !o.s.spec.Observe || len(content) == 0 && why == "" {
		return
	}
	if o.s.spec.Sink.Sighting(s, content) {
		o.s.shootOnce()
	}
}

// excess counts a message in, or says why it is not recorded.
func (s *sockets) excess(size int) string {
	switch {
	case size > maxMessage:
		return fmt.Sprintf("a message larger than %d MB", maxMessage>>20)
	case s.messages >= maxMessages, s.bytes+size > maxSocketBytes:
		return fmt.Sprintf("more than %d messages or %d MB of them in one session", maxMessages, maxSocketBytes>>20)
	}
	s.messages++
	s.bytes += size
	return ""
}

// finishSockets records the handshakes that were never answered. o.mu must be
// held.
func (o *observer) finishSockets(now history.Moment) {
	for _, h := range o.sockets.open {
		if !h.recorded {
			h.x.End = now
			o.pour(h)
		}
	}
	o.sockets = newSockets()
}

// shootOnce takes a picture beside the event loop; one at a time is enough.
func (s *Session) shootOnce() {
	if !s.watch.shooting.CompareAndSwap(false, true) {
		return
	}
	s.spawn(shotLimit, func(ctx context.Context) {
		defer s.watch.shooting.Store(false)
		s.shoot(ctx)
	})
}

// textType is the media type of a message that says none.
func textType(text string) string {
	trimmed := strings.TrimSpace(text)
	if trimmed != "" && strings.ContainsRune("{[\"", rune(trimmed[0])) && json.Valid([]byte(trimmed)) {
		return "application/json"
	}
	if !utf8.ValidString(text) {
		return "application/octet-stream"
	}
	return "text/plain"
}
