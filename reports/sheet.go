package reports

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// columns is how wide text reports are at most.
const columns = 100

// Colors of a terminal, as the parameters of its escape sequence.
const (
	bold   = "1"
	dim    = "2"
	red    = "1;31"
	green  = "1;32"
	yellow = "1;33"
	cyan   = "36"
)

// sheet gathers lines of at most columns columns without trailing spaces.
type sheet struct {
	b     strings.Builder
	color bool
}

// line writes one line as it is; it may hold painted text.
func (s *sheet) line(text string) {
	s.b.WriteString(strings.TrimRight(text, " "))
	s.b.WriteByte('\n')
}

func (s *sheet) blank() { s.b.WriteByte('\n') }

// paint wraps text in a terminal's color, when colors are wanted.
func (s *sheet) paint(color, text string) string {
	if !s.color || text == "" || color == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// para writes text behind a label, wrapped, its other lines indented as far as
// the label reaches. Color is that of the text.
func (s *sheet) para(label, color, text string) { s.named("", label, color, text) }

// named is para with a color for the label too.
func (s *sheet) named(labelColor, label, color, text string) {
	indent := strings.Repeat(" ", cells(label))
	for i, l := range wrap(text, columns-len(indent)) {
		if i > 0 {
			label = indent
		}
		s.line(s.paint(labelColor, label) + s.paint(color, l))
	}
}

// heading opens a section.
func (s *sheet) heading(text string) {
	s.blank()
	s.line(s.paint(bold, strings.ToUpper(text)))
}

// wrap breaks text at spaces into lines of at most room columns; a longer word
// is broken where it must be.
func wrap(text string, room int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(text) {
		for cells(word) > room {
			if used > 0 {
				lines, line, used = append(lines, line), "", 0
			}
			head := clip(word, room)
			lines, word = append(lines, head), word[len(head):]
		}
		if used > 0 && used+1+cells(word) > room {
			lines, line, used = append(lines, line), "", 0
		}
		if used > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+cells(word)
	}
	if used > 0 || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// clip is the longest beginning of s that fits into room columns, at least one
// character.
func clip(s string, room int) string {
	used := 0
	for i, c := range s {
		used += cellsOf(c)
		if used > room && i > 0 {
			return s[:i]
		}
	}
	return s
}

// elide shortens s to room columns, taking the middle away: the ends of an
// address tell most.
func elide(s string, room int) string {
	if cells(s) <= room {
		return s
	}
	head := clip(s, (room-1)*2/3)
	tail := []rune(s[len(head):])
	for cells(head)+1+cells(string(tail)) > room {
		tail = tail[1:]
	}
	return head + "…" + string(tail)
}

// pad fills s up with spaces to n columns.
func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-cells(s))) }

// padLeft is pad for numbers.
func padLeft(s string, n int) string { return strings.Repeat(" ", max(0, n-cells(s))) + s }

// cells is how many columns a terminal gives to s.
func cells(s string) int {
	n := 0
	for _, c := range s {
		n += cellsOf(c)
	}
	return n
}

func cellsOf(c rune) int {
	if unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	if k := width.LookupRune(c).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}
