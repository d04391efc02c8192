package match

// windows are the parts of a run of base64 characters that decode to
// something with a text in it, by alignment.
type windows struct {
	at    [4][]span
	whole [4]bool // at which alignments the run is text from one end to the other
}

// Sizes of windows, in characters.
const (
	maxWholeRun  = 1 << 10 // a run up to here is decoded as a whole where there is text in it and none is all text
	aroundWindow = 1 << 5  // otherwise text is decoded with so much around it
)

// align looks at a run at all four alignments in one pass. MinKey bytes in a
// row always hold two whole groups of three: only where two in a row could be
// text are the bytes around them decoded and looked at.
func align(chars []byte) windows {
	var w windows
	var good, tried [4]int
	var last [4]bool
	q := uint32(0)
	for i, c := range chars {
		q = q<<6 | uint32(sextet[c])
		if i < 3 {
			continue
		}
		at := (i + 1) & 3
		ok := textGroup(byte(q>>16), byte(q>>8), byte(q))
		if ok {
			good[at]++
			if last[at] && i >= tried[at] {
				tried[at] = w.look(chars, max(i-11, at), at)
			}
		}
		last[at] = ok
	}
	w.widen(len(chars), good)
	return w
}

// widen makes one window of all of a run, of size characters, at alignments at
// which nearly all of its groups are text. Text at others is decoded all the
// same: a run of one letter is text at every alignment, random bytes are at a
// wrong one by chance, and tokens joined with a dash have one each. Where all
// is text, what is text at another alignment as well is mostly chance: only in
// runs that are not, and are short, is all decoded wherever there is some.
func (w *windows) widen(size int, good [4]int) {
	for at, n := range good {
		if n*16 >= (size-at)/4*15 && n >= minWhole && len(w.at[at]) > 0 {
			w.at[at], w.whole[at] = []span{{at, size}}, true
		}
	}
	for at := range w.at {
		if len(w.at[at]) > 0 && w.whole == [4]bool{} && size <= maxWholeRun {
			w.at[at] = []span{{at, size}}
		}
	}
}

// minWhole is how many groups of text in a row are no chance.
const minWhole = 8

// look decodes from an aligned character on, adds a window if there is text,
// and answers up to which character it looked.
func (w *windows) look(chars []byte, from, at int) int {
	found, end := textAround(chars, from)
	if !found {
		return end
	}
	s := span{max(at, from-aroundWindow), min(len(chars), end+aroundWindow)}
	if n := len(w.at[at]); n > 0 && w.at[at][n-1].end >= s.start {
		w.at[at][n-1].end = s.end
	} else {
		w.at[at] = append(w.at[at], s)
	}
	return end
}

// textGroup says whether three bytes can stand in a text.
func textGroup(a, b, c byte) bool {
	return follows(textClass[a], textClass[b]) && follows(textClass[b], textClass[c])
}

// follows says whether in UTF-8, or in a Latin alphabet with a letter or two
// that are not ASCII, one class of bytes comes after another.
func follows(a, b byte) bool {
	// Bit 8*a+b: what may follow none, space, word, tail, lead.
	const table = 0<<0 | 0x16<<8 | 0x16<<16 | 0x1e<<24 | 0x0e<<32
	return uint64(table)>>(8*a+b)&1 != 0
}

// textAround decodes from an aligned character on and says whether there is a
// text of MinKey letters and digits, and up to which character it looked: the
// end of that text, or where it was clear that there is none.
func textAround(chars []byte, from int) (bool, int) {
	var s stretchOfText
	found := false
	for ; from < len(chars); from += 4 {
		var space [3]byte
		for _, b := range decode64(space[:0], chars[from:min(from+4, len(chars))]) {
			s.add(b)
			found = found || s.isText()
		}
		if s.keys == 0 && s.ended {
			return found, from
		}
	}
	return found, len(chars)
}

// stretchOfText counts the letters and digits of a text that has come so far:
// ASCII, UTF-8, or single letters of a Latin alphabet among ASCII ones. It
// begins anew behind everything else.
type stretchOfText struct {
	keys  int  // bytes that fold to something
	lone  int  // of them, those that are no UTF-8
	need  int  // bytes that the last character still needs
	prev  byte // the last byte, of a character the one before it
	ended bool // something else came
}

// isText says whether what has come so far can hold a value. Random bytes are
// full of Latin letters: no more than every fifth may be one.
func (s *stretchOfText) isText() bool { return s.keys >= MinKey && s.lone*5 <= s.keys }

func (s *stretchOfText) add(b byte) {
	class := textClass[b]
	if s.need > 0 {
		if class == classTail {
			s.need--
			s.keys++
			return
		}
		// It was no UTF-8: then it is a letter in a text of Latin ones.
		if s.need, s.lone = 0, s.lone+1; !latin(s.prev) || !latin(b) {
			s.end()
		}
	}
	switch class {
	case classWord:
		s.keys++
	case classLead:
		s.keys++
		s.need = leadNeeds(b)
		return
	case classTail, classNone:
		s.end()
	}
	s.prev = b
}

// latin says whether a byte is what stands beside a letter with a mark: one
// without, or a blank.
func latin(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == ' ' }

func (s *stretchOfText) end() { *s = stretchOfText{ended: true} }

// leadNeeds is how many bytes follow the first one of a character.
func leadNeeds(b byte) int {
	switch {
	case b >= 0xf0:
		return 3
	case b >= 0xe0:
		return 2
	}
	return 1
}

// holdsText says whether MinKey letters and digits stand in one text.
func holdsText(data []byte) bool {
	var s stretchOfText
	for _, b := range data {
		if s.add(b); s.isText() {
			return true
		}
	}
	return false
}

// mostlyText says whether bytes are text, but for a few.
func mostlyText(data []byte) bool {
	none := 0
	for _, b := range data[:min(len(data), 4096)] {
		if textClass[b] == classNone {
			none++
		}
	}
	return none*8 <= min(len(data), 4096) && holdsText(data)
}
