package zoo

import (
	"cmp"
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
	Found    bool         `json:"found"`              // of a fault: it was proven, or suspected where no more can be known, when it had struck
	Expected bool         `json:"expected"`           // a fault was found by its rule, on its surface, and its variant showed nothing that it must not, nor anything before it struck; a decoy, or a fault at rate 0, was silent
	Open     bool         `json:"open,omitempty"`     // of a decoy, or a fault at rate 0: its run came to no verdict, exposed nobody or hardly met the decoy; nobody knows whether it is silent
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
	Schedules    []string          `json:"expected_schedules,omitempty"`
	RuleRight    bool              `json:"rule_right"`
	SurfaceRight bool              `json:"surface_right"`
	CauseRight   bool              `json:"cause_right"` // of the finding as it was at the run's end
	// ScheduleRight says that one of the expected schedules showed it first. It
	// may come out by others, too, and no less: this is for whoever reads it.
	ScheduleRight bool `json:"schedule_right"`
	// FirstCause is that of the promised finding when the judge first had it, on
	// what was walked by then. The run went on unless it was the right one.
	FirstCause      string `json:"first_cause,omitempty"`
	FirstCauseRight bool   `json:"first_cause_right"`

	// Exposures are up to the finding: at its place, and there and at all own
	// places of the judge's. Without a finding they are none, and those at all own
	// places up to the end. Solo and sign-up make none.
	Exposures    int `json:"exposures"`
	AllExposures int `json:"all_exposures"`
	// Needed is how many exposures it takes without luck either way: 1/rate.
	Needed float64 `json:"expected_exposures,omitempty"`
	// Chances are how often the fault could have struck, and did: up to the
	// finding, and up to the end of the run.
	Chances    Chances `json:"chances"`
	AllChances Chances `json:"all_chances"`
	// Walked is how long the run took, and Projected how many opportunities it
	// would have had at its pace in all the time that it was given: those that it
	// had, unless it was ended at its proof.
	Walked    int64 `json:"walked_ms"`
	Projected int   `json:"projected_opportunities"`

	Impure     []string `json:"impure,omitempty"`     // proofs that the variant should not show, as sentences
	Alarms     []string `json:"alarms,omitempty"`     // proofs, as sentences, of what nobody did: of a decoy, or of a fault that had not struck
	Suspicions []string `json:"suspicions,omitempty"` // likewise
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
// promises, with its cause: what a run is ended by.
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

// judge fills in what the findings of a fault's run say, with the cause that the
// promised one had when the judge first had it; empty: nobody asked before the end.
func (r *Row) judge(want Expectation, all []leak.Finding, firstCause string) {
	sight := want.Sights[r.Variant]
	r.Rules, r.Surfaces, r.Cause, r.Schedules = sight.Rules, sight.Surfaces, want.Cause, want.Schedules
	r.Impure = impure(r.Variant, all)
	f := sight.telling(all)
	if f == nil {
		return
	}
	r.Finding, r.Found, r.Proven, r.Schedule = f, true, f.FirstSeen, f.Schedule
	r.RuleRight, r.SurfaceRight, r.CauseRight = sight.answers(*f), slices.Contains(sight.Surfaces, f.Surface), f.Cause == want.Cause
	r.FirstCause, r.ScheduleRight = cmp.Or(firstCause, f.Cause), slices.Contains(want.Schedules, f.Schedule)
	r.FirstCauseRight = r.FirstCause == want.Cause
	r.Expected = r.RuleRight && r.SurfaceRight && len(r.Impure) == 0 && len(r.Alarms) == 0
}

// disown lists what the fault cannot have done, and answers the other findings:
// a fault that never struck did nothing, and none of the proofs that were had
// before it first did are of its doing.
func (r *Row) disown(all []leak.Finding, early func(leak.Finding) bool) []leak.Finding {
	return slices.DeleteFunc(slices.Clone(all), func(f leak.Finding) bool {
		if r.AllChances.Strikes > 0 && (!proven(f) || !early(f)) {
			return false
		}
		if list := r.list(f); len(*list) < mostSentences {
			*list = append(*list, sentence(f))
		}
		return true
	})
}

// sentence says in one line what a finding proves.
func sentence(f leak.Finding) string {
	why := ""
	if len(f.Evidence) > 0 {
		why = ": " + f.Evidence[0]
	}
	return fmt.Sprintf("%s, %s, on %s at %s%s", f.Rule, f.Kind, f.Surface, f.Place, why)
}

// judgeDecoy fills in what a decoy's run says. A run that hardly met the decoy
// was not silent, either: it had nothing to say.
func (r *Row) judgeDecoy(result harness.Result, m meeting) {
	r.Served, r.Unused = m.served, m.unused
	r.judgeSilence(result, m.decided, m.missed())
}

// judgeSilence fills in what a run says in which nothing went astray, with what
// it missed; empty: nothing. One that exposed nobody, or that missed what a
// verdict needs, was not silent: it had nothing to say.
func (r *Row) judgeSilence(result harness.Result, decided bool, missed string) {
	for _, f := range result.Findings {
		if list := r.list(f); len(*list) < mostSentences {
			*list = append(*list, sentence(f))
		}
	}
	r.AllExposures = result.Exposures
	switch {
	case len(r.Alarms) > 0:
		r.Why = "false alarm, " + r.Alarms[0]
	case result.Exposures == 0:
		r.Open, r.Why = true, "nobody was exposed to anything"+r.unwalked()
	case !decided:
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
	return r.Error == "" && r.Expected && (r.quiet() || r.CauseRight) && len(r.Suspicions) == 0
}

// quiet says that the case must be silent: of a decoy, and of a fault that never
// strikes.
func (c Case) quiet() bool { return c.Kind == KindDecoy || c.Rate <= 0 }

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
