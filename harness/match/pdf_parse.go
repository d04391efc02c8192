package match

import (
	"bytes"
	"strconv"
)

// pdfParser reads values, one after the other. It never fails: what cannot be
// read is skipped.
type pdfParser struct {
	f      *pdfFile
	data   []byte
	pos    int
	sealed pdfSeal // what its strings and streams are encrypted for
}

func isPDFSpace(c byte) bool { return c == 0 || isTagSpace(c) }

func isPDFDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

// skip moves to the next byte that is no white space and no comment.
func (p *pdfParser) skip() {
	for comment := false; p.pos < len(p.data); p.pos++ {
		switch c := p.data[p.pos]; {
		case isBreak(c):
			comment = false
		case c == '%':
			comment = true
		case !comment && !isPDFSpace(c):
			return
		}
	}
	p.pos = len(p.data)
}

// more says whether there is something left to read.
func (p *pdfParser) more() bool {
	p.skip()
	return p.pos < len(p.data) && p.f.steps > 0
}

// charge counts what was passed over since a position: long strings and
// streams that are read again and again must not be free.
func (p *pdfParser) charge(from int) {
	p.pos = min(p.pos, len(p.data)) // what is not closed ends with the file
	p.f.steps -= max(0, p.pos-from) / chargedBytes
}

// chargedBytes is how many bytes of a string or stream count as one step.
const chargedBytes = 64

// closing marks the end of an array or dictionary among values.
type closing byte

// value reads one value; nil for none.
func (p *pdfParser) value(depth int) any {
	p.f.steps--
	for p.more() && bytes.IndexByte([]byte("){}"), p.data[p.pos]) >= 0 {
		p.pos++ // closes nothing
	}
	if !p.more() {
		return nil
	}
	switch c := p.data[p.pos]; {
	case c == '/':
		return p.name()
	case c == '(':
		return p.literal()
	case hasPrefix(p.data[p.pos:], "<<"):
		p.pos += 2
		return p.dict(depth + 1)
	case c == '<':
		return p.hexString()
	case c == '[':
		p.pos++
		return p.array(depth + 1)
	case c == ']':
		p.pos++
		return closing(']')
	case hasPrefix(p.data[p.pos:], ">>"):
		p.pos += 2
		return closing('>')
	}
	return p.word()
}

// word reads a number, a reference or a keyword.
func (p *pdfParser) word() any {
	word := p.token()
	n, err := strconv.ParseFloat(word, 64)
	switch {
	case err == nil && isDigit(word[len(word)-1]) || err == nil && word[len(word)-1] == '.':
		return p.reference(n)
	case word == "null":
		return nil
	case word == "true", word == "false":
		return word == "true"
	}
	return pdfWord(word)
}

// reference reads the rest of "12 0 R" behind its first number.
func (p *pdfParser) reference(n float64) any {
	if n < 0 || n != float64(int32(n)) {
		return n
	}
	before := p.pos
	if p.skip(); p.pos < len(p.data) && isDigit(p.data[p.pos]) {
		p.token()
		if p.skip(); p.pos < len(p.data) && p.data[p.pos] == 'R' && p.token() == "R" {
			return pdfRef(n)
		}
	}
	p.pos = before
	return n
}

// token reads bytes up to the next delimiter, at least one.
func (p *pdfParser) token() string {
	start := p.pos
	for p.pos++; p.pos < len(p.data) && !isPDFSpace(p.data[p.pos]) && !isPDFDelimiter(p.data[p.pos]); {
		p.pos++
	}
	return string(p.data[start:p.pos])
}

func (p *pdfParser) name() pdfName {
	raw := p.token()[1:]
	name := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) && isHex(raw[i+1]) && isHex(raw[i+2]) {
			name = append(name, hexValue(raw[i+1])<<4|hexValue(raw[i+2]))
			i += 2
		} else {
			name = append(name, raw[i])
		}
	}
	return pdfName(name)
}

