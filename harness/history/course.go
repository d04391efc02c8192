package history

import "encoding/json"

// Plan is a piece of the seeded plan, written before it is walked. Record is
// plan.Round as JSON: history does not know plans. The first one of a run has
// the schedule PlanSetting and says what all the others were made from.
//
// The record depends on the seed alone. What the run put into it while it went
// (how long a copy lives at this target) is in Lags.
type Plan struct {
	Schedule string          `json:"schedule"`
	Round    int             `json:"round"`
	Record   json.RawMessage `json:"record"`
	// Window is how long after one customer was at a place the next one there
	// counts as exposed, in this round; zero: DefaultWindow.
	Window Moment `json:"window,omitempty"`
	// Lags are those of walks whose lag depends on what was observed, by their
	// index in the round.
	Lags map[int]Lag `json:"lags,omitempty"`
	// Schedules are, of a setting, those of which rounds must be walked from now
	// on; none: those of the run. A run that is narrowed after solo has no swap
	// where no journey that is left signs out.
	Schedules []string `json:"schedules,omitempty"`
}

// PlanSetting is the schedule of the record that says what a plan was made from.
const PlanSetting = "setting"

// DefaultWindow is the window of a round that names none: ten seconds, the
// lifetime of a short edge cache.
const DefaultWindow = Moment(10_000_000)

// Lag is how long after another walk one began, and why.
type Lag struct {
	Micros Moment `json:"us"`
	Why    string `json:"why"` // "max-age=20 of GET /products, and a second"
}

// Pace says that a run changed its pace because of how the target answered: a
// person must be able to see why so little was walked.
type Pace struct {
	Parallel int    `json:"parallel"`        // sessions that may be under way at once from now on
	Pause    Moment `json:"pause,omitempty"` // nothing new is begun for so long
	Asked    bool   `json:"asked,omitempty"` // the target asked for it (Retry-After)
	Why      string `json:"why"`             // "7 of 20 answers were 503"
}

// Hook is a command of the user's that a schedule ran.
type Hook struct {
	Schedule string `json:"schedule"`
	Round    int    `json:"round"`
	Command  string `json:"command"`
	Start    Moment `json:"start"`
	End      Moment `json:"end"`
	Failed   string `json:"failed,omitempty"` // why it did not do what it should; "" when it did
	Output   string `json:"output,omitempty"` // its last lines
}
