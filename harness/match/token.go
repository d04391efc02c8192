package match

import "unicode"

// token is a run of digits, or of letters, of a folded stream that nothing
// parts: folded bytes from start to before end.
type token struct{ start, end int }

func (t token) len() int { return t.end - t.start }

// eachNumber calls each with every run of digits of the stream.
func (f Folded) eachNumber(each func(token)) {
	for i := 0; i < len(f.bytes); {
		if !isDigit(f.bytes[i]) {
			i++
			continue
		}
		t := f.tokenAt(i)
		each(t)
		i = t.end
	}
}

// tokenAt is the rest of the run that goes on at folded byte i; empty at the
// end of the stream.
func (f Folded) tokenAt(i int) token {
	if i >= len(f.bytes) {
		return token{i, i}
	}
	end := i + 1
	for end < len(f.bytes) && isDigit(f.bytes[end]) == isDigit(f.bytes[i]) && !f.parted(end) {
		end++
	}
	return token{i, end}
}

// tokenBefore is the run that ends before folded byte i; empty at the
// beginning of the stream.
func (f Folded) tokenBefore(i int) token {
	if i <= 0 {
		return token{0, 0}
	}
	start := i - 1
	for start > 0 && isDigit(f.bytes[start-1]) == isDigit(f.bytes[start]) && !f.parted(start) {
		start--
	}
	return token{start, i}
}

// parted says whether a token ends before folded byte i. Digits that stand in
// two elements with nothing between them are one number to the reader.
func (f Folded) parted(i int) bool {
	if !f.wordStart(i) {
		return false
	}
	if !isDigit(f.bytes[i]) {
		return true
	}
	from, to := f.dropped(i)
	return from < to
}

func (f Folded) string(t token) string { return string(f.bytes[t.start:t.end]) }

// isNumber says whether a token is digits, from least to most of them.
func (f Folded) isNumber(t token, least, most int) bool {
	return t.len() >= least && t.len() <= most && isDigit(f.bytes[t.start])
}

// isWord says whether a token is letters.
func (f Folded) isWord(t token) bool { return t.len() > 0 && !isDigit(f.bytes[t.start]) }

// number is what a token of at most 18 digits counts.
func (f Folded) number(t token) int64 {
	n := int64(0)
	for _, b := range f.bytes[t.start:t.end] {
		n = n*10 + int64(b-'0')
	}
	return n
}

// gapSize is how many characters between two tokens are looked at.
const gapSize = 8

// gap is what was dropped between two folded bytes: its characters, white
// space of any length as one blank, dashes and apostrophes of any kind as the
// plain ones, without what is invisible.
type gap struct {
	runes [gapSize]rune
	at    [gapSize]int // where each stands in the text
	n     int
	long  bool // there are more
}

// gap is what was dropped before folded byte i; of much, what came first.
func (f Folded) gap(i int) gap {
	var g gap
	pos, end := f.dropped(i)
	for pos < end && !g.long {
		r, size, _ := unit(f.text, pos)
		g.add(r, pos)
		pos += size
	}
	return g
}

// gapBefore is what was dropped before folded byte i; of much, what came last.
func (f Folded) gapBefore(i int) gap {
	g := f.gap(i)
	if !g.long {
		return g
	}
	pos, end := f.dropped(i)
	g = gap{}
	for pos < end {
		if g.n == gapSize {
			copy(g.runes[:], g.runes[1:])
			copy(g.at[:], g.at[1:])
			g.n--
			g.long = true
		}
		r, size, _ := unit(f.text, pos)
		g.add(r, pos)
		pos += size
	}
	return g
}

// dropped is the stretch of the text between folded byte i and the one before.
func (f Folded) dropped(i int) (from, to int) {
	from, to = 0, len(f.text)
	if i < len(f.bytes) {
		to = int(f.at[i])
	}
	if i > 0 {
		_, from = f.Origin(i-1, i)
	}
	return from, to
}

func (g *gap) add(r rune, pos int) {
	if r >= '！' && r <= '～' { // full width
		r -= '！' - '!'
	}
	switch {
	case unicode.IsSpace(r):
		if r = ' '; g.n > 0 && g.runes[g.n-1] == ' ' {
			return
		}
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.M, r):
		return
	case unicode.Is(unicode.Pd, r), r == '−':
		r = '-'
	case r == '’', r == '‘', r == '´', r == '`':
		r = '\''
	}
	if g.n == gapSize {
		g.long = true
		return
	}
	g.runes[g.n], g.at[g.n] = r, pos
	g.n++
}

// is says whether the gap is exactly this.
func (g *gap) is(s string) bool {
	if g.long {
		return false
	}
	i := 0
	for _, r := range s {
		if i >= g.n || g.runes[i] != r {
			return false
		}
		i++
	}
	return i == g.n
}

// only says whether the gap has no other characters than these.
func (g *gap) only(chars string) bool {
	for _, r := range g.runes[:g.n] {
		if !contains(chars, r) {
			return false
		}
	}
	return !g.long
}

func contains(chars string, r rune) bool {
	for _, c := range chars {
		if c == r {
			return true
		}
	}
	return false
}
