package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// answering is an answer with these header lines, each "Name: value".
func answering(place string, lines ...string) *history.Exchange {
	return &history.Exchange{Place: history.Place(place), Resource: "api", Status: 200, Headers: Config{Header: lines}.headers()}
}

func TestALifetimeIsReadWhereAnAnswerSaysThatItIsKept(t *testing.T) {
	for _, c := range []struct {
		lines []string
		want  time.Duration
		why   string
	}{
		{[]string{"Cache-Control: public, max-age=0, s-maxage=20"}, 20 * time.Second, "s-maxage=20 of GET /me"},
		{[]string{"Cache-Control: public, max-age=30"}, 30 * time.Second, "max-age=30 of GET /me"},
		{[]string{"cache-control: max-age=30", "X-Cache: HIT from edge"}, 30 * time.Second, "max-age=30 of GET /me"},
		{[]string{"Cache-Control: max-age=30", "Age: 0"}, 30 * time.Second, "max-age=30 of GET /me"},
		{[]string{"Cache-Control: max-age=30", "Age: 31"}, 31 * time.Second, "an Age of 31 at GET /me, which a copy there lives at least"},
		{[]string{"Cache-Control: private, no-store", "Age: 4", "X-Cache: HIT"}, 4 * time.Second, "an Age of 4 at GET /me, which a copy there lives at least"},
		{[]string{"Cache-Control: public", "Cache-Control: max-age=\"7\""}, 7 * time.Second, "max-age=7 of GET /me"},
		{[]string{"Cache-Control: public, max-age=99999999999"}, 24 * time.Hour, "max-age=99999999999 of GET /me"},
		{[]string{"Cache-Control: max-age=30"}, 0, ""},
		{[]string{"Cache-Control: private, max-age=30"}, 0, ""},
		{[]string{"Cache-Control: no-store, s-maxage=30"}, 0, ""},
		{[]string{"Cache-Control: public, max-age=soon", "Age: -3"}, 0, ""},
		{nil, 0, ""},
	} {
		l := newLives(nil)
		l.saw(answering("GET /me", c.lines...))
		var want []life
		if c.want > 0 {
			want = []life{{lasts: c.want, why: c.why}}
		}
		require.Equal(t, want, l.known(), c.lines)
	}
}

func TestAssetsOtherHostsAndTheClientsOwnCopiesSayNothing(t *testing.T) {
	l := newLives(nil)
	for _, change := range []func(x *history.Exchange){
		func(x *history.Exchange) { x.Resource = "script" },
		func(x *history.Exchange) { x.From = "disk" },
		func(x *history.Exchange) { x.Failed = "reset" },
		func(x *history.Exchange) { x.Place = "GET cdn.test/a" },
		func(x *history.Exchange) { x.Status = 0 },
	} {
		x := answering("GET /a", "Cache-Control: public, max-age=30")
		change(x)
		l.saw(x)
	}
	require.Empty(t, l.known())
	(*lives)(nil).saw(answering("GET /a"))
}

func TestTheMostFrequentLifetimesComeAfterTheDeclaredOnes(t *testing.T) {
	l := newLives([]time.Duration{10 * time.Second, 3 * time.Second, 10 * time.Second})
	for place, seconds := range map[string]int{"/a": 20, "/b": 20, "/c": 5, "/d": 6, "/e": 7, "/f": 8, "/g": 3} {
		for range map[bool]int{true: 3, false: 1}[place == "/f"] {
			l.saw(answering("GET "+place, fmt.Sprintf("Cache-Control: public, max-age=%d", seconds)))
		}
	}
	var got []time.Duration
	for _, one := range l.known() {
		got = append(got, one.lasts)
	}
	require.Equal(t, []time.Duration{10 * time.Second, 3 * time.Second, 8 * time.Second, 20 * time.Second, 5 * time.Second}, got)
}

func TestATargetOfEndlessPlacesCannotFillOurMemory(t *testing.T) {
	l := newLives(nil)
	for i := range 10_000 {
		l.saw(answering(fmt.Sprintf("GET /%d", i), fmt.Sprintf("Cache-Control: public, max-age=%d", i)))
	}
	require.Len(t, l.places, mostLivingPlaces)
	require.Len(t, l.known(), mostLives)
}

func following(life plan.Life, turn int) plan.Walk {
	return plan.Walk{Follow: 0, InStep: true, Lag: time.Second, Life: life, Turn: turn}
}

func TestAFollowerComesWhenHalfOfALifeIsOverAndWhenAllIs(t *testing.T) {
	l := newLives([]time.Duration{8 * time.Second})
	l.saw(answering("GET /", "Cache-Control: public, s-maxage=20"))
	round := plan.Round{Window: 12 * time.Second, Walks: []plan.Walk{alone("A"), following(plan.LifeHalf, 0), following(plan.LifePast, 1), following("", 0), following(plan.LifePast, 2)}}
	lags := l.lags(t.Context(), round)
	require.Equal(t, map[int]history.Lag{
		1: {Micros: 4_000_000, Why: "half of a lifetime of 8s that the scenario declares"},
		2: {Micros: 21_000_000, Why: "s-maxage=20 of GET /, and a second"},
		4: {Micros: 9_000_000, Why: "a lifetime of 8s that the scenario declares, and a second"},
	}, lags)
	got := lagged(round, lags)
	require.Equal(t, []time.Duration{0, 4 * time.Second, 21 * time.Second, time.Second, 9 * time.Second},
		[]time.Duration{got.Walks[0].Lag, got.Walks[1].Lag, got.Walks[2].Lag, got.Walks[3].Lag, got.Walks[4].Lag})
	require.Equal(t, time.Second, round.Walks[1].Lag, "the plan's own stay as they are")
	require.Equal(t, history.Moment(33_000_000), window(round, lags))
}

