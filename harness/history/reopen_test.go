package history_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

func TestAKilledRunsJournalGoesOnWhereItsLastWholeLineEnded(t *testing.T) {
	dir := t.TempDir()
	j, err := history.Create(dir, nil)
	require.NoError(t, err)
	for range 3 {
		require.NoError(t, j.Append(history.Event{Phase: &history.Phase{Name: history.PhaseSolo}}))
	}
	require.NoError(t, j.Close())
	path := filepath.Join(dir, "events.ndjson")
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, whole[:len(whole)-5], 0o600))

	again, err := history.Reopen(dir, nil)
	require.NoError(t, err)
	require.NoError(t, again.Append(history.Event{Account: &history.Account{Customer: "c01", State: history.AccountRemoved}}))
	require.NoError(t, again.Close())

	f, err := history.Open(dir)
	require.NoError(t, err)
	events := collect(t, f)
	require.Len(t, events, 3, "two whole lines, and the new one")
	require.EqualValues(t, 3, events[2].Seq)
	require.Equal(t, "c01", events[2].Account.Customer)
	require.GreaterOrEqual(t, events[2].At, events[1].At, "the clock goes on")
}

func TestAJournalThatIsBeingWrittenCannotBeReopened(t *testing.T) {
	dir := t.TempDir()
	j, err := history.Create(dir, nil)
	require.NoError(t, err)
	_, err = history.Reopen(dir, nil)
	require.ErrorIs(t, err, history.ErrInUse)
	require.NoError(t, j.Close())
	again, err := history.Reopen(dir, nil)
	require.NoError(t, err)
	require.NoError(t, again.Close())
}
