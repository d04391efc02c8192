package leak

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
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
	walked := map[string]bool{}
	for _, s := range c.rec.order {
		if (s.solo() || s.round()) && s.Customer != "" && s.Customer != history.Nobody {
			walked[s.Customer] = true
		}
	}
	n := len(walked)
	return min(n*(n-1), defaultPairs)
}

// conclude gives the verdict: one proof is a leak; isolated needs every
// minimum; the rest is inconclusive, with what is missing as reasons.
func (c *court) conclude(j *Judgement, allowed *allowances) {
	reasons := c.missing(j, allowed)
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
	j.Reasons = []Reason{{Text: fmt.Sprintf(
		"no session was shown another customer's data in %s at %s; at least %s met at each (%d asked for)",
		count(j.Exposures, "exposure", "exposures"), count(len(j.Coverage), "own place", "own places"),
		count(j.Pairs, "ordered pair of customers", "ordered pairs of customers"), j.PairsNeed)}}
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
	if first.Rule == RuleSharedToken {
		what = fmt.Sprintf("%s was given %s's token", name(first.Viewer), name(first.Victim))
	}
	text := fmt.Sprintf("%s %s of %s%s (cause: %s)", what, surfaceWords(first.Surface), first.Place, at(first.Where), first.Cause)
	if proofs > 1 {
		text += fmt.Sprintf(", and %s more", count(proofs-1, "finding", "findings"))
	}
	return Reason{Text: text}
}

// missing lists the minima that were missed, what explains most first.
func (c *court) missing(j *Judgement, allowed *allowances) []Reason {
	var all []Reason
	for _, check := range []func() []Reason{
		c.interrupted, c.selfChecks, c.baseline, c.signUp, c.walks, c.shows, c.rounds, c.markers,
	} {
		all = append(all, check()...)
	}
	all = append(all, c.places(j)...)
	all = append(all, c.disputes(allowed)...)
	for _, f := range j.Findings {
		if f.Strength == Suspicion {
			all = append(all, Reason{
				Text:   fmt.Sprintf("suspicion %s is open: %s, %s of %s%s", f.ID, f.Rule, surfaceWords(f.Surface), f.Place, at(f.Where)),
				Remedy: "look at it; if the sharing is right, allow it in the scenario",
			})
			break
		}
	}
	return all
}

func (c *court) interrupted() []Reason {
	if c.rec.end != nil && c.rec.end.Interrupted {
		return []Reason{{Text: "the run was interrupted", Remedy: "let it run to its end"}}
	}
	open := map[string]int{}
	for _, p := range c.rec.phases {
		if p.Name == history.PhaseCleanUp {
			continue
		}
		key := fmt.Sprintf("%s %d", p.Name, p.Round)
		if p.Done {
			open[key]--
		} else {
			open[key]++
		}
	}
	for _, key := range sortedKeys(open) {
		if open[key] > 0 && c.rec.end == nil {
			phase, _, _ := strings.Cut(key, " ")
			return []Reason{{Text: "the journal was cut short during " + phase, Remedy: "run again; what was recorded is judged here as far as it goes"}}
		}
	}
	return nil
}

func (c *court) selfChecks() []Reason {
	if len(c.rec.checks) == 0 && !c.usesBrowser() {
		return nil
	}
	if len(c.rec.checks) == 0 {
		return []Reason{{Text: "the self-checks did not run: nothing proves that crosstalk's own sessions are apart", Remedy: "run crosstalk doctor"}}
	}
	var all []Reason
	for _, check := range c.rec.checks {
		if !check.OK {
			text := "self-check " + check.Name + " failed"
			if check.Detail != "" {
				text += ": " + check.Detail
			}
			all = append(all, Reason{Text: text, Remedy: "run crosstalk doctor"})
		}
	}
	return all
}

// usesBrowser says whether a browser was part of the run: only its contexts
// need to be proved apart.
func (c *court) usesBrowser() bool {
	for _, s := range c.rec.order {
		if s.Client == string(scenarios.Browser) || s.Client == "" {
			return true
		}
	}
	return len(c.rec.order) == 0
}

func (c *court) baseline() []Reason {
	sessions, done := 0, false
	for _, s := range c.rec.order {
		if s.baseline() {
			sessions++
		}
	}
	for _, p := range c.rec.phases {
		done = done || p.Name == history.PhaseBaseline && p.Done
	}
	for _, s := range c.rec.order {
		if st := s.failure(); s.baseline() && st != nil {
			return []Reason{{
				Text:   fmt.Sprintf("the public pages could not be read before the first sign-up: %s", stepText(st)),
				Remedy: "check that the target is up and that the scenario's public paths answer",
			}}
		}
	}
	if done && sessions >= 2 {
		return nil
	}
	return []Reason{{
		Text:   fmt.Sprintf("the public baseline is missing: %s of 2", count(sessions, "empty-jar visitor", "empty-jar visitors")),
		Remedy: "let the run reach its sign-up; check that the target is up",
	}}
}

// failures are sessions that failed, grouped by how.
type failures struct {
	failed, total int
	first         string
}

