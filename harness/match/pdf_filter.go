package match

import (
	"bytes"
	"encoding/ascii85"
	"io"
	"slices"

	"github.com/klauspost/compress/zlib"
	"golang.org/x/image/tiff/lzw"
)

// maxPDFFilters is how many encodings of one stream are undone.
const maxPDFFilters = 4

// inflate undoes a stream's encryption and filters, as far as the bounds
// allow; nil for pictures.
func (f *pdfFile) inflate(s pdfStream) []byte {
	data := f.unsealStream(s)
	params := f.list(s.dict["DecodeParms"])
	for i, filter := range f.list(s.dict["Filter"]) {
		name, _ := f.resolve(filter).(pdfName)
		if name == "Crypt" {
			continue
		}
		r := f.filter(name, data)
		if r == nil || i >= maxPDFFilters {
			return nil
		}
		data = f.read(r)
		if i < len(params) {
			data = unpredict(data, f.dict(params[i]), f)
		}
	}
	return data
}

// unsealStream decrypts a stream, unless the file says that it is as it is.
func (f *pdfFile) unsealStream(s pdfStream) []byte {
	plain := s.dict["Type"] == pdfName("XRef") || slices.Contains(f.list(s.dict["Filter"]), any(pdfName("Crypt")))
	if f.lock == nil || plain {
		return s.raw
	}
	return f.unseal(f.lock.streams, s.sealed, s.raw)
}

// filter is a reader of what one filter makes; nil when it is of pictures.
func (f *pdfFile) filter(name pdfName, data []byte) io.Reader {
	switch name {
	case "FlateDecode", "Fl":
		if z, err := zlib.NewReader(bytes.NewReader(data)); err == nil {
			return z
		}
	case "LZWDecode", "LZW":
		return lzw.NewReader(bytes.NewReader(data), lzw.MSB, 8)
	case "ASCII85Decode", "A85":
		return ascii85.NewDecoder(bytes.NewReader(bytes.TrimSuffix(bytes.TrimSpace(data), []byte("~>"))))
	case "ASCIIHexDecode", "AHx":
		p := pdfParser{f: f, data: slices.Concat([]byte("<"), data, []byte(">"))}
		return bytes.NewReader([]byte(p.hexString()))
	case "RunLengthDecode", "RL":
		return &runReader{data: data}
	}
	return nil
}

// read reads what may still be read; what is broken is read up to there.
func (f *pdfFile) read(r io.Reader) []byte {
	data, _ := io.ReadAll(io.LimitReader(r, int64(max(f.left, 0))))
	f.left -= len(data)
	return data
}

// runReader undoes lengths of runs: a byte below 128 stands before so many and
// one literal bytes, one above before a byte that is there 257 less it times.
type runReader struct {
	data []byte
	run  []byte
}

func (r *runReader) Read(out []byte) (int, error) {
	for len(r.run) == 0 {
		if len(r.data) < 2 || r.data[0] == 128 {
			return 0, io.EOF
		}
		n, rest := int(r.data[0]), r.data[1:]
		if n < 128 {
			n = min(n+1, len(rest))
			r.run, r.data = rest[:n], rest[n:]
		} else {
			r.run, r.data = bytes.Repeat(rest[:1], 257-n), rest[1:]
		}
	}
	n := copy(out, r.run)
	r.run = r.run[n:]
	return n, nil
}

// unpredict undoes, in place, what PNG's filters do to rows of bytes.
func unpredict(data []byte, params pdfDict, f *pdfFile) []byte {
	if f.number(params["Predictor"]) < 10 {
		return data
	}
	entry := func(name string, otherwise int) int {
		if n := int(f.number(params[name])); n > 0 {
			return min(n, len(data)+1)
		}
		return otherwise
	}
	bits := min(entry("Colors", 1), 32) * min(entry("BitsPerComponent", 8), 32)
	columns, step := (entry("Columns", 1)*bits+7)/8, (bits+7)/8
	if columns > len(data) {
		return data
	}
	out, above := data[:0], make([]byte, columns)
	for row := data; len(row) > columns; row = row[columns+1:] {
		line := row[1 : columns+1]
		unfilter(row[0], line, above, step)
		copy(above, line)
		out = append(out, line...)
	}
	return out
}

// unfilter undoes the filter of one row. A step is the bytes of a pixel.
func unfilter(kind byte, line, above []byte, step int) {
	for i := range line {
		var left, corner byte
		if i >= step {
			left, corner = line[i-step], above[i-step]
		}
		switch kind {
		case 1:
			line[i] += left
		case 2:
			line[i] += above[i]
		case 3:
			line[i] += byte((int(left) + int(above[i])) / 2) //nolint:gosec // at most 255
		case 4:
			line[i] += paeth(left, above[i], corner)
		}
	}
}

// paeth is which of the three is nearest to left + above - corner.
func paeth(left, above, corner byte) byte {
	a, b, c := int(left), int(above), int(corner)
	da, db, dc := abs(b-c), abs(a-c), abs(a+b-2*c)
	switch {
	case da <= db && da <= dc:
		return left
	case db <= dc:
		return above
	}
	return corner
}

func abs(n int) int { return max(n, -n) }
