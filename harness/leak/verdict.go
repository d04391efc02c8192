package leak

import (
	"fmt"

	"crosstalk/harness/customer"
)

// The minima that hold where the scenario names none.
const (
	defaultOwnSeen     = 0.95
	defaultPairs       = 12
	defaultUnseen      = 0.05
	defaultStrongKinds = 2
	failedShows        = 0.05 // largest share of `shows` steps that may fail
	mostListed         = 5    // places that a list names before it says how many more
)

func (c *court) ownSeen() float64 {
	if c.scenario.Minima.OwnSeen > 0 {
		return c.scenario.Minima.OwnSeen
	}
	return defaultOwnSeen
}

func (c *court) unseenMost() float64 {
	if c.scenario.Minima.Unseen > 0 {
		return c.scenario.Minima.Unseen
	}
	return defaultUnseen
}

func (c *court) strongKinds() int {
	if c.scenario.Minima.StrongKinds > 0 {
		return c.scenario.Minima.StrongKinds
	}
	return defaultStrongKinds
}

// pairsNeeded is how many ordered pairs of customers must have met at each
// own place.
func (c *court) pairsNeeded() int {
	if c.scenario.Minima.Pairs > 0 {
		return c.scenario.Minima.Pairs
	}
	n := len(c.rec.customers) - len(c.rec.bystanders) // not of those who came so far: a poor run must not ask less of itself
	return min(n*(n-1), defaultPairs)
}

// conclude gives the verdict: one proof is a leak; isolated needs every
// minimum; the rest is inconclusive, with what is missing as reasons.
func (c *court) conclude(j *Judgement, allowed *allowances) {
	reasons := c.missing(j, allowed)
	reasons = append(c.weather(len(reasons) > 0), reasons...)
	for _, f := range j.Findings {
		if f.Strength == Proof {
			j.Verdict = Leak
			j.Reasons = []Reason{leakReason(j.Findings)}
			return
		}
	}
	if len(reasons) > 0 {
		j.Verdict, j.Reasons = Inconclusive, reasons
		return
	}
	j.Verdict = Isolated
	text := fmt.Sprintf(
		"no session was shown another customer's data in %s at %s; at least %s met at each (%d asked for)",
		count(j.Exposures, "exposure", "exposures"), count(len(c.coveredOnly(j.Coverage)), "own place", "own places"),
		count(j.Pairs, "ordered pair of customers", "ordered pairs of customers"), j.PairsNeed)
	if scope := c.scope(); scope != "" {
		text += "; this run " + scope
	}
	j.Reasons = []Reason{{Text: text}}
}

func leakReason(findings []Finding) Reason {
	first := findings[0]
	proofs := 0
	for i := len(findings) - 1; i >= 0; i-- {
		if findings[i].Strength == Proof {
			first = findings[i]
			proofs++
		}
	}
	what := fmt.Sprintf("%s was shown %s's %s", name(first.Viewer), name(first.Victim), kindWords(customer.Kind(first.Kind)))
	switch first.Rule {
	case RuleSharedToken:
		what = fmt.Sprintf("%s was given %s's token", name(first.Viewer), name(first.Victim))
	case RuleConflict:
		what = fmt.Sprintf("%s and %s were both told that one %s is theirs", name(first.Victim), name(first.Viewer), kindWords(customer.Kind(first.Kind)))
	}
	text := fmt.Sprintf("%s %s%s (cause: %s)", what, shownAtPlace(first.Surface, first.Place), at(first.Where), first.Cause)
	if proofs > 1 {
		text += fmt.Sprintf(", and %s more", count(proofs-1, "finding", "findings"))
	}
	return Reason{Text: text}
}

// missing lists the minima that were missed, what explains most first.
func (c *court) missing(j *Judgement, allowed *allowances) []Reason {
	var all []Reason
	for _, check := range []func() []Reason{
		c.interrupted, c.selfChecks, c.baseline, c.signUp, c.walks, c.shows, c.rounds, c.hooks, c.markers,
	} {
		all = append(all, check()...)
	}
	all = append(all, c.places(j)...)
	all = append(all, c.disputes(allowed)...)
	for _, f := range j.Findings {
		if f.Strength == Suspicion {
			all = append(all, Reason{
				Text:   fmt.Sprintf("suspicion %s is open: %s, %s%s", f.ID, f.Rule, shownAtPlace(f.Surface, f.Place), at(f.Where)),
				Remedy: "look at it; if the sharing is right, allow it in the scenario", Suspicion: f.ID,
			})
			break
		}
	}
	return all
}
