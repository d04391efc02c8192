package leak

import (
	"slices"
	"strings"

	"crosstalk/harness/customer"
)

// gap is a skeleton taken apart: the words before and behind a value.
type gap struct{ left, right []string }

// gapOf takes a skeleton apart; ok is false when the kind stands in it twice.
func gapOf(skeleton string, kind customer.Kind) (gap, bool) {
	words := strings.Split(skeleton, " ")
	mark := "⟨" + string(kind) + "⟩"
	i := slices.Index(words, mark)
	if i < 0 || slices.Contains(words[i+1:], mark) {
		return gap{}, false
	}
	return gap{words[:i], words[i+1:]}, true
}

// mostValueWords is how many words a value has at most, an e-mail address
// with a long domain included.
const mostValueWords = 10

// fill answers which words of a text stand in the gap. What is shorter than
// the window of a skeleton is the text's beginning or end.
func (g gap) fill(m masked) (int, int, bool) {
	for from := len(g.left); from < len(m); from++ {
		if !g.begins(m, from) {
			if len(g.left) < around {
				return 0, 0, false
			}
			continue
		}
		for to := from + 1; to <= min(len(m), from+mostValueWords); to++ {
			if g.ends(m, to) {
				return from, to, true
			}
		}
	}
	return 0, 0, false
}

func (g gap) begins(m masked, at int) bool {
	if len(g.left) < around && at != len(g.left) {
		return false
	}
	return like(m[at-len(g.left):at], g.left)
}

func (g gap) ends(m masked, at int) bool {
	if len(g.right) < around && len(m)-at != len(g.right) {
		return false
	}
	return len(m)-at >= len(g.right) && like(m[at:at+len(g.right)], g.right)
}

// like compares words; where solo had another value of the viewer's, any one
// word may stand: it can be a stranger's too.
func like(m masked, words []string) bool {
	for i, w := range words {
		if m[i].shape != w && !strings.HasPrefix(w, "⟨") {
			return false
		}
	}
	return true
}

// words are the words of the text that elements from one to another stand for.
func (m masked) words(from, to int) (int, int) {
	first := 0
	for _, e := range m[:from] {
		first += e.width
	}
	last := first
	for _, e := range m[from:to] {
		last += e.width
	}
	return first, last
}

// valueAround is the value with the signs at its edges that belong to it
// ("+46…", "(207)…"), and with those that tell a mask or a cut: a form is told
// by them.
func valueAround(text string, from, to int) string {
	const edges = "+(*•#…_{}<>%$[@"
	for from > 0 && strings.IndexByte("+(*#_{<%$[@", text[from-1]) >= 0 {
		from--
	}
	for {
		r := strings.TrimLeft(text[to:], edges+")]")
		if len(r) == len(text)-to || len(text) == to {
			break
		}
		to = len(text) - len(r)
	}
	for _, cut := range []string{"...", "…", "•", "***"} {
		if strings.HasPrefix(text[to:], cut) {
			to += len(cut)
		}
		if strings.HasSuffix(text[:from], cut) {
			from -= len(cut)
		}
	}
	return text[from:to]
}
