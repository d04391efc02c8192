package zoo

import (
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios/demoshop"
)

// Expectation is what one fault must look like. It is written before the fault
// is first run, and changed afterwards only with the reason in the commit.
type Expectation struct {
	Fault     string
	Schedules []string                   // any of which provokes it, the likeliest first
	Sessions  int                        // the smallest number of sessions, each of another customer, in which it can be seen
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

// tooFew refuses cases whose fault so few customers cannot show: to run them
// would say nothing. The error is a *harness.ConfigError.
func tooFew(cases []Case, customers int) error {
	var names []string
	most := 0
	for _, c := range cases {
		if c.quiet() {
			continue
		}
		need := expectationOf(c.Name).Sessions
		if text := fmt.Sprintf("%s, which needs %d", c.Name, need); need > customers && !slices.Contains(names, text) {
			names, most = append(names, text), max(most, need)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return &harness.ConfigError{
		Problem: fmt.Sprintf("%d customers cannot show %s", customers, strings.Join(names, "; nor ")),
		Remedy:  fmt.Sprintf("use --customers %d or more, or leave it out", most),
	}
}
