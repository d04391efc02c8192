package zoo

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios"
)

// expose counts the exposures of a run up to the row's finding, as the judge
// does: the history is judged again as far as that. A run goes on for a while
// behind its proof, until the judge has found it.
func (r *Row) expose(ctx context.Context, result harness.Result, sc *scenarios.Scenario) error {
	h, err := history.Open(result.Folder)
	if err != nil {
		return fmt.Errorf("count exposures: %w", err)
	}
	j, err := leak.Judge(ctx, upTo{h, *r.Finding}, sc)
	if err != nil {
		return fmt.Errorf("count exposures: %w", err)
	}
	r.Exposures, r.AllExposures = exposuresAt(j.Coverage, *r.Finding), j.Exposures
	if slices.Contains(harness.Schedules(), r.Schedule) && r.Schedule != history.PhaseSolo {
		r.Exposures = max(r.Exposures, 1) // that of the proof, if its customer was known to the shop only later
		r.AllExposures = max(r.AllExposures, r.Exposures)
	}
	return nil
}

// exposuresAt are those at a finding's place: on its surface, or, where the
// place is nobody's own on that surface (a cookie's, a picture's), the most on
// any.
func exposuresAt(coverage []leak.Coverage, f leak.Finding) int {
	most := 0
	for _, c := range coverage {
		if c.Place != f.Place {
			continue
		}
		if c.Surface == f.Surface {
			return c.Exposures
		}
		most = max(most, c.Exposures)
	}
	return most
}

// upTo is a history up to a finding: its exchange where it has one, which is
// written a little after it was seen, else its moment.
type upTo struct {
	*history.Folder
	finding leak.Finding
}

// Events are those of the run up to the finding.
func (u upTo) Events() iter.Seq2[history.Event, error] {
	return func(yield func(history.Event, error) bool) {
		for e, err := range u.Folder.Events() {
			if !yield(e, err) || err == nil && u.reached(e) {
				return
			}
		}
	}
}

func (u upTo) reached(e history.Event) bool {
	if u.finding.Exchange != "" {
		return e.Exchange != nil && e.Exchange.ID == u.finding.Exchange
	}
	return e.At.Millis() > u.finding.FirstSeen
}
