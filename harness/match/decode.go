package match

import (
	"bytes"
	"io"
)

// Bounds on what one body may cost, whoever sent it. Time and memory follow
// from them: a byte that was decoded is folded and searched like any other.
const (
	maxLayers   = 3       // encodings within each other: what leak studies and shops have seen, and then some
	maxDecoded  = 8 << 20 // bytes made of one body, in all layers together: more than the largest page, its data and its source maps
	maxRatio    = 200     // bytes made of one compressed byte: repetitive pages reach 50, bombs 1,000 and more …
	freeRatio   = 1 << 18 // … but so many bytes are made whatever the ratio: small lists of one row compress well
	maxIslands  = 4000    // encoded stretches of one body that are opened: each costs about a microsecond before its first byte
	maxGuesses  = 4000    // stretches that are tried as compressed though nothing says so: nearly all fail within ten bytes
	maxUnopened = 100     // that a reading lists
	maxPacked   = 8       // of texts in each other that are no layers: parts of parts of mails
)

// decoders are the encodings of whole texts, in the order in which they are
// tried: the first that fits is undone. What is encoded within a text is in
// the table islands. To add an encoding, add a row with its functions to one
// of the two, a name to api.go and a case to the table of the tests.
func decoders() []decoder {
	return []decoder{
		{DecodedUTF16, isUTF16, (*opener).utf16},
		{"", isLegacy, (*opener).legacy},
		{"", isMail, (*opener).mail},
		{"", isMultipart, (*opener).multipart},
		{DecodedGzip, isGzip, (*opener).gzip},
		{DecodedZstd, isZstd, (*opener).zstd},
		{DecodedDeflate, isZlib, (*opener).zlib},
		{DecodedBrotli, isBrotli, (*opener).brotli},
		{DecodedPDF, isPDF, (*opener).pdf},
		{DecodedZip, isZip, (*opener).zip},
		{DecodedDeflate, isGuess, (*opener).guess},
	}
}

// decoder is one encoding of whole texts. The name is what Hit.Decoded says;
// it is empty when it is no layer: the text is only packed.
type decoder struct {
	name string
	fits func(t *text) bool                          // cheap: asked of every text
	open func(o *opener, d decoder, t *text) []*text // what it holds; none when it cannot be decoded
}

// opener opens one body, within its bounds.
type opener struct {
	r       *Reading
	left    int // bytes that may still be made
	islands int // stretches that may still be opened
	guesses int
	scratch *scratch
	table   []island
}

func newOpener(r *Reading) *opener {
	return &opener{r: r, left: maxDecoded, islands: maxIslands, guesses: maxGuesses, table: islands(), scratch: borrowScratch()}
}

// take makes a text ready, with all that is in it.
func (o *opener) take(t *text) {
	if t.parent != nil {
		o.left -= len(t.data)
	}
	o.unwrap(t)
	t.fold()
	o.r.texts = append(o.r.texts, t)
	if t.hollow {
		// It is searched all the same: whoever begins a page with the mark of
		// another encoding hides nothing, and parts have headers.
		return
	}
	o.joinRuns(t)
	look := o.openIslands(t)
	o.joinTags(t, look.tags)
	if look.quoted && (t.parent == nil || mostlyText(t.data)) {
		o.unquote(t)
	}
}

// unwrap decodes a text as a whole, if it is encoded so.
func (o *opener) unwrap(t *text) {
	if t.depth >= maxPacked {
		return
	}
	for _, d := range decoders() {
		if !d.fits(t) {
			continue
		}
		if d.name != "" && t.layers >= maxLayers {
			o.unopen(d.name, UnopenedDeep, t, 0, len(t.data))
			return
		}
		parts := d.open(o, d, t)
		for _, part := range parts {
			t.hollow = true
			o.take(part)
		}
		if len(parts) > 0 {
			return
		}
	}
}

// child is a text made of a stretch of another.
func (t *text) child(name string, s span, data []byte, mediaType string) *text {
	c := &text{parent: t, span: s, data: data, name: name, media: mediaType, depth: t.depth + 1, layers: t.layers}
	if name != "" {
		c.layers++
	}
	c.kind = kindOf(mediaType, data)
	return c
}

// whole is what a decoder makes of a whole text; the kind of the text is told
// by its parent's media type where that means what is inside.
func (t *text) whole(name string, data []byte, mediaType string) *text {
	return t.child(name, span{0, len(t.data)}, data, mediaType)
}

// unopen notes a stretch that was not decoded.
func (o *opener) unopen(what, reason string, t *text, from, to int) {
	if len(o.r.unopened) >= maxUnopened || from >= to {
		return
	}
	start, end := t.origin(from, to)
	u := Unopened{What: what, Reason: reason, Start: start, End: end}
	for _, other := range o.r.unopened {
		if other == u {
			return
		}
	}
	o.r.unopened = append(o.r.unopened, u)
}

// drain reads what a decoder makes of src, within the bounds. The reason is
// empty when that was all; otherwise what was read until then is answered.
func (o *opener) drain(r io.Reader, src *bytes.Reader) ([]byte, string) {
	total, left := src.Len(), max(o.left, 0)
	data := make([]byte, 0, min(4*total+512, 1<<16, left+1))
	for idle := 0; idle < maxIdle; idle++ {
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := r.Read(data[len(data):min(cap(data), len(data)+1<<16)])
		data = data[:len(data)+n]
		if n > 0 {
			idle = 0
		}
		switch used := total - src.Len(); {
		case len(data) > left:
			return data[:left], UnopenedLarge
		case len(data) > freeRatio && len(data) > maxRatio*used:
			return data, UnopenedLarge
		case err == io.EOF:
			return data, ""
		case err != nil:
			return data, reasonOf(err)
		}
	}
	return data, UnopenedBroken
}

// maxIdle is how often a decoder may say nothing in a row.
const maxIdle = 100
