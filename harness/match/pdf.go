package match

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// The text of a PDF. Nothing in the file is believed that could cost more than
// its bytes: objects are found by looking for them, not through tables of
// offsets; sizes are counted, not read; references are followed a few steps.
// The libraries there are allocate what numbers in the file say and follow
// circles for ever, which no recover catches.

// Bounds on one file.
const (
	maxPDFObjects = 50_000
	maxPDFNesting = 32      // of arrays and dictionaries, and of forms in forms
	maxPDFSteps   = 1 << 20 // values and operators read in all: a page full of text has some thousand
)

// isPDF says whether a text is a PDF; some begin with a line of something else.
func isPDF(t *text) bool {
	return hasPrefix(t.data, "%PDF-") ||
		strings.Contains(t.media, "pdf") && bytes.Contains(t.data[:min(len(t.data), 1024)], []byte("%PDF-"))
}

// pdf answers the text of a file's pages, forms and notes. Values in its
// properties stand in the file itself, which is searched as well.
func (o *opener) pdf(d decoder, t *text) []*text {
	f := &pdfFile{data: t.data, left: max(o.left, 0), steps: maxPDFSteps, at: map[int]int{}, packed: map[int]pdfPacked{}}
	f.findObjects()
	if bytes.Contains(t.data, []byte("/Encrypt")) && f.encrypted() {
		o.unopen(d.name, UnopenedLocked, t, 0, len(t.data))
		return nil
	}
	f.openPacked()
	w := &pdfWriter{f: f}
	for _, n := range f.numbers() {
		w.object(f.object(n))
	}
	o.left -= max(o.left, 0) - f.left
	switch {
	case f.left <= 0 || f.steps <= 0:
		o.unopen(d.name, UnopenedLarge, t, 0, len(t.data))
	case w.broken || len(f.at) == 0:
		o.unopen(d.name, UnopenedBroken, t, 0, len(t.data))
	}
	if len(w.text) == 0 {
		return nil
	}
	return []*text{t.whole(d.name, w.text, "text/plain")}
}

// pdfFile is a file's objects, by number.
type pdfFile struct {
	data   []byte
	at     map[int]int       // where an object's value begins, in data
	packed map[int]pdfPacked // objects within streams of objects
	left   int               // bytes that may still be inflated
	steps  int               // values that may still be read
}

// pdfPacked is where an object within another one's stream begins.
type pdfPacked struct {
	data []byte
	at   int
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
		dict pdfDict
		raw  []byte
	}
)

// findObjects looks for "12 0 obj". What comes later in the file is newer.
func (f *pdfFile) findObjects() {
	for pos := 0; len(f.at) < maxPDFObjects; {
		i := bytes.Index(f.data[pos:], []byte(" obj"))
		if i < 0 {
			return
		}
		i += pos
		pos = i + len(" obj")
		generation := digitsBefore(f.data, i)
		if generation == i || generation == 0 || !isPDFSpace(f.data[generation-1]) {
			continue
		}
		number := digitsBefore(f.data, generation-1)
		if n, err := strconv.Atoi(string(f.data[number : generation-1])); err == nil {
			f.at[n] = pos
		}
	}
}

// digitsBefore is where the digits that end at a position begin.
func digitsBefore(data []byte, end int) int {
	for end > 0 && isDigit(data[end-1]) {
		end--
	}
	return end
}

// numbers are those of all objects, in order.
func (f *pdfFile) numbers() []int {
	numbers := make([]int, 0, len(f.at)+len(f.packed))
	for n := range f.at {
		numbers = append(numbers, n)
	}
	for n := range f.packed {
		if _, ok := f.at[n]; !ok {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// encrypted says whether a trailer, or the stream that stands for it, names a
// way of encryption.
func (f *pdfFile) encrypted() bool {
	for pos := 0; ; {
		i := bytes.Index(f.data[pos:], []byte("trailer"))
		if i < 0 {
			break
		}
		pos += i + len("trailer")
		p := &pdfParser{f: f, data: f.data, pos: pos}
		if dict, ok := p.value(0).(pdfDict); ok && dict["Encrypt"] != nil {
			return true
		}
	}
	for _, n := range f.numbers() {
		if s, ok := f.object(n).(pdfStream); ok && s.dict["Type"] == pdfName("XRef") && s.dict["Encrypt"] != nil {
			return true
		}
	}
	return false
}

// openPacked finds the objects in streams of objects.
func (f *pdfFile) openPacked() {
	for _, n := range f.numbers() {
		s, ok := f.object(n).(pdfStream)
		if !ok || s.dict["Type"] != pdfName("ObjStm") {
			continue
		}
		data, first := f.inflate(s), int(f.number(s.dict["First"]))
		p := &pdfParser{f: f, data: data}
		for len(f.packed) < maxPDFObjects {
			number, ok1 := p.value(0).(float64)
			offset, ok2 := p.value(0).(float64)
			at := first + int(offset)
			if !ok1 || !ok2 || p.pos > first || at < 0 || at >= len(data) {
				break
			}
			f.packed[int(number)] = pdfPacked{data, at}
		}
	}
}

// object reads an object; nil when there is none.
func (f *pdfFile) object(n int) any {
	if at, ok := f.at[n]; ok {
		return (&pdfParser{f: f, data: f.data, pos: at}).value(0)
	}
	if o, ok := f.packed[n]; ok {
		return (&pdfParser{f: f, data: o.data, pos: o.at}).value(0)
	}
	return nil
}

// resolve follows a reference; references to references lead nowhere.
func (f *pdfFile) resolve(v any) any {
	if ref, ok := v.(pdfRef); ok {
		if v = f.object(int(ref)); v != nil {
			if _, again := v.(pdfRef); again {
				return nil
			}
		}
	}
	return v
}

// dict is a dictionary, also that of a stream; empty when v is none.
func (f *pdfFile) dict(v any) pdfDict {
	switch v := f.resolve(v).(type) {
	case pdfDict:
		return v
	case pdfStream:
		return v.dict
	}
	return nil
}

// number is a number; 0 when v is none, or none that fits.
func (f *pdfFile) number(v any) float64 {
	n, _ := f.resolve(v).(float64)
	if n < -1<<31 || n > 1<<31 {
		return 0
	}
	return n
}

// list is an array, or a lone value as one.
func (f *pdfFile) list(v any) pdfArray {
	switch v := f.resolve(v).(type) {
	case pdfArray:
		return v
	case nil:
		return nil
	default:
		return pdfArray{v}
	}
}
