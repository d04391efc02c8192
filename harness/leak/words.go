package leak

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"crosstalk/harness/match"
)

// word is a run of letters and digits in a text, with its folded form.
type word struct {
	key      string
	from, to int // bytes of the text
}

// wordsOf splits a text into words. Marks and invisible characters part no
// words: "Zoe\u0308" is one.
func wordsOf(text string) []word {
	var words []word
	from := -1
	for i, r := range text {
		if isWordRune(r) {
			if from < 0 {
				from = i
			}
			continue
		}
		if from >= 0 {
			words = appendWord(words, text, from, i)
			from = -1
		}
	}
	if from >= 0 {
		words = appendWord(words, text, from, len(text))
	}
	return words
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r)
}

func appendWord(words []word, text string, from, to int) []word {
	if key := foldWord(text[from:to]); key != "" {
		words = append(words, word{key, from, to})
	}
	return words
}

func foldWord(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return match.Key(s)
		}
	}
	return strings.ToLower(s)
}

// shape is the word with its digit runs replaced, so that counters and dates
// do not make two texts different.
func (w word) shape() string {
	if !strings.ContainsAny(w.key, "0123456789") {
		return w.key
	}
	var b strings.Builder
	digits := false
	for _, r := range w.key {
		d := r >= '0' && r <= '9'
		if d && !digits {
			b.WriteByte('#')
		} else if !d {
			b.WriteRune(r)
		}
		digits = d
	}
	return b.String()
}

func isNumber(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