func TestWithoutALifetimeThatCanBeWaitedForTheLagIsThePlans(t *testing.T) {
	soon, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	round := plan.Round{Walks: []plan.Walk{alone("A"), following(plan.LifePast, 5)}}
	for _, c := range []struct {
		declared time.Duration
		why      string
	}{
		{0, "no answer says how long a copy lives, and the scenario declares nothing"},
		{time.Hour, "a lifetime of 1h0m0s that the scenario declares is too long for the time that is left: one lag may take "},
		{time.Minute, "a lifetime of 1m0s that the scenario declares is too long for the time that is left: one lag may take "},
	} {
		l := newLives(nil)
		if c.declared > 0 {
			l = newLives([]time.Duration{c.declared})
		}
		lag := l.lags(soon, round)[1]
		require.Equal(t, history.Moment(1_000_000), lag.Micros)
		require.Contains(t, lag.Why, c.why)
	}
	require.Zero(t, window(plan.Round{}, nil))
	require.Equal(t, history.DefaultWindow+1_000_000, window(round, map[int]history.Lag{1: {Micros: 1_000_000}}))
}

func TestALongLifetimeIsWaitedForOnlyWhereTheScenarioDeclaresIt(t *testing.T) {
	night, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	round := plan.Round{Walks: []plan.Walk{alone("A"), following(plan.LifePast, 0)}}
	observed := newLives(nil)
	observed.saw(answering("GET /me", "Cache-Control: public, max-age=300"))
	require.Equal(t, history.Lag{Micros: 1_000_000, Why: "max-age=300 of GET /me is too long to be waited for: more than 2m0s"}, observed.lags(night, round)[1])
	declared := newLives([]time.Duration{5 * time.Minute})
	require.Equal(t, history.Lag{Micros: 301_000_000, Why: "a lifetime of 5m0s that the scenario declares, and a second"}, declared.lags(night, round)[1])
}

func TestAShorterLifetimeIsWalkedWhereALongerOneDoesNotFit(t *testing.T) {
	soon, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	l := newLives([]time.Duration{time.Hour, 40 * time.Second, 4 * time.Second})
	for turn := range 5 {
		lag := l.lags(soon, plan.Round{Walks: []plan.Walk{alone("A"), following(plan.LifePast, turn)}})[1]
		require.Equal(t, history.Moment(5_000_000), lag.Micros)
	}
}

func TestARoundsRecordIsThePlansWhateverTheLags(t *testing.T) {
	c, dir := conducted(t, &script{}, oneJourney(visits("/1")...))
	c.lives = newLives([]time.Duration{20 * time.Millisecond})
	round := plan.Round{Schedule: "relay", Number: 1, Parallel: 2, Walks: []plan.Walk{
		{Customer: "A", Journey: "j", Part: plan.PartSteps, Follow: plan.Alone},
		{Customer: "B", Journey: "j", Part: plan.PartSteps, Follow: 0, InStep: true, Lag: time.Hour, Life: plan.LifeHalf},
	}}
	_, err := c.round(t.Context(), round)
	require.NoError(t, err)
	for _, e := range events(t, dir) {
		if e.Plan != nil {
			want, err := json.Marshal(round)
			require.NoError(t, err)
			require.JSONEq(t, string(want), string(e.Plan.Record))
			require.Equal(t, map[int]history.Lag{1: {Micros: 10_000, Why: "half of a lifetime of 20ms that the scenario declares"}}, e.Plan.Lags)
		}
	}
}

func TestAFollowerThatComesLateHoldsNoPlaceAtTheTargetMeanwhile(t *testing.T) {
	// One place: had the follower taken it while it waits for its hour, those
	// who come after the leader would never have had it.
	c, _ := conducted(t, &script{}, oneJourney(visits("/1", "/2")...))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	walked := make(chan string, 3)
	d := &puppet{do: func(_ context.Context, st scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
		if st.URL == "/2" {
			walked <- "one"
			if len(walked) == 3 {
				cancel()
			}
		}
		return did, nil
	}}
	c.drivers = map[scenarios.Client]driver{scenarios.API: d}
	walk := plan.Walk{Customer: "A", Journey: "j", Part: plan.PartSteps, Follow: plan.Alone}
	late := plan.Walk{Customer: "B", Journey: "j", Part: plan.PartSteps, Follow: 0, InStep: true, Lag: time.Hour}
	after := plan.Walk{Customer: "C", Journey: "j", Part: plan.PartSteps, Follow: 0}
	_, err := c.round(ctx, plan.Round{Schedule: "relay", Parallel: 1, Walks: []plan.Walk{walk, late, after, after}})
	require.NoError(t, err)
	require.Len(t, walked, 3)
}
