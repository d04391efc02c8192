package harness

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

func swapped(moves ...plan.Move) plan.Walk {
	w := alone("A")
	w.Heir, w.Moves = "B", moves
	return w
}

func TestAnHeirWalksTheSameStepsWithTheSameClient(t *testing.T) {
	d := &puppet{}
	results, all := turn(t, d, scenarios.Journey{Steps: visits("/1", "/2")}, swapped())
	require.Equal(t, []string{"A 0 visit/1", "A 1 visit/2", "A becomes B", "B 2 visit/1", "B 3 visit/2"}, d.log)
	require.Equal(t, []string{"steps 0 visit done", "steps 1 visit done", "steps 2 visit done", "steps 3 visit done"}, stepsIn(all))
	require.Equal(t, []walked{{Steps: 4, Whole: true}}, results)
	sessions := 0
	for _, e := range all {
		if e.Session != nil {
			sessions++
			require.Equal(t, "A", e.Session.Customer)
		}
	}
	require.Equal(t, 1, sessions)
}

func TestTheJournalKnowsTheHeirBeforeAnythingIsShownToThem(t *testing.T) {
	_, all := turn(t, &puppet{}, scenarios.Journey{Steps: visits("/1")}, swapped(plan.Move{Before: 0, Heir: true, What: plan.MoveReload}))
	became := slices.IndexFunc(all, func(e history.Event) bool {
		return e.Identity != nil && *e.Identity == history.Identity{Session: e.Identity.Session, Customer: "B", State: history.Became}
	})
	require.Positive(t, became)
	for i, e := range all {
		if e.Step != nil && (e.Step.Part == history.PartBetween || e.Step.Index > 0) {
			require.Greater(t, i, became)
		}
	}
}

func TestAnHeirKnowsNothingThatTheOtherLearnedAndSendsNoncesOfTheirOwn(t *testing.T) {
	nonces, names := map[string]int{}, []string{}
	d := &puppet{do: func(_ context.Context, st scenarios.Step, f scenarios.Fields) (history.Outcome, error) {
		n, err := f.Expand("{{nonce}}")
		if err != nil {
			return history.Outcome{}, err
		}
		nonces[n]++
		names = append(names, fmt.Sprintf("%s %s", f.Customer.First, f.Learned["order"]))
		o := did
		if st.URL == "/1" {
			o.Learned = []history.LearnedValue{{Kind: "order", Value: "of " + f.Customer.First, Marker: true}}
		}
		return o, nil
	}}
	_, all := turn(t, d, scenarios.Journey{Steps: visits("/1", "/2")}, swapped(plan.Move{Before: 2, What: plan.MoveReload}))
	require.Equal(t, []string{"Ada ", "Ada of Ada", "Ada of Ada", "Bob ", "Bob of Bob"}, names)
	require.Len(t, nonces, 5, "each step has a nonce of its own")
	owners := map[string]string{}
	for _, e := range all {
		if e.Learned != nil && e.Learned.Kind == "order" {
			owners[e.Learned.Value] = e.Learned.Customer
		}
	}
	require.Equal(t, map[string]string{"of Ada": "A", "of Bob": "B"}, owners)
	require.Equal(t, 1, nonces[customer.Nonce(0, "s0001", 0)])
}

func TestNobodySucceedsAWalkThatFailed(t *testing.T) {
	d := &puppet{do: func(_ context.Context, st scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
		if st.URL == "/2" {
			return history.Outcome{Outcome: history.StepFailed, Error: "no"}, nil
		}
		return did, nil
	}}
	results, _ := turn(t, d, scenarios.Journey{Steps: visits("/1", "/2")}, swapped(plan.Move{Before: 2, What: plan.MoveBack}))
	require.Equal(t, []string{"A 0 visit/1", "A 1 visit/2"}, d.log)
	require.Equal(t, []walked{{Steps: 1, Failed: "step 2, visit /2: no"}}, results)
}

func TestWhoFollowsASwapWaitsForTheHeirToo(t *testing.T) {
	d := &puppet{}
	results, _ := turn(t, d, scenarios.Journey{Steps: visits("/1")}, swapped(), plan.Walk{Customer: "C", Follow: 0})
	require.Equal(t, []string{"A 0 visit/1", "A becomes B", "B 1 visit/1", "C 0 visit/1"}, d.log)
	require.True(t, results[1].Whole)
}

