package zoo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"crosstalk/scenarios/demoshop"
)

func TestATallyKnowsUntilWhenNothingWasStruckForCertain(t *testing.T) {
	began, strikes := time.Now(), 0
	at := func(millis int) time.Time { return began.Add(time.Duration(millis) * time.Millisecond) }
	noted := &tally{count: func() demoshop.Count { return demoshop.Count{Opportunities: 9, Strikes: strikes} }}
	noted.note(at(100))
	noted.note(at(700)) // the same again
	strikes = 1
	noted.note(at(5000))
	assert.Equal(t, at(700), noted.clean, "between then and the last time it struck, however late that was noted")
}

func TestATallyCountsAsFarAsTheProof(t *testing.T) {
	began := time.Now()
	at := func(millis int) time.Time { return began.Add(time.Duration(millis) * time.Millisecond) }
	noted := func(all ...moment) *tally { return &tally{past: all} }
	zero, early, first, second := moment{at(0), demoshop.Count{}}, moment{at(900), demoshop.Count{Opportunities: 7}},
		moment{at(1000), demoshop.Count{Opportunities: 8, Strikes: 1}}, moment{at(2000), demoshop.Count{Opportunities: 9, Strikes: 2}}
	for name, c := range map[string]struct {
		tally *tally
		want  demoshop.Count
	}{
		"the last before it":                    {noted(zero, early, first, second), first.count},
		"a moment late":                         {noted(zero, early, moment{at(1500 + int(tallyEvery.Milliseconds())), first.count}, second), first.count},
		"the first strike, however late":        {noted(zero, early, second), second.count},
		"nothing, where it never struck":        {noted(zero, early), early.count},
		"nothing, where nothing was ever noted": {noted(), demoshop.Count{}},
	} {
		assert.Equal(t, c.want, c.tally.by(at(1500)), name)
	}
}
