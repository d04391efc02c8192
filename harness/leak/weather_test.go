package leak_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// healthyRun is the transcript of a run in which everything is well.
func healthyRun(t *testing.T) string {
	source, err := os.ReadFile("testdata/healthy.txt")
	require.NoError(t, err)
	given, _, _ := strings.Cut(string(source), wantMark)
	return given
}

// ask is a request of a round, with what became of it.
func ask(who, more string) string {
	return "mingle " + who + ` GET /api/me response {"first":"{first}","last":"{last}","email":"{email}"} | ` + more + "\n"
}

func asks(n int, more string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(ask(fmt.Sprintf("c%02d", 1+i%4), more))
	}
	return b.String()
}

// limitedTip is a place that gives a client one answer in a while, also in solo.
var limitedTip = strings.Repeat("solo c01 GET /api/more response {}\n", 5) + "solo c01 GET /api/tip response {}\n" + strings.Repeat("solo c01 GET /api/tip response {} | status=429\n", 2) +
	strings.Repeat("mingle c01 GET /api/tip response {} | status=429\n", 20)

// few makes a minimum be missed.
const few = "minimum pairs 13\n"

func TestATargetThatDoesNotKeepUpIsTheFirstReason(t *testing.T) {
	for _, c := range []struct{ name, more, text, remedy string }{
		{"it has enough of it", asks(6, "") + asks(20, "status=503 unseen=x") + few, "the target did not keep up: 20 of 20 answers were 503 from +5 s on", "--parallel"},
		{"now and then", strings.Repeat(asks(1, "status=502 unseen=x")+asks(2, ""), 8) + few, "8 of 22 answers were 502 from +5 s on", "--parallel"},
		{"it limits us", asks(4, "") + strings.Repeat(asks(1, "status=429 unseen=x")+asks(1, ""), 9) + few, "9 of 17 answers were 429", "raise its limits"},
		{"it limits us, and not at one place alone", limitedTip + strings.Repeat(asks(1, "status=429 unseen=x")+asks(1, ""), 9) + few, "answers were 429", "raise its limits"},
		{"it breaks off", asks(4, "") + asks(9, "failed=read:_connection_reset_by_peer unseen=x") + asks(3, "") + few, "9 of 9 answers were refused, reset or without an answer between", "--parallel"},
		{"it is slow", asks(4, "") + asks(9, "took=4s") + few, "9 of 9 answers were slower than 3 s", "--parallel"},
		{"it is ill in several ways", asks(4, "") + asks(6, "status=503 unseen=x") + asks(3, "took=4s") + few, "9 of 9 answers were not what they should be (6 503, 3 slower than 3 s)", "--parallel"},
		{"it is gone", asks(4, "") + asks(9, "failed=net::ERR_CONNECTION_REFUSED unseen=x"), "the target was gone from +5 s on: 9 of 9 answers were refused", "when it is up"},
		{"it was ill, and then gone", asks(4, "") + asks(9, "status=503 unseen=x") + asks(7, "failed=dial_tcp:_connect:_connection_refused unseen=x"), "the target was gone from +6 s on: 7 of 7", "when it is up"},
		{"so much of it that all else does not count", asks(30, "status=500 unseen=x"), "30 of 30 answers were 500", "--parallel"},
		{"the run gave way", asks(4, "") + asks(9, "status=503 unseen=x") + few + "pace 4 9 of 20 answers were 503\npace 2 12 of 20 answers were 503\n", "; the run changed its pace 2 times, to 2 sessions at once at least", "--parallel"},
	} {
		j := judge(t, readTranscript(t, healthyRun(t)+"walk\n"+c.more), nil)
		require.Equal(t, leak.Inconclusive, j.Verdict, c.name)
		require.Contains(t, j.Reasons[0].Text, c.text, "%s\n%s", c.name, render(j))
		require.Contains(t, j.Reasons[0].Remedy, c.remedy, c.name)
	}
}

func TestWhatIsNoWeather(t *testing.T) {
	for _, c := range []struct {
		name, more string
		change     func(*transcript)
	}{
		{name: "a single error", more: asks(8, "") + asks(1, "status=503 unseen=x") + asks(8, "") + few},
		{name: "a few, far apart", more: strings.Repeat(asks(1, "status=503 unseen=x")+asks(12, ""), 6) + few},
		{name: "an address that never answered well", more: strings.Repeat("mingle c01 GET /api/broken response {} | status=500\n", 20) + few},
		{name: "a place that alone limits how often one asks", more: limitedTip + few},
		{name: "what pages gave up", more: asks(9, "failed=net::ERR_ABORTED unseen=canceled") + few},
		{name: "what the plan cut", more: "mingle c01 cut 30s\n" + strings.Repeat(ask("c01", "failed=unexpected_EOF unseen=aborted"), 9) + few},
		{name: "another host's", more: strings.Repeat("mingle c01 GET /api/me response {} | resource=image status=503\n", 9) + few},
		{name: "what was provoked", more: "mingle c01 GET / response {}\n", change: provokeErrors},
		{name: "some, where nothing is missing", more: asks(150, "") + asks(5, "status=503 unseen=x")},
	} {
		tr := readTranscript(t, healthyRun(t)+"walk\n"+c.more)
		if c.change != nil {
			c.change(tr)
		}
		j := judge(t, tr, nil)
		require.NotContains(t, render(j), "the target", c.name)
	}
}

