package harness

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

func provoking(after int) (scenarios.Journey, plan.Walk) {
	w := alone("A")
	w.Provoke = after
	return scenarios.Journey{Steps: visits("/1", "/2", "/3"), Provoke: visits("/missing", "/huge")}, w
}

func TestErrorsAreProvokedInTheMidstOfAWalkWhichThenEnds(t *testing.T) {
	j, w := provoking(2)
	follower := plan.Walk{Customer: "B", Follow: 0, InStep: true}
	results, all := turn(t, &puppet{}, j, w, follower)
	require.Equal(t, []walked{{Steps: 2}, {Steps: 3, Whole: true}}, results)
	var provoked []string
	for _, line := range stepsIn(all) {
		if line[:4] == "prov" {
			provoked = append(provoked, line)
		}
	}
	require.Equal(t, []string{"provoke 2 visit done", "provoke 2 visit done"}, provoked)
}

func TestErrorsAreProvokedAfterTheLastStepToo(t *testing.T) {
	j, w := provoking(3)
	_, all := turn(t, &puppet{}, j, w)
	require.Equal(t, []string{"steps 0 visit done", "steps 1 visit done", "steps 2 visit done", "provoke 3 visit done", "provoke 3 visit done"}, stepsIn(all))
}

func TestNothingIsProvokedWhereThePlanDoesNotSaySo(t *testing.T) {
	j, w := provoking(0)
	results, all := turn(t, &puppet{}, j, w)
	require.Len(t, stepsIn(all), 3)
	require.True(t, results[0].Whole)
}

func TestHowAProvocationEndsKeepsTheNextFromNothing(t *testing.T) {
	d := &puppet{do: func(_ context.Context, st scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
		if st.URL == "/missing" {
			return history.Outcome{Outcome: history.StepFailed, Error: "404"}, nil
		}
		return did, nil
	}}
	j, w := provoking(1)
	results, all := turn(t, d, j, w)
	require.Equal(t, []string{"steps 0 visit done", "provoke 1 visit failed", "provoke 1 visit done"}, stepsIn(all))
	require.Equal(t, []walked{{Steps: 1}}, results, "an error that was provoked is no failure")
}

func TestASessionThatAProvocationCostsIsLost(t *testing.T) {
	d := &puppet{do: func(_ context.Context, st scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
		if st.URL == "/missing" {
			return history.Outcome{}, fmt.Errorf("the tab is gone: %w", history.ErrLost)
		}
		return did, nil
	}}
	j, w := provoking(1)
	results, all := turn(t, d, j, w)
	require.Equal(t, []walked{{Steps: 1}}, results)
	lost := 0
	for _, e := range all {
		if e.Lost != nil {
			lost++
		}
	}
	require.Equal(t, 1, lost)
	require.Equal(t, []string{"steps 0 visit done", "provoke 1 visit failed"}, stepsIn(all))
}

func TestProvocationsThatHangHaveAnEndThatIsWrittenDown(t *testing.T) {
	ctx, cancel := context.WithTimeoutCause(t.Context(), 0, errProvokedLong)
	defer cancel()
	require.Equal(t, "the time for provocations was over after 20s", cutText(ctx, 20*time.Second))
	require.Empty(t, cutText(t.Context(), time.Second))
	outer, end := context.WithCancelCause(t.Context())
	end(errors.New("interrupted"))
	require.Empty(t, cutText(outer, time.Second))
}
