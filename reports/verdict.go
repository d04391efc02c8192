package reports

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// title is the verdict as a heading: "Leak".
func (d digest) title() string {
	switch d.Verdict {
	case leak.Leak:
		return "Leak"
	case leak.Isolated:
		return "Isolated"
	case leak.Inconclusive:
		return "Inconclusive"
	}
	return "No verdict"
}

// headline is the verdict in a sentence that a manager understands.
func (d digest) headline() string {
	switch d.Verdict {
	case leak.Leak:
		return d.leakHeadline()
	case leak.Isolated:
		return "No session was shown another customer's data."
	default:
		return "This run cannot say whether sessions are isolated."
	}
}

func (d digest) leakHeadline() string {
	tokens := distinct(d.Proofs, func(f leak.Finding) string { return fmt.Sprint(f.Rule == leak.RuleSharedToken) })
	switch passers := len(viewedBy(d.Proofs, history.Nobody)); {
	case len(d.Proofs) > 0 && tokens == 1 && d.Proofs[0].Rule == leak.RuleSharedToken:
		return "Sessions were handed credentials that belong to others."
	case passers > 0 && passers == len(d.Proofs):
		return "Visitors without an account were shown customers' data."
	case passers > 0:
		return "Customers, and visitors without an account, were shown other customers' data."
	}
	return "Customers were shown other customers' data."
}

func viewedBy(findings []leak.Finding, viewer string) []leak.Finding {
	var out []leak.Finding
	for _, f := range findings {
		if f.Viewer == viewer {
			out = append(out, f)
		}
	}
	return out
}

// detail is the second sentence: how much was seen, or what is missing.
func (d digest) detail() string {
	switch d.Verdict {
	case leak.Leak:
		return d.leakDetail()
	case leak.Isolated:
		return d.isolatedDetail()
	default:
		return d.openDetail()
	}
}

func (d digest) leakDetail() string {
	if len(d.Proofs) == 0 {
		return "The findings are not in this record."
	}
	causes := causesOf(d.Proofs)
	return fmt.Sprintf("%s: %s saw data of %s, at %s. %s: %s.",
		upperWord(d.tally()),
		count(distinct(d.Proofs, viewerOf), "viewer", "viewers"),
		count(distinct(d.Proofs, victimOf), "other", "others"),
		count(distinct(d.Proofs, placeOf), "place", "places"),
		word(len(causes), "Cause", "Causes"), listed(causes))
}

// tally counts findings by strength: "4 proofs and 1 suspicion".
func (d digest) tally() string {
	var parts []string
	if n := len(d.Proofs); n > 0 {
		parts = append(parts, count(n, "proof", "proofs"))
	}
	if n := len(d.Suspicions); n > 0 {
		parts = append(parts, count(n, "suspicion", "suspicions"))
	}
	if len(parts) == 0 {
		return "no finding"
	}
	return strings.Join(parts, " and ")
}

func (d digest) isolatedDetail() string {
	s := fmt.Sprintf("%s in %s met at %s, at least %s at each (%s needed), in %s.",
		count(d.Customers, "customer", "customers"), count(d.Sessions, "session", "sessions"),
		count(len(d.Coverage), "own place", "own places"),
		count(d.PairsMet, "ordered pair", "ordered pairs"), number(d.PairsNeeded),
		count(d.Exposures, "exposure", "exposures"))
	if scope := d.scope(); scope != "" {
		s += " " + scope
	}
	if n := len(d.Suspicions); n > 0 {
		s += " " + upperWord(count(n, "suspicion", "suspicions")) + " to look at."
	}
	return s
}

func (d digest) openDetail() string {
	var s string
	switch n := len(d.Reasons); {
	case n == 0 && !d.Interrupted:
		s = "The run gives no reason."
	case d.Interrupted:
		s = fmt.Sprintf("It was interrupted after %s.", span(d.Duration))
	case n == 1:
		s = "One thing that a verdict needs is missing."
	default:
		s = fmt.Sprintf("%s that a verdict needs are missing.", upperWord(count(n, "thing", "things")))
	}
	if len(d.Findings) == 0 {
		return "No leak was seen, but that proves nothing yet. " + s
	}
	return s + " It did see " + d.tally() + "."
}

// bound says what the exposures without a leak buy, in one sentence; "" where
// nothing is to be said.
func (d digest) bound() string {
	in := oneIn(d.Bound)
	switch {
	case in == "" && d.Verdict == leak.Leak:
		return "" // it leaks: nobody asks how rarely
	case in == "":
		return "Too few exposures to bound the rate of leaks."
	case len(d.Proofs) > 0:
		return fmt.Sprintf("It leaks, so there is no bound. (%s without a leak would have meant, at 95 %%: fewer than %s exposures leaks, assuming independence, for these schedules and places only.)",
			upperWord(count(d.Exposures, "exposure", "exposures")), in)
	}
	return fmt.Sprintf("95 %%: fewer than %s exposures leaks, assuming independence, for these schedules and places only.", in)
}

// next is what the reader does now: a sentence, and a command where there is
// one to type.
func (d digest) next() (say, command string) {
	switch {
	case d.Verdict == leak.Leak && d.again() != "":
		return "See it again:", d.again()
	case d.Verdict == leak.Leak:
		return "Fix the cause, then run again with the same seed.", ""
	case d.Verdict == leak.Isolated && len(d.Suspicions) > 0:
		return "Look at the suspicions; they do not fail a run.", ""
	case d.Verdict == leak.Isolated:
		return "Nothing to do. A longer run would tighten the bound:", "--profile nightly"
	}
	for _, remedy := range d.Remedies {
		if remedy != "" {
			return upperWord(remedy), ""
		}
	}
	if d.Interrupted {
		return "Run again, and let it come to its end.", ""
	}
	return "Run again, for longer.", ""
}

// content says why, where the judge had nothing to object to.
func (d digest) content() string {
	if d.Verdict == leak.Isolated && len(d.Suspicions) > 0 {
		return "Every minimum that this verdict asks for was reached, and nothing proves that data of one customer reached another."
	}
	if d.Verdict == leak.Isolated {
		return "Every minimum that this verdict asks for was reached, and nothing that belongs to one customer reached another."
	}
	return "The judge gave no reason."
}

func word(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// upperWord begins a sentence.
func upperWord(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}
