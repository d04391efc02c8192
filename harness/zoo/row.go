package zoo

import (
	"fmt"
	"slices"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// Row is what became of one case.
type Row struct {
	Case
	Seed     uint64       `json:"seed"`            // of the run
	Build    string       `json:"build,omitempty"` // of the crosstalk that ran it
	Verdict  leak.Verdict `json:"verdict"`
	Found    bool         `json:"found"`              // of a fault: it was proven, or suspected where no more can be known
	Expected bool         `json:"expected"`           // a fault was found by its rule, on its surface, and its variant showed nothing that it must not; a decoy was silent
	Open     bool         `json:"open,omitempty"`     // of a decoy: its run came to no verdict, exposed nobody or hardly met it; nobody knows whether it is silent
	Why      string       `json:"why,omitempty"`      // when it was not as expected: a sentence
	Error    string       `json:"error,omitempty"`    // the run broke; it is run again when the zoo is resumed
	Duration int64        `json:"duration_ms"`        // of the whole case
	Proven   int64        `json:"proven_ms"`          // into the run: when the finding was first seen
	Schedule string       `json:"schedule,omitempty"` // the phase or schedule that showed it first

	// Finding is the one that the row is about: the first by an expected rule of
	// expected strength, on an expected surface if there is one; else the first
	// proof. Nil: neither.
	Finding      *leak.Finding     `json:"finding,omitempty"`
	Rules        []string          `json:"expected_rules,omitempty"`
	Surfaces     []history.Surface `json:"expected_surfaces,omitempty"`
	Cause        string            `json:"expected_cause,omitempty"`
	RuleRight    bool              `json:"rule_right"`
	SurfaceRight bool              `json:"surface_right"`
	CauseRight   bool              `json:"cause_right"`

	// Exposures are up to the finding: at its place, and there and at all own
	// places of the judge's. Without a finding they are none, and those at all own
	// places up to the end. Solo and sign-up make none.
	Exposures    int `json:"exposures"`
	AllExposures int `json:"all_exposures"`
	// Chances are how often the fault could have struck, and did: up to the
	// finding, and up to the end of the run.
	Chances    Chances `json:"chances"`
	AllChances Chances `json:"all_chances"`

	Impure     []string `json:"impure,omitempty"`     // proofs that the variant should not show, as sentences
	Alarms     []string `json:"alarms,omitempty"`     // of a decoy: proofs, as sentences
	Suspicions []string `json:"suspicions,omitempty"` // of a decoy, as sentences
	Served     int      `json:"served"`               // of a decoy: pieces that look like a leak, by the shop's own count, up to the end of the run
	Unused     []string `json:"unused,omitempty"`     // of a decoy: allowances by which nothing was allowed
	Reasons    []string `json:"reasons,omitempty"`    // of the verdict
	Remedies   []string `json:"remedies,omitempty"`   // one for each reason, some empty
	Folder     string   `json:"folder,omitempty"`     // the run's, where it was kept
}

// Chances are how often a fault could have struck, and did.
type Chances struct {
	Opportunities int `json:"opportunities"`
	Strikes       int `json:"strikes"`
}

// mostSentences bounds the lists of one row.
const mostSentences = 20

// answers says whether a finding is one that the sight promises, on any surface.
func (s Sight) answers(f leak.Finding) bool {
	return slices.Contains(s.Rules, f.Rule) && (f.Strength == leak.Proof || s.Strength == leak.Suspicion)
}

// promised says whether a finding is one that the sight promises, on one of its
// surfaces.
func (s Sight) promised(f leak.Finding) bool {
	return s.answers(f) && slices.Contains(s.Surfaces, f.Surface)
}

// told says that the finding which a row is about is one that the sight
// promises, with its cause: what a run is ended by. More of a leak says more of
// its cause, and whoever has a run walk to its end has all of that.
func (s Sight) told(all []leak.Finding, cause string) bool {
	f := s.telling(all)
	return f != nil && s.promised(*f) && f.Cause == cause
}

// telling is the finding that a row is about.
func (s Sight) telling(all []leak.Finding) *leak.Finding {
	for _, fits := range []func(leak.Finding) bool{s.promised, s.answers, proven} {
		if i := slices.IndexFunc(all, fits); i >= 0 {
			return &all[i]
		}
	}
	return nil
}

func proven(f leak.Finding) bool { return f.Strength == leak.Proof }

// judge fills in what the findings of a fault's run say.
func (r *Row) judge(sight Sight, cause string, all []leak.Finding) {
	r.Rules, r.Surfaces, r.Cause = sight.Rules, sight.Surfaces, cause
	r.Impure = impure(r.Variant, all)
	f := sight.telling(all)
	if f == nil {
		return
	}
	r.Finding, r.Found, r.Proven, r.Schedule = f, true, f.FirstSeen, f.Schedule
	r.RuleRight, r.SurfaceRight, r.CauseRight = sight.answers(*f), slices.Contains(sight.Surfaces, f.Surface), f.Cause == cause
	r.Expected = r.RuleRight && r.SurfaceRight && len(r.Impure) == 0
}

// sentence says in one line what a finding proves.
func sentence(f leak.Finding) string {
	why := ""
	if len(f.Evidence) > 0 {
		why = ": " + f.Evidence[0]
	}
	return fmt.Sprintf("%s, %s, on %s at %s%s", f.Rule, f.Kind, f.Surface, f.Place, why)
}

// judgeDecoy fills in what a decoy's run says. A run that exposed nobody, that
// missed what a verdict needs, or that hardly met the decoy, was not silent: it
// had nothing to say.
func (r *Row) judgeDecoy(result harness.Result, m meeting) {
	for _, f := range result.Findings {
		if list := r.list(f); len(*list) < mostSentences {
			*list = append(*list, sentence(f))
		}
	}
	r.AllExposures, r.Served, r.Unused = result.Exposures, m.served, m.unused
	switch missed := m.missed(); {
	case len(r.Alarms) > 0:
		r.Why = "false alarm, " + r.Alarms[0]
	case result.Exposures == 0:
		r.Open, r.Why = true, "nobody was exposed to anything"+r.unwalked()
	case !m.decided:
		r.Open, r.Why = true, "nobody knows whether it is silent"+r.unwalked()
	case missed != "":
		r.Open, r.Why = true, missed
	default:
		r.Expected = true
	}
}

// decided says that a judgement says whether anything leaks: it has a verdict,
// or misses it for a suspicion alone, which the row lists.
func decided(j leak.Judgement) bool {
	return j.Verdict != leak.Inconclusive ||
		len(j.Reasons) > 0 && !slices.ContainsFunc(j.Reasons, func(r leak.Reason) bool { return r.Suspicion == "" })
}

func (r *Row) list(f leak.Finding) *[]string {
	if proven(f) {
		return &r.Alarms
	}
	return &r.Suspicions
}

// clean says that nobody needs to look at the run: it went as expected, with
// the right cause, and without a suspicion.
func (r *Row) clean() bool {
	return r.Error == "" && r.Expected && (r.Kind == KindDecoy || r.CauseRight) && len(r.Suspicions) == 0
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
