package zoo

import (
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios/demoshop"
)

// Expectation is what one fault must look like. It is written before the fault
// is first run, and changed afterwards only with the reason in the commit.
type Expectation struct {
	Fault     string
	Schedules []string                   // any of which provokes it, the likeliest first
	Sessions  int                        // the smallest number of sessions in which it can be seen
	Cause     string                     // of leak's closed list
	Sights    map[demoshop.Variant]Sight // one for each variant that the fault has
}

// Sight is how one variant of a fault comes to light: a finding of one of the
// rules, on one of the surfaces.
type Sight struct {
	Rules    []string
	Surfaces []history.Surface
	Strength string // leak.Proof, or leak.Suspicion where no more can be known
}

// sights are the variants of a fault that shows on the same surfaces in all of
// them, with the rule that is natural to each.
func sights(surfaces ...history.Surface) map[demoshop.Variant]Sight {
	return map[demoshop.Variant]Sight{
		demoshop.Plain:   {plainly(), surfaces, leak.Proof},
		demoshop.Masked:  {[]string{leak.RuleMasked}, surfaces, leak.Proof},
		demoshop.Encoded: {[]string{leak.RuleForeignMarker}, surfaces, leak.Proof},
		demoshop.Token:   {[]string{leak.RuleSharedToken, leak.RuleOwnPlace}, surfaces, leak.Proof},
	}
}

// plainly are the rules by which plain words of another customer are proven.
func plainly() []string { return []string{leak.RuleForeignMarker, leak.RuleOwnPlace} }

// with changes what is expected of one variant.
func with(all map[demoshop.Variant]Sight, v demoshop.Variant, s Sight) map[demoshop.Variant]Sight {
	all[v] = s
	return all
}