func (c *court) signUp() []Reason {
	created := map[string]bool{}
	for _, a := range c.rec.accounts {
		if a.State == history.AccountCreated {
			created[a.Customer+"\x00"+a.Journey] = true
		}
	}
	all := map[string]*failures{}
	var order []string
	for _, s := range c.rec.order {
		if s.Phase != history.PhaseSignUp {
			continue
		}
		if all[s.Journey] == nil {
			all[s.Journey] = &failures{}
			order = append(order, s.Journey)
		}
		f := all[s.Journey]
		f.total++
		if !created[s.Customer+"\x00"+s.Journey] && (s.failure() != nil || s.lost) {
			f.failed++
			if st := s.failure(); st != nil && f.first == "" {
				f.first = stepText(st)
			}
		}
	}
	var reasons []Reason
	for _, journey := range order {
		if f := all[journey]; f.total > 0 && f.failed == f.total {
			reasons = append(reasons, Reason{
				Text:   fmt.Sprintf("no customer could sign up: %d of %d failed at %s", f.failed, f.total, f.first),
				Remedy: fmt.Sprintf("walk the setup of journey %s by hand, and check that the target is up", journey),
			})
		}
	}
	return reasons
}

func stepText(st *history.Step) string {
	text := fmt.Sprintf("step %d `%s`", st.Index+1, st.Text)
	if st.Error != "" {
		text += ": " + st.Error
	}
	return text
}

// walks names the journeys that nobody walked to their end.
func (c *court) walks() []Reason {
	type outcome struct {
		done, tried int
		steps       map[string]int
	}
	all := map[string]*outcome{}
	for _, s := range c.rec.order {
		if !s.solo() && !s.round() {
			continue
		}
		if all[s.Journey] == nil {
			all[s.Journey] = &outcome{steps: map[string]int{}}
		}
		o := all[s.Journey]
		o.tried++
		if c.completed(s) {
			o.done++
		} else if st := s.failure(); st != nil {
			o.steps[stepText(st)]++
		}
	}
	var reasons []Reason
	for _, journey := range sortedKeys(all) {
		o := all[journey]
		if o.done > 0 {
			continue
		}
		text := fmt.Sprintf("journey %s was never walked to its end in %s", journey, count(o.tried, "try", "tries"))
		if most := commonest(o.steps); most != "" {
			text += ": " + most
		}
		reasons = append(reasons, Reason{Text: text, Remedy: "walk it by hand with the same scenario, or give its steps more time (step_timeout)"})
	}
	return reasons
}

func commonest(counts map[string]int) string {
	best := ""
	for _, key := range sortedKeys(counts) {
		if best == "" || counts[key] > counts[best] {
			best = key
		}
	}
	return best
}

// completed says whether a session walked its journey to the last step.
func (c *court) completed(s *session) bool {
	last := -1
	for _, st := range s.steps {
		if st.Outcome != history.StepDone {
			return false
		}
		last = max(last, st.Index)
	}
	i := slices.IndexFunc(c.scenario.Journeys, func(j scenarios.Journey) bool { return j.Name == s.Journey })
	if i >= 0 && len(s.steps) > 0 {
		return !s.lost && last >= len(c.scenario.Journeys[i].Steps)-1
	}
	return !s.lost && s.closed && last >= 0
}

// shows is the scenario's own positive control. Lost sessions have no say.
func (c *court) shows() []Reason {
	failed, total, steps := 0, 0, map[string]int{}
	for _, s := range c.rec.order {
		for i := range s.steps {
			st := &s.steps[i]
			if st.Op != "shows" || st.Outcome == history.StepCut || s.lost || !s.solo() && !s.round() {
				continue
			}
			total++
			if st.Outcome == history.StepFailed {
				failed++
				steps[stepText(st)]++
			}
		}
	}
	if float64(failed) <= failedShows*float64(total) {
		return nil
	}
	return []Reason{{
		Text:   fmt.Sprintf("%d of %d times a session was not shown its own data where the scenario says so: %s", failed, total, commonest(steps)),
		Remedy: "look at these pages as this customer; name only what they show in `shows`",
	}}
}

func (c *court) rounds() []Reason {
	for _, s := range c.rec.order {
		if s.round() {
			return nil
		}
	}
	return []Reason{{Text: "no round was walked: customers never met", Remedy: "give the run more time (--for) or rounds (--rounds)"}}
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
	if len(c.rec.customers) == 0 {
		return []Reason{{Text: "there were no customers", Remedy: "ask for at least two (--customers)"}}
	}
	if len(short) == 0 {
		return nil
	}
	return []Reason{{
		Text:   fmt.Sprintf("%s hold fewer than %d strong markers: %s", count(len(short), "customer", "customers"), c.strongKinds(), listed(short)),
		Remedy: "loosen the scenario's customers: constraints, pools make values shared",
	}}
}

func (c *court) places(j *Judgement) []Reason {
	if len(j.Coverage) == 0 {
		return []Reason{{
			Text:   "no place showed two customers their own data in solo: silence means nothing",
			Remedy: "check that the journeys sign in and that their `shows` steps name what the pages show",
		}}
	}
	var own, pairs, unseen []string
	for _, cov := range j.Coverage {
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
	var all []Reason
	add := func(places []string, text, remedy string) {
		if len(places) > 0 {
			all = append(all, Reason{Text: text + ": " + listed(places), Remedy: remedy})
		}
	}
	add(own, fmt.Sprintf("own data was seen in fewer than %.0f %% of the visits", 100*c.ownSeen()), "find out why customers were not shown their own data there")
	add(pairs, fmt.Sprintf("fewer than %d ordered pairs of customers met", j.PairsNeed), "give the run more time (--for), more rounds (--rounds) or more customers (--customers)")
	add(unseen, fmt.Sprintf("more than %.0f %% of the bodies could not be had", 100*c.unseenMost()), "see the list of unseen bodies by reason")
	return all
}

// disputes are places that showed customers their own weak value and another's
// in turn, in solo: right or wrong, somebody must say.
func (c *court) disputes(allowed *allowances) []Reason {
	var places []string
	for _, at := range c.slots.contested() {
		if !allowed.covers(at.place, string(at.kind)) {
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
