package reports

import (
	"fmt"

	"crosstalk/harness/leak"
)

// Marks of what a verdict stands on.
const (
	markGood = "good"
	markNote = "note" // worth knowing; the judge has decided what it means
	markBad  = "bad"
)

// stand is one thing that a verdict stands on, and how firm it is.
type stand struct{ Mark, Text string }

// standing lists what makes the verdict believable, or what is missing for it.
func (d digest) standing() []stand {
	list := []stand{d.standChecks(), d.standOwn(), d.standPairs(), d.standLost()}
	if d.Verdict == leak.Leak && len(d.Coverage) == 0 {
		list = []stand{d.standChecks(), {markNote, d.unplaced()}, d.standLost()}
	}
	if len(d.Coverage) > 0 {
		list = append(list, d.standUnseen())
	}
	return list
}

func (d digest) standChecks() stand {
	good := 0
	for _, c := range d.SelfChecks {
		if c.OK {
			good++
		}
	}
	text := fmt.Sprintf("%d of %s passed: crosstalk's own sessions share nothing.", good, count(len(d.SelfChecks), "self-check", "self-checks"))
	switch {
	case len(d.SelfChecks) == 0:
		return stand{markBad, "No self-check was made: crosstalk's own sessions are not proved to be apart."}
	case good < len(d.SelfChecks):
		return stand{markBad, fmt.Sprintf("Only %d of %d self-checks passed.", good, len(d.SelfChecks))}
	}
	return stand{markGood, text}
}

func (d digest) standOwn() stand {
	own, visits := 0, 0
	for _, c := range d.Coverage {
		own, visits = own+c.OwnVisits, visits+c.Visits
	}
	if len(d.Coverage) == 0 {
		return stand{markBad, "No place showed customers their own data: a leak could not have been seen."}
	}
	text := fmt.Sprintf("Customers saw their own data in %s of %s, at %s.",
		number(own), count(visits, "visit", "visits"), count(len(d.Coverage), "own place", "own places"))
	return stand{d.firm(own == visits), text}
}

// firm marks a number that the judge weighs against a minimum of the scenario:
// good where all is there or the judge was content, a note otherwise.
func (d digest) firm(all bool) string {
	if all || d.Verdict == leak.Isolated {
		return markGood
	}
	return markNote
}

func (d digest) standPairs() stand {
	mark := markGood
	if d.PairsMet < d.PairsNeeded || d.PairsMet == 0 {
		mark = markBad
	}
	return stand{mark, fmt.Sprintf("%s of customers met at the place with fewest; %s needed.",
		count(d.PairsMet, "ordered pair", "ordered pairs"), number(d.PairsNeeded))}
}

func (d digest) standUnseen() stand {
	unseen := 0
	for _, c := range d.Coverage {
		unseen += c.Unseen
	}
	if unseen == 0 {
		return stand{markGood, "Every body that own places sent was read."}
	}
	return stand{d.firm(false), fmt.Sprintf("%s of own places could not be read.", upperWord(count(unseen, "body", "bodies")))}
}

func (d digest) standLost() stand {
	switch {
	case d.Interrupted:
		return stand{markNote, "The run was interrupted after " + span(d.Duration) + "."}
	case len(d.Lost) > 0:
		return stand{markNote, "Lost on the way: " + number(len(d.Lost)) + ", listed below. What was lost counts as not seen."}
	}
	return stand{markGood, "No browser and no session was lost."}
}
