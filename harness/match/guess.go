package match

import (
	"bytes"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
)

// Compressed bytes without a signature: nearly everything that is asked here
// is something else, so that the beginning is looked at before a decoder is
// set to work.

// isGuess says that a text may be compressed without a signature.
func isGuess(t *text) bool { return t.guess }

// guess tries raw deflate and brotli: only a stream that ends well, at the end
// of the bytes, and holds text is one.
func (o *opener) guess(_ decoder, t *text) []*text {
	if data := o.rawDeflate(t.data); data != nil {
		return []*text{t.whole(DecodedDeflate, data, "")}
	}
	if data := o.rawBrotli(t.data); data != nil {
		return []*text{t.whole(DecodedBrotli, data, "")}
	}
	return nil
}

func (o *opener) rawDeflate(data []byte) []byte {
	if !deflateBegins(data) {
		return nil
	}
	src := bytes.NewReader(data)
	if o.scratch.inflater == nil {
		o.scratch.inflater = flate.NewReader(src)
	} else if r, ok := o.scratch.inflater.(flate.Resetter); !ok || r.Reset(src, nil) != nil {
		return nil
	}
	return o.guessed(o.scratch.inflater, src)
}

func (o *opener) rawBrotli(data []byte) []byte {
	if !brotliBegins(data, len(data)) {
		return nil
	}
	src := bytes.NewReader(data)
	if o.scratch.brotli == nil {
		o.scratch.brotli = brotli.NewReader(src)
	} else if o.scratch.brotli.Reset(src) != nil {
		return nil
	}
	return o.guessed(o.scratch.brotli, src)
}

// guessed is what a guess made, if it is right.
func (o *opener) guessed(r interface{ Read([]byte) (int, error) }, src *bytes.Reader) []byte {
	data, reason := o.drain(r, src)
	if reason != "" || src.Len() > 0 || !mostlyText(data) {
		return nil
	}
	return data
}

// deflateBegins says whether the first block can be one of a text.
func deflateBegins(data []byte) bool {
	if len(data) < MinKey {
		return false
	}
	switch data[0] >> 1 & 3 {
	case 0: // stored: its length is there twice
		return data[1] == ^data[3] && data[2] == ^data[4]
	case 1:
		return fixedBlockBegins(data)
	case 2:
		return dynamicBlockBegins(data)
	}
	return false
}

// bitReader reads bits as deflate has them, and zeros behind the end.
type bitReader struct {
	data []byte
	pos  int // in bits
}

func (r *bitReader) bit() int {
	i := r.pos >> 3
	if i >= len(r.data) {
		return 0
	}
	b := int(r.data[i]) >> (r.pos & 7) & 1
	r.pos++
	return b
}

// number reads n bits, the lowest first.
func (r *bitReader) number(n int) int {
	v := 0
	for i := range n {
		v |= r.bit() << i
	}
	return v
}

// code reads n more bits of a code, the highest first.
func (r *bitReader) code(v, n int) int {
	for range n {
		v = v<<1 | r.bit()
	}
	return v
}

// fixedLook is how many bytes of a block with fixed codes are looked at.
const fixedLook = 6

// fixedBlockBegins says whether a block with fixed codes begins with bytes of
// a text, and refers to none before the first.
func fixedBlockBegins(data []byte) bool {
	r := &bitReader{data: data, pos: 3}
	for range fixedLook {
		switch v := r.code(0, 7); {
		case v == 0: // the block's end
			return true
		case v <= 0x17: // a reference: as far back as a text of a few bytes goes is not worked out
			return r.pos > 3+7+8
		case v <= 0x5f: // bytes 0 to 143, in 8 bits
			if textClass[r.code(v, 1)-0x30] == classNone {
				return false
			}
		case v <= 0x63: // references, in 8 bits
			return r.pos > 3+7+8
		default: // bytes 144 to 255, in 9 bits
			if textClass[(r.code(v, 2)-0x190+144)&0xff] == classNone {
				return false
			}
		}
	}
	return true
}

// dynamicBlockBegins says whether the codes that a block's table is written in
// are complete, as they must be.
func dynamicBlockBegins(data []byte) bool {
	r := &bitReader{data: data, pos: 3}
	literals, distances, lengths := r.number(5), r.number(5), r.number(4)+4
	if literals > 29 || distances > 29 {
		return false
	}
	const whole = 1 << 7
	used := 0
	for range lengths {
		if n := r.number(3); n > 0 {
			used += whole >> n
		}
	}
	return used == whole
}

// brotliBegins says whether a stream can begin so: its first block says how
// many bytes it makes, and that must go with how many there are.
func brotliBegins(data []byte, size int) bool {
	if len(data) < MinKey {
		return false
	}
	r := &bitReader{data: data[:8]}
	if r.bit() == 1 && r.number(3) == 0 { // how far back it refers
		r.number(3)
	}
	if last := r.bit() == 1; last && r.bit() == 1 { // and empty, as the next bit says
		return false
	}
	nibbles := 4 + r.number(2)
	if nibbles == 7 {
		return false
	}
	made := r.number(4*nibbles) + 1
	return made >= size/2 && made <= size*maxRatio
}

// guessable says whether a run may be compressed bytes without a signature.
func (o *opener) guessable(chars []byte) bool {
	if o.guesses <= 0 || len(chars) < minGuess || len(chars) > maxGuess {
		return false
	}
	var space [24]byte
	head := decode64(space[:0], chars[:min(len(chars), 32)])
	deflated := deflateBegins(head)
	if !deflated && (!looksRandom(chars) || !brotliBegins(head, len(chars)*3/4)) {
		return false
	}
	o.guesses--
	data := decode64(o.scratch.bytes[:0], chars)
	o.scratch.bytes = data
	return deflated && o.rawDeflate(data) != nil || o.rawBrotli(data) != nil
}

// The length of runs that are tried as compressed, in characters.
const (
	minGuess = 14
	maxGuess = 1 << 16
)

// looksRandom says whether characters have digits, capitals and small letters
// among them: brotli's decoder is too dear to be asked about every word.
func looksRandom(chars []byte) bool {
	var digit, upper, lower bool
	for _, c := range chars {
		digit = digit || isDigit(c)
		upper = upper || c >= 'A' && c <= 'Z'
		lower = lower || c >= 'a' && c <= 'z'
	}
	return digit && upper && lower && len(chars) >= 2*minGuess
}
