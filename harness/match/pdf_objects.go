package match

import (
	"bytes"
	"slices"
	"strconv"
)

// pdfFile is a file's objects, by number.
type pdfFile struct {
	data   []byte
	at     map[int]pdfAt
	packed map[int]pdfPacked // objects within streams of objects
	lock   *pdfLock          // nil when nothing is encrypted
	left   int               // bytes that may still be inflated
	steps  int               // values that may still be read
}

// pdfAt is where an object's value begins, in the file.
type pdfAt struct{ pos, generation int }

// pdfPacked is where an object within another one's stream begins.
type pdfPacked struct {
	data []byte
	at   int
}

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
		n, err := strconv.Atoi(string(f.data[number : generation-1]))
		g, err2 := strconv.Atoi(string(f.data[generation:i]))
		if err == nil && err2 == nil {
			f.at[n] = pdfAt{pos, g}
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

// trailers are what the file ends with, and the streams that stand for such.
func (f *pdfFile) trailers() []pdfDict {
	var all []pdfDict
	for pos := 0; len(all) < maxPDFNesting; {
		i := bytes.Index(f.data[pos:], []byte("trailer"))
		if i < 0 {
			break
		}
		pos += i + len("trailer")
		p := &pdfParser{f: f, data: f.data, pos: pos}
		if dict, ok := p.value(0).(pdfDict); ok {
			all = append(all, dict)
		}
	}
	for _, n := range f.numbers() {
		if s, ok := f.object(n).(pdfStream); ok && s.dict["Type"] == pdfName("XRef") {
			all = append(all, s.dict)
		}
	}
	return all
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
		p := &pdfParser{f: f, data: f.data, pos: at.pos}
		if f.lock != nil {
			p.sealed = pdfSeal{number: n, generation: at.generation, in: true}
		}
		return p.value(0)
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
