package zoo

import (
	"context"
	"fmt"
	"time"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios/demoshop"
)

// fault runs a fault's case to the proof that is expected of it, and counts what
// it took.
func (z *zoo) fault(ctx context.Context, row *Row, o demoshop.Options, c harness.Config) error {
	want := expectationOf(row.Name)
	o.Faults = []demoshop.Fault{{Name: row.Name, Variant: row.Variant, Rate: row.Rate}}
	if row.quiet() {
		return z.idle(ctx, row, o, c)
	}
	end := ending{sight: want.Sights[row.Variant], cause: want.Cause, whole: z.Whole}
	c.Enough = end.enough
	result, chances, err := visit(ctx, o, c, row.Name)
	if err != nil {
		return err
	}
	z.told(row, result)
	row.AllChances, row.Needed = Chances(chances.by(time.Now())), 1/row.Rate
	row.project(result.Duration, c.For, end.came)
	early, err := before(result, chances.clean)
	if err != nil {
		return err
	}
	row.judge(want, row.disown(result.Findings, early), end.first)
	row.Chances, row.Exposures, row.AllExposures = row.AllChances, 0, result.Exposures
	if row.Found {
		row.Chances = Chances(chances.by(seen(result, row.Proven)))
		if err := row.expose(ctx, result, c.Scenario); err != nil {
			return err
		}
	}
	row.mute()
	return nil
}

// idle runs the case of a fault that never strikes: it must be as silent as a
// decoy, and has as much time to say so.
func (z *zoo) idle(ctx context.Context, row *Row, o demoshop.Options, c harness.Config) error {
	c.For = max(c.For, z.decoyFor)
	result, chances, err := visit(ctx, o, c, row.Name)
	if err != nil {
		return err
	}
	j, err := judgement(ctx, result.Folder, c.Scenario)
	if err != nil {
		return err
	}
	z.told(row, result)
	row.AllChances = Chances(chances.by(time.Now()))
	row.Chances = row.AllChances
	row.project(result.Duration, c.For, false)
	row.judgeSilence(result, decided(j), "")
	return nil
}

// ending ends a run at the proof that is expected of it, with its cause, and
// remembers which cause that had when the judge first had it: a run that goes on
// until the cause is right says more of its cause than one that ends anywhere
// else would. It is asked by one goroutine of the run's.
type ending struct {
	sight Sight
	cause string
	whole bool // the run is walked to its end all the same

	seen, came bool
	first      string // cause
}

func (e *ending) enough(all []leak.Finding) bool {
	if f := e.sight.telling(all); f != nil && !e.seen && e.sight.promised(*f) {
		e.seen, e.first = true, f.Cause
	}
	e.came = !e.whole && e.sight.told(all, e.cause)
	return e.came
}

// project notes how long a run took, in milliseconds, and what it would have had
// in all its time: of a fault that is found early, few opportunities say nothing
// of how many there would have been until one that is missed ends.
func (r *Row) project(walked int64, given time.Duration, ended bool) {
	r.Walked, r.Projected = walked, r.AllChances.Opportunities
	if all := given.Milliseconds(); ended && 0 < walked && walked < all {
		r.Projected = int(float64(r.Projected) * float64(all) / float64(walked))
	}
}

// before says of findings whether they were had while the fault had certainly
// not struck yet: their answers had ended by then. Of a key that two were given
// the judge may take the first for the one who was given the other's, so that of
// these nothing is known.
func before(result harness.Result, clean time.Time) (func(leak.Finding) bool, error) {
	folder, err := history.Open(result.Folder)
	if err != nil {
		return nil, fmt.Errorf("find proofs before the first strike: %w", err)
	}
	early := map[string]bool{}
	for _, f := range result.Findings {
		if !personal(f) || !seen(result, f.FirstSeen).Before(clean) {
			continue
		}
		end, err := until(folder.Events(), f)
		if err != nil {
			return nil, fmt.Errorf("find proofs before the first strike: %w", err)
		}
		early[f.ID] = seen(result, end.Millis()).Add(tallyEvery).Before(clean)
	}
	return func(f leak.Finding) bool { return early[f.ID] }, nil
}
