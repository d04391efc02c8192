package history

import "encoding/json"

// Moment is a point in a run: microseconds since the run began, on the
// monotonic clock of the machine that drove it.
type Moment int64

// Millis is the moment in whole milliseconds, as reports print it.
func (m Moment) Millis() int64 { return int64(m) / 1000 }

// Nobody is the viewer of a session that has no customer: a passer-by.
const Nobody = "nobody"

// Event is one line of the journal. Exactly one of its pointers is set.
//
// The journal is in the order of writing. A reader that needs the order of
// happening sorts by the moments inside the records: an exchange is written
// when it has ended, but belongs to the customer and step at its start.
type Event struct {
	Seq       int64      `json:"seq"`
	At        Moment     `json:"at"`
	Run       *Run       `json:"run,omitempty"`
	Customer  *Customer  `json:"customer,omitempty"`
	Plan      *Plan      `json:"plan,omitempty"`
	SelfCheck *SelfCheck `json:"self_check,omitempty"`
	Phase     *Phase     `json:"phase,omitempty"`
	Account   *Account   `json:"account,omitempty"`
	Session   *Session   `json:"session,omitempty"`
	Identity  *Identity  `json:"identity,omitempty"`
	Step      *Step      `json:"step,omitempty"`
	Exchange  *Exchange  `json:"exchange,omitempty"`
	Sighting  *Sighting  `json:"sighting,omitempty"`
	Learned   *Learned   `json:"learned,omitempty"`
	Earlier   *Earlier   `json:"earlier,omitempty"`
	Shot      *Shot      `json:"shot,omitempty"`
	Lost      *Lost      `json:"lost,omitempty"`
	Pace      *Pace      `json:"pace,omitempty"`
	Hook      *Hook      `json:"hook,omitempty"`
	Closed    *Closed    `json:"closed,omitempty"`
	End       *End       `json:"end,omitempty"`
}

// Run opens the journal: what is to be done, by whom, against what.
type Run struct {
	Schema       string          `json:"schema"` // SchemaVersion
	ID           string          `json:"id"`
	Started      string          `json:"started"` // RFC 3339, UTC
	Version      string          `json:"version"` // crosstalk's own
	Seed         uint64          `json:"seed"`
	Scenario     string          `json:"scenario"`      // its name
	ScenarioFile string          `json:"scenario_file"` // path as given, or "builtin:checkout"
	ScenarioText string          `json:"scenario_text"` // the source, so that an old run can be judged and cleaned up
	Target       string          `json:"target"`
	Profile      string          `json:"profile,omitempty"`
	Label        string          `json:"label,omitempty"`
	Customers    int             `json:"customers"`
	Schedules    []string        `json:"schedules,omitempty"` // that were asked for: each must have been walked
	Journeys     []string        `json:"journeys,omitempty"`  // that the run was narrowed to; empty: all
	Places       []string        `json:"places,omitempty"`    // likewise, with * for any characters
	PID          int             `json:"pid"`
	Host         string          `json:"host"`
	Options      json.RawMessage `json:"options,omitempty"` // what else a replay needs to know; harness' own
}

// SchemaVersion is the version of the journal's records.
const SchemaVersion = "crosstalk.history/v1"

// Customer is a fake shopper, written before it is used. Record is
// customer.Customer as JSON: history does not know customers.
type Customer struct {
	ID        string          `json:"id"` // "c03"
	Record    json.RawMessage `json:"record"`
	Bystander bool            `json:"bystander,omitempty"` // signs up and then does nothing: what comes afterwards, others caused
}

