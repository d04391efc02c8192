package match

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maskScan grows a mask around its first hidden part.
type maskScan struct {
	text       string
	start, end int
}

// before is the character before position i; 0 at the beginning.
func (s *maskScan) before(i int) (rune, int) {
	if i <= 0 {
		return 0, 0
	}
	return utf8.DecodeLastRuneInString(s.text[:i])
}

// behind is the character at position i; 0 at the end.
func (s *maskScan) behind(i int) (rune, int) {
	if i >= len(s.text) {
		return 0, 0
	}
	return utf8.DecodeRuneInString(s.text[i:])
}

// maxMask is the longest mask, in bytes.
const maxMask = 96

// word grows the mask over the word it stands in.
func (s *maskScan) word() {
	for s.end-s.start < maxMask {
		r, size := s.before(s.start)
		if size == 0 || !inMask(r) && r != '(' {
			break
		}
		s.start -= size
	}
	s.end = s.wordEnd(s.end)
}

// wordEnd is where the word ends that goes on at position i. A bracket is part
// of it when it was opened in the mask.
func (s *maskScan) wordEnd(i int) int {
	for i-s.start < maxMask {
		r, size := s.behind(i)
		if size == 0 || !inMask(r) && (r != ')' || !leftOpen(s.text[s.start:i])) {
			break
		}
		i += size
	}
	return i
}

// leftOpen says whether the last bracket of a text opens.
func leftOpen(text string) bool {
	return strings.LastIndexByte(text, '(') > strings.LastIndexByte(text, ')')
}

// inMask says whether a character can be part of a masked word.
func inMask(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || isBullet(r) || strings.ContainsRune("@.+-_#…‑", r)
}

// neighbors grows the mask over the words beside it that are masked as well,
// or groups of digits of the same number.
func (s *maskScan) neighbors() {
	for s.end-s.start < maxMask {
		end := s.neighbor(s.end)
		if end == s.end {
			break
		}
		s.end = end
	}
	for s.end-s.start < maxMask && s.digitsOnly() {
		start := s.digitsBefore()
		if start == s.start {
			break
		}
		s.start = start
	}
}

// neighbor is where the word behind the mask ends, if it belongs to it.
func (s *maskScan) neighbor(i int) int {
	r, size := s.behind(i)
	if r != ' ' && r != '\u00a0' && r != '\u202f' {
		return i
	}
	from := i + size
	if r, size := s.behind(from); r == '(' {
		from += size
	}
	end := s.wordEnd(from)
	word := strings.TrimRight(s.text[from:end], ".")
	// A bracket that closes behind the last digits, "(•••• 4821)", was opened
	// around the mask and is none of it.
	digits := strings.TrimSuffix(word, ")")
	switch {
	case word == "" || end-from > maxMask/2:
		return i
	case hasMailbox(word) || hasMailbox(s.text[s.start:i]):
		return i // what stands beside an address is another value's
	case masksAny(word):
		return end
	case s.digitsOnly() && s.strong() && isDigits(digits) && len(digits) <= 6:
		return from + len(digits)
	}
	return i
}

// hasMailbox says whether a text is an e-mail address, masked or not.
func hasMailbox(text string) bool { return strings.Index(text, "@") > 0 }

// digitsBefore is where the group of digits before the mask begins, with a
// plus or bracket, if there is one.
func (s *maskScan) digitsBefore() int {
	r, size := s.before(s.start)
	if r != ' ' && r != '\u00a0' && r != '\u202f' || !s.strong() {
		return s.start
	}
	end := s.start - size
	from := end
	for from > 0 && end-from <= 8 && (isDigit(s.text[from-1]) || strings.IndexByte("()+", s.text[from-1]) >= 0) {
		from--
	}
	if !strings.ContainsAny(s.text[from:end], "0123456789") || end-from > 8 {
		return s.start
	}
	if r, size := s.before(from); size > 0 && inMask(r) {
		return s.start // a word that ends in digits
	}
	return from
}

// digitsOnly says whether the mask shows no letters, so far.
func (s *maskScan) digitsOnly() bool {
	return strings.IndexFunc(s.text[s.start:s.end], func(r rune) bool { return unicode.IsLetter(r) && r != 'x' && r != 'X' }) < 0
}

// strong says whether so much is hidden that it is no operator of a program:
// three characters, or bullets.
func (s *maskScan) strong() bool {
	n := 0
	for _, r := range s.text[s.start:s.end] {
		if isBullet(r) || r == 'x' || r == 'X' || r == '#' {
			n++
			if r >= utf8.RuneSelf {
				n++
			}
		}
	}
	return n >= 3
}

