package harness

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

func cutAt(step int, leave bool) plan.Walk {
	w := alone("A")
	w.Cuts = []plan.Cut{{Step: step, Leave: leave}}
	return w
}

// hangingOnce hangs the first time a step of this index is performed.
func hangingOnce(index int, causes *[]error) *puppet {
	return &puppet{do: func(ctx context.Context, st scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
		if st.Index == index && len(*causes) == 0 {
			o, err := hang(ctx)
			*causes = append(*causes, context.Cause(ctx))
			return o, err
		}
		return did, nil
	}}
}

func TestAVisitThatWasStoppedIsMadeAgainAndTheWalkGoesOn(t *testing.T) {
	var causes []error
	d := hangingOnce(1, &causes)
	results, all := turn(t, d, scenarios.Journey{Steps: visits("/1", "/2", "/3")}, cutAt(1, false))
	require.Equal(t, []error{history.ErrStopped}, causes)
	require.Equal(t, []string{"steps 0 visit done", "steps 1 visit cut", "steps 1 visit done", "steps 2 visit done"}, stepsIn(all))
	require.Equal(t, []walked{{Steps: 3, Whole: true}}, results)
	for _, e := range all {
		if e.Step != nil && e.Step.Outcome == history.StepCut {
			require.Contains(t, e.Step.Error, "stopped by plan after ")
		}
	}
}

func TestAStepThatDoesSomethingIsNotDoneTwiceAfterACut(t *testing.T) {
	post := scenarios.Step{Op: scenarios.Request, Request: &scenarios.Call{Method: http.MethodPost, URL: "/pay"}}
	for _, st := range []scenarios.Step{{Op: scenarios.Click}, {Op: scenarios.Press}, {Op: scenarios.Download}, {Op: scenarios.SignOut}, post} {
		var causes []error
		d := hangingOnce(1, &causes)
		results, all := turn(t, d, scenarios.Journey{Steps: []scenarios.Step{visits("/1")[0], st, visits("/3")[0]}}, cutAt(1, false))
		require.Equal(t, []error{history.ErrStopped}, causes)
		require.Equal(t, []string{"steps 0 visit done", fmt.Sprintf("steps 1 %s cut", st.Op)}, stepsIn(all))
		require.Equal(t, []walked{{Steps: 1}}, results, "a walk that was cut by plan has not failed")
	}
}

func TestWhoLeftDoesNotComeBack(t *testing.T) {
	var causes []error
	d := hangingOnce(1, &causes)
	results, all := turn(t, d, scenarios.Journey{Steps: visits("/1", "/2", "/3")}, cutAt(1, true))
	require.Equal(t, []error{history.ErrLeft}, causes)
	require.Equal(t, []string{"steps 0 visit done", "steps 1 visit cut"}, stepsIn(all))
	require.Equal(t, []walked{{Steps: 1}}, results)
}

func TestAStepThatEndsBeforeItsCutIsOneLikeAnyOther(t *testing.T) {
	w := cutAt(1, true)
	w.Cuts[0].At = 1 // of a second, since nothing is known of the step
	results, all := turn(t, &puppet{}, scenarios.Journey{Steps: visits("/1", "/2")}, w)
	require.Equal(t, []string{"steps 0 visit done", "steps 1 visit done"}, stepsIn(all))
	require.True(t, results[0].Whole)
}

func TestWhoLeftInTheMomentInWhichAStepWasThroughHasLeft(t *testing.T) {
	performed := 0
	d := &puppet{do: func(ctx context.Context, _ scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
		if performed++; performed == 2 {
			<-ctx.Done()
		}
		return did, nil
	}}
	results, all := turn(t, d, scenarios.Journey{Steps: visits("/1", "/2", "/3")}, cutAt(1, true))
	require.Equal(t, []string{"steps 0 visit done", "steps 1 visit done"}, stepsIn(all))
	require.Equal(t, []walked{{Steps: 1}}, results)
}

func TestSeveralCutsOfOneWalkAreAllMade(t *testing.T) {
	performed := 0
	d := &puppet{do: func(ctx context.Context, _ scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
		if performed++; performed == 1 || performed == 2 || performed == 4 {
			return hang(ctx)
		}
		return did, nil
	}}
	w := alone("A")
	w.Cuts = []plan.Cut{{Step: 0}, {Step: 0}, {Step: 1}}
	results, all := turn(t, d, scenarios.Journey{Steps: visits("/1", "/2")}, w)
	require.Equal(t, []string{"steps 0 visit cut", "steps 0 visit cut", "steps 0 visit done", "steps 1 visit cut", "steps 1 visit done"}, stepsIn(all))
	require.True(t, results[0].Whole)
}

