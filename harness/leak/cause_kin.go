package leak

import (
	"fmt"
	"slices"
	"strings"
)

// open says that something is among what an unknown cause is consistent with.
func (f *Finding) open(what string) bool {
	return slices.ContainsFunc(f.Evidence, func(e string) bool { return strings.HasPrefix(e, notCertain) && strings.Contains(e, what) })
}

// kin tells of findings that a like one came about otherwise: the same leak,
// of another customer or to one, that a cause with narrower facts explains. A
// race that also happens to those who are alone is not explained by it.
func kin(findings []Finding) {
	rank := map[string]int{CauseUnknown: len(causes())}
	for i, one := range causes() {
		rank[one.name] = i
	}
	plainest := map[string]int{} // fingerprint → finding
	for i, f := range findings {
		if first, known := plainest[f.Fingerprint]; !known || rank[f.Cause] < rank[findings[first].Cause] {
			plainest[f.Fingerprint] = i
		}
	}
	for i := range findings {
		f, like := &findings[i], findings[plainest[findings[i].Fingerprint]]
		text := "the same leak to %s (%s) has a cause: %s"
		if f.Cause == CauseRace {
			text = "the same leak to %s (%s) came about in another way: %s"
		}
		fits := f.Cause == CauseRace || f.Cause == CauseUnknown && (like.Cause != CauseRace || f.open(aRace))
		if fits && like.Cause != f.Cause {
			f.Evidence = append(f.Evidence, fmt.Sprintf(text, name(like.Viewer), like.ID, like.Cause))
		}
	}
}
