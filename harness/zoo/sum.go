package zoo

import (
	"cmp"
	"fmt"
	"slices"

	"crosstalk/harness/leak"
	"crosstalk/scenarios/demoshop"
)

// Sum is what the rows come to.
type Sum struct {
	Rates   []RateSum `json:"rates"`        // the highest first
	Decoys  DecoySum  `json:"decoys"`       // zero where none was asked for
	Missing int       `json:"missing"`      // cases that were asked for and have no row
	Others  int       `json:"other_builds"` // cases that another build ran than wrote the file last
	Last    string    `json:"last"`         // in one line
	OK      bool      `json:"ok"`           // every class was found as expected at the highest rate, every decoy and every fault at rate 0 was silent, no fault was proven before it struck, nothing broke or is missing, and one build ran all
}

// RateSum is recall at one rate; at rate 0 it is silence.
type RateSum struct {
	Rate    float64 `json:"rate"`
	Cases   Share   `json:"cases"`   // found, of those run
	Classes Share   `json:"classes"` // of which every case was found; of all that were asked for
	// Expected are the classes of which every case was found by its rule, on its
	// surface, and showed nothing that its variant must not.
	Expected     Share `json:"expected"`
	RuleRight    Share `json:"rule_right"` // of the cases that were found
	SurfaceRight Share `json:"surface_right"`
	CauseRight   Share `json:"cause_right"`
	// FirstCauseRight are those whose cause was right when the judge first had the
	// proof: what the run was walked on for adds to CauseRight alone.
	FirstCauseRight Share `json:"first_cause_right"`
	ScheduleRight   Share `json:"schedule_right"` // one of the expected schedules showed it first
	// CauseClasses are the classes whose cause was right in every case.
	CauseClasses Share `json:"cause_classes"`
	// LikelyCases and LikelyClasses are recall where enough opportunities were
	// had (in every case of a class) that a strike was likely: 1.6 times 1/rate,
	// with which a fault strikes four times out of five. Of a run that was ended
	// at its proof it is what all its time would have had at its pace: else few of
	// those that are found would count, and all that are missed.
	LikelyCases   Share `json:"likely_cases"`
	LikelyClasses Share `json:"likely_classes"`
	Opportunities int   `json:"likely_opportunities"` // that are enough
	Impure        int   `json:"impure"`               // cases that showed what their variant must not
	Broken        int   `json:"broken"`               // cases whose run broke
	Missing       int   `json:"missing"`              // cases that were asked for and have no row
	Undecided     int   `json:"undecided"`            // cases that were not found, and whose run came to no verdict: for lack of time, as a rule
	FalseAlarms   int   `json:"false_alarms"`         // cases with proofs from before their fault first struck
	// Needed are what the found cases had until they were found.
	Needed Needed `json:"needed"`
	// Silent, and Open, are cases of a fault at rate 0; Expected then are the
	// classes of which all cases are silent.
	Silent Share `json:"silent,omitzero"`
	Open   int   `json:"open,omitempty"` // nobody knows whether they are silent
}

// DecoySum is what became of the decoys.
type DecoySum struct {
	Silent     Share `json:"silent"`     // of all that were asked for
	Alarms     int   `json:"alarms"`     // proofs
	Suspicions int   `json:"suspicions"` // that somebody should explain
	Open       int   `json:"open"`       // not silent: nobody knows, for their run came to no verdict, exposed nobody or hardly met them
	Broken     int   `json:"broken"`
	Missing    int   `json:"missing"` // that were asked for and have no row
}

// Share is how many of how many.
type Share struct {
	N  int `json:"n"`
	Of int `json:"of"`
}

func (s Share) String() string { return fmt.Sprintf("%d/%d", s.N, s.Of) }

func (s *Share) take(yes bool) {
	s.Of++
	if yes {
		s.N++
	}
}

// likely is how many opportunities are enough: 160 at 0.01.
func likely(rate float64) int {
	if rate <= 0 {
		return 1 << 30
	}
	return int(1.6/rate + 0.5)
}

// inOrder sorts rows as the zoo runs them.
func inOrder(a, b Row) int {
	place := func(r Row) int {
		if r.Kind == KindDecoy {
			return 1
		}
		return 0
	}
	fault := func(r Row) int {
		return slices.IndexFunc(demoshop.Faults(), func(i demoshop.Info) bool { return i.Name == r.Name })
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(b.Rate, a.Rate), cmp.Compare(a.Class, b.Class), cmp.Compare(fault(a), fault(b)),
		cmp.Compare(slices.Index(demoshop.Variants(), a.Variant), slices.Index(demoshop.Variants(), b.Variant)))
}

// sum counts the rows.
func (r *Report) sum() {
	r.Sum = Sum{Rates: []RateSum{}, Missing: len(r.Missing)}
	for _, rate := range r.rates() {
		r.Sum.Rates = append(r.Sum.Rates, rateSum(rate, r.faults(rate), r.missing(KindFault, rate)))
	}
	for _, row := range r.decoys() {
		r.Sum.Decoys.take(row)
	}
	for range r.missing(KindDecoy, 0) {
		r.Sum.Decoys.Missing++
		r.Sum.Decoys.Silent.take(false)
	}
	for _, row := range r.Rows {
		if row.Build != r.Build {
			r.Sum.Others++
		}
	}
	r.Sum.Last = r.last()
	r.Sum.OK = r.ok()
}

