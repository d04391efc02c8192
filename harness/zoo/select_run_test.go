package zoo

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/browser"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios/demoshop"
)

// needsBrowser skips where no browser is to be had and none has to be.
func needsBrowser(t *testing.T) {
	t.Helper()
	if strings.Contains(os.Getenv("CROSSTALK_REQUIRE"), "chromium") {
		return
	}
	if _, err := browser.Provide(context.Background(), browser.Want{Log: os.Stderr}); err != nil {
		t.Skipf("no browser: %v", err)
	}
}

// TestTheZooFindsAFaultAndKeepsSilentOfOneThatNeverStrikes is the zoo in small: the
// whole of it runs outside of the tests. What a short run on a busy machine may
// or may not find is not asked of it.
func TestTheZooFindsAFaultAndKeepsSilentOfOneThatNeverStrikes(t *testing.T) {
	if testing.Short() {
		t.Skip("two runs with a browser")
	}
	needsBrowser(t)
	c := Config{
		Settings: Settings{For: 40 * time.Second, Customers: 2, Seed: 11}, Out: t.TempDir(), Log: os.Stderr,
		Selection: Selection{Only: []string{"edge-cache/plain"}},
	}
	report, err := Run(t.Context(), c)
	require.NoError(t, err)
	require.Len(t, report.Rows, 1)
	row := report.Rows[0]
	require.Empty(t, row.Error)
	assert.True(t, row.Found && row.RuleRight && row.SurfaceRight && row.CauseRight, "%+v", row)
	assert.Equal(t, leak.Leak, row.Verdict)
	assert.Positive(t, row.Chances.Strikes)
	assert.Equal(t, row.Chances.Opportunities, row.Chances.Strikes, "at rate 1 it takes them all")
	assert.LessOrEqual(t, row.Chances.Opportunities, row.AllChances.Opportunities)
	assert.DirExists(t, row.Folder, "all are kept where a folder was named")
	assert.True(t, visited(t, row.Folder, plainHeader), "and the names are the plain ones")
	assert.Equal(t, "1/1 classes, cause right 1/1", report.Sum.Last)
	assert.NotEmpty(t, row.FirstCause)
	assert.Positive(t, row.Walked)
	assert.GreaterOrEqual(t, row.Projected, row.AllChances.Opportunities)
	assert.InDelta(t, 1, row.Needed, 0)

	c.For, c.decoyFor, c.Rates = 15*time.Second, time.Second, []float64{0}
	report, err = Run(t.Context(), c)
	require.NoError(t, err)
	row = report.Rows[0]
	require.Empty(t, row.Error)
	assert.False(t, row.Found)
	assert.Zero(t, row.AllChances.Strikes)
	assert.Empty(t, row.Alarms)
	assert.NotEqual(t, row.Open, row.Expected, "so short a run need not come to a verdict: %s", row.Why)
	assert.Equal(t, row.Expected, report.Sum.OK)
}

// TestTheZooFindsWhatIsEncodedInAShopOfOtherNames is of another variant than
// everything, in a shop whose names nobody has seen before.
func TestTheZooFindsWhatIsEncodedInAShopOfOtherNames(t *testing.T) {
	if testing.Short() {
		t.Skip("a run with a browser")
	}
	needsBrowser(t)
	report, err := Run(t.Context(), Config{
		Settings: Settings{For: 90 * time.Second, Customers: 3, Seed: 11, Rename: 9}, Out: t.TempDir(), Log: os.Stderr,
		Selection: Selection{Only: []string{"fragment-cache/encoded"}},
	})
	require.NoError(t, err)
	require.Len(t, report.Rows, 1)
	row := report.Rows[0]
	require.Empty(t, row.Error)
	assert.True(t, row.Found && row.Expected && row.CauseRight, "%+v", row)
	assert.Empty(t, row.Impure, "what is encoded, and nothing in plain words")
	assert.True(t, visited(t, row.Folder, "GET /products"), "a name that the scenario says is kept")
	assert.False(t, visited(t, row.Folder, plainHeader), "the others are not")
}

// plainHeader is a place that pages reach by themselves, and no scenario names.
const plainHeader = "GET /fragments/header"

// visited says whether anybody was at a place in a run.
func visited(t *testing.T, folder string, place history.Place) bool {
	t.Helper()
	h, err := history.Open(folder)
	require.NoError(t, err)
	for e, err := range h.Events() {
		require.NoError(t, err)
		if e.Exchange != nil && e.Exchange.Place == place {
			return true
		}
	}
	return false
}

func TestADecoysCaseIsAnOrdinaryRunThatIsJudgedWithWhatItIsAllowed(t *testing.T) {
	if testing.Short() {
		t.Skip("a run with a browser")
	}
	needsBrowser(t)
	report, err := Run(t.Context(), Config{
		Settings: Settings{For: 15 * time.Second, Customers: 2, Seed: 11}, Log: os.Stderr, decoyFor: time.Second,
		Selection: Selection{Only: []string{demoshop.HelpDesk}}, Out: t.TempDir(),
	})
	require.NoError(t, err)
	row := report.Rows[0]
	assert.Empty(t, row.Error)
	assert.Empty(t, row.Alarms)
	assert.Positive(t, row.Served, "whoever opens a page is shown whom to call")
	assert.NotEqual(t, row.Open, row.Expected, "so short a run need not come to a verdict, nor expose anybody, and then is not called silent: %s", row.Why)
	assert.False(t, row.Expected && (row.AllExposures == 0 || row.Served < 6), "%+v", row)
}
