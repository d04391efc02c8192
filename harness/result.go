package harness

import "crosstalk/harness/leak"

// Result is a run's outcome; as JSON it is run.json.
type Result struct {
	Schema       string          `json:"schema"` // ResultSchema
	Verdict      leak.Verdict    `json:"verdict"`
	Exit         int             `json:"exit"`
	Reasons      []string        `json:"reasons"`
	Remedies     []string        `json:"remedies"` // beside Reasons, one for one; "" where there is none
	Seed         uint64          `json:"seed"`
	Scenario     string          `json:"scenario"`
	Target       string          `json:"target"`
	Started      string          `json:"started"` // RFC 3339
	Duration     int64           `json:"duration_ms"`
	Customers    int             `json:"customers"`
	Sessions     int             `json:"sessions"`
	Label        string          `json:"label"`
	Exposures    int             `json:"exposures"`
	Bound        float64         `json:"rate_bound_95"`
	Coverage     []leak.Coverage `json:"coverage"`
	Findings     []leak.Finding  `json:"findings"`
	NeverOwn     []leak.NeverOwn `json:"never_own"`          // places that customers visited and that showed nobody own data
	Journeys     []string        `json:"journeys,omitempty"` // that the run was narrowed to
	Places       []string        `json:"places,omitempty"`   // likewise
	Paces        []Pace          `json:"paces"`              // how the run slowed down, and why
	Hooks        []Hook          `json:"hooks,omitempty"`    // commands that schedules ran
	ID           string          `json:"id"`
	Version      string          `json:"version"`
	Profile      string          `json:"profile"`
	Interrupted  bool            `json:"interrupted"`
	Browser      string          `json:"browser"` // product and version
	Exchanges    int             `json:"exchanges"`
	Sightings    int             `json:"sightings"`
	Bodies       int             `json:"bodies"`
	PairsMet     int             `json:"pairs_met"`
	PairsNeeded  int             `json:"pairs_needed"`
	Rounds       map[string]int  `json:"rounds"`        // walked, by schedule
	Unseen       map[string]int  `json:"unseen"`        // bodies not had, by reason
	UnseenPlaces []leak.Unseen   `json:"unseen_places"` // the same by place, own or not; at most 500, and sums of the rest
	Bystanders   int             `json:"bystanders"`    // customers beside the others who signed up and did nothing
	Mail         Mail            `json:"mail"`
	Failures     map[string]int  `json:"failures"`
	Lost         []string        `json:"lost"`
	Accounts     []string        `json:"accounts_left"`
	Allowances   []string        `json:"allowances_unused"`
	Unmarked     []string        `json:"unmarked,omitempty"` // values that prove nothing in this run though their kind could, as sentences
	SelfChecks   []Check         `json:"self_checks"`
	People       []Person        `json:"people"` // the customers, for the reports
	ThirdParty   []string        `json:"third_party_hosts"`
	Folder       string          `json:"-"`
}

// Mail is what reached mailboxes in a run.
type Mail struct {
	Watched  bool         `json:"watched"`  // else none was received because none was looked for
	Received int          `json:"received"` // mails, anybody's; one to three recipients is three
	Strays   []leak.Stray `json:"strays"`   // to addresses that are nobody's; at most 200, the most first
}

// Pace says when a run changed its pace, and why.
type Pace struct {
	At       int64  `json:"at_ms"`
	Parallel int    `json:"parallel"`
	Pause    int64  `json:"pause_ms,omitempty"`
	Why      string `json:"why"`
}

// Hook is a command of the user's that a schedule ran.
type Hook struct {
	Schedule string `json:"schedule"`
	Round    int    `json:"round"`
	Command  string `json:"command"`
	At       int64  `json:"at_ms"`
	Took     int64  `json:"took_ms"`
	Failed   string `json:"failed,omitempty"`
}

// ResultSchema is the version of run.json.
const ResultSchema = "crosstalk.run/v1"

// Check is one proof about ourselves.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

// Person is a customer as reports show it.
type Person struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Email     string `json:"email"`
	Locale    string `json:"locale"`
	Bystander bool   `json:"bystander,omitempty"`
}

// Exit codes, promised to the outside.
const (
	ExitIsolated     = 0
	ExitLeak         = 1 // always wins, an interrupt included
	ExitInconclusive = 2
	ExitUsage        = 3 // usage or scenario error
	ExitBroken       = 4 // the harness or the machine broke
	ExitInterrupted  = 130
)
