package match

import "unicode/utf8"

// pdfSpan is a marked part of a content.
type pdfSpan struct {
	actual  string // what its letters mean, all together
	has     bool   // actual is there instead of what the letters are
	written bool
}

// shortActual is how many letters a meaning of several letters may have: longer
// ones do not hide what is drawn.
const shortActual = 16

// begin begins a marked part; some say what their letters mean.
func (c *pdfCanvas) begin(args []any) {
	if len(c.spans) >= maxPDFSaved {
		return
	}
	span := pdfSpan{}
	if len(args) >= 2 {
		props := c.w.f.dict(args[1])
		if name, ok := args[1].(pdfName); ok {
			props = c.w.f.dict(c.w.f.dict(c.resources["Properties"])[string(name)])
		}
		if s, ok := c.w.f.resolve(props["ActualText"]).(pdfString); ok {
			c.w.f.steps -= len(s) / chargedCodes
			span.actual, span.has = textString(s), true
		}
	}
	c.spans = append(c.spans, span)
}

// end ends a marked part; one that only said what it means, or more than
// stands for single letters, is written behind.
func (c *pdfCanvas) end() {
	n := len(c.spans)
	if n == 0 {
		return
	}
	span := c.spans[n-1]
	c.spans = c.spans[:n-1]
	switch {
	case !span.has || span.written:
	case span.short():
		c.w.add(span.actual)
	default:
		c.w.line(span.actual)
	}
}

// short says whether a part's meaning is that of single letters.
func (s pdfSpan) short() bool {
	return len(s.actual) <= utf8.UTFMax*shortActual && utf8.RuneCountInString(s.actual) <= shortActual
}