// provokeErrors has the last session provoke errors that the shop answers.
func provokeErrors(tr *transcript) {
	session := tr.sessions[tr.key("mingle", "c01")]
	if session == "" {
		require.Fail(tr.t, "no session", "%v", tr.sessions)
	}
	for range 12 {
		tr.add(history.Event{Step: &history.Step{Session: session, Part: history.PartProvoke, Index: 1, Op: "visit", Text: "visit /broken", Start: tr.now, End: tr.now + tick, Outcome: history.StepFailed, Error: "answered 500"}})
		require.NoError(tr.t, tr.shown("mingle", "c01", `GET /api/me response {} | status=500`))
	}
}

func TestANarrowedRunSaysWhatItCovers(t *testing.T) {
	healthy := healthyRun(t) + "journeys shopper app\n"
	only := func(reason, more string) leak.Judgement {
		j := judge(t, readTranscript(t, healthy+more), nil)
		require.Contains(t, j.Reasons[0].Text, reason, render(j))
		return j
	}
	j := only("journey app was never begun", "")
	require.Equal(t, leak.Inconclusive, j.Verdict)
	j = only("; this run covers journey shopper only: nothing else was looked at", "narrowed journey shopper\n")
	require.Equal(t, leak.Isolated, j.Verdict)
	j = only("; this run covers journey shopper at GET /account only: nothing else was looked at", "narrowed journey shopper\nnarrowed place GET /account\n")
	require.Equal(t, leak.Isolated, j.Verdict)
	require.Contains(t, j.Reasons[0].Text, "in 7 exposures at 1 own place")
	require.Equal(t, 7, j.Exposures)
	require.Len(t, j.Coverage, 2, "what was seen besides is told")
}

func TestTheMinimaOfANarrowedRunCountForItsPlaces(t *testing.T) {
	poor := "walk\nrelay c01 GET /api/me response {} | unseen=evicted\nrelay c01 GET /api/me response {} | unseen=evicted\n"
	j := judge(t, readTranscript(t, healthyRun(t)+poor), nil)
	require.Equal(t, leak.Inconclusive, j.Verdict)
	j = judge(t, readTranscript(t, healthyRun(t)+poor+"narrowed place GET /acc*\n"), nil)
	require.Equal(t, leak.Isolated, j.Verdict, render(j))
	j = judge(t, readTranscript(t, healthyRun(t)+poor+"narrowed place GET /acc*\nrelay c01 GET /api/me response {\"email\":\"{c02.email}\"}\n"), nil)
	require.Equal(t, leak.Leak, j.Verdict, "a leak anywhere is a leak")
}

func TestPlacesThatWereAskedForAndNotReachedAreAReason(t *testing.T) {
	j := judge(t, readTranscript(t, healthyRun(t)+"solo c01 GET /help page main \"Help\"\nnarrowed place GET /account\nnarrowed place GET /acount\nnarrowed place GET /he*\n"), nil)
	require.Equal(t, leak.Inconclusive, j.Verdict)
	require.Contains(t, j.Reasons[0].Text, "nobody came to GET /acount, which")
	require.Contains(t, j.Reasons[0].Remedy, "--place")
	require.Contains(t, j.Reasons[1].Text, "solo was not shown its own data at GET /he*, which")
	require.Len(t, j.Reasons, 2)
}

func TestACommandThatFailedIsAReason(t *testing.T) {
	j := judge(t, readTranscript(t, healthyRun(t)+"hook herd 1 ok\nhook herd 2 ended with 1\nhook herd 3 took too long\n"), nil)
	require.Equal(t, leak.Inconclusive, j.Verdict)
	require.Equal(t, "the command of the schedule herd failed 2 of 3 times, first in round 2: `flush-cache --all` ended with 1; what it provokes was not looked for then", j.Reasons[0].Text)
	require.Contains(t, j.Reasons[0].Remedy, "--on-herd")
	j = judge(t, readTranscript(t, healthyRun(t)+"hook herd 1 ok\n"), nil)
	require.Equal(t, leak.Isolated, j.Verdict)
}
