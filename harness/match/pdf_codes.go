package match

import "slices"

// unicode reads the table that says which characters the codes stand for.
func (font *pdfFont) unicode(p *pdfParser) {
	var args []any
	for p.more() {
		v := p.value(0)
		op, ok := v.(pdfWord)
		if !ok {
			if len(args) < 3*maxCodes {
				args = append(args, v)
			}
			continue
		}
		switch op {
		case "endcodespacerange":
			if low, ok := first(args).(pdfString); ok && font.width == 2 && len(low) >= 1 && len(low) <= 4 {
				font.width = len(low)
			}
		case "endbfchar":
			for ; len(args) >= 2; args = args[2:] {
				font.char(args[0], args[1])
			}
		case "endbfrange":
			for ; len(args) >= 3; args = args[3:] {
				font.rangeOf(args[0], args[1], args[2])
			}
		}
		args = args[:0]
	}
	slices.SortStableFunc(font.ranges, func(a, b pdfRange) int { return a.low - b.low })
}

func (font *pdfFont) char(code, to any) {
	c, ok1 := code.(pdfString)
	s, ok2 := to.(pdfString)
	if ok1 && ok2 && len(font.chars) < maxCodes {
		font.chars[codeOf(string(c))] = meaningOf(s)
	}
}

func (font *pdfFont) rangeOf(low, high, to any) {
	l, ok1 := low.(pdfString)
	h, ok2 := high.(pdfString)
	if !ok1 || !ok2 {
		return
	}
	from, last := codeOf(string(l)), codeOf(string(h))
	switch to := to.(type) {
	case pdfString:
		runes := []rune(meaningOf(to))
		switch {
		case len(runes) == 1 && len(font.ranges) < maxCodes:
			font.ranges = append(font.ranges, pdfRange{from, last, runes[0]})
		case len(runes) > 1:
			font.char(low, to)
		}
	case pdfArray:
		for i, v := range to {
			if s, ok := v.(pdfString); ok && from+i <= last && len(font.chars) < maxCodes {
				font.chars[from+i] = meaningOf(s)
			}
		}
	}
}

// meaningOf is what a code is said to mean.
func meaningOf(s pdfString) string { return wideString(string(s[:min(len(s), maxMeaning)])) }

// codeOf is a code's number; its bytes are at most four.
func codeOf(s string) int {
	n := 0
	for i := range min(len(s), 4) {
		n = n<<8 | int(s[i])
	}
	return n
}