// masksAny says whether a word has a hidden part.
func masksAny(word string) bool {
	for i, r := range word {
		if isBullet(r) {
			if _, weight := hiddenRun(word[i:]); weight >= weightOne {
				return true
			}
		}
		if r == 'x' || r == 'X' || r == '#' {
			if n, weight := hiddenRun(word[i:]); weight == weightLetters && (i == 0 && n == len(word) || besideDigits(word, i, n)) {
				return true
			}
		}
	}
	return false
}

func isDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// trim takes punctuation from both ends that belongs to the sentence.
func (s *maskScan) trim() {
	for s.start < s.end && strings.IndexByte(".-_#+)", s.text[s.start]) >= 0 {
		if n, weight := hiddenRun(s.text[s.start:]); weight > weightNone && n > 0 || s.text[s.start] == '+' && s.start+1 < s.end && isDigit(s.text[s.start+1]) {
			break
		}
		s.start++
	}
	for s.start < s.end && strings.IndexByte(".-_+", s.text[s.end-1]) >= 0 && !strings.HasSuffix(s.text[s.start:s.end], "...") {
		s.end--
	}
	if text := s.text[s.start:s.end]; strings.HasPrefix(text, "(") {
		switch strings.IndexByte(text, ')') {
		case len(text) - 1:
			s.start, s.end = s.start+1, s.end-1
		case -1:
			s.start++
		}
	}
}

// mask is what was grown, if it is a mask.
func (s *maskScan) mask() (Mask, bool) {
	text := s.text[s.start:s.end]
	shape, count, weight := shapeOf(text)
	m := Mask{Start: s.start, End: s.end, Text: text, shape: shape}
	address := strings.Contains(shape, "@")
	switch {
	case m.Shown() == 0 || strings.IndexByte(shape, hidden) < 0:
		return m, false
	case strings.HasPrefix(shape, "\x00") && strings.HasSuffix(shape, "\x00") && !address:
		return m, false // emphasis
	case weight == weightEllipsis && !address:
		return m, s.endsInDigits(shape)
	case weight == weightLetters:
		return m, address || isNumeric(shape)
	}
	return m, count >= 2 && (weight == weightMany || address) && !emphasis(text, shape)
}

// emphasis says whether two asterisks at one end of a word make the word bold
// rather than hide something: a word that is shown as a whole.
func emphasis(text, shape string) bool {
	word := strings.Trim(text, "*")
	return len(text)-len(word) <= 3 && strings.Trim(shape, "\x00") == word && len(word) >= 3 && !strings.ContainsAny(word, "@0123456789")
}

// endsInDigits says whether a shape is an ellipsis with some last digits.
func (s *maskScan) endsInDigits(shape string) bool {
	digits, ok := strings.CutPrefix(shape, "\x00")
	return ok && isDigits(digits) && len(digits) >= 3 && len(digits) <= 6
}

// shapeOf is a mask's shape, how many characters it hides, and the heaviest of
// its hidden parts.
func shapeOf(text string) (shape string, count, weight int) {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		n, w := hiddenRun(text[i:])
		if w == weightLetters && !isBullet(r) && !besideDigits(text, i, n) && i+n < len(text) {
			n = 0
		}
		if n == 0 {
			b.WriteString(text[i : i+size])
			i += size
			continue
		}
		if s := b.String(); s == "" || s[len(s)-1] != hidden {
			b.WriteByte(hidden)
		}
		count, weight, i = count+utf8.RuneCountInString(text[i:i+n]), max(weight, w), i+n
	}
	return b.String(), count, weight
}

// withPlainWord are the masks that a masked first or last name makes together
// with the word beside it, when that begins with a capital: "Hazel L******".
// Whether it is a part of the name, only a name can tell.
func (s *maskScan) withPlainWord(m Mask) []Mask {
	initial, _ := utf8.DecodeRuneInString(m.shape)
	if !unicode.IsUpper(initial) || strings.ContainsAny(m.shape, " @0123456789") {
		return nil
	}
	var masks []Mask
	if r, size := s.behind(m.End); r == ' ' || r == '\u00a0' {
		if end := s.wordEnd(m.End + size); capital(s.text[m.End+size : end]) {
			word := strings.TrimRight(s.text[m.End+size:end], ".-")
			masks = append(masks, Mask{Start: m.Start, End: m.End + size + len(word), Text: s.text[m.Start : m.End+size+len(word)], shape: m.shape + " " + word})
		}
	}
	if r, size := s.before(m.Start); r == ' ' || r == '\u00a0' {
		end := m.Start - size
		before := maskScan{text: s.text, start: end, end: end}
		before.word()
		if word := s.text[before.start:end]; capital(word) {
			masks = append(masks, Mask{Start: before.start, End: m.End, Text: s.text[before.start:m.End], shape: word + " " + m.shape})
		}
	}
	return masks
}

// capital says whether a word begins with a capital letter and is letters.
func capital(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(first) && len(word) >= 2 && !strings.ContainsAny(word, "@_+#0123456789")
}
