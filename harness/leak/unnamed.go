package leak

import (
	"strings"

	"crosstalk/harness/history"
)

// unnamed says that nothing but its values tells that a credential stands in a
// body under a name: a page's only product has an id at such a place too, and
// where the shop chooses it by customer, or by chance, solo shows each another
// one. Such values are the personal places', and prove nothing.
func (t *token) unnamed() bool { return t.source >= inBody && !calledSo(t.name) }

func calledSo(name string) bool {
	return named(name) || namedWithin(name) || strings.HasSuffix(strings.ToLower(lastStep(name)), "key")
}

// signed says that a token is a part of the query of the address that a redirect
// leads to, and not called a credential: the address can be signed for the
// moment, and not for who asked.
func (t *token) signed() bool {
	_, key, query := strings.Cut(t.name, " ?")
	return t.source == inAddress && query && !calledSo(key)
}

// namedWithin says that the last two steps of a path are a credential's name
// together: "$.cart.id".
func namedWithin(name string) bool {
	_, pointer, ok := strings.Cut(name, "$")
	steps := strings.Split(strings.ReplaceAll(pointer, "[*]", ""), ".")
	n := len(steps)
	return ok && n >= 2 && named(steps[n-2]+"_"+steps[n-1])
}

// renewing is how many owners must have been the first to have two values or
// more under a name, before these are taken for what changes with each visit.
const renewing = 2

// turn is a value that somebody was given for the first time.
type turn struct {
	value, who string
	at         history.Moment
}

// fromStock says whether values come back to others, after still others have had
// theirs: at least fewestReturns of them, in order of time.
func fromStock(seq []turn) bool {
	first, back := map[string]int{}, map[string]bool{}
	for i, h := range seq {
		k, before := first[h.value]
		if !before {
			first[h.value] = i
			continue
		}
		for _, other := range seq[k+1 : i] {
			if other.value != h.value && other.who != h.who && seq[k].at+breather <= other.at && other.at+breather <= h.at {
				back[h.value] = true
				break
			}
		}
	}
	return len(back) >= fewestReturns
}
