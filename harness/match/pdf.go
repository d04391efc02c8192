package match

import (
	"bytes"
	"strings"
)

// The text of a PDF. Nothing in the file is believed that could cost more than
// its bytes: objects are found by looking for them, not through tables of
// offsets; sizes are counted, not read; references are followed a few steps;
// and all that is read is counted. The hostile files of the tests cost 0.2 s at
// most, and no more memory than any body may.
//
// It is ours after what libraries did with the hostile files of the tests.
// Those in Go allocate what numbers in a file say and follow circles for ever,
// which no recover catches. PDFium in a WebAssembly sandbox reads every file
// that is not hostile, but its first use takes 3.5 s of a core and 290 MB
// (33 s and 1 GB under the race detector), interpreted 0.3 s and 130 MB for
// good; a page then 5 ms, interpreted 40 to 75; here 0.2 to 2. A hostile file
// takes it until a deadline, and a deadline makes what is read depend on how
// busy the machine is: the same record would be judged one way today and
// another tomorrow.
//
// What is read: pages and the forms drawn on them, with the fonts of the usual
// converters (core fonts, embedded parts of fonts with a table of what their
// codes mean); what is typed into forms and notes; properties; attached files,
// like the XML of an electronic invoice; files that are encrypted and ask for
// no password. Not read: pictures, and fonts that do not say what their codes
// mean; a page with such a font makes the file broken.

// Bounds on one file.
const (
	maxPDFObjects  = 50_000
	maxPDFNesting  = 32      // of arrays and dictionaries, and of nodes above a page
	maxPDFForms    = 12      // of forms in forms: converters need three
	maxPDFAttached = 16      // files in a file
	maxPDFSteps    = 1 << 20 // values and operators read in all: a page full of text has some thousand
)

// isPDF says whether a text is a PDF; some begin with a line of something else.
func isPDF(t *text) bool {
	return hasPrefix(t.data, "%PDF-") ||
		strings.Contains(t.media, "pdf") && bytes.Contains(t.data[:min(len(t.data), 1024)], []byte("%PDF-"))
}

// pdf answers the text of a file's pages, forms and notes, and what is
// attached to it. Properties that stand in the file as they are are found in
// the file itself, which is searched as well.
func (o *opener) pdf(d decoder, t *text) []*text {
	f := &pdfFile{data: t.data, left: max(o.left, 0), steps: maxPDFSteps, at: map[int]pdfAt{}, packed: map[int]pdfPacked{}}
	f.findObjects()
	if bytes.Contains(t.data, []byte("/Encrypt")) && !f.unlock() {
		o.unopen(d.name, UnopenedLocked, t, 0, len(t.data))
		return nil
	}
	f.openPacked()
	w := newPDFWriter(f)
	for _, n := range f.numbers() {
		w.object(f.object(n))
	}
	o.left -= max(o.left, 0) - f.left
	switch {
	case f.left <= 0 || f.steps <= 0 || w.cut:
		o.unopen(d.name, UnopenedLarge, t, 0, len(t.data))
	case w.unread() || len(f.at) == 0:
		o.unopen(d.name, UnopenedBroken, t, 0, len(t.data))
	}
	return w.parts(d, t)
}

// parts are a file's text and its attachments.
func (w *pdfWriter) parts(d decoder, t *text) []*text {
	var parts []*text
	if len(w.text) > 0 {
		parts = append(parts, t.whole(d.name, w.text, "text/plain"))
	}
	for _, a := range w.attached {
		part := t.whole(d.name, a.data, a.media)
		part.label = "attachment"
		parts = append(parts, part)
	}
	return parts
}

// What values of a file can be beside float64, bool and nil.
type (
	pdfName   string
	pdfString string
	pdfWord   string // an operator, or a keyword
	pdfRef    int
	pdfArray  []any
	pdfDict   map[string]any
	pdfStream struct {
		dict   pdfDict
		raw    []byte
		sealed pdfSeal // what it is encrypted for; the zero value when it is not
	}
)
