package leak

import (
	"cmp"
	"slices"
	"strings"

	"crosstalk/harness/history"
)

// unnamed says that nothing but its values tells that a credential stands under
// a token's name: a page's only product has an id at such a place too, and where
// the shop chooses it by customer, or by chance, solo shows each another one.
func (t *token) unnamed() bool {
	return t.source >= inBody && !named(t.name) && !namedWithin(t.name) && !strings.HasSuffix(strings.ToLower(lastStep(t.name)), "key")
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

// changes says that what stands under a name is not one's own for good: owners
// were given new ones, that nobody had had before, all the time. A cache that
// hands on what another was given makes nothing new.
func (l *ledger) changes(name string) bool {
	firsts, owners := map[string]int{}, 0
	for _, t := range l.names[name] {
		if firsts[t.owners[0].owner]++; firsts[t.owners[0].owner] == 2 {
			owners++
		}
	}
	return owners >= renewing
}

// chosen says that values without a credential's name come from a stock that
// the shop chooses from: each visit has one, and they come back after others had
// theirs. What is made for one visit does not, whatever hands it on; and one that
// does is a leak.
func (l *ledger) chosen(name string) bool {
	var seq []turn
	for value, t := range l.names[name] {
		if !t.unnamed() {
			return false
		}
		for _, r := range t.owners {
			seq = append(seq, turn{value, r.owner, r.at})
		}
	}
	slices.SortFunc(seq, func(a, b turn) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.value, b.value)) })
	return l.changes(name) && fromStock(seq)
}

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
