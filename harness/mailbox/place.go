package mailbox

import (
	"strings"
	"unicode"

	"crosstalk/harness/history"
)

// Bounds of a place: of what is read of a subject, in bytes, and of what is
// kept of it, in characters.
const (
	maxSubject = 1000
	maxPlace   = 80
)

// PlaceOf is the place of mails with such a subject: "MAIL " and the subject
// without what depends on the customer, at most 80 characters of it. Words with
// digits become {}, and so does what blank (which may be nil) says is personal
// by writing {} in its stead.
func PlaceOf(subject string, blank func(string) string) history.Place {
	if len(subject) > maxSubject {
		subject = subject[:maxSubject]
	}
	subject = strings.ToValidUTF8(subject, "")
	if blank != nil {
		subject = blank(subject)
	}
	var words []string
	for word := range strings.FieldsFuncSeq(subject, isGap) {
		word = template(word)
		// How many words a name or an amount has differs from one to the next.
		if n := len(words); n > 0 && strings.HasSuffix(words[n-1], hole) && strings.HasPrefix(word, hole) {
			words[n-1] = strings.TrimSuffix(words[n-1], hole) + word
			continue
		}
		words = append(words, word)
	}
	if len(words) == 0 {
		return "MAIL (no subject)"
	}
	return history.Place("MAIL " + shorten(strings.Join(words, " ")))
}

// hole stands for what depends on the customer.
const hole = "{}"

func isGap(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// template is a word without what depends on the customer. Punctuation around
// it stays: it is the sentence's.
func template(word string) string {
	core := strings.TrimFunc(word, func(r rune) bool { return strings.ContainsRune(`.,:;!?"'()[]„“”‚‘’«»`, r) })
	if core != "" && personal(core) {
		word = strings.Replace(word, core, hole, 1)
	}
	for strings.Contains(word, hole+hole) {
		word = strings.ReplaceAll(word, hole+hole, hole)
	}
	return word
}

// personal says whether a word has a digit, or is a currency's sign: that
// stands before or behind the amount, as the customer's country has it.
func personal(word string) bool {
	return strings.ContainsFunc(word, unicode.IsNumber) ||
		strings.TrimFunc(word, func(r rune) bool { return unicode.Is(unicode.Sc, r) }) == ""
}

func shorten(text string) string {
	runes := []rune(text)
	if len(runes) <= maxPlace {
		return text
	}
	return string(runes[:maxPlace-1]) + "…"
}
