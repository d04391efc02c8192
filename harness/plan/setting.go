package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"crosstalk/scenarios"
)

// Setting is all that a plan depends on. As JSON it has everything but the
// scenario, of which Record keeps the name.
type Setting struct {
	Seed       uint64              `json:"seed"`
	Scenario   *scenarios.Scenario `json:"-"`
	Customers  []string            `json:"customers"`            // IDs, in order of allocation
	Bystanders []string            `json:"bystanders,omitempty"` // IDs of those who have accounts and never walk
	Schedules  []string            `json:"schedules"`            // names from Choices, walked in turn; default: Names
	Solo       int                 `json:"solo"`                 // customers who walk alone first; default DefaultSolo, at most all
	Parallel   int                 `json:"parallel"`             // walks of one kind of client that may be under way at once; default: as many as customers
	// Journeys are what solo and rounds are narrowed to; empty: all. Accounts
	// are made and removed by all that do so. Passers-by come where they are
	// named, or where nothing is.
	Journeys []string `json:"journeys,omitempty"`
	// Until is how many steps of a journey rounds walk; none, zero or more
	// than there are: all. Solo walks all.
	Until map[string]int `json:"until,omitempty"`
}

// DefaultSolo is how many customers walk alone before the rounds. An own place
// needs two; the third keeps a cookie that a load balancer hands to every
// second visitor from looking like a credential.
const DefaultSolo = 3

// settle fills in the defaults and refuses what cannot be.
func (s Setting) settle() (Setting, error) {
	if len(s.Customers) == 0 {
		return s, fmt.Errorf("plan: no customers")
	}
	if s.Scenario == nil {
		return s, fmt.Errorf("plan: no scenario")
	}
	if len(s.Schedules) == 0 {
		s.Schedules = Names()
	}
	for _, name := range s.Schedules {
		if !slices.Contains(Choices(), name) {
			return s, fmt.Errorf("plan: no schedule %q; there are %s", name, strings.Join(Choices(), ", "))
		}
	}
	for _, name := range s.Journeys {
		if s.Scenario.Journey(name) == nil {
			return s, fmt.Errorf("plan: no journey %q; there are %s", name, strings.Join(journeyNames(s.Scenario), ", "))
		}
	}
	if s.Parallel <= 0 {
		s.Parallel = len(s.Customers)
	}
	if s.Solo <= 0 {
		s.Solo = DefaultSolo
	}
	s.Solo = min(s.Solo, len(s.Customers))
	return s, nil
}

func journeyNames(sc *scenarios.Scenario) []string {
	var names []string
	for _, j := range sc.Journeys {
		names = append(names, j.Name)
	}
	return names
}

// record is a setting as it is written.
type record struct {
	Scenario string `json:"scenario"`
	Setting
}

// Record is what the plan was made from, as JSON: written before the first
// round, it lets the plan of a run that was killed be made again.
func (p *Plan) Record() (json.RawMessage, error) {
	b, err := json.Marshal(record{p.setting.Scenario.Name, p.setting})
	if err != nil {
		return nil, fmt.Errorf("write plan's setting: %w", err)
	}
	return b, nil
}

// Read makes the plan again that a Record was taken of. The scenario must be
// the one it was made for; one of another name is refused, and so is a record
// that says more than is known here: the plan would be another one.
func Read(b []byte, sc *scenarios.Scenario) (*Plan, error) {
	var rec record
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&rec); err != nil {
		return nil, fmt.Errorf("read plan's setting: %w", err)
	}
	if sc == nil || rec.Scenario != sc.Name {
		return nil, fmt.Errorf("read plan's setting: it was made for scenario %q", rec.Scenario)
	}
	rec.Setting.Scenario = sc
	return New(rec.Setting)
}
