package zoo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"crosstalk/harness"
)

// Run runs the selected cases and answers what became of each. Those that the
// file has already are not run again, but for those that broke. A case that
// breaks is a row with its error, and the zoo goes on.
//
// When ctx ends, the cases under way are ended as any run is and are no rows;
// the report has what there is, and says what is missing. The error
// says that there can be no report: a *harness.ConfigError for what the caller
// must put right, anything else when the machine broke.
func Run(ctx context.Context, c Config) (Report, error) {
	return run(ctx, c, func(ctx context.Context, z *zoo, c Case) (Row, error) { return z.walk(ctx, c) })
}

// run is Run with a way to run one case.
func run(ctx context.Context, c Config, drive func(context.Context, *zoo, Case) (Row, error)) (Report, error) {
	cases, err := c.cases()
	if err != nil {
		return Report{}, err
	}
	if c, err = c.settle(); err != nil {
		return Report{}, err
	}
	if err := tooFew(cases, c.Customers); err != nil {
		return Report{}, err
	}
	if c.Out != "" {
		if err := os.MkdirAll(c.Out, 0o755); err != nil {
			return Report{}, &harness.ConfigError{Problem: fmt.Sprintf("make folder of runs: %v", err), Remedy: "name another folder (--out)"}
		}
	}
	report, err := open(c, cases)
	if err != nil {
		return Report{}, err
	}
	if old := report.mixed(); old != "" {
		fmt.Fprintf(c.Log, "%s: %s\n", c.File, old)
	}
	z := &zoo{Config: c, report: report, out: c.Out, begun: time.Now(), drive: drive, said: map[string]bool{}}
	z.Seed = report.Settings.Seed
	if c.Out == "" {
		if z.out, err = os.MkdirTemp("", "crosstalk-zoo-"); err != nil {
			return Report{}, fmt.Errorf("make folder of runs: %w", err)
		}
		defer func() { _ = os.Remove(z.out) }() // stays where a case left its run there
	}
	err = z.all(ctx, report.left(cases))
	return z.report, err
}

// zoo is one zoo under way.
type zoo struct {
	Config
	out   string // of the runs' folders
	begun time.Time
	drive func(context.Context, *zoo, Case) (Row, error)

	mu     sync.Mutex // of all below
	report Report
	said   map[string]bool // lines of runs
	total  int             // cases to run
	number int             // begun so far
	broken int             // cases in a row that broke, before any that did not
	err    error
}

// brokenMost is how many cases may break before any other has come to its end:
// where none can be run, a hundred more would say no more.
const brokenMost = 3

// all runs cases, so many at once.
func (z *zoo) all(ctx context.Context, cases []Case) error {
	z.total = len(cases)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan Case)
	var workers sync.WaitGroup
	for range min(z.Parallel, len(cases)) {
		workers.Go(func() {
			for c := range queue {
				if !z.one(ctx, c) {
					cancel()
				}
			}
		})
	}
	for _, c := range cases {
		select {
		case queue <- c:
		case <-ctx.Done():
		}
	}
	close(queue)
	workers.Wait()
	return z.err
}

// one runs a case and enters its row; false: no other is to be begun.
func (z *zoo) one(ctx context.Context, c Case) bool {
	if ctx.Err() != nil {
		return false
	}
	z.begin(c)
	row, err := z.drive(ctx, z, c)
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.err = errors.Join(z.err, err); ctx.Err() != nil {
		return false // it was cut, and is no row
	}
	row.Build = z.Build
	z.err = errors.Join(z.err, z.enter(row))
	return z.err == nil
}

func (z *zoo) begin(c Case) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.number++
	fmt.Fprintf(z.Log, "%s  %d of %d  %s …\n", clock(time.Since(z.begun).Milliseconds()), z.number, z.total, c)
}

// enter adds a row to the report and rewrites the file.
func (z *zoo) enter(row Row) error {
	z.report.add(row)
	fmt.Fprintf(z.Log, "%s  %s\n", clock(time.Since(z.begun).Milliseconds()), row.line())
	if err := z.report.save(z.File); err != nil {
		return err
	}
	if row.Error == "" {
		z.broken = -1
	}
	if z.broken < 0 {
		return nil
	}
	if z.broken++; z.broken >= brokenMost {
		return fmt.Errorf("the first %d cases broke, the last one: %s", z.broken, row.Error)
	}
	return nil
}

// line says in one line what became of a case.
func (r *Row) line() string {
	switch {
	case r.Error != "":
		return fmt.Sprintf("%s: broke: %s", r, r.Error)
	case r.Kind == KindDecoy && r.Expected:
		return fmt.Sprintf("%s: silent, served %s, %s, %s", r, count(r.Served, "time", "times"), count(r.AllExposures, "exposure", "exposures"), count(len(r.Suspicions), "suspicion", "suspicions"))
	case r.quiet() && r.Expected:
		return fmt.Sprintf("%s: silent, %s, %s", r, count(r.AllExposures, "exposure", "exposures"), count(len(r.Suspicions), "suspicion", "suspicions"))
	case r.Found && r.Why == "":
		return fmt.Sprintf("%s: found after %s by %s, cause right", r, clock(r.Proven), r.Schedule)
	case r.Found:
		return fmt.Sprintf("%s: found after %s by %s, but %s", r, clock(r.Proven), r.Schedule, r.Why)
	case !r.quiet():
		return fmt.Sprintf("%s: not found: %s", r, r.Why)
	}
	return fmt.Sprintf("%s: %s", r, r.Why)
}

// clock is a time as minutes and seconds.
func clock(millis int64) string { return fmt.Sprintf("%d:%02d", millis/60_000, millis/1000%60) }
