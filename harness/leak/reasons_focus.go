package leak

import (
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness/history"
)

// covered says whether a run that may have been narrowed looked for leaks at a
// place. What is shown elsewhere is a leak all the same.
func (c *court) covered(place history.Place) bool {
	return len(c.rec.run.Places) == 0 || slices.ContainsFunc(c.rec.run.Places, place.Fits)
}

// coveredOnly is the coverage that the minima count for.
func (c *court) coveredOnly(all []Coverage) []Coverage {
	return slices.DeleteFunc(slices.Clone(all), func(cov Coverage) bool { return !c.covered(cov.Place) })
}

// scope says what a narrowed run covers; "" for one that covers everything.
func (c *court) scope() string {
	var what []string
	if all := c.rec.run.Journeys; len(all) > 0 {
		what = append(what, fmt.Sprintf("%s %s", plural(len(all), "journey", "journeys"), listed(all)))
	}
	if all := c.rec.run.Places; len(all) > 0 {
		what = append(what, "at "+listed(all))
	}
	if len(what) == 0 {
		return ""
	}
	return "covers " + strings.Join(what, " ") + " only: nothing else was looked at"
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// unreached are the places that a run was narrowed to and that showed nobody
// own data, or where nobody came.
func (c *court) unreached(coverage []Coverage) []Reason {
	var never, plain []string
	for _, pattern := range c.rec.run.Places {
		switch {
		case slices.ContainsFunc(coverage, func(cov Coverage) bool { return cov.Place.Fits(pattern) }):
		case c.wasAt(pattern):
			plain = append(plain, pattern)
		default:
			never = append(never, pattern)
		}
	}
	var all []Reason
	if len(never) > 0 {
		all = append(all, Reason{
			Text:   "nobody came to " + listed(never) + ", which the run was narrowed to",
			Remedy: "check how the place is written (--place; * stands for any characters), and that a journey leads there",
		})
	}
	if len(plain) > 0 {
		all = append(all, Reason{
			Text:   "solo was not shown its own data at " + listed(plain) + ", which the run was narrowed to: silence there means nothing",
			Remedy: "look at it as a customer; narrow the run to a place that shows customers their own data (--place)",
		})
	}
	return all
}

// wasAt says whether any session of solo or the rounds was shown a place that
// fits.
func (c *court) wasAt(pattern string) bool {
	return slices.ContainsFunc(c.rec.sightings, func(s *sighting) bool {
		return (s.session.solo() || s.session.round()) && s.place.Fits(pattern)
	})
}

// hooks are the commands of the user's that did not do what they should: the
// rounds after them were no cold starts.
func (c *court) hooks() []Reason {
	failed, total := map[string]int{}, map[string]int{}
	first := map[string]history.Hook{}
	for _, h := range c.rec.hooks {
		total[h.Schedule]++
		if h.Failed == "" {
			continue
		}
		if failed[h.Schedule]++; failed[h.Schedule] == 1 {
			first[h.Schedule] = h
		}
	}
	var all []Reason
	for _, schedule := range sortedKeys(failed) {
		h := first[schedule]
		all = append(all, Reason{
			Text: fmt.Sprintf("the command of the schedule %s failed %d of %d times, first in round %d: `%s` %s; what it provokes was not looked for then",
				schedule, failed[schedule], total[schedule], h.Round, oneLine(h.Command), oneLine(h.Failed)),
			Remedy: "run it by hand, mend it, or do without (--on-herd)",
		})
	}
	return all
}
