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

// kin gives findings the cause of a like one: of the same leak, of another
// customer or to one, that a cause with narrower facts explains. A race that
// also happens to those who are alone is none.
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
	told := make([]Finding, len(findings))
	copy(told, findings) // as each was by itself: a cause that was taken over is not handed on
	for i := range findings {
		f, like := &findings[i], told[plainest[findings[i].Fingerprint]]
		text := "the same leak to %s (%s) has a cause: %s"
		if f.Cause == CauseRace {
			text = "the same leak to %s (%s) came about in another way: %s"
		}
		fits := f.Cause == CauseRace || f.Cause == CauseUnknown && (like.Cause != CauseRace || f.open(aRace))
		if fits && like.Cause != f.Cause {
			f.Evidence = append(f.Evidence, fmt.Sprintf(text, name(like.Viewer), like.ID, like.Cause))
			f.Cause = like.Cause
		}
	}
	settle(findings, told)
}

// settle gives findings whose cause is not certain by itself the one that is
// certain of others of the run: one wrong answer can have come about in many
// ways, and those who look into a run look for one bug. Where the run has more
// than one of the causes that fit, nobody knows.
func settle(findings, told []Finding) {
	certain := map[string]string{} // cause → the first finding that has it
	for _, f := range told {
		if _, known := certain[f.Cause]; !known && f.Strength == Proof && f.Cause != CauseUnknown {
			certain[f.Cause] = f.ID
		}
	}
	for i := range findings {
		f := &findings[i]
		if f.Cause != CauseUnknown {
			continue
		}
		var fits []string
		for _, one := range causes() {
			if certain[one.name] != "" && f.open(one.name) {
				fits = append(fits, one.name)
			}
		}
		if len(fits) == 1 {
			f.Cause = fits[0]
			f.Evidence = append(f.Evidence, fmt.Sprintf("in this run %s is certain of %s, and nothing else that fits is of any", fits[0], certain[fits[0]]))
		}
	}
}
