package harness

import (
	"context"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// early judges what was walked so far while the run goes on, for runs that end
// at a proof: of masks, keys, wrong languages and mail only the judge knows, and
// it knows them from the journal. Its judgements are for ending the run alone;
// the verdict is that of the judge at the end.
//
// One judgement is made at a time, beside the walks, and the next begins when
// something more was walked and as long has passed as early's share of the
// machine asks for.
type early struct {
	judge  func(context.Context) ([]leak.Finding, error)
	ends   func([]leak.Finding) bool
	found  func() // called once, when what was found ends the run
	settle time.Duration

	ask    chan struct{} // holds one: what comes meanwhile is judged with it
	soloed atomic.Bool   // what is whose is known
	work   sync.WaitGroup
	stop   context.CancelFunc
}

const (
	// earlySettle is how long after a live marker the judging waits: for the
	// rest of the page, which is evidence too.
	earlySettle = time.Second
	// earlyShare is how many times as long as a judgement took nothing is judged
	// after it: a fifth of one core at most, on machines where browsers need all.
	// Measured: 0.8 s of CPU for a minute's run of 8 customers.
	earlyShare = 4
)

// newEarly begins to wait for something to judge; nil where the run ends at no
// proof.
func newEarly(ctx context.Context, c Config, judge func(context.Context) ([]leak.Finding, error), found func()) *early {
	if !c.FailFast && c.Enough == nil {
		return nil
	}
	ctx, stop := context.WithCancel(ctx)
	e := &early{judge: judge, ends: c.ends, found: found, settle: earlySettle, ask: make(chan struct{}, 1), stop: stop}
	e.work.Go(func() { e.watch(ctx) })
	return e
}

// ends says whether what was found ends the run.
func (c Config) ends(all []leak.Finding) bool {
	return c.FailFast && slices.ContainsFunc(all, func(f leak.Finding) bool { return f.Strength == leak.Proof }) || c.Enough != nil && c.Enough(all)
}

// look has what there is judged soon. It never waits.
func (e *early) look() {
	if e == nil {
		return
	}
	select {
	case e.ask <- struct{}{}:
	default: // asked already: the judgement to come sees this too
	}
}

// close ends the judging and waits for one under way.
func (e *early) close() {
	if e == nil {
		return
	}
	e.stop()
	e.work.Wait()
}

// walkedSolo says that solo is through, and has it judged: from now on every
// rule is believed.
func (e *early) walkedSolo() {
	if e != nil {
		e.soloed.Store(true)
		e.look()
	}
}

// watch judges as often as it is asked, until something is found or ctx ends. A
// history that cannot be read now will be read at the end, or fail there.
func (e *early) watch(ctx context.Context) {
	next := time.Now()
	for {
		select {
		case <-e.ask:
		case <-ctx.Done():
			return
		}
		if !sleep(ctx, max(e.settle, time.Until(next))) {
			return
		}
		begun, soloed := time.Now(), e.soloed.Load()
		findings, err := e.judge(ctx)
		if !soloed {
			findings = slices.DeleteFunc(findings, func(f leak.Finding) bool { return !certain(f) })
		}
		if err == nil && e.ends(findings) {
			e.found()
			return
		}
		next = time.Now().Add(earlyShare * time.Since(begun))
	}
}

// certain says whether a finding holds whatever solo will show: that of a
// marker which we planted. What looks like a credential after two customers may
// not after the third.
func certain(f leak.Finding) bool {
	return slices.Contains([]string{leak.RuleForeignMarker, leak.RulePredecessor, leak.RuleEarlierRun}, f.Rule)
}

// judgeEarly judges the journal as far as it is written now. More is written
// meanwhile: the judge may read it more than once, and must be told the same.
func (r *run) judgeEarly(ctx context.Context) ([]leak.Finding, error) {
	h, err := history.Open(r.folder)
	if err != nil {
		return nil, err
	}
	_, j, err := judgement(ctx, written{h, r.journal.Seq()})
	return j.Findings, err
}

// written is a history as far as it was written at one time.
type written struct {
	*history.Folder
	last int64 // its last event's number
}

// Events are those that were written then.
func (w written) Events() iter.Seq2[history.Event, error] {
	return func(yield func(history.Event, error) bool) {
		for e, err := range w.Folder.Events() {
			if err == nil && e.Seq > w.last || !yield(e, err) {
				return
			}
		}
	}
}
