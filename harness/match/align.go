package match

// alignment says what a run of base64 characters holds, however it is aligned.
type alignment struct {
	found [4]bool // from this character on, it decodes to something with a text in it
	whole int     // from this one on, all of it is text; -1 when at none
}

// align looks at a run at all four alignments in one pass. MinKey bytes in a
// row always hold two whole groups of three: only where two in a row could be
// text are the bytes around them decoded and looked at.
func align(chars []byte) alignment {
	a := alignment{whole: -1}
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
			if last[at] && !a.found[at] && i >= tried[at] {
				a.found[at], tried[at] = textAround(chars, max(i-11, at))
			}
		}
		last[at] = ok
	}
	for at, n := range good {
		if groups := (len(chars) - at) / 4; a.found[at] && n*16 >= groups*15 && n >= minWhole {
			a.whole = at
			break
		}
	}
	return a
}

// minWhole is how many groups of text in a row are no chance.
const minWhole = 8

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
// text of MinKey letters and digits; if not, up to which character it looked.
func textAround(chars []byte, from int) (bool, int) {
	var s stretchOfText
	for ; from < len(chars); from += 4 {
		var space [3]byte
		for _, b := range decode64(space[:0], chars[from:min(from+4, len(chars))]) {
			if s.add(b); s.keys >= MinKey {
				return true, len(chars)
			}
		}
		if s.keys == 0 && s.ended {
			return false, from
		}
	}
	return false, len(chars)
}

// stretchOfText counts the letters and digits of a text that has come so far:
// ASCII, UTF-8, or single letters of a Latin alphabet among ASCII ones. It
// begins anew behind everything else.
type stretchOfText struct {
	keys  int  // bytes that fold to something
	lone  int  // of them, those that are no UTF-8
	need  int  // bytes that the last character still needs
	ended bool // something else came
}

func (s *stretchOfText) add(b byte) {
	class := textClass[b]
	if s.need > 0 {
		if class == classTail {
			s.need--
			s.keys++
			return
		}
		// It was no UTF-8: then it is a letter in a page of Latin ones.
		if s.need, s.lone = 0, s.lone+1; s.lone*4 > s.keys+4 {
			s.end()
		}
	}
	switch class {
	case classWord:
		s.keys++
	case classLead:
		s.keys++
		s.need = leadNeeds(b)
	case classTail, classNone:
		s.end()
	}
}

func (s *stretchOfText) end() { s.keys, s.lone, s.need, s.ended = 0, 0, 0, true }

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
		if s.add(b); s.keys >= MinKey {
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
	return none*16 <= min(len(data), 4096) && holdsText(data)
}