func TestADriverThatFailsOverACutHasCutTheStep(t *testing.T) {
	d := &puppet{do: func(ctx context.Context, st scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
		if st.Index == 0 {
			return did, nil
		}
		_, _ = hang(ctx)
		return history.Outcome{}, errors.New("no such page any more")
	}}
	results, all := turn(t, d, scenarios.Journey{Steps: visits("/1", "/2")}, cutAt(1, true))
	require.Equal(t, []string{"steps 0 visit done", "steps 1 visit cut"}, stepsIn(all))
	require.Equal(t, []walked{{Steps: 1}}, results)
	for _, e := range all {
		require.Nil(t, e.Lost)
	}
}

func TestTheEndOfTheRunIsNotTakenForThePlans(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	d := &puppet{do: func(ctx context.Context, _ scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
		cancel()
		return hang(ctx)
	}}
	w := cutAt(0, false)
	w.Cuts[0].At = 1e6
	_, all := turnUntil(ctx, t, d, scenarios.Journey{Steps: visits("/1")}, w)
	require.Equal(t, []string{"steps 0 visit cut"}, stepsIn(all))
	for _, e := range all {
		if e.Step != nil {
			require.Empty(t, e.Step.Error)
		}
	}
}

func TestOthersAreNotHeldUpByAWalkThatWasCut(t *testing.T) {
	steps := []scenarios.Step{visits("/1")[0], {Op: scenarios.Click}, {Op: scenarios.Meet, Name: "m"}, visits("/4")[0]}
	d := &puppet{do: func(ctx context.Context, st scenarios.Step, f scenarios.Fields) (history.Outcome, error) {
		if st.Op == scenarios.Click && f.Customer.ID == "A" {
			return hang(ctx)
		}
		return did, nil
	}}
	beside, behind, after := alone("B"), plan.Walk{Customer: "B", Follow: 0, InStep: true}, plan.Walk{Customer: "B", Follow: 0}
	results, _ := turn(t, d, scenarios.Journey{Steps: steps}, cutAt(1, false), beside, behind, after)
	require.Equal(t, walked{Steps: 1}, results[0])
	for _, r := range results[1:] {
		require.Equal(t, walked{Steps: 4, Whole: true}, r)
	}
}

func TestACutComesAtItsShareOfWhatTheStepTookInSolo(t *testing.T) {
	s := newSpeeds()
	w, solo := plan.Walk{Journey: "j"}, plan.Round{Schedule: history.PhaseSolo}
	require.Equal(t, firstGuess, s.usual(w, 3), "nothing is known yet")
	s.performed(plan.Round{Schedule: "burst", Hold: true}, w, 3, time.Hour)
	require.Equal(t, firstGuess, s.usual(w, 3), "what was held tells nothing about the target")
	s.performed(plan.Round{Schedule: "mingle"}, w, 3, 5*time.Second)
	require.Equal(t, 5*time.Second, s.usual(w, 3))
	for i := range 3 {
		s.performed(solo, w, 3, time.Duration(i+1)*time.Second)
	}
	require.Equal(t, 3*time.Second, s.usual(w, 3), "of three, the longest")
	require.Equal(t, firstGuess, s.usual(w, 2))
	require.Equal(t, firstGuess, s.usual(plan.Walk{Journey: "k"}, 3))
}

func TestWhatIsKeptOfAStepsDurationsIsBounded(t *testing.T) {
	s := newSpeeds()
	w := plan.Walk{Journey: "j"}
	for i := range 10_000 {
		s.performed(plan.Round{Schedule: "mingle"}, w, 0, time.Duration(i)*time.Millisecond)
	}
	require.Len(t, s.later[stepAt{"j", 0}].took, mostSamples)
	require.Equal(t, 9996*time.Millisecond, s.usual(w, 0), "57th of the last 60")
}

func TestAStepThatIsPerformedAgainSendsANonceOfItsOwn(t *testing.T) {
	nonces := map[string]bool{}
	d := &puppet{do: func(ctx context.Context, _ scenarios.Step, f scenarios.Fields) (history.Outcome, error) {
		n, err := f.Expand("{{nonce}}")
		if err != nil {
			return history.Outcome{}, err
		}
		if nonces[n] = true; len(nonces) == 1 {
			return hang(ctx)
		}
		return did, nil
	}}
	turn(t, d, scenarios.Journey{Steps: visits("/1")}, cutAt(0, false))
	require.Len(t, nonces, 2)
}