func (p *pdfParser) hexString() pdfString {
	var digits []byte
	from := p.pos
	defer func() { p.charge(from) }()
	for p.pos++; p.pos < len(p.data) && p.data[p.pos] != '>'; p.pos++ {
		if isHex(p.data[p.pos]) {
			digits = append(digits, p.data[p.pos])
		}
	}
	p.pos++
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	return p.unsealed(decodeHex(nil, digits))
}

// unsealed is a string, decrypted.
func (p *pdfParser) unsealed(s []byte) pdfString {
	if p.f.lock != nil {
		s = p.f.unseal(p.f.lock.strings, p.sealed, s)
	}
	return pdfString(s)
}

// literal reads a string in round brackets.
func (p *pdfParser) literal() pdfString {
	var s []byte
	from := p.pos
	defer func() { p.charge(from) }()
	depth := 1
	for p.pos++; p.pos < len(p.data); p.pos++ {
		switch c := p.data[p.pos]; c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				p.pos++
				return p.unsealed(s)
			}
		case '\\':
			s = p.escaped(s)
			continue
		}
		s = append(s, p.data[p.pos])
	}
	return p.unsealed(s)
}

// escaped reads what a backslash escapes, up to its last byte.
func (p *pdfParser) escaped(s []byte) []byte {
	if p.pos++; p.pos >= len(p.data) {
		return s
	}
	if i := bytes.IndexByte([]byte("nrtbf"), p.data[p.pos]); i >= 0 {
		return append(s, "\n\r\t\b\f"[i])
	}
	switch c := p.data[p.pos]; {
	case c >= '0' && c <= '7':
		n, end := 0, min(p.pos+3, len(p.data))
		for ; p.pos < end && p.data[p.pos] >= '0' && p.data[p.pos] <= '7'; p.pos++ {
			n = n*8 + int(p.data[p.pos]-'0')
		}
		p.pos--
		return append(s, byte(n))
	case c == '\r' && p.pos+1 < len(p.data) && p.data[p.pos+1] == '\n':
		p.pos++
		return s
	case isBreak(c):
		return s
	default:
		return append(s, c)
	}
}

func (p *pdfParser) array(depth int) pdfArray {
	var a pdfArray
	for p.more() && depth < maxPDFNesting {
		v := p.value(depth)
		if end, ok := v.(closing); ok {
			if end == '>' {
				p.pos -= 2 // a dictionary around ends
			}
			break
		}
		a = append(a, v)
	}
	return a
}

// dict reads a dictionary, and the stream behind it.
func (p *pdfParser) dict(depth int) any {
	dict := pdfDict{}
	for p.more() && depth < maxPDFNesting {
		name, ok := p.value(depth).(pdfName)
		if !ok {
			break // its end, or something broken
		}
		v := p.value(depth)
		if _, ended := v.(closing); ended {
			break
		}
		dict[string(name)] = v
	}
	before := p.pos
	if p.skip(); depth == 1 && hasPrefix(p.data[p.pos:], "stream") {
		return pdfStream{dict, p.stream(dict), p.sealed}
	}
	p.pos = before
	return dict
}

// stream is what stands between the keywords. The length is believed if the
// second keyword is there.
func (p *pdfParser) stream(dict pdfDict) []byte {
	p.pos += len("stream")
	if hasPrefix(p.data[p.pos:], "\r\n") {
		p.pos += 2
	} else if p.pos < len(p.data) && isBreak(p.data[p.pos]) {
		p.pos++
	}
	rest := p.data[p.pos:]
	if n, ok := dict["Length"].(float64); ok && n >= 0 && int(n) <= len(rest) {
		if after := bytes.TrimLeft(rest[int(n):min(len(rest), int(n)+16)], "\r\n \t"); hasPrefix(after, "endstream") {
			return rest[:int(n)]
		}
	}
	end := bytes.Index(rest, []byte("endstream"))
	if end < 0 {
		end = len(rest)
	}
	p.f.steps -= end / chargedBytes
	return rest[:end]
}