func TestMovesAreMadeBesideTheJourneyInBothTurns(t *testing.T) {
	d := &puppet{}
	_, all := turn(t, d, scenarios.Journey{Steps: visits("/1", "/2")}, swapped(
		plan.Move{Before: 1, What: plan.MoveSlow}, plan.Move{Before: 2, What: plan.MoveReload},
		plan.Move{Before: 0, Heir: true, What: plan.MoveBack}, plan.Move{Before: 0, Heir: true, What: plan.MoveOffline},
		plan.Move{Before: 2, Heir: true, What: plan.MoveBack}, plan.Move{Before: 2, Heir: true, What: plan.MoveSlow},
	))
	require.Equal(t, []string{
		"A 0 visit/1", "A 1 networkslow", "A 1 visit/2", "A 2 networknormal", "A 2 reload", "A becomes B",
		"B 2 back", "B 2 networkoffline", "B 2 reload", "B 2 networknormal", "B 2 visit/1", "B 3 visit/2", "B 4 back",
	}, d.log)
	for _, e := range all {
		if e.Step != nil && e.Step.Op != "visit" {
			require.Equal(t, history.PartBetween, e.Step.Part)
		}
	}
}

func TestAMoveThatComesToNothingIsNoFailureAndTheNetworkComesBack(t *testing.T) {
	d := &puppet{do: func(_ context.Context, st scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
		if st.Op == scenarios.Reload || st.Op == scenarios.Back {
			return history.Outcome{Outcome: history.StepFailed, Error: "no network"}, nil
		}
		return did, nil
	}}
	results, _ := turn(t, d, scenarios.Journey{Steps: visits("/1")}, swapped(
		plan.Move{Before: 0, Heir: true, What: plan.MoveOffline}, plan.Move{Before: 0, Heir: true, What: plan.MoveBack}))
	require.Equal(t, []walked{{Steps: 2, Whole: true}}, results)
	require.Equal(t, []string{"A 0 visit/1", "A becomes B", "B 1 networkoffline", "B 1 reload", "B 1 networknormal", "B 1 back", "B 1 visit/1"}, d.log)
}

func TestTheNetworkComesBackAfterAStepThatFailedOrWasLost(t *testing.T) {
	for _, how := range []string{history.StepFailed, history.StepCut} {
		d := &puppet{do: func(_ context.Context, st scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
			if st.URL == "/1" {
				return history.Outcome{Outcome: how}, nil
			}
			return did, nil
		}}
		turn(t, d, scenarios.Journey{Steps: visits("/1")}, swapped(plan.Move{Before: 0, What: plan.MoveSlow}))
		require.Equal(t, []string{"A 0 networkslow", "A 0 visit/1", "A 1 networknormal"}, d.log)
	}
}

func TestASessionWithoutANetworkDoesNotBlameTheShop(t *testing.T) {
	d := &puppet{do: func(_ context.Context, st scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
		if st.Network == scenarios.NetworkNormal {
			return history.Outcome{Outcome: history.StepFailed}, nil
		}
		return did, nil
	}}
	results, all := turn(t, d, scenarios.Journey{Steps: visits("/1")}, swapped(plan.Move{Before: 0, Heir: true, What: plan.MoveOffline}))
	require.False(t, results[0].Whole)
	require.Empty(t, results[0].Failed)
	require.Equal(t, []string{"B 1 reload", "B 1 networknormal", "B 1 networknormal"}, d.log[3:])
	lost := slices.ContainsFunc(all, func(e history.Event) bool { return e.Lost != nil })
	require.True(t, lost)
}

func TestAMoveGivesNoNetworkBackThatTheJourneyHasTaken(t *testing.T) {
	for _, own := range []scenarios.Condition{scenarios.NetworkOffline, scenarios.NetworkSlow} {
		d := &puppet{}
		network := func(c scenarios.Condition) scenarios.Step {
			return scenarios.Step{Op: scenarios.Network, Network: c}
		}
		steps := append([]scenarios.Step{network(own)}, visits("/1", "/2")...)
		turn(t, d, scenarios.Journey{Steps: append(steps, network(scenarios.NetworkNormal))}, swapped(
			plan.Move{Before: 1, What: plan.MoveOffline}, plan.Move{Before: 2, What: plan.MoveSlow}, plan.Move{Before: 0, Heir: true, What: plan.MoveOffline}))
		require.Equal(t, []string{
			"A 0 network" + string(own), "A 1 visit/1", "A 2 visit/2", "A 3 networknormal", "A becomes B",
			"B 4 networkoffline", "B 4 reload", "B 4 networknormal", "B 4 network" + string(own), "B 5 visit/1", "B 6 visit/2", "B 7 networknormal",
		}, d.log)
	}
}

func TestAnAppHasNoHistoryToGoBackIn(t *testing.T) {
	d := &puppet{}
	turn(t, d, scenarios.Journey{Client: scenarios.API, Steps: visits("/1")}, swapped(
		plan.Move{Before: 0, Heir: true, What: plan.MoveBack}, plan.Move{Before: 1, What: plan.MoveReload}))
	require.Equal(t, []string{"A 0 visit/1", "A 1 reload", "A becomes B", "B 1 visit/1"}, d.log)
}
