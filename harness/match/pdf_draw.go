package match

import "bytes"

// pdfCanvas follows a page's or form's content. Strings that stand side by
// side stay one word, however they were moved there; between others there is a
// blank, a tab between cells of a table, and the end of a line below.
type pdfCanvas struct {
	w         *pdfWriter
	resources pdfDict
	names     pdfDict              // of fonts
	pictures  pdfDict              // and forms
	fonts     map[pdfName]*pdfFont // those that were used
	depth     int                  // of forms in forms
	state     pdfState
	saved     []pdfState
	at, line  pdfMatrix // of the next letter, and of its line's first
	moved     bool      // since the last string
	last      pdfEnd
	spans     []pdfSpan
}

const (
	maxPDFSaved  = 256 // states, and parts in parts
	chargedCodes = 8   // of a string, that count as one step
)

// draw writes the text that a content shows, and answers where it ended.
func (w *pdfWriter) draw(content []byte, resources pdfDict, state pdfState, last pdfEnd, depth int) pdfEnd {
	c := &pdfCanvas{
		w: w, resources: resources, names: w.f.dict(resources["Font"]), pictures: w.f.dict(resources["XObject"]),
		fonts: map[pdfName]*pdfFont{}, depth: depth, state: state, moved: true, last: last,
	}
	p := &pdfParser{f: w.f, data: content}
	var args []any
	for p.more() {
		v := p.value(0)
		op, ok := v.(pdfWord)
		switch {
		case !ok && len(args) < 64:
			args = append(args, v)
		case ok && op == "BI":
			p.skipPicture()
			args = args[:0]
		case ok:
			c.perform(op, args)
			args = args[:0]
		}
	}
	return c.last
}

func first(args []any) any {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}

// skipPicture moves behind a picture within the content.
func (p *pdfParser) skipPicture() {
	from := p.pos
	defer func() { p.charge(from) }()
	for {
		i := bytes.Index(p.data[p.pos:], []byte("EI"))
		if i < 0 {
			return
		}
		p.pos += i + len("EI")
		if isPDFSpace(p.data[p.pos-len(" EI")]) && (p.pos == len(p.data) || isPDFSpace(p.data[p.pos])) {
			return
		}
	}
}

// perform does what one operator says.
func (c *pdfCanvas) perform(op pdfWord, args []any) {
	switch op {
	case "q":
		if len(c.saved) < maxPDFSaved {
			c.saved = append(c.saved, c.state)
		}
	case "Q":
		if n := len(c.saved); n > 0 {
			c.state, c.saved = c.saved[n-1], c.saved[:n-1]
		}
	case "cm":
		if m, ok := matrixOf(c.w.f, args); ok {
			c.state.base = m.times(c.state.base)
		}
	case "Do":
		c.do(args)
	case "BDC", "BMC":
		c.begin(args)
	case "EMC":
		c.end()
	case "Tj", "TJ", "'", "\"":
		c.strings(op, args)
	default:
		c.set(op, args)
		c.move(op, args)
	}
}

// set changes what letters look like.
func (c *pdfCanvas) set(op pdfWord, args []any) {
	if len(args) == 0 {
		return
	}
	n := c.w.f.number(args[len(args)-1])
	switch op {
	case "Tf":
		if name, ok := args[0].(pdfName); ok {
			c.state.font, c.state.size = c.font(name), n
		}
	case "TL":
		c.state.leading = n
	case "Ts":
		c.state.rise = n
	case "Tc":
		c.state.letterSpace = n
	case "Tw":
		c.state.blankSpace = n
	case "Tz":
		c.state.stretch = n / 100
	}
}

// font is the font of a name.
func (c *pdfCanvas) font(name pdfName) *pdfFont {
	if c.fonts[name] == nil {
		c.fonts[name] = c.w.font(c.names[string(name)])
	}
	return c.fonts[name]
}

// move changes where the next string begins.
func (c *pdfCanvas) move(op pdfWord, args []any) {
	x, y := 0.0, 0.0
	if n := len(args); n >= 2 {
		x, y = c.w.f.number(args[n-2]), c.w.f.number(args[n-1])
	}
	switch op {
	case "BT":
		c.line = pdfMatrix{a: 1, d: 1}
	case "Tm":
		if m, ok := matrixOf(c.w.f, args); ok {
			c.line = m
		}
	case "TD":
		c.state.leading = -y
		c.line = c.line.moved(x, y)
	case "Td":
		c.line = c.line.moved(x, y)
	case "T*":
		c.line = c.line.moved(0, -c.state.leading)
	default:
		return
	}
	c.at, c.moved = c.line, true
}

// do draws a form.
func (c *pdfCanvas) do(args []any) {
	name, ok := first(args).(pdfName)
	if !ok {
		return
	}
	v := c.pictures[string(name)]
	s, ok := c.w.f.resolve(v).(pdfStream)
	if !ok || s.dict["Subtype"] != pdfName("Form") {
		return
	}
	if c.depth >= maxPDFForms {
		c.w.cut = true
		return
	}
	resources := c.resources
	if own := c.w.f.dict(s.dict["Resources"]); own != nil {
		resources = own
	}
	state := c.state
	if m, ok := matrixOf(c.w.f, c.w.f.list(s.dict["Matrix"])); ok {
		state.base = m.times(state.base)
	}
	c.last, c.moved = c.w.draw(c.w.form(v, s), resources, state, c.last, c.depth+1), true
}

// strings shows strings: of an array, without the distances between them.
func (c *pdfCanvas) strings(op pdfWord, args []any) {
	if len(args) == 0 {
		return
	}
	if op == "\"" && len(args) >= 3 {
		c.state.blankSpace, c.state.letterSpace = c.w.f.number(args[0]), c.w.f.number(args[1])
	}
	if op == "'" || op == "\"" {
		c.move("T*", nil)
	}
	parts, ok := args[len(args)-1].(pdfArray)
	if !ok {
		parts = pdfArray(args[len(args)-1:])
	}
	for _, part := range parts {
		switch part := part.(type) {
		case pdfString:
			c.show(part)
		case float64:
			if part < -1000*wordGap {
				c.w.gap(' ')
			}
			c.at = c.at.moved(-c.w.f.number(part)/1000*c.state.size*c.state.stretch, 0)
		}
	}
}

// show writes a string where it stands, and moves on.
func (c *pdfCanvas) show(s pdfString) {
	if c.w.f.left <= 0 {
		return
	}
	c.w.f.steps -= len(s) / chargedCodes
	if c.moved {
		if gap := c.last.gapBefore(c.at.times(c.state.base), c.state.size); gap != 0 {
			c.w.gap(gap)
		}
		c.moved = false
	}
	move := c.write(s)
	along := move.distance*c.state.size + float64(move.codes)*c.state.letterSpace + float64(move.blanks)*c.state.blankSpace
	c.at = c.at.moved(along*c.state.stretch, 0)
	end := c.at.times(c.state.base)
	c.last = pdfEnd{end.e, end.f, true, move.sure}
}

// write writes what a string shows, or, once, what the part that it is in says
// that it means.
func (c *pdfCanvas) write(s pdfString) pdfMove {
	before := len(c.w.text)
	text, move := c.state.font.append(c.w.text, s, c.w.f.left)
	for i := range c.spans {
		span := &c.spans[i]
		if !span.has || !span.short() {
			continue
		}
		if !span.written {
			c.w.add(span.actual)
			span.written = true
		}
		return move
	}
	c.w.text = text
	c.w.f.left -= len(text) - before
	return move
}
