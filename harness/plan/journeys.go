package plan

import (
	"slices"

	"crosstalk/scenarios"
)

// journeys are the scenario's, by what the schedules do with them.
type journeys struct {
	browser, api []string // walked by customers, in the file's order
	passers      []string
	quick        []string // the passers that need no browser
	accounts     []string // those with a set-up
	swaps        []string // those after which another can take the client over
	provokes     map[string]bool
	steps        map[string][]scenarios.Step // all of them, until says how far rounds go
	until        map[string]int              // none: all
}

func sortJourneys(s Setting) journeys {
	out := journeys{provokes: map[string]bool{}, steps: map[string][]scenarios.Step{}, until: map[string]int{}}
	for _, j := range s.Scenario.Journeys {
		if len(j.Setup) > 0 {
			out.accounts = append(out.accounts, j.Name)
		}
		if len(j.Steps) == 0 || len(s.Journeys) > 0 && !slices.Contains(s.Journeys, j.Name) {
			continue
		}
		out.steps[j.Name], out.provokes[j.Name] = j.Steps, len(j.Provoke) > 0
		if n := s.Until[j.Name]; n > 0 && n < len(j.Steps) {
			out.until[j.Name] = n
		}
		out.sort(j)
	}
	return out
}

func (o *journeys) sort(j scenarios.Journey) {
	if j.Customer == scenarios.None {
		o.passers = append(o.passers, j.Name)
		if j.Client == scenarios.API {
			o.quick = append(o.quick, j.Name)
		}
		return
	}
	if leaves(j.Steps) {
		o.swaps = append(o.swaps, j.Name)
	}
	if j.Client == scenarios.API {
		o.api = append(o.api, j.Name)
	} else {
		o.browser = append(o.browser, j.Name)
	}
}

// walked are a journey's steps as far as rounds walk them.
func (o *journeys) walked(name string) []scenarios.Step {
	steps := o.steps[name]
	if n := o.until[name]; n > 0 {
		return steps[:n]
	}
	return steps
}

// swappable are those of the names after which another can take over.
func (o *journeys) swappable(names []string) []string {
	var out []string
	for _, name := range names {
		if slices.Contains(o.swaps, name) {
			out = append(out, name)
		}
	}
	return out
}

// leaves says whether a walk ends signed out. Whoever took over the client of
// one who is still signed in would see the other's data by right.
func leaves(steps []scenarios.Step) bool {
	left := false
	for _, st := range steps {
		switch st.Op {
		case scenarios.SignOut:
			left = true
		case scenarios.Shows:
			left = false // it is signed in (again)
		default:
		}
	}
	return left
}

// indices are where in the steps one fits.
func indices(steps []scenarios.Step, fits func(st scenarios.Step) bool) []int {
	var out []int
	for k, st := range steps {
		if fits(st) {
			out = append(out, k)
		}
	}
	return out
}

// sends says whether a step sends a request that a person can wait for, and
// give up.
func sends(st scenarios.Step) bool {
	switch st.Op {
	case scenarios.Visit, scenarios.Click, scenarios.Press, scenarios.Reload, scenarios.Request, scenarios.Download, scenarios.SignOut:
		return true
	default:
		return false
	}
}

// repeatable says whether a step that was stopped in its midst can be performed
// again without doing something twice.
func repeatable(st scenarios.Step) bool {
	switch st.Op {
	case scenarios.Visit, scenarios.Reload:
		return true
	case scenarios.Request:
		return st.Request != nil && (st.Request.Method == "" || st.Request.Method == "GET")
	default:
		return false
	}
}

// independent says whether a step does the same whatever the client has on its
// screen. A reload does not: after going back it loads another page.
func independent(st scenarios.Step) bool {
	return st.Op == scenarios.Visit || st.Op == scenarios.Request
}

func signsOut(st scenarios.Step) bool { return st.Op == scenarios.SignOut }

func shows(st scenarios.Step) bool { return st.Op == scenarios.Shows }
