package browser

import (
	"net"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

// flight is one request with all its redirects: the browser gives them one id.
type flight struct {
	id    proto.NetworkRequestID
	kind  proto.NetworkResourceType
	begun time.Time
	hops  []*hop
	sent  []proto.NetworkHeaders                    // as on the wire, for each hop that went there
	got   []*proto.NetworkResponseReceivedExtraInfo // likewise
	// received counts the body's bytes, decoded; it tells an empty body from
	// one that the browser did not keep.
	received int
	heard    time.Time // when an answer or a part of it last came
	ended    bool
	hints    []history.Header // of a 103 whose answer has not come yet
	target   *target          // that asked
	stream   stream           // what came of a body that does not end
	expected bool             // it may become a stream: that is looked after
	viewer   string           // who used the session when it began
	release  func()           // lets it go where it is held; nil where it is not
	letGo    history.Moment   // when it was let go; zero where it was not held
	cut      bool             // the plan broke it off
}

// hop is one request and its answer.
type hop struct {
	x        history.Exchange
	request  []byte
	body     []byte
	wire     bool // headers as on the wire are to come, in events of their own
	wireHead int  // bytes on the wire up to the body, and those of the body
	wireBody int
	answered bool
	blocked  bool // the answer came, and the page was not given it
	ended    bool
	reading  bool
	recorded bool
	told     map[string]bool // names and ids of an event stream's events
}

func (f *flight) last() *hop { return f.hops[len(f.hops)-1] }

// unreadAfter is how long an answered fetch may send nothing before it counts
// as one that the page does not read: a script that asks who is signed in and
// is answered 401 looks at the status alone, and its loading then never ends.
const unreadAfter = 150 * time.Millisecond

// waitedFor reports whether a page is not at rest while this is on its way.
func (f *flight) waitedFor() bool {
	if f.ended {
		return false
	}
	switch f.kind {
	case proto.NetworkResourceTypeDocument, proto.NetworkResourceTypeScript:
		return true
	case proto.NetworkResourceTypeXHR, proto.NetworkResourceTypeFetch:
		return !f.last().answered || time.Since(f.heard) < unreadAfter
	default:
		return false
	}
}

// owes reports whether the answer has bytes that were not read.
func (f *flight) owes() bool {
	return f.received > 0 || len(f.hops) == 0 || !f.last().answered || !f.last().bodiless()
}

// giveHints hands the headers of a 103 to the answer they came before.
func (f *flight) giveHints() {
	h := f.last()
	h.x.EarlyHints = append(h.x.EarlyHints, f.hints...)
	f.hints = nil
}

// hintLines are the headers of a 103, which alone come as if each byte were a
// letter of its own.
func hintLines(all proto.NetworkHeaders) []history.Header {
	lines := headerLines(all, "")
	for i, line := range lines {
		bytes := make([]byte, 0, len(line.Value))
		for _, c := range line.Value {
			if c > 0xff {
				bytes = nil
				break
			}
			bytes = append(bytes, byte(c))
		}
		if utf8.Valid(bytes) && len(bytes) > 0 {
			lines[i].Value = string(bytes)
		}
	}
	return lines
}

// bodiless reports whether the answer has no body by its nature, or says so.
func (h *hop) bodiless() bool {
	switch {
	case h.x.Method == "HEAD", h.x.Status == 204, h.x.Status == 205:
		return true
	}
	return h.answered && h.says("content-length") == "0"
}

// empty reports whether nothing of a body was on the wire, but for its frame.
func (h *hop) empty() bool {
	most := maxFraming
	if coding := h.says("content-encoding"); coding != "" && coding != "identity" {
		most = maxCoding
	}
	return (h.declared() == 0 || most == maxCoding && h.declared() <= most) && h.wireBody <= most
}

// declared is the length of the body in bytes as the answer says it; 0 when
// it does not.
func (h *hop) declared() int {
	n, err := strconv.Atoi(h.says("content-length"))
	if err != nil || h.x.Method == "HEAD" || h.x.Status == 304 {
		return 0
	}
	return n
}

// says is the first value of the answer's header of this name.
func (h *hop) says(name string) string { return headerValue(h.x.Headers, name) }

func headerValue(all []history.Header, name string) string {
	for _, line := range all {
		if strings.EqualFold(line.Name, name) {
			return strings.TrimSpace(line.Value)
		}
	}
	return ""
}

// complete fills in what came in events of their own, and reports whether
// hop i has all it waits for. The browser numbers those events by hops that
// went to the network.
func (f *flight) complete(i int) bool {
	h, n := f.hops[i], 0
	for _, before := range f.hops[:i] {
		if before.wire {
			n++
		}
	}
	if n < len(f.sent) && (h.wire || !h.answered) {
		h.x.RequestHeaders = headerLines(f.sent[n], "")
		h.noteSpeculation()
	}
	if (h.wire || h.blocked) && n < len(f.got) {
		h.take(f.got[n])
	}
	return !h.wire || n < len(f.got)
}

// noteSpeculation calls a prefetch what the browser itself calls "other".
func (h *hop) noteSpeculation() {
	if h.x.Resource == "other" && strings.Contains(headerValue(h.x.RequestHeaders, "sec-purpose"), "prefetch") {
		h.x.Resource = "prefetch"
	}
}

// take fills in an answer's headers as they were on the wire. A cached
// document that the server confirmed keeps its body and says 304.
func (h *hop) take(e *proto.NetworkResponseReceivedExtraInfo) {
	h.x.Headers = headerLines(e.Headers, e.HeadersText)
	if e.StatusCode == 304 && h.x.Status == 200 && h.x.From == "" {
		h.x.From = "disk"
	}
	if e.StatusCode > 0 {
		h.x.Status = e.StatusCode
	}
}

// fill takes what the browser says about an answer.
func (h *hop) fill(r *proto.NetworkResponse, wire bool) {
	h.answered, h.wire = true, wire
	h.wireHead = int(r.EncodedDataLength)
	h.x.Status = r.Status
	h.x.Headers = headerLines(r.Headers, "")
	h.x.Protocol = r.Protocol
	h.x.Body.Type = strings.ToLower(r.MIMEType)
	if r.RemoteIPAddress != "" && r.RemotePort != nil {
		h.x.Remote = net.JoinHostPort(strings.Trim(r.RemoteIPAddress, "[]"), strconv.Itoa(*r.RemotePort))
	}
	if r.ConnectionID != 0 {
		h.x.Connection = strconv.FormatFloat(r.ConnectionID, 'f', -1, 64)
	}
	switch {
	case r.FromDiskCache:
		h.x.From = "disk"
	case r.FromServiceWorker:
		h.x.From = "service-worker"
	case r.FromPrefetchCache:
		h.x.From = "prefetch"
	}
}

// responseAt is when an answer's first byte came, in the browser's seconds.
func responseAt(r *proto.NetworkResponse, event float64) float64 {
	if r.Timing == nil || r.Timing.RequestTime <= 0 {
		return event
	}
	ms := r.Timing.ReceiveHeadersStart
	if ms <= 0 {
		ms = r.Timing.ReceiveHeadersEnd
	}
	if ms <= 0 {
		return event
	}
	return r.Timing.RequestTime + ms/1000
}

// headerLines are the lines as they were on the wire where the text is there,
// else sorted by name. Lines of one name come joined by line feeds.
func headerLines(all proto.NetworkHeaders, text string) []history.Header {
	if text != "" {
		return parseLines(text)
	}
	var lines []history.Header
	for name, value := range all {
		for _, v := range strings.Split(value.Str(), "\n") {
			lines = append(lines, history.Header{Name: name, Value: v})
		}
	}
	sort.SliceStable(lines, func(i, j int) bool { return lines[i].Name < lines[j].Name })
	return lines
}

// parseLines reads an HTTP/1 head; its first line is the status.
func parseLines(text string) []history.Header {
	var lines []history.Header
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		name, value, ok := strings.Cut(line, ":")
		if i == 0 || !ok {
			continue
		}
		lines = append(lines, history.Header{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	return lines
}

// resourceName is the history's word for what a request was made for.
func resourceName(kind proto.NetworkResourceType) string {
	switch kind {
	case proto.NetworkResourceTypeStylesheet:
		return "style"
	case proto.NetworkResourceTypeEventSource:
		return "events"
	case proto.NetworkResourceTypeCSPViolationReport:
		return "report"
	case proto.NetworkResourceTypeTextTrack:
		return "media"
	case proto.NetworkResourceTypeSignedExchange, "":
		return "other"
	default: // Document, XHR, Fetch, Script, Image, Font, Media, Ping, Manifest, WebSocket, Prefetch, Preflight, Other
		return strings.ToLower(string(kind))
	}
}
