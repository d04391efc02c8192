package plan

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"
)

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
	Number   int    `json:"number"`         // one-based within its schedule
	Meet     bool   `json:"meet"`           // `meet` steps are barriers; otherwise they are passed
	Hold     bool   `json:"hold,omitempty"` // requests are held until those of the others are there, and let go together
	Parallel int    `json:"parallel"`
	// Window is how long after one customer was at a place the next one there
	// counts as exposed; longer by the longest lag that depends on a lifetime.
	Window time.Duration `json:"window,omitempty"`
	// Pause is how long everybody rests before the steps that the walks pause
	// at; then the user's hook is run, if there is one, and all go on at once.
	Pause time.Duration `json:"pause,omitempty"`
	Walks []Walk        `json:"walks"`
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
	// Life makes the lag depend on how long a copy lives at this target; Lag is
	// then for targets of which no lifetime is known. Which of the known ones
	// is Turn's business: they are taken in turn.
	Life Life `json:"life,omitempty"`
	Turn int  `json:"turn,omitempty"`
	// Think are the pauses before the steps; shorter than the steps' list or
	// empty means no pause before the rest.
	Think []time.Duration `json:"think,omitempty"`
	// Until is how many steps are performed; zero: all.
	Until int `json:"until,omitempty"`
	// Cuts end steps in their midst, in the order of their steps.
	Cuts []Cut `json:"cuts,omitempty"`
	// Provoke is how many steps are performed before the journey's
	// provocations are, after which the walk ends; zero: they are not.
	Provoke int `json:"provoke,omitempty"`
	// Rest is how many steps are performed before this walk waits for
	// everybody, and for the round's pause; zero: it does not.
	Rest int `json:"rest,omitempty"`
	// Heir is who uses the same client next, from the first step on; "": nobody.
	Heir string `json:"heir,omitempty"`
	// Moves are what a person does beside the journey, in the order of steps.
	Moves []Move `json:"moves,omitempty"`
}

// Life is a part of the lifetime of a copy at the target.
type Life string

// The parts of a lifetime.
const (
	LifeHalf Life = "half" // while the copy lives
	LifePast Life = "past" // a second after it has ended
)

// Cut ends a step before it has ended by itself.
type Cut struct {
	Step int `json:"step"` // zero-based
	// At is when, as a share (0 to 1) of the 95th percentile of how long this
	// step took in solo.
	At float64 `json:"at"`
	// Leave closes the tab, or the app, and ends the walk. Otherwise the
	// request is stopped; a step that can be repeated is performed again, as
	// one who presses stop and then reload, and others end the walk.
	Leave bool `json:"leave,omitempty"`
}

// Move is one thing a person does beside the journey.
type Move struct {
	Before int    `json:"before"`         // step (zero-based, of the heir's where Heir is set) before which it is done; the number of steps: after the last
	Heir   bool   `json:"heir,omitempty"` // in the heir's turn
	What   string `json:"what"`           // MoveBack, …
}

// The moves. Each leaves the network as it was.
const (
	MoveBack    = "back" // one step back in the client's history
	MoveReload  = "reload"
	MoveOffline = "offline" // the page is loaded again without a network
	MoveSlow    = "slow"    // the next step is performed over a slow network
)

// Plan makes rounds. It holds no state: a round depends on the setting and its
// number alone, so a run that ends early has walked a prefix of a longer one.
type Plan struct {
	setting  Setting
	journeys journeys
	rotation []string // the schedules that have something to walk here, in turn
}

// New checks the setting and fills in its defaults. The error says what is
// wrong: no customers, or a schedule or a journey that does not exist.
func New(s Setting) (*Plan, error) {
	s, err := s.settle()
	if err != nil {
		return nil, err
	}
	p := &Plan{setting: s, journeys: sortJourneys(s)}
	for _, name := range s.Schedules {
		if len(p.make(name, 1).Walks) > 0 {
			p.rotation = append(p.rotation, name)
		}
	}
	if len(p.rotation) == 0 {
		p.rotation = s.Schedules
	}
	return p, nil
}

// Setting is what the plan was made from, with every default filled in.
func (p *Plan) Setting() Setting { return p.setting }

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

// walk is a customer's plain walk of a journey, as far as rounds walk it.
func (p *Plan) walk(customer, journey string) Walk {
	return Walk{Customer: customer, Journey: journey, Part: PartSteps, Follow: Alone, Until: p.journeys.until[journey]}
}

// atOnce is how many customers walk together in a round whose walks wait for
// each other: who has no place when the others stand at a barrier or a gate
// would only keep them there until its deadline. With a single place nobody
// can be together, and all walk one after another.
func (p *Plan) atOnce() int {
	if p.setting.Parallel == 1 {
		return len(p.setting.Customers)
	}
	return min(p.setting.Parallel, len(p.setting.Customers))
}

// together says whether walks can be under way at once at all.
func (p *Plan) together() bool { return p.setting.Parallel > 1 }
