package plan

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"crosstalk/scenarios"
)

// Setting is all that a plan depends on.
type Setting struct {
	Seed       uint64
	Scenario   *scenarios.Scenario
	Customers  []string // IDs, in order of allocation
	Bystanders []string // IDs of those who have accounts and never walk
	Schedules  []string // names from Schedules, walked in turn; default: all
	Solo       int      // customers who walk alone first; default DefaultSolo, at most all
	Parallel   int      // walks that may be under way at once; default: as many as customers
}

// DefaultSolo is how many customers walk alone before the rounds. An own place
// needs two; the third keeps a cookie that a load balancer hands to every
// second visitor from looking like a credential.
const DefaultSolo = 3

// Parts of a journey that a walk performs.
const (
	PartSetup   = "setup"
	PartSteps   = "steps"
	PartCleanup = "cleanup"
)

// Alone is the Follow of a walk that follows nobody.
const Alone = -1

// Round is a piece of the plan that is walked as a whole: its walks begin
// together, and it has ended when they all have.
type Round struct {
	Schedule string `json:"schedule"`
	Number   int    `json:"number"` // one-based within its schedule
	Meet     bool   `json:"meet"`   // `meet` steps are barriers; otherwise they are passed
	Parallel int    `json:"parallel"`
	Walks    []Walk `json:"walks"`
}

// Walk is one session to be: a customer (or nobody) performing one part of a
// journey with an empty jar, on connections of its own.
type Walk struct {
	Customer string `json:"customer"` // history.Nobody for a passer-by
	Journey  string `json:"journey"`
	Part     string `json:"part"`
	// Follow is the index in the round of the walk that this one follows, or
	// Alone. With InStep, step k begins Lag after the other's step k has
	// ended; otherwise the first step begins Lag after the other walk has.
	Follow int           `json:"follow"`
	InStep bool          `json:"in_step,omitempty"`
	Lag    time.Duration `json:"lag,omitempty"`
	// Think are the pauses before the steps; shorter than the steps' list or
	// empty means no pause before the rest.
	Think []time.Duration `json:"think,omitempty"`
}

// Plan makes rounds. It holds no state: a round depends on the setting and its
// number alone, so a run that ends early has walked a prefix of a longer one.
type Plan struct {
	setting  Setting
	journeys journeys
}

// journeys are the scenario's, by what the schedules do with them.
type journeys struct {
	browser, api []string // walked by customers, in the file's order
	passers      []string
	accounts     []string // those with a set-up
	steps        map[string]int
}

// New checks the setting.
func New(s Setting) (*Plan, error) {
	if len(s.Customers) == 0 {
		return nil, fmt.Errorf("plan: no customers")
	}
	if len(s.Schedules) == 0 {
		s.Schedules = Names()
	}
	for _, name := range s.Schedules {
		if _, ok := schedules[name]; !ok {
			return nil, fmt.Errorf("plan: no schedule %q; there are %s", name, strings.Join(Names(), ", "))
		}
	}
	if s.Parallel <= 0 {
		s.Parallel = len(s.Customers)
	}
	if s.Solo <= 0 {
		s.Solo = DefaultSolo
	}
	s.Solo = min(s.Solo, len(s.Customers))
	return &Plan{setting: s, journeys: sortJourneys(s.Scenario)}, nil
}

func sortJourneys(sc *scenarios.Scenario) journeys {
	out := journeys{steps: map[string]int{}}
	for _, j := range sc.Journeys {
		out.steps[j.Name] = len(j.Steps)
		if len(j.Setup) > 0 {
			out.accounts = append(out.accounts, j.Name)
		}
		switch {
		case len(j.Steps) == 0:
		case j.Customer == scenarios.None:
			out.passers = append(out.passers, j.Name)
		case j.Client == scenarios.API:
			out.api = append(out.api, j.Name)
		default:
			out.browser = append(out.browser, j.Name)
		}
	}
	return out
}

// random is the source for one round: seeded by the run's seed and the round's
// name, so that adding a schedule leaves the rounds of the others as they are.
func (p *Plan) random(schedule string, number int) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%d", schedule, number)
	return rand.New(rand.NewPCG(p.setting.Seed, h.Sum64()))
}

// shuffled are the customers in an order of this round's own.
func (p *Plan) shuffled(r *rand.Rand) []string {
	c := slices.Clone(p.setting.Customers)
	r.Shuffle(len(c), func(i, j int) { c[i], c[j] = c[j], c[i] })
	return c
}
