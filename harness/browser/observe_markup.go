package browser

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"strings"
	"sync"

	nethtml "golang.org/x/net/html"

	"crosstalk/harness/history"
)

// mostMarkup is how many bytes of a document's markup are kept.
const mostMarkup = 8 << 20

// markupSum tells one markup from another.
type markupSum [sha256.Size]byte

// outerHTML asks for a document as HTML, shadow roots included.
type outerHTML struct {
	Node           int  `json:"backendNodeId"`
	IncludeShadows bool `json:"includeShadowDOM"`
}

// ProtoReq is the call's name.
func (outerHTML) ProtoReq() string { return "DOM.getOuterHTML" }

// markup is a document as HTML: attributes, comments, templates and what inline
// scripts were delivered with, which nothing renders. It is empty for a document
// that was replaced meanwhile.
func (t *target) markup(ctx context.Context, document int) string {
	var got struct {
		HTML string `json:"outerHTML"`
	}
	if err := t.callOnce(ctx, outerHTML{Node: document, IncludeShadows: true}, &got); err != nil {
		return "" // the next look reads the next document
	}
	return got.HTML
}

// recordMarkup records a document's markup, unless it was recorded of its frame
// before, or is what the shop delivered: that is recorded already.
func (r *recording) recordMarkup(d *shownDocument) {
	if d.home == nil || isBare(d) {
		return
	}
	frame, at := r.frameName(d.frame), d.home.address
	switch {
	case d.markup == "" && d.cut != "":
		r.unseen(frame, history.SurfaceMarkup, at, d.cut)
	case d.hidden:
		r.unseen(frame, history.SurfaceMarkup, at, "the page did not answer in time")
	}
	if d.markup == "" || !r.frames.changed(d.frame, r.turns.now()+"\n"+at+"\n"+d.markup) {
		return
	}
	if r.frames.delivered.has(d.markup) {
		return
	}
	content := truncate(d.markup, mostMarkup)
	sighting := r.sighting(history.SurfaceMarkup, at)
	sighting.Frame = frame
	sighting.Body.Type = "text/html"
	r.foreign = r.spec.Sink.Sighting(sighting, []byte(content)) || r.foreign
	if len(content) < len(d.markup) {
		r.unseen(frame, history.SurfaceMarkup, at, "cut off: the document is too long")
	}
}

// changed says whether a frame's markup is another one than at the last call.
func (f *frames) changed(id, markup string) bool {
	if f.markup == nil {
		f.markup = map[string]markupSum{}
	}
	sum := markupSum(sha256.Sum256([]byte(markup)))
	was, known := f.markup[id]
	f.markup[id] = sum
	return !known || was != sum
}

// mostDelivered is how many documents a session remembers having been sent,
// and longestDelivered how long one may be, in bytes.
const (
	mostDelivered    = 64
	longestDelivered = 1 << 20
)

// arrivals are the documents that the session was sent last.
type arrivals struct {
	mu   sync.Mutex
	sums map[markupSum]bool
	last []markupSum
}

func (d *arrivals) add(body []byte) {
	if len(body) > longestDelivered {
		return
	}
	sum := contentSum(bytes.NewReader(body))
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.sums == nil {
		d.sums = map[markupSum]bool{}
	}
	if d.sums[sum] {
		return
	}
	if len(d.last) == mostDelivered {
		delete(d.sums, d.last[0])
		d.last = d.last[1:]
	}
	d.sums[sum] = true
	d.last = append(d.last, sum)
}

// has says whether a document says what was delivered and no more.
func (d *arrivals) has(markup string) bool {
	if len(markup) > longestDelivered {
		return false
	}
	sum := contentSum(strings.NewReader(markup))
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sums[sum]
}

// contentSum is the same for HTML as it is delivered and as a browser writes it
// that has not changed it: with quotes, with the elements that may be left out,
// without the blanks between them. Each tag's attributes, each text and comment
// counts, in their order.
func contentSum(text io.Reader) markupSum {
	sum := sha256.New()
	write := func(kind byte, parts ...string) {
		for _, p := range parts {
			_, _ = sum.Write(binary.AppendUvarint([]byte{kind}, uint64(len(p))))
			_, _ = io.WriteString(sum, p)
		}
	}
	for z := nethtml.NewTokenizer(text); z.Next() != nethtml.ErrorToken; {
		switch token := z.Token(); token.Type {
		case nethtml.TextToken:
			if said := strings.TrimSpace(token.Data); said != "" {
				write('t', said)
			}
		case nethtml.CommentToken:
			write('c', token.Data)
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			if len(token.Attr) > 0 || !mayBeLeftOut(token.Data) {
				write('e', token.Data)
			}
			for _, a := range token.Attr {
				write('a', a.Key, a.Val)
			}
		default: // an end, a document type
		}
	}
	return markupSum(sum.Sum(nil))
}

// mayBeLeftOut says that a browser puts an element in by itself.
func mayBeLeftOut(tag string) bool {
	switch tag {
	case "html", "head", "body", "tbody", "colgroup":
		return true
	}
	return false
}

// isBare says that a document is as empty as a frame's first one.
func isBare(d *shownDocument) bool {
	return len(d.texts)+len(d.fields) == 0 && d.markup == "<html><head></head><body></body></html>"
}
