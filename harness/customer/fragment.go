package customer

import (
	"strings"
	"unicode"

	"crosstalk/harness/match"
)

// fragmentBits is what a part of a value must carry to prove something alone.
const fragmentBits = learnedBits

// FragmentStrength says what a beginning or an end of a value can prove, of
// which so many bytes of its key (match.Key) were there. It is Strong when the
// part carries about 40 bits itself, by what its kind carries to the byte, and
// Weak below. It is Silent for weak values, and for what can be whole words
// that others have too: a first name, a street, a domain. A part that is as
// long as the key is the value itself.
//
// Which end was there is not said, so the worse of both counts.
func FragmentStrength(kind Kind, value string, matched int) Strength {
	size := len(match.Key(value))
	if matched < match.MinKey || size == 0 {
		return Silent
	}
	matched = min(matched, size)
	r, planted := ratingOf(kind)
	switch {
	case !planted:
		return learnedFragment(value, matched)
	case r.Strength != Strong:
		return Silent
	case matched == size:
		return Strong
	case r.Words && wholeWords(value, matched):
		return Silent
	case kind == Name && isStub(value[:cutAt(value, matched)]):
		return Silent
	case kind == Email:
		return emailFragment(r.Bits, value, matched)
	}
	return carrying(r.Bits * float64(matched) / float64(size))
}

func carrying(bits float64) Strength {
	if bits >= fragmentBits {
		return Strong
	}
	return Weak
}

// learnedFragment judges a part by its own characters.
func learnedFragment(value string, matched int) Strength {
	if LearnedStrength(value) != Strong {
		return Silent
	}
	head, tail := value[:cutAt(value, matched)], value[cutAt(value, len(match.Key(value))-matched):]
	return carrying(min(Entropy(head), Entropy(tail)))
}

// cutAt is where in a value its key's byte n begins; behind the last one, the
// value's end.
func cutAt(value string, n int) int {
	seen := 0
	for i, r := range value {
		if seen >= n {
			return i
		}
		seen += len(match.Key(string(r)))
	}
	return len(value)
}

// wholeWords says whether so many bytes of the key, from either end, end where
// a word of the value does.
func wholeWords(value string, matched int) bool {
	head, tail := cutAt(value, matched), cutAt(value, len(match.Key(value))-matched)
	return endsWord(value[head:]) || endsWord(reversed(value[:tail]))
}

// minStub is how many letters of a further word say something: "Charles G" is
// many a person.
const minStub = 4

// isStub says whether the beginning of a name is a first name and hardly more.
func isStub(head string) bool {
	_, more, ok := strings.Cut(head, " ")
	return ok && len(match.Key(more)) < minStub
}

// endsWord says whether no letter or digit comes first in what goes on.
func endsWord(rest string) bool {
	for _, r := range rest {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r)
	}
	return true
}

func reversed(s string) string {
	runes := []rune(s)
	for i, k := 0, len(runes)-1; i < k; i, k = i+1, k-1 {
		runes[i], runes[k] = runes[k], runes[i]
	}
	return string(runes)
}

// emailFragment knows that only the local part carries anything. An end that
// is no longer than a customer's own domain can be that domain alone, which is
// shown behind many a mask; one that is longer reaches into the local part.
func emailFragment(bits float64, value string, matched int) Strength {
	local, domain, _ := strings.Cut(value, "@")
	name, host := len(match.Key(local)), len(match.Key(domain))
	first, _, _ := strings.Cut(domain, ".")
	label := len(match.Key(first))
	// The search answers no part that others have: of the domain, only what
	// reaches into its first label can be one customer's.
	if matched > host-label && matched <= host {
		return Silent
	}
	share := min(matched, name)
	if matched > host {
		share = min(share, matched-host)
	}
	return carrying(bits * float64(share) / float64(max(name, 1)))
}
