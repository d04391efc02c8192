package harness

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// bench is an early judge whose judgements the test makes.
type earlyBench struct {
	*early
	begun  chan struct{} // one for each judgement that begins
	answer chan []leak.Finding
	found  chan struct{}
}

func benchEarly(t *testing.T, c Config) *earlyBench {
	b := &earlyBench{begun: make(chan struct{}), answer: make(chan []leak.Finding), found: make(chan struct{}, 10)}
	b.early = newEarly(t.Context(), c, func(ctx context.Context) ([]leak.Finding, error) {
		select {
		case b.begun <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		select {
		case all := <-b.answer:
			return all, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}, func() { b.found <- struct{}{} })
	t.Cleanup(b.close)
	return b
}

// judged lets the next judgement say this.
func (b *earlyBench) judged(all ...leak.Finding) {
	<-b.begun
	b.answer <- all
}

func proofOf(rule string) leak.Finding { return leak.Finding{Rule: rule, Strength: leak.Proof} }

func TestWhatIsAskedWhileTheJudgeIsBusyIsOneMoreJudgement(t *testing.T) {
	t.Parallel()
	b := benchEarly(t, Config{FailFast: true})
	b.walkedSolo()
	<-b.begun
	for range 100 {
		b.look() // never waits
	}
	b.answer <- nil
	b.judged(leak.Finding{Rule: leak.RuleMasked, Strength: leak.Suspicion})
	b.look()
	b.judged(proofOf(leak.RuleMasked))
	<-b.found
	b.work.Wait() // it has said so once, and judges no more
	assert.Empty(t, b.found)
}

func TestUntilSoloIsThroughOnlyWhatWePlantedEndsARun(t *testing.T) {
	t.Parallel()
	b := benchEarly(t, Config{FailFast: true})
	b.look()
	b.judged(proofOf(leak.RuleSharedToken), proofOf(leak.RuleOwnPlace))
	b.walkedSolo()
	b.judged(proofOf(leak.RuleSharedToken))
	<-b.found

	b = benchEarly(t, Config{FailFast: true})
	b.look()
	b.judged(proofOf(leak.RuleForeignMarker))
	<-b.found
}

func TestAnEarlyJudgeThatIsClosedEndsAtOnceAndFindsNothing(t *testing.T) {
	t.Parallel()
	b := benchEarly(t, Config{Enough: func(all []leak.Finding) bool { return len(all) > 0 }})
	b.walkedSolo()
	<-b.begun
	b.close() // hangs if it waited for the answer
	assert.Empty(t, b.found)

	failing := newEarly(t.Context(), Config{FailFast: true}, func(context.Context) ([]leak.Finding, error) {
		return []leak.Finding{proofOf(leak.RuleMasked)}, errors.New("damaged")
	}, func() { t.Error("a history that could not be read proves nothing") })
	failing.settle = 0
	failing.walkedSolo()
	require.Eventually(t, func() bool { return len(failing.ask) == 0 }, time.Minute, time.Millisecond)
	failing.close()

	var none *early // of a run that ends at no proof
	none.look()
	none.walkedSolo()
	none.close()
	assert.Nil(t, newEarly(t.Context(), Config{}, nil, nil))
}

func TestTheEarlyJudgeReadsWhatWasWrittenWhenItBegan(t *testing.T) {
	dir := t.TempDir()
	journal, err := history.Create(dir, history.NewSecrets(nil))
	require.NoError(t, err)
	lost := func() { require.NoError(t, journal.Append(history.Event{Lost: &history.Lost{Reason: "gone"}})) }
	lost()
	lost()
	h, err := history.Open(dir)
	require.NoError(t, err)
	before := written{h, journal.Seq()}
	for range 2 {
		lost() // written while the judge reads
		n := 0
		for _, err := range before.Events() {
			require.NoError(t, err)
			n++
		}
		assert.Equal(t, 2, n)
	}
	require.NoError(t, journal.Close())
}
