package leak

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

func (c *court) rounds() []Reason {
	for _, s := range c.rec.order {
		if s.round() && !s.mailbox() {
			return c.unwalked()
		}
	}
	r := Reason{Text: "no round was walked: customers never met"}
	if len(c.baseline()) == 0 && len(c.signUp()) == 0 { // else the run stopped there
		r.Remedy = "give the run more time (--for) or rounds (--rounds)"
	}
	return []Reason{r}
}

// unwalked are the schedules that were asked for and of which no round was
// walked to its end. A run that had time for relays alone has looked for
// caches, and for no race at all.
func (c *court) unwalked() []Reason {
	var missing []string
	for _, name := range c.rec.run.Schedules {
		if !c.roundWalked(name) {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return []Reason{{
		Text:   fmt.Sprintf("no round of %s was walked to its end: what it provokes was not looked for", listed(missing)),
		Remedy: "give the run more time (--for) or rounds (--rounds), or say which schedules are wanted (--schedule)",
	}}
}

func (c *court) markers() []Reason {
	var short []string
	for i := range c.rec.customers {
		strong := 0
		for _, m := range c.rec.customers[i].Markers() {
			if m.Strength == customer.Strong {
				strong++
			}
		}
		if strong < c.strongKinds() {
			short = append(short, c.rec.customers[i].ID)
		}
	}
	switch {
	case len(c.rec.customers) == 0 && len(c.baseline()) > 0:
		return nil // they are made after the baseline: it is what is to be mended
	case len(c.rec.customers) == 0:
		return []Reason{{Text: "there were no customers", Remedy: "ask for at least two (--customers)"}}
	case len(short) == 0:
		return nil
	}
	return []Reason{{
		Text:   fmt.Sprintf("%s hold fewer than %d strong markers: %s", count(len(short), "customer", "customers"), c.strongKinds(), listed(short)),
		Remedy: "loosen the scenario's customers: constraints, pools make values shared",
	}}
}

func (c *court) places(j *Judgement) []Reason {
	all := c.unreached(j.Coverage)
	if len(j.Coverage) == 0 {
		return append(all, Reason{
			Text:   "no place showed two customers their own data in solo: silence means nothing",
			Remedy: "check that the journeys sign in and that their `shows` steps name what the pages show",
		})
	}
	sort.Strings(c.thin)
	own := c.thin
	var pairs, unseen []string
	for _, cov := range c.coveredOnly(j.Coverage) {
		at := fmt.Sprintf("%s %s", cov.Surface, cov.Place)
		if float64(cov.OwnVisits) < c.ownSeen()*float64(cov.Visits) {
			own = append(own, fmt.Sprintf("%s (%d of %d)", at, cov.OwnVisits, cov.Visits))
		}
		if cov.Pairs < j.PairsNeed {
			pairs = append(pairs, fmt.Sprintf("%s (%d)", at, cov.Pairs))
		}
		if unseenShare(cov) > c.unseenMost() {
			unseen = append(unseen, fmt.Sprintf("%s (%d)", at, cov.Unseen))
		}
	}
	all = append(all, c.barren(j)...)
	add := func(places []string, text, remedy string) {
		if len(places) > 0 {
			all = append(all, Reason{Text: text + ": " + listed(places), Remedy: remedy})
		}
	}
	add(own, fmt.Sprintf("own data was seen in fewer than %.0f %% of the visits", 100*c.ownSeen()), "find out why customers were not shown their own data there")
	sort.Strings(c.faded)
	add(c.faded, "what all of solo was shown of themselves, nobody in the rounds was", "find out why these pages changed, or came without it, while customers walked together")
	add(pairs, fmt.Sprintf("fewer than %d ordered pairs of customers met", j.PairsNeed), "give the run more time (--for), more rounds (--rounds) or more customers (--customers)")
	add(unseen, fmt.Sprintf("more than %.0f %% of the bodies could not be had", 100*c.unseenMost()), "see the list of unseen bodies by reason")
	return all
}

// barren are the schedules that were asked for and whose rounds were walked, and
// exposed nobody to anybody: customers who are all turned away at the sign-in
// under a burst leave a run that looked for caches alone.
func (c *court) barren(j *Judgement) []Reason {
	exposures := map[string]int{}
	for _, cov := range c.coveredOnly(j.Coverage) {
		for name, met := range cov.Schedules {
			exposures[name] += met.Exposures
		}
	}
	var none []string
	for _, name := range c.rec.run.Schedules {
		if name != history.PhaseSolo && exposures[name] == 0 && c.roundWalked(name) {
			none = append(none, name)
		}
	}
	if len(none) == 0 {
		return nil
	}
	return []Reason{{
		Text:   fmt.Sprintf("in the rounds of %s nobody came to an own place after somebody else: what it provokes was not looked for", listed(none)),
		Remedy: "find out where these rounds ended; give the run more of them (--rounds) or more customers (--customers)",
	}}
}

func (c *court) roundWalked(schedule string) bool {
	return slices.ContainsFunc(c.rec.phases, func(p history.Phase) bool { return p.Done && p.Name == schedule })
}

// disputes are places that showed customers their own weak value and another's
// in turn, in solo: right or wrong, somebody must say.
func (c *court) disputes(allowed *allowances) []Reason {
	var places []string
	for _, at := range c.slots.contested() {
		if c.covered(at.place) && !allowed.covers(at.place, string(at.kind)) {
			places = append(places, fmt.Sprintf("%s of %s at %s", kindWords(at.kind), at.place, placeWithin(at.where)))
		}
	}
	sort.Strings(places)
	if len(places) == 0 {
		return nil
	}
	return []Reason{{
		Text:   "solo was shown now its own, now another customer's value: " + listed(places),
		Remedy: "look at these places; if the sharing is right, allow it in the scenario",
	}}
}

func listed(all []string) string {
	if len(all) <= mostListed {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:mostListed], ", "), len(all)-mostListed)
}
