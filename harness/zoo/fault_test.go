package zoo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

func TestAProofIsFromBeforeTheFirstStrikeWhereItsAnswerHadEndedByThen(t *testing.T) {
	dir := t.TempDir()
	journal, err := history.Create(dir, history.NewSecrets(nil))
	require.NoError(t, err)
	require.NoError(t, journal.Append(history.Event{Exchange: &history.Exchange{ID: "s0001.1", Start: 1_000_000, End: 1_500_000}}))
	require.NoError(t, journal.Append(history.Event{Exchange: &history.Exchange{ID: "s0001.2", Start: 1_000_000, End: 2_500_000}}))
	require.NoError(t, journal.Close())

	began := time.Now().UTC()
	f := func(id, rule, kind, exchange string, at int64) leak.Finding {
		return leak.Finding{ID: id, Rule: rule, Kind: kind, Exchange: exchange, FirstSeen: at, Strength: leak.Proof}
	}
	result := harness.Result{Folder: dir, Started: began.Format(time.RFC3339Nano), Findings: []leak.Finding{
		f("ended", leak.RuleOwnPlace, "city", "s0001.1", 1000),
		f("under way", leak.RuleOwnPlace, "city", "s0001.2", 1000),
		f("on a page", leak.RuleMasked, "email", "", 1000),
		f("later", leak.RuleForeignMarker, "email", "", 2500),
		f("at that moment", leak.RuleForeignMarker, "email", "", 1990),
		f("a key of two", leak.RuleSharedToken, "token", "", 1000),
	}}
	early, err := before(result, began.Add(2*time.Second))
	require.NoError(t, err)
	for _, one := range result.Findings {
		assert.Equal(t, one.ID == "ended" || one.ID == "on a page", early(one), one.ID)
	}
	early, err = before(result, time.Time{})
	require.NoError(t, err)
	for _, one := range result.Findings {
		assert.False(t, early(one), "%s: one that struck before it was first counted", one.ID)
	}
}
