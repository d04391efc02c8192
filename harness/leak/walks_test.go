package leak_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios"
)

// performed is a session of journey app, which has three steps, in the words
// "0 done", "1 cut", "took c02", "1 done provoke".
func performed(tr *transcript, id string, steps ...string) {
	tr.add(history.Event{Session: &history.Session{ID: id, Client: "api", Journey: "app", Customer: "c01", Phase: "swap", Round: 1}})
	for _, text := range steps {
		tr.now += tick
		words := append(strings.Fields(text), "steps")
		if words[0] == "took" {
			tr.add(history.Event{Identity: &history.Identity{Session: id, Customer: words[1], State: history.Became}})
			continue
		}
		st := history.Step{Session: id, Part: words[2], Op: "request", Text: "request /", Start: tr.now, End: tr.now + 1, Outcome: words[1]}
		_, _ = fmt.Sscan(words[0], &st.Index)
		switch words[1] {
		case history.StepFailed:
			st.Error = "it broke"
		case "stopped":
			st.Outcome, st.Error = history.StepCut, "stopped by plan after 3ms"
		}
		tr.add(history.Event{Step: &st})
	}
	tr.add(history.Event{Closed: &history.Closed{Session: id}})
}

func TestAWalkIsJudgedByWhatThePlanHadInMind(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps []string
		want  string // the reason; "" when there is none
	}{
		{"whole", []string{"0 done", "1 done", "2 done"}, ""},
		{"cut and then done", []string{"0 done", "1 stopped", "1 done", "2 done"}, ""},
		{"cut, and left", []string{"0 done", "1 stopped"}, ""},
		{"provoked, and at its end", []string{"0 done", "1 failed provoke", "1 failed provoke"}, ""},
		{"going back failed", []string{"0 done", "1 failed between", "1 done", "2 done"}, ""},
		{"the first was whole, the heir failed", []string{"0 done", "1 done", "2 done", "took c02", "3 done", "4 failed"}, ""},
		{"the heir alone was whole", []string{"0 done", "1 done", "took c02", "2 done", "3 done", "4 done"}, ""},
		{"failed", []string{"0 done", "1 failed"}, "journey app was never walked to its end in 1 try: step 2 `request /`: it broke"},
		{"cut by the end of the run", []string{"0 done", "1 cut"}, "journey app was never walked to its end in 1 try"},
		{"the heir failed at his second step", []string{"0 done", "1 failed", "took c02", "2 done", "3 failed"}, "journey app was never walked to its end in 2 tries: step 2 `request /`: it broke"},
		{"both stopped half way", []string{"0 done", "1 done", "took c02", "2 done"}, "journey app was never walked to its end in 2 tries"},
	} {
		tr := readTranscript(t, healthyRun(t))
		tr.scenario.Journeys = append(tr.scenario.Journeys, scenarios.Journey{Name: "app", Steps: make([]scenarios.Step, 3)})
		performed(tr, "s90", c.steps...)
		j := judge(t, tr, nil)
		if c.want == "" {
			require.Equal(t, leak.Isolated, j.Verdict, "%s\n%s", c.name, render(j))
			continue
		}
		require.Equal(t, leak.Inconclusive, j.Verdict, c.name)
		require.Equal(t, c.want, j.Reasons[0].Text, c.name)
	}
}

func TestWhatIsDoneBesideAJourneyIsNoFailure(t *testing.T) {
	tr := readTranscript(t, healthyRun(t))
	performed(tr, "s90", "0 done", "1 failed between", "1 failed provoke", "1 failed")
	require.Equal(t, map[string]int{"app: step 2 request /: it broke": 1}, judge(t, tr, nil).Failures)
}

func TestAJourneyThatWasNarrowedToAPlaceNeedNotReachItsEnd(t *testing.T) {
	tr := readTranscript(t, healthyRun(t)+"narrowed place GET /account\n")
	tr.scenario.Journeys = append(tr.scenario.Journeys, scenarios.Journey{Name: "app", Steps: make([]scenarios.Step, 3)})
	performed(tr, "s90", "0 done", "1 done")
	require.Equal(t, leak.Isolated, judge(t, tr, nil).Verdict)
}
