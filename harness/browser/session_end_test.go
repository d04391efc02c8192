package browser

import (
	"context"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAContextThatIsNotGoneInTimeEndsInTheBackground(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{"/": html("Hello")})
	w := begin(t, s.URL)
	w.do(visit("/"))
	d, id, folder := w.driver, w.contextID, w.folder
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, d.dispose(ended, id, folder), "nobody waits for it")
	require.Eventually(t, func() bool { return d.overdue.Load() == 0 }, 20*time.Second, 5*time.Millisecond)
	require.NoDirExists(t, folder)
	require.Error(t, d.browser.DisposeContext(soon(t), id), "it is gone")
}

func TestANewSessionWaitsForContextsThatWillNotEnd(t *testing.T) {
	d := NewDriver(nil, DriverOptions{})
	defer d.Close()
	d.overdue.Store(mostOverdue + 1)
	time.AfterFunc(50*time.Millisecond, func() { d.overdue.Add(-1) })
	begun := time.Now()
	d.giveRoom(soon(t))
	require.GreaterOrEqual(t, time.Since(begun), 50*time.Millisecond)
	require.Less(t, time.Since(begun), overduePatience)
}

func TestFilesOfASessionThatNeverHadAContextAreRemoved(t *testing.T) {
	d := NewDriver(nil, DriverOptions{})
	defer d.Close()
	folder := t.TempDir() + "/files"
	require.NoError(t, os.Mkdir(folder, 0o700))
	require.NoError(t, d.dispose(t.Context(), "", folder))
	require.NoDirExists(t, folder)
}
