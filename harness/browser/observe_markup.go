package browser

import (
	"context"
	"crypto/sha256"

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

// recordMarkup records a document's markup where it is not what was recorded of
// its frame last.
func (r *recording) recordMarkup(d *shownDocument) {
	if d.home == nil || isBare(d) {
		return
	}
	frame, at := r.frameName(d.frame), d.home.address
	if d.markup == "" && d.cut != "" {
		r.unseen(frame, history.SurfaceMarkup, at, d.cut)
	}
	if d.markup == "" || !r.frames.changed(d.frame, at+"\n"+d.markup) {
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

// isBare says that a document is as empty as a frame's first one.
func isBare(d *shownDocument) bool {
	return len(d.texts)+len(d.fields) == 0 && d.markup == "<html><head></head><body></body></html>"
}
