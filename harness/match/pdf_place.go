package match

import "math"

// pdfMatrix places points: x' = a·x + c·y + e, y' = b·x + d·y + f.
type pdfMatrix struct{ a, b, c, d, e, f float64 }

// pdfState is what "q" keeps and "Q" brings back.
type pdfState struct {
	base                    pdfMatrix // of the page
	font                    *pdfFont
	size, leading, rise     float64
	letterSpace, blankSpace float64
	stretch                 float64 // of letters, sideways
}

func newPDFState() pdfState {
	return pdfState{base: pdfMatrix{a: 1, d: 1}, font: newPDFFont(), size: 1, stretch: 1}
}

// times is first m, then n.
func (m pdfMatrix) times(n pdfMatrix) pdfMatrix {
	return pdfMatrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

// moved is the matrix after a move within its own plane.
func (m pdfMatrix) moved(x, y float64) pdfMatrix {
	m.e, m.f = m.a*x+m.c*y+m.e, m.b*x+m.d*y+m.f
	return m
}

// matrixOf reads six numbers; false when they are not there.
func matrixOf(f *pdfFile, args []any) (pdfMatrix, bool) {
	var n [6]float64
	if len(args) < len(n) {
		return pdfMatrix{}, false
	}
	for i, v := range args[len(args)-len(n):] {
		n[i] = f.number(v)
	}
	return pdfMatrix{n[0], n[1], n[2], n[3], n[4], n[5]}, true
}

// Distances in the letters' size.
const (
	wordGap = 0.18 // between words: a blank is 0.25 and more, letters are seldom spaced wider
	cellGap = 1.2  // between cells of a table
	lineGap = 0.5  // across, between lines
	backGap = 0.5  // back, to something else
	unsure  = 1.5  // more, where widths are guessed
)

// pdfEnd is where the last string ended on its page.
type pdfEnd struct {
	x, y  float64
	valid bool
	sure  bool // all widths were known
}

// gapBefore is what stands between the last string and one that begins now, at
// m: 0, a blank, a tab or the end of a line.
func (e pdfEnd) gapBefore(m pdfMatrix, size float64) byte {
	x, y := math.Hypot(m.a, m.b), math.Hypot(m.c, m.d)
	if !e.valid || x == 0 || y == 0 || size == 0 {
		return ' '
	}
	dx, dy := m.e-e.x, m.f-e.y
	along, height := (dx*m.a+dy*m.b)/x, y*math.Abs(size)
	across := math.Abs(dx*m.b-dy*m.a) / x
	width, back := x*math.Abs(size), backGap
	if !e.sure {
		back += unsure
	}
	switch {
	case across > lineGap*height:
		return '\n'
	case along > cellGap*width, along < -back*width:
		return '\t'
	case along > wordGap*width, !e.sure:
		return ' '
	}
	return 0
}
