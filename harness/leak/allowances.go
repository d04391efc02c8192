package leak

import (
	"fmt"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// allowances are the scenario's, with what they were used for.
type allowances struct {
	all  []scenarios.Allowance
	used []bool
}

func newAllowances(all []scenarios.Allowance) *allowances {
	return &allowances{all: all, used: make([]bool, len(all))}
}

// covers says whether sharing this kind at this place is right.
func (a *allowances) covers(place history.Place, kind string) bool {
	covered := false
	for i, one := range a.all {
		if allows(one, place, kind) {
			a.used[i] = true
			covered = true
		}
	}
	return covered
}

func allows(one scenarios.Allowance, place history.Place, kind string) bool {
	return (one.Kind == "*" || string(one.Kind) == kind) && place.Fits(one.Place)
}

func (a *allowances) drop(proofs []proof) []proof {
	var kept []proof
	for _, p := range proofs {
		if !a.covers(p.sighting.place, p.kind) {
			kept = append(kept, p)
		}
	}
	return kept
}

func (a *allowances) unused() []string {
	var all []string
	for i, one := range a.all {
		if !a.used[i] {
			all = append(all, fmt.Sprintf("line %d: %s at %s (%s)", one.Pos.Line, one.Kind, one.Place, one.Reason))
		}
	}
	return all
}
