package leak

import (
	"slices"
	"strings"

	"crosstalk/harness/customer"
)

// inCompany says that a text has the viewer's name or city in one row with
// another customer's: "Lately here: Anna, Zoë". Such a row is everybody's, also
// when it is a copy that was made before the viewer came, or when later others
// have taken the viewer's place in it. A greeting names one.
func (s *slots) inCompany(p piece, kind customer.Kind, viewer string) bool {
	if !isCalled(kind) {
		return false
	}
	words := wordsOf(p.text)
	spans := s.own.find(words)
	for _, mine := range spans {
		if !s.calls(mine.key, kind, func(owner string) bool { return owner == viewer }) {
			continue
		}
		for _, theirs := range spans {
			if !s.own.mine[viewer][theirs.key] && inRow(p.text, words, mine, theirs) &&
				s.calls(theirs.key, kind, func(owner string) bool { return owner != viewer }) {
				return true
			}
		}
	}
	return false
}

// calls says whether a value is of that kind for one of those owners.
func (s *slots) calls(key string, kind customer.Kind, of func(string) bool) bool {
	return slices.ContainsFunc(s.own.values[key], func(v value) bool { return v.kind == kind && of(v.owner) })
}

// inRow says that between two values of a text there is a mark that parts the
// items of a row, and no word.
func inRow(text string, words []word, a, b span) bool {
	if a.from > b.from {
		a, b = b, a
	}
	if a.to != b.from {
		return false
	}
	between := strings.TrimSpace(text[words[a.to-1].to:words[b.from].from])
	return between != "" && strings.Trim(between, ",;·•|/& ") == ""
}