// rates are those of the faults' cases, the highest first.
func (r *Report) rates() []float64 {
	cases := slices.Clone(r.Missing)
	for _, row := range r.Rows {
		cases = append(cases, row.Case)
	}
	var out []float64
	for _, c := range cases {
		if c.Kind == KindFault && !slices.Contains(out, c.Rate) {
			out = append(out, c.Rate)
		}
	}
	slices.SortFunc(out, func(a, b float64) int { return cmp.Compare(b, a) })
	return out
}

func (r *Report) faults(rate float64) []Row {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row Row) bool { return row.Kind != KindFault || row.Rate != rate })
}

func (r *Report) decoys() []Row {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row Row) bool { return row.Kind != KindDecoy })
}

// missing are the cases of a kind, and of a rate, that have no row.
func (r *Report) missing(kind Kind, rate float64) []Case {
	return slices.DeleteFunc(slices.Clone(r.Missing), func(c Case) bool { return c.Kind != kind || c.Rate != rate })
}

func (s *DecoySum) take(row Row) {
	s.Silent.take(row.Expected)
	s.Alarms += len(row.Alarms)
	s.Suspicions += len(row.Suspicions)
	if row.Open {
		s.Open++
	}
	if row.Error != "" {
		s.Broken++
	}
}

// class is what all cases of one class have in common.
type class struct{ found, expected, cause, likely bool }

// rateSum counts the rows of one rate. A class that a case is missing of is
// found in none of the senses.
func rateSum(rate float64, rows []Row, missing []Case) RateSum {
	s := RateSum{Rate: rate, Opportunities: likely(rate), Missing: len(missing), Needed: needed(rate, rows)}
	classes := map[int]class{}
	for _, c := range missing {
		classes[c.Class] = class{}
	}
	for _, row := range rows {
		many := row.Projected >= s.Opportunities
		s.take(row, many)
		all, known := classes[row.Class]
		if !known {
			all = class{true, true, true, true}
		}
		classes[row.Class] = class{all.found && row.Found, all.expected && row.Expected, all.cause && row.CauseRight, all.likely && many}
	}
	for _, c := range classes {
		s.Classes.take(c.found)
		s.Expected.take(c.expected)
		s.CauseClasses.take(c.cause)
		if c.likely {
			s.LikelyClasses.take(c.found)
		}
	}
	return s
}

// take counts one case; many: it had opportunities enough.
func (s *RateSum) take(row Row, many bool) {
	s.Cases.take(row.Found)
	if many {
		s.LikelyCases.take(row.Found)
	}
	if row.Error != "" {
		s.Broken++
	}
	if len(row.Impure) > 0 {
		s.Impure++
	}
	if len(row.Alarms) > 0 {
		s.FalseAlarms++
	}
	if row.quiet() {
		s.Silent.take(row.Expected)
		if row.Open {
			s.Open++
		}
		return
	}
	if !row.Found && row.Verdict == leak.Inconclusive {
		s.Undecided++
	}
	if row.Found {
		s.right(row)
	}
}

// right counts what is right of a case that was found.
func (s *RateSum) right(row Row) {
	s.RuleRight.take(row.RuleRight)
	s.SurfaceRight.take(row.SurfaceRight)
	s.ScheduleRight.take(row.ScheduleRight)
	s.CauseRight.take(row.CauseRight)
	s.FirstCauseRight.take(row.FirstCauseRight)
}

// last is the sum in one line, of what was asked for: classes that were found as
// expected at the highest rate, decoys that were silent, classes whose cause was
// right.
func (r *Report) last() string {
	faults, decoys := "", ""
	if len(r.Sum.Rates) > 0 {
		top := r.Sum.Rates[0]
		faults = fmt.Sprintf("%s classes", top.Expected)
		decoys = fmt.Sprintf(", cause right %s", top.CauseClasses)
		if top.Rate <= 0 {
			faults, decoys = faults+" silent at rate 0", ""
		}
	}
	if silent := r.Sum.Decoys.Silent; silent.Of > 0 {
		comma := ""
		if faults != "" {
			comma = ", "
		}
		faults += fmt.Sprintf("%s%s decoys silent", comma, silent)
	}
	besides := ""
	if r.Sum.Missing > 0 {
		besides += fmt.Sprintf(", %s missing", count(r.Sum.Missing, "case", "cases"))
	}
	if r.Sum.Others > 0 {
		besides += fmt.Sprintf(", %s of another build", count(r.Sum.Others, "case", "cases"))
	}
	return cmp.Or(faults+decoys+besides, "nothing was run")
}

func (r *Report) ok() bool {
	if len(r.Rows) == 0 || r.Sum.Missing > 0 || r.Sum.Others > 0 {
		return false
	}
	for i, s := range r.Sum.Rates {
		if s.Broken > 0 || s.FalseAlarms > 0 || s.Silent.N < s.Silent.Of || i == 0 && s.Expected.N < s.Expected.Of {
			return false
		}
	}
	return r.Sum.Decoys.Silent.N == r.Sum.Decoys.Silent.Of
}
