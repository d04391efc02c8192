package leak

import (
	"fmt"
	"slices"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// outcome is what became of the walks of one journey.
type outcome struct {
	done, tried int
	planned     int            // that were to end before the last step
	steps       map[string]int // that failed
}

// walks names the journeys that nobody walked to their end.
func (c *court) walks() []Reason {
	var reasons []Reason
	all := c.outcomes()
	for _, journey := range sortedKeys(all) {
		o := all[journey]
		if o.done > 0 || o.tried == 0 && o.planned > 0 {
			continue
		}
		text := fmt.Sprintf("journey %s was never walked to its end in %s", journey, count(o.tried, "try", "tries"))
		if most := commonest(o.steps); most != "" {
			text += ": " + most
		}
		remedy := remedyFor(commonest(o.steps), "walk it by hand with the same scenario, or give its steps more time (step_timeout)")
		if o.tried == 0 {
			text, remedy = fmt.Sprintf("journey %s was never begun", journey), "give the run more time (--for) or rounds (--rounds)"
		}
		reasons = append(reasons, Reason{Text: text, Remedy: remedy})
	}
	return reasons
}

// outcomes are those of every journey that was walked in solo or in the
// rounds, and, when any was, of those that the scenario has besides and the run
// was not narrowed to do without.
func (c *court) outcomes() map[string]*outcome {
	all := map[string]*outcome{}
	for _, s := range c.rec.order {
		if !s.solo() && !s.round() || s.mailbox() {
			continue
		}
		if all[s.Journey] == nil {
			all[s.Journey] = &outcome{steps: map[string]int{}}
		}
		c.addWalks(all[s.Journey], s)
	}
	asked := c.rec.run.Journeys
	for _, j := range c.scenario.Journeys {
		if len(all) > 0 && all[j.Name] == nil && len(j.Steps) > 0 && len(c.rec.run.Places) == 0 && (len(asked) == 0 || slices.Contains(asked, j.Name)) {
			all[j.Name] = &outcome{}
		}
	}
	return all
}

// addWalks adds a session's walks: one, or that of each customer who used the
// client.
func (c *court) addWalks(o *outcome, s *session) {
	walks := c.walksOf(s)
	for i, steps := range walks {
		lost := s.lost && i == len(walks)-1
		switch failed := failedIn(steps); {
		case c.whole(s, steps) && !lost:
			o.tried++
			o.done++
		case failed != nil:
			o.tried++
			o.steps[stepText(failed)]++
		case !s.lost && c.endedByPlan(s, steps):
			o.planned++
		default:
			o.tried++
		}
	}
}

// walksOf are the steps of a session by who performed them; their indexes begin
// anew with each.
func (c *court) walksOf(s *session) [][]step {
	var takeovers []history.Moment
	for _, id := range s.identities {
		if id.State == history.Became {
			takeovers = append(takeovers, id.at)
		}
	}
	walks := make([][]step, 1, len(takeovers)+1)
	base, next := 0, 0
	for _, st := range s.steps {
		for len(takeovers) > 0 && st.Start >= takeovers[0] {
			takeovers, base, walks = takeovers[1:], next, append(walks, nil)
		}
		if !st.beside() {
			next = max(next, st.Index+1)
		}
		walks[len(walks)-1] = append(walks[len(walks)-1], st.from(base))
	}
	return walks
}

// from is the step with its index counted from another one.
func (st step) from(base int) step {
	if base == 0 {
		return st
	}
	moved := *st.Step
	moved.Index -= base
	st.Step = &moved
	return st
}

func failedIn(steps []step) *step {
	for i := range steps {
		if steps[i].Outcome == history.StepFailed && !steps[i].beside() {
			return &steps[i]
		}
	}
	return nil
}

// endedByPlan says that a walk came as far as it was to: the plan cut it, ended
// it with provocations, or it was narrowed to what leads to a place.
func (c *court) endedByPlan(s *session, steps []step) bool {
	if len(c.rec.run.Places) > 0 && s.closed && len(steps) > 0 {
		return true
	}
	return slices.ContainsFunc(steps, func(st step) bool { return st.byPlan() || st.Part == history.PartProvoke })
}

// whole says whether these steps are the journey to its last one. What was cut
// and then performed again was performed.
func (c *court) whole(s *session, steps []step) bool {
	done, last := map[int]bool{}, -1
	for i := range steps {
		st := &steps[i]
		if st.beside() {
			continue
		}
		done[st.Index] = done[st.Index] || st.Outcome == history.StepDone
		last = max(last, st.Index)
	}
	for _, ok := range done {
		if !ok {
			return false
		}
	}
	i := slices.IndexFunc(c.scenario.Journeys, func(j scenarios.Journey) bool { return j.Name == s.Journey })
	if i >= 0 && len(done) > 0 {
		return last >= len(c.scenario.Journeys[i].Steps)-1
	}
	return s.closed && last >= 0
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
