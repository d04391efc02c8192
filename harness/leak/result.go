package leak

import (
	"crosstalk/harness/history"
)

// Verdict is the judge's last word.
type Verdict string

// The verdicts. A leak always wins; isolated needs positive evidence.
const (
	Isolated     Verdict = "isolated"
	Leak         Verdict = "leak"
	Inconclusive Verdict = "inconclusive"
)

// Rule names of findings.
const (
	RuleForeignMarker = "foreign marker"
	RuleOwnPlace      = "own place, another's value"
	RuleSharedToken   = "shared token"
	RulePredecessor   = "predecessor"
	RuleEarlierRun    = "earlier run"
	RuleMasked        = "masked marker"
	RuleNobodys       = "own place, nobody's value"
	RulePersonalPlace = "personal place, shared value"
	RuleVariant       = "wrong variant"
	RuleMisplaced     = "misplaced response"
	RuleConflict      = "conflict"
	RuleBystander     = "mail to a bystander"
)

// Strengths of findings.
const (
	Proof     = "proof"
	Suspicion = "suspicion"
)

// Causes: the closed list. Unknown is an honest answer.
const (
	CauseSharedCache     = "shared cache"
	CauseCachedSetCookie = "cached Set-Cookie"
	CauseCoalesced       = "coalesced request"
	CauseRace            = "race"
	CauseSwappedSession  = "swapped session"
	CauseShiftedReplies  = "shifted replies"
	CauseWorkerResidue   = "worker residue"
	CauseBroadcast       = "broadcast"
	CauseClientStorage   = "client storage"
	CauseFileClash       = "file clash"
	CauseMailMixUp       = "mail mix-up"
	CauseObjectLevel     = "object-level authorization"
	CauseUnknown         = "unknown"
)

// Finding is a group of sightings that prove the same thing: this viewer was
// shown that victim's marker, of this kind, on this surface, at this place.
type Finding struct {
	ID          string          `json:"id"` // "F1", in order of first sighting
	Fingerprint string          `json:"fingerprint"`
	Rule        string          `json:"rule"`
	Strength    string          `json:"strength"`
	Cause       string          `json:"cause"`
	Victim      string          `json:"victim"` // "c03"; "c03 of RUN" of an earlier run; "nobody"; "" when it is not known whose the value is
	Viewer      string          `json:"viewer"`
	Kind        string          `json:"kind"`
	Surface     history.Surface `json:"surface"`
	Place       history.Place   `json:"place"`
	Where       string          `json:"where"`
	Decoded     []string        `json:"decoded"`
	Schedule    string          `json:"schedule"`
	Count       int             `json:"count"`
	FirstSeen   int64           `json:"first_seen_ms"`
	Evidence    []string        `json:"evidence"`           // sentences for a person: how it was shown, why this cause
	Snippet     string          `json:"snippet,omitempty"`  // a short stretch around the marker, never the page
	Value       string          `json:"value,omitempty"`    // the marker itself: fake, ours
	Session     string          `json:"session"`            // in which it was first shown
	Exchange    string          `json:"exchange,omitempty"` // that first showed it, where it was one
	Shot        string          `json:"shot,omitempty"`     // screenshot, relative to the run folder
	Reproduce   string          `json:"reproduce"`          // filled in by harness
}

// Coverage is what a run saw at one own place on one surface.
type Coverage struct {
	Place     history.Place   `json:"place"`
	Surface   history.Surface `json:"surface"`
	OwnSeen   int             `json:"own_seen"`      // sessions that were shown their own data here
	Sessions  int             `json:"sessions"`      // sessions that were here while signed in
	OwnVisits int             `json:"own_visits"`    // visits that showed own data
	Visits    int             `json:"visits"`        // visits by signed-in sessions, those aborted by plan left out
	Pairs     int             `json:"pairs"`         // ordered pairs of customers that met here within the window
	Exposures int             `json:"exposures"`     // responses or renders by a viewer other than the customer last here, within the window
	Unseen    int             `json:"unseen"`        // bodies that could not be had
	Kinds     []string        `json:"kinds"`         // what it shows its owner
	Bound     float64         `json:"rate_bound_95"` // 3/exposures; 0 when there were none
	// Schedules are exposures and pairs again, by the schedule that made them.
	Schedules map[string]Met `json:"schedules"`
	// Connections is over how many connections the place was asked for.
	Connections int `json:"connections"`
	// Edges are who answered (Via, X-Served-By, Server-Timing, …), by how many
	// visits; SharedEdge is how many of Pairs met at one and the same.
	Edges      map[string]int `json:"edges"`
	SharedEdge int            `json:"pairs_same_edge"`
	// Cache is what the caches on the way said of themselves (X-Cache,
	// CF-Cache-Status, …): "hit", "miss", "pass", …, by how many visits.
	// Coverage, and never an oracle.
	Cache map[string]int `json:"cache"`
}

// Met is what one schedule made of a place.
type Met struct {
	Exposures int `json:"exposures"`
	Pairs     int `json:"pairs"`
}

// NeverOwn is a place that customers visited while signed in and that never
// showed anybody own data: silence there means nothing.
type NeverOwn struct {
	Place   history.Place   `json:"place"`
	Surface history.Surface `json:"surface"`
	Visits  int             `json:"visits"`
}

// Reason says why a verdict is what it is, and what to do about it.
type Reason struct {
	Text      string `json:"text"`
	Remedy    string `json:"remedy,omitempty"`
	Suspicion string `json:"suspicion,omitempty"` // the finding that it is about, if it is one that is open: nothing was missed
}

// Judgement is what the judge concludes from a history.
type Judgement struct {
	Verdict   Verdict
	Reasons   []Reason
	Findings  []Finding
	Coverage  []Coverage
	NeverOwn  []NeverOwn // at most 200, the most visited first
	Exposures int        // sum over the own places
	Bound     float64    // 3/Exposures: the 95 % upper bound of the leak rate per exposure; 0 when there were none
	Pairs     int        // fewest ordered pairs met at any own place
	PairsNeed int        // how many the minima ask for
	Sessions  int
	Exchanges int
	Sightings int
	Bodies    int            // distinct bodies searched
	Failures  map[string]int // failed steps by their text, for the reports
	Unseen    map[string]int // bodies not had, by reason
	// UnseenPlaces are the same by place and surface, at most 500 and sums of
	// the rest: what counts for the minima first, then the most.
	UnseenPlaces []Unseen
	Mails        int      // that reached mailboxes, anybody's
	Strays       []Stray  // mail to addresses that are nobody's, at most 200, the most first
	Customers    int      // that walked: bystanders left out
	Lost         []string // browsers and sessions that were lost, as sentences
	Accounts     []string // accounts left behind, as sentences

	// Issued are the credentials and strong values that the shop issued, by
	// customer: what a later run should know when it is shown them.
	Issued map[string][]history.EarlierValue

	Unmarked []string // values that prove nothing in this run though their kind could, as sentences

	AllowancesUnused []string // allowances of the scenario that nothing was dropped by
}
