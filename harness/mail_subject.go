package harness

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosstalk/harness/customer"
)

// personalWords are the values of customers that a subject may have in it, the
// longest first. Numbers and addresses are blanked without us.
func personalWords(customers []customer.Customer) []string {
	var all []string
	for i := range customers {
		c := &customers[i]
		for _, value := range []string{c.First + " " + c.Last, c.Last + ", " + c.First, c.First, c.Last, c.Company, c.City, c.Gift} {
			if value = strings.TrimSpace(value); utf8.RuneCountInString(value) > 1 {
				all = append(all, strings.ToLower(value))
			}
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	slices.SortStableFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all
}

// blanked is a subject with {} for each of the words (in lower case, the longest
// first) that stands in it as whole words.
func blanked(subject string, words []string) string {
	lower := strings.ToLower(subject)
	if len(lower) != len(subject) {
		subject = lower // a letter whose lower case is longer: the places would not fit
	}
	for _, w := range words {
		for from := 0; ; {
			i := strings.Index(lower[from:], w)
			if i < 0 {
				break
			}
			i += from
			if from = i + len(w); !whole(lower, i, from) {
				continue
			}
			subject, lower = subject[:i]+"{}"+subject[from:], lower[:i]+"{}"+lower[from:]
			from = i + len("{}")
		}
	}
	return subject
}

// whole says that no letter stands directly before or behind a stretch.
func whole(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	return !unicode.IsLetter(before) && !unicode.IsLetter(after)
}
