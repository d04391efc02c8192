package zoo_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"crosstalk/harness"
	"crosstalk/harness/leak"
)

// walksAfter is how many walks a run in browsers goes on for after its first
// proof: what they show is judged, whatever it was. The one in hand is the last:
// with more, a run whose first proof is late in solo walks a round of browsers.
const walksAfter = 1

// proven ends a run some walks after its first proof, with whatever cause: a run
// that looked at causes to know when to end would end at the ones that suit.
type proven struct {
	mu    sync.Mutex
	ended int // walks, so far
	until int // so many; zero: nothing is proven
}

// walks is told of each walk that ends.
func (p *proven) walks(now harness.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = max(p.ended, now.Walks)
}

// enough is asked as Config.Enough is.
func (p *proven) enough(all []leak.Finding) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.until == 0 && slices.ContainsFunc(all, func(f leak.Finding) bool { return f.Strength == leak.Proof }) {
		p.until = p.ended + walksAfter
	}
	return p.until > 0 && p.ended >= p.until
}

func TestARunInBrowsersEndsWalksAfterItsFirstProofWhateverTheCause(t *testing.T) {
	for _, cause := range []string{leak.CauseSharedCache, leak.CauseRace, leak.CauseUnknown} {
		var p proven
		found := []leak.Finding{{Strength: leak.Proof, Cause: cause}}
		p.walks(harness.Progress{Walks: 5})
		assert.False(t, p.enough([]leak.Finding{{Strength: leak.Suspicion, Cause: cause}}), "a suspicion is no proof")
		assert.False(t, p.enough(found), "the first proof")
		p.walks(harness.Progress{Walks: 4 + walksAfter})
		assert.False(t, p.enough(found), "too soon")
		p.walks(harness.Progress{Walks: 5 + walksAfter})
		assert.True(t, p.enough(found), cause)
	}
}

func TestOneProofWithTheRightCauseIsTooFewAmongManyWithNone(t *testing.T) {
	r := row{setup: setup{causes: []string{leak.CauseSharedCache}}}
	right, unknown := leak.Finding{Strength: leak.Proof, Cause: leak.CauseSharedCache}, leak.Finding{Strength: leak.Proof, Cause: leak.CauseUnknown}
	assert.False(t, r.causesOf([]leak.Finding{right, unknown}).mostly())
	assert.True(t, r.causesOf(append(slices.Repeat([]leak.Finding{right}, mostlyRight), unknown)).mostly())
	assert.True(t, r.causesOf([]leak.Finding{right, {Strength: leak.Suspicion, Cause: leak.CauseUnknown}}).mostly(), "a suspicion is no proof")
	assert.NotEmpty(t, r.causesOf([]leak.Finding{right, {Strength: leak.Proof, Cause: leak.CauseRace}}).wrong)
}
