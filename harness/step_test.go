package harness

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// dark is a journey that takes its own network away, does something, and takes
// it back.
func dark(st scenarios.Step) scenarios.Journey {
	return scenarios.Journey{Steps: []scenarios.Step{
		{Op: scenarios.Network, Network: scenarios.NetworkOffline}, st,
		{Op: scenarios.Network, Network: scenarios.NetworkNormal}, {Op: scenarios.Visit, URL: "/after"},
	}}
}

// unplugged fails whatever is asked while there is no network, and /after
// always.
func unplugged() *puppet {
	offline := false
	return &puppet{do: func(_ context.Context, st scenarios.Step, _ scenarios.Fields) (history.Outcome, error) {
		switch {
		case st.Op == scenarios.Network:
			offline = st.Network == scenarios.NetworkOffline
		case offline, st.URL == "/after":
			return history.Outcome{Outcome: history.StepFailed, Error: "ERR_INTERNET_DISCONNECTED"}, nil
		}
		return did, nil
	}}
}

func TestAJourneyThatTakesItsOwnNetworkAwayIsNotBlamedForWhatCannotBeHad(t *testing.T) {
	for op, outcome := range map[scenarios.Op]string{
		scenarios.Visit: "done", scenarios.Reload: "done", scenarios.Back: "done", scenarios.Request: "done", scenarios.Download: "done",
		scenarios.See: "failed", scenarios.Shows: "failed", scenarios.SignOut: "failed", scenarios.Click: "failed",
	} {
		_, all := turn(t, unplugged(), dark(scenarios.Step{Op: op}), alone("A"))
		want := []string{"steps 0 network done", "steps 1 " + string(op) + " " + outcome}
		if outcome == "done" {
			want = append(want, "steps 2 network done", "steps 3 visit failed") // with a network it is a failure again
		}
		require.Equal(t, want, stepsIn(all))
	}
}