// SelfCheck is one proof about ourselves, made before a shop is blamed.
type SelfCheck struct {
	Name   string `json:"name"` // "cookies", "localStorage", "http-cache", …
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

// Names of phases and, during the rounds, of schedules.
const (
	PhaseSelfCheck = "self-check"
	PhaseBaseline  = "baseline"
	PhaseSignUp    = "sign-up"
	PhaseSolo      = "solo"
	PhaseRelay     = "relay"
	PhaseBurst     = "burst"
	PhaseMingle    = "mingle"
	PhaseAbort     = "abort"
	PhaseSwap      = "swap"
	PhaseHerd      = "herd"
	PhaseCleanUp   = "clean-up"
)

// Phase says that a phase, or a round of a schedule, begins or has ended.
type Phase struct {
	Name  string `json:"name"`
	Round int    `json:"round,omitempty"`
	Done  bool   `json:"done,omitempty"` // false: it begins now
}

// States of an account.
const (
	AccountCreating = "creating" // written before the request that creates it
	AccountCreated  = "created"
	AccountRemoved  = "removed"
	AccountLeft     = "left" // clean-up was tried and failed, or the scenario has none
)

// Account follows an account at the target, from before it is created.
type Account struct {
	Customer string `json:"customer"`
	Journey  string `json:"journey"`
	State    string `json:"state"`
	Detail   string `json:"detail,omitempty"`
}

// A mailbox is a session too, of a client and a journey of its own: one for each
// owner in each phase or round in which mail came. Its customer is Nobody where
// the address is nobody's; the address stands in the sighting's URL
// ("mailto:…") and, behind " to ", in its place.
const (
	ClientMailbox  = "mailbox"
	JourneyMailbox = "(mailbox)"
)

// Session begins a session: one client with one cookie jar.
type Session struct {
	ID       string `json:"id"`     // "s017"
	Client   string `json:"client"` // "browser", "api" or "mailbox"
	Journey  string `json:"journey"`
	Customer string `json:"customer"` // whom it walks as at first; Nobody for a passer-by
	Phase    string `json:"phase"`    // phase or schedule
	Round    int    `json:"round"`
}

// Identity says that a session changed whom it walks as, or was proved signed
// in (its own values were shown to it, by a `shows` step), or signed out.
// From SignedIn to SignedOut the session is expected to be shown its own
// values at its own places; outside, nothing is expected.
type Identity struct {
	Session  string `json:"session"`
	Customer string `json:"customer"`
	State    string `json:"state"` // SignedIn, SignedOut, Became
}

// States of an identity.
const (
	SignedIn  = "signed-in"
	SignedOut = "signed-out"
	Became    = "became" // another customer now uses this client
)

// Outcomes of a step.
const (
	StepDone   = "done"
	StepFailed = "failed" // the shop did not do what the step expects; data, not an error
	StepCut    = "cut"    // ended by plan, by the budget or by an interrupt: may have happened
)

// Step is one performed step of a journey, written when it has ended.
type Step struct {
	Session string `json:"session"`
	Part    string `json:"part"`  // "setup", "steps", "cleanup"; PartProvoke, PartBetween
	Index   int    `json:"index"` // zero-based within its part; goes on counting when another customer takes over; of PartProvoke and PartBetween, of the step they come before
	Op      string `json:"op"`
	Text    string `json:"text"` // what a person reads: `click button "Sign in"`
	Start   Moment `json:"start"`
	End     Moment `json:"end"`
	Outcome string `json:"outcome"`
	Error   string `json:"error,omitempty"`
	URL     string `json:"url,omitempty"` // where the client stood afterwards
}

// Parts of a walk beside those of a journey.
const (
	PartProvoke = "provoke" // an error provoked on purpose: how it ends is no failure
	PartBetween = "between" // what a person does beside the journey: going back, losing the network
)

// Header is one header line as it was on the wire; a name may repeat.
type Header struct {
	Name  string `json:"n"`
	Value string `json:"v"`
}

// Body refers to bytes that are stored once, by their hash.
type Body struct {
	Hash   string `json:"hash,omitempty"` // of the stored bytes; empty when there are none
	Size   int64  `json:"size,omitempty"`
	Type   string `json:"type,omitempty"`   // media type without parameters, lower case
	Unseen string `json:"unseen,omitempty"` // why a body that was delivered could not be had; empty when it was had
}

// Reasons for Body.Unseen that coverage counts apart from the rest.
const (
	UnseenRedirect  = "redirect" // the protocol does not give redirect bodies
	UnseenCancelled = "canceled" // the page itself gave up the request, or navigated away
	UnseenAborted   = "aborted"  // the plan cut it
	UnseenSampled   = "sampled"  // a static asset that all are given, by the drivers' rule: see the browser's assets
)

// Exchange is one request and its response.
type Exchange struct {
	ID             string   `json:"id"` // unique in the run
	Session        string   `json:"session"`
	Viewer         string   `json:"viewer"` // the customer who asked, at the start of the request; or Nobody
	Step           int      `json:"step"`   // index of the step during which the request began
	Method         string   `json:"method"`
	URL            string   `json:"url"`
	Place          Place    `json:"place"`
	Resource       string   `json:"resource"` // document, xhr, fetch, script, style, image, font, download, api, other
	RequestHeaders []Header `json:"request_headers,omitempty"`
	RequestBody    Body     `json:"request_body"`
	Status         int      `json:"status,omitempty"`
	Headers        []Header `json:"headers,omitempty"`     // each Set-Cookie its own line
	EarlyHints     []Header `json:"early_hints,omitempty"` // of a 103 that came before the answer
	Start          Moment   `json:"start"`
	Sent           Moment   `json:"sent,omitempty"`     // when a request that was held was let go; zero: it was not held
	Response       Moment   `json:"response,omitempty"` // first byte of the response
	End            Moment   `json:"end"`
	Protocol       string   `json:"protocol,omitempty"` // "http/1.1", "h2"
	Remote         string   `json:"remote,omitempty"`   // address and port
	Connection     string   `json:"connection,omitempty"`
	From           string   `json:"from,omitempty"`     // "", or the client's own cache: "disk", "memory", "service-worker", "prefetch"
	Redirect       string   `json:"redirect,omitempty"` // where it was redirected to
	Failed         string   `json:"failed,omitempty"`   // the network error, if it failed
	Body           Body     `json:"body"`
}

// Learned is a value that the scenario told us to remember as its customer's.
type Learned struct {
	Session  string `json:"session"`
	Customer string `json:"customer"`
	Kind     string `json:"kind"`
	Value    string `json:"value"`
	Place    Place  `json:"place"`
	Where    string `json:"where,omitempty"`
}

// Earlier is what a customer of a remembered run owned: shown now, it comes from
// a copy that outlived that run. Written before the first sign-up.
type Earlier struct {
	Run      string         `json:"run"`      // its ID
	Customer string         `json:"customer"` // "c03" of that run
	Markers  []EarlierValue `json:"markers"`
}

// EarlierValue is one strong value of an Earlier.
type EarlierValue struct {
	Kind  string `json:"kind"` // "email", "gift", or the kind of a learned value
	Value string `json:"value"`
}

// Shot is a screenshot of the moment a foreign marker was matched.
type Shot struct {
	Session  string `json:"session"`
	Sighting string `json:"sighting"`
	File     string `json:"file"` // relative to the history folder
}

// Lost says that a browser or a session ended before its time.
type Lost struct {
	Session string `json:"session,omitempty"` // empty: the browser with all its sessions
	What    string `json:"what"`              // "browser", "tab", "session"
	Reason  string `json:"reason"`
}

// Closed ends a session.
type Closed struct {
	Session string `json:"session"`
}

// End closes the journal; a journal without it was cut short.
type End struct {
	Interrupted bool   `json:"interrupted,omitempty"`
	Reason      string `json:"reason,omitempty"` // "budget spent", "rounds walked", "interrupted", …
}
