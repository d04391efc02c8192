package match

import "bytes"

// pair counts pairs of hexadecimal digits, as dumps and addresses show bytes.
func (p *pass) pair(i int) {
	data := p.t.data
	if !isHex(data[i]) || !isHex(data[i+1]) {
		return
	}
	if p.pairs > 0 && i-p.lastEnd <= maxPairGap && separatesPairs(data[p.lastEnd:i]) {
		p.pairs++
		p.lastEnd = i + 2
		return
	}
	p.endPairs()
	p.pairs, p.first, p.lastEnd = 1, i, i+2
}

// endPairs opens the pairs that were counted.
func (p *pass) endPairs() {
	if p.pairs < MinKey {
		return
	}
	data := p.t.data
	chars := make([]byte, 0, 2*p.pairs)
	for i := p.first; i < p.lastEnd; {
		if isHex(data[i]) && i+1 < p.lastEnd && isHex(data[i+1]) {
			chars = append(chars, data[i], data[i+1])
			i += 2
		} else {
			i++
		}
	}
	p.openHex(span{p.first, p.lastEnd}, chars)
	p.pairs = 0
}

// slashX opens bytes written as \x5a that begin at i: scripts mean characters
// by them, which unit knows; logs and other languages mean bytes.
func (p *pass) slashX(i int) {
	data, end := p.t.data, i
	var chars []byte
	for ; end+4 <= len(data) && data[end] == '\\' && data[end+1] == 'x' && isHex(data[end+2]) && isHex(data[end+3]); end += 4 {
		chars = append(chars, data[end+2:end+4]...)
	}
	if p.bytesEnd = max(end, i+1); len(chars) >= minHex {
		p.openHex(span{i, end}, chars)
	}
}

// openHex opens pairs of hexadecimal digits that stood apart.
func (p *pass) openHex(s span, chars []byte) {
	r := &run{span: s, pass: p, chars: chars}
	for _, is := range p.o.table {
		if is.name == DecodedHex {
			p.openCuts(is, r)
		}
	}
}

// maxPairGap is the widest separator of pairs: a comma, a blank, no more.
const maxPairGap = 2

func separatesPairs(gap []byte) bool {
	return len(gap) > 0 && bytes.Trim(gap, " :,\r\n") == nil
}
