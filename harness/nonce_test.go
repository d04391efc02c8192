package harness

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// asking is a client that asks for its step's nonce twice, in some steps.
type asking struct {
	asked map[string][]string
}

func (a *asking) Become(string) {}

func (a *asking) Do(_ context.Context, st scenarios.Step, fields scenarios.Fields) (history.Outcome, error) {
	if st.URL != "/quiet" {
		for range 2 {
			v, err := fields.Expand("{{nonce}}")
			if err != nil {
				return history.Outcome{}, err
			}
			a.asked[st.URL] = append(a.asked[st.URL], v)
		}
	}
	return history.Outcome{Outcome: history.StepDone}, nil
}

func (a *asking) Close(context.Context) error { return nil }

func TestANonceIsOneValueInAStepAndInTheJournalOnlyWhenItIsSent(t *testing.T) {
	dir := t.TempDir()
	journal, err := history.Create(dir, nil)
	require.NoError(t, err)
	record := newRecorder(journal, dir)
	a := &asking{asked: map[string][]string{}}
	p := &walker{stage: &stage{conductor: &conductor{seed: 7, record: record, scenario: &scenarios.Scenario{}, speeds: newSpeeds()}}, client: a}
	p.session.ID, p.walk.Customer = "s0003", "c01"
	for k, url := range []string{"/a", "/quiet", "/b"} {
		_, err := p.step(context.Background(), k, scenarios.Step{Op: scenarios.Visit, URL: url})
		require.NoError(t, err)
	}
	require.NoError(t, journal.Close())
	first, second := customer.Nonce(7, "s0003", 0), customer.Nonce(7, "s0003", 2)
	require.Equal(t, map[string][]string{"/a": {first, first}, "/b": {second, second}}, a.asked)
	h, err := history.Open(dir)
	require.NoError(t, err)
	var learned []string
	for e, err := range h.Events() {
		require.NoError(t, err)
		if e.Learned != nil {
			require.Equal(t, "c01", e.Learned.Customer)
			require.Equal(t, "s0003", e.Learned.Session)
			learned = append(learned, e.Learned.Kind+" "+e.Learned.Value)
		}
	}
	require.Equal(t, []string{"nonce " + first, "nonce " + second}, learned)
}
