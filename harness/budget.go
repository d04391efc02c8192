package harness

import (
	"context"
	"sync"
	"time"
)

// Shares of the time that a run has. What is kept back for the end is kept
// back from all that comes before, or a target that hangs would take it.
const (
	proofShare    = 5  // asking for the proof of staging may take a fifth of what is left,
	reclaimShare  = 8  // what earlier runs left behind an eighth,
	baselineShare = 3  // the public baseline a third,
	signUpShare   = 2  // and sign-up half: the clean-up may take as long.
	cleanUpMost   = 4  // The clean-up is kept a quarter of the whole at most,
	cleanUpLeast  = 20 // and a twentieth at least.
	lateShare     = 20 // The clean-up may take a twentieth longer than there is time: better late than accounts left.
	closingShare  = 30 // Sessions that were cut are given a thirtieth to end.

	// fits is the share of a round that must fit into what is left: what is
	// cut off is lost as evidence.
	fits = 0.6
)

// Bounds beside the shares.
const (
	leastClosing       = time.Second
	interruptedClosing = 3 * time.Second  // of sessions that an interrupt cut
	cleanUpDeadline    = 45 * time.Second // of a run without a budget
	interruptDeadline  = 20 * time.Second // of the clean-up after an interrupt
	browserEnds        = 400 * time.Millisecond
	sightingJudged     = 70 * time.Microsecond // measured: 45, on a machine that does nothing else
	byteJudged         = 30 * time.Nanosecond  // of a body that came for the first time
	reportsWritten     = 300 * time.Millisecond
)

// budget is the time that a run has, from its start to its end: with starting
// and ending browsers, settling of mail, clean-up and judge. Only the time that
// providing a browser takes is nobody's to plan. A nil one has no end.
type budget struct {
	began time.Time
	total time.Duration // zero: as long as the rounds take
}

func newBudget(total time.Duration) *budget { return &budget{began: time.Now(), total: total} }

// exclude starts the clock later: what took so long does not count.
func (b *budget) exclude(took time.Duration) { b.began = b.began.Add(took) }

func (b *budget) timed() bool { return b != nil && b.total > 0 }

func (b *budget) elapsed() time.Duration { return time.Since(b.began) }

// left is what is left of the time; below zero when it is over.
func (b *budget) left() time.Duration { return b.total - b.elapsed() }

// until is a context that ends so long before the time is over.
func (b *budget) until(ctx context.Context, before time.Duration) (context.Context, context.CancelFunc) {
	if !b.timed() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, b.began.Add(b.total-before))
}

// share is a context for one part (a half, a third) of what is left before
// that.
func (b *budget) share(ctx context.Context, part int, before time.Duration) (context.Context, context.CancelFunc) {
	if !b.timed() {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, max(0, (b.left()-before)/time.Duration(part)))
}

// closing is how long a session may take to end that the budget cut.
func (b *budget) closing() time.Duration {
	if !b.timed() {
		return closeDeadline
	}
	return min(closeDeadline, max(leastClosing, b.total/closingShare))
}

// closings is the context of a session's end. It outlives ctx, for what is on
// its way to the journal is evidence; but not by much: whatever ended ctx has
// something else to do.
func (b *budget) closings(ctx context.Context) (context.Context, context.CancelFunc) {
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeDeadline)
	stop := context.AfterFunc(ctx, func() {
		grace := b.closing()
		if context.Cause(ctx) != context.DeadlineExceeded { //nolint:errorlint // never wrapped
			grace = min(grace, interruptedClosing)
		}
		timer := time.AfterFunc(grace, cancel)
		context.AfterFunc(out, func() { timer.Stop() })
	})
	return out, func() { stop(); cancel() }
}

// ending is what comes after the last session: browsers end, the judge judges,
// reports are written.
func (b *budget) ending(judging time.Duration) time.Duration {
	return browserEnds + reportsWritten + judging
}

// expected is how long judging will take at the end, if what there is to judge
// goes on coming as it does.
func (b *budget) expected(judging time.Duration) time.Duration {
	if !b.timed() || b.elapsed() <= 0 {
		return judging
	}
	return max(judging, time.Duration(float64(judging)*float64(b.total)/float64(b.elapsed())))
}

// judging is about how long the judge would take for what is recorded so far.
func (r *recorder) judging() time.Duration {
	return time.Duration(r.sightings.Load())*sightingJudged + time.Duration(r.searched.Load())*byteJudged
}

// cleaning is what is kept back for the clean-up, by how long the sign-up took.
func (b *budget) cleaning(signUp time.Duration) time.Duration {
	if !b.timed() {
		return 0
	}
	return min(max(signUp*5/4, b.total/cleanUpLeast), b.total/cleanUpMost)
}

// tail is what must be kept back while the sessions of a phase are under way,
// beside what the clean-up needs: the settling of mail, and all that comes
// after the last session. What sessions take to end that a target lets hang is
// not kept back from every run for the sake of the worst: they may make it
// longer by a part of the tenth that is promised.
func (r *run) tail() time.Duration {
	b := r.budget
	return b.ending(b.expected(r.record.judging())) + min(r.post.reserve(), b.total/4)
}

// orWhen is a context that ends with ctx, or when the channel is closed.
func orWhen(ctx context.Context, over <-chan struct{}) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() {
		select {
		case <-over:
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() { cancel(); watch.Wait() }
}
