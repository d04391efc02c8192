package match

// entry is a form of a pattern in an index.
type entry struct {
	id      int
	text    string // what layers compares with
	decoded string // what the form adds to Hit.Decoded; "" for nothing
	at      uint32 // of its key in Index.keys
	size    uint32 // of its key
	kind    formRule
	loose   bool // may stand inside a longer word
}

// looseKey is the shortest key of a value without white space that is found
// inside longer words too: a token or gift word is nothing else by chance,
// whereas "Anna Berg" is part of "Hanna Bergman".
const looseKey = 14

// prepare makes an entry of a form; where its key is, add knows.
func prepare(id int, f form) entry {
	return entry{
		id: id, text: f.text, decoded: f.decoded, kind: f.kind,
		size:  uint32(len(f.key)), //nolint:gosec // a value is far below 4 GiB
		loose: len(f.key) >= looseKey && !hasSpace(f.text),
	}
}

func (e *entry) isFragment() bool { return e.kind == formFragmentHead || e.kind == formFragmentTail }

// part is the part of an entry's key by which it is found: all of it, but of a
// fragment what must be there.
func (e *entry) part() (start, end int) {
	switch size := int(e.size); e.kind {
	case formFragmentHead:
		return 0, MinKey
	case formFragmentTail:
		return size - MinKey, size
	default:
		return 0, size
	}
}

// fragment is what Hit.Fragment says of a stretch of so many folded bytes that
// scan found: 0 when it is the whole value.
func (e *entry) fragment(n int) int {
	if n == int(e.size) {
		return 0
	}
	return n
}

// written is how that stretch is written when nothing had to be undone.
func (e *entry) written(n int) string {
	size := int(e.size)
	switch {
	case e.fragment(n) == 0:
		return e.text
	case e.kind == formFragmentHead:
		from, to := Fold([]byte(e.text)).Origin(0, n)
		return e.text[from:to]
	default:
		from, to := Fold([]byte(e.text)).Origin(size-n, size)
		return e.text[from:to]
	}
}

// names are what Hit.Decoded gets, after what layers says, for a stretch of so
// many folded bytes.
func (e *entry) names(n int) []string {
	switch {
	case e.fragment(n) > 0:
		return []string{DecodedFragment}
	case e.decoded != "":
		return []string{e.decoded}
	}
	return nil
}

// stands says whether the key, or the piece of it, at this stretch of the
// stream is the value, and not a part of another word or a sum of distant
// pieces. A fragment is cut at one end: only its other end must stand.
func (e *entry) stands(f Folded, start, end int) bool {
	switch e.kind {
	case formPhone:
		return phoneStands(f, start, end)
	case formFragmentHead:
		return f.border(start)
	case formFragmentTail:
		return f.border(end)
	default:
		return (e.loose || f.border(start) && f.border(end)) && f.near(start, end, len(e.text))
	}
}

// near says whether the text of a stretch of the stream is not much longer
// than n bytes: escapes and separators make a value longer, but not without
// bounds.
func (f Folded) near(start, end, n int) bool {
	from, to := f.Origin(start, end)
	return to-from <= 12*n+32
}

// border says whether a word begins or ends at folded byte i: something was
// dropped there, or a digit stands beside a letter.
func (f Folded) border(i int) bool {
	if i == 0 || f.wordStart(i) {
		return true
	}
	return isDigit(f.bytes[i-1]) != isDigit(f.bytes[i])
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func hasSpace(s string) bool {
	for _, r := range s {
		if r == ' ' || r == '\u00a0' || r == '\t' || r == '\n' {
			return true
		}
	}
	return false
}
