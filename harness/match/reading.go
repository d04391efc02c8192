package match

import "sync"

// Reading is a body made ready to be searched: taken apart, folded and
// decoded once, however many indexes look into it. It is safe for concurrent
// use once made. Beside the body it holds about six bytes for each byte of the
// body and of what was decoded from it.
type Reading struct {
	body     *text
	texts    []*text // all that is searched; what is outside comes before what is in it
	unopened []Unopened

	mu sync.Mutex // guards what texts work out on demand: their structure
}

// Read makes a body ready. The body must not be changed afterwards.
func Read(mediaType string, body []byte) *Reading {
	r := &Reading{body: &text{span: span{0, len(body)}, data: body, media: mediaType, kind: kindOf(mediaType, body)}}
	o := newOpener(r)
	o.take(r.body)
	o.scratch.giveBack()
	return r
}

// Unopened are the encoded stretches that were not decoded, or not to their
// end, so that something in them is unseen; empty when everything was. There
// are no more than maxUnopened of them.
func (r *Reading) Unopened() []Unopened { return r.unopened }

// Segments takes the body apart by its structure, as the function Segments
// does, and what was decoded from it as well: behind each segment come those
// of the text that it holds in another encoding, and last those of the
// islands, each with the place it was found at before the "›". Of a body that
// is encoded as a whole there are only the segments of what it says.
func (r *Reading) Segments() []Segment {
	r.mu.Lock()
	defer r.mu.Unlock()
	var segments []Segment
	for _, t := range r.texts {
		if t.joined() || t.echo || t.hollow {
			continue
		}
		outer := ""
		if t.parent != nil {
			outer = t.outside(0)
		}
		segments = t.segments(segments, outer)
	}
	return segments
}

// segments appends a text's pieces and, behind each, those of the text in it.
func (t *text) segments(all []Segment, outer string) []Segment {
	doc := t.structure()
	for i, p := range doc.pieces {
		if len(all) >= maxSegments {
			break
		}
		s := Segment{Where: inside(outer, p.where), Text: p.text, Offset: -1}
		if t.parent == nil && p.text == doc.text[p.start:p.end] {
			s.Offset = p.start
		}
		all = append(all, s)
		if inner := t.inner(i); inner != nil {
			all = inner.segments(all, s.Where)
		}
	}
	return all
}
