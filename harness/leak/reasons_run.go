package leak

import (
	"fmt"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

func (c *court) interrupted() []Reason {
	if c.rec.end != nil && c.rec.end.Interrupted {
		return []Reason{{Text: "the run was interrupted", Remedy: "let it run to its end"}}
	}
	if c.rec.end != nil {
		return nil
	}
	text := "the journal was cut short: it has no end"
	if during := c.open(); during != "" {
		text = "the journal was cut short during " + during
	}
	return []Reason{{Text: text, Remedy: "run again; what was recorded is judged here as far as it goes"}}
}

// open is the first phase, by name, that began and never ended; "" when all did.
func (c *court) open() string {
	open := map[string]int{}
	for _, p := range c.rec.phases {
		key := fmt.Sprintf("%s %d", p.Name, p.Round)
		if p.Done {
			open[key]--
		} else {
			open[key]++
		}
	}
	for _, key := range sortedKeys(open) {
		if open[key] > 0 {
			phase, _, _ := strings.Cut(key, " ")
			return phase
		}
	}
	return ""
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
		if s.baseline() && s.whole() {
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
		if s.Phase != history.PhaseSignUp || s.mailbox() {
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
				Remedy: remedyFor(f.first, fmt.Sprintf("walk the setup of journey %s by hand, and check that the target is up", journey)),
			})
		}
	}
	return reasons
}

func stepText(st *step) string {
	text := fmt.Sprintf("step %d `%s`", st.Index+1, st.Text)
	if st.Error != "" {
		text += ": " + st.Error
	}
	return text
}

// shows is the scenario's own positive control. Lost sessions have no say.
func (c *court) shows() []Reason {
	failed, total, steps := 0, 0, map[string]int{}
	for _, s := range c.rec.order {
		for i := range s.steps {
			st := &s.steps[i]
			if st.Op != "shows" || st.beside() || st.Outcome == history.StepCut || s.lost || !s.solo() && !s.round() {
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
