//go:build unix

package harness

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// holders is a pipe that the processes of a hook hold open: begun is closed when
// the first byte comes, and gone receives when the last of them has ended.
func holders(t *testing.T) (path string, begun <-chan struct{}, gone <-chan error) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "holders")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	first, done := make(chan struct{}), make(chan error, 1)
	go func() {
		f, err := os.Open(path) // until somebody writes
		if err == nil {
			_, _ = f.Read(make([]byte, 1))
			close(first)
			_, err = io.Copy(io.Discard, f)
			_ = f.Close()
		}
		done <- err
	}()
	return path, first, done
}

// hangs bounds what a test waits for that must end by itself.
const hangs = time.Minute

func requireGoneSoon(t *testing.T, gone <-chan error) {
	t.Helper()
	select {
	case err := <-gone:
		require.NoError(t, err)
	case <-time.After(hangs):
		t.Fatal("a process of the hook is still there")
	}
}

func TestAHookThatHangsIsKilledWithAllItStarted(t *testing.T) {
	path, begun, gone := holders(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	var output string
	go func() {
		var err error
		output, err = runHook(ctx, "echo begun; exec 9>"+path+"; sleep 1000 & (sleep 1000 & echo x >&9; wait) & wait", nil)
		ended <- err
	}()
	select {
	case <-begun:
	case <-time.After(hangs):
		t.Fatal("the hook does nothing")
	}
	cancel()
	select {
	case err := <-ended:
		require.ErrorContains(t, err, "was killed")
	case <-time.After(hangs):
		t.Fatal("the hook goes on")
	}
	require.Equal(t, "begun", output)
	requireGoneSoon(t, gone)
}

func TestWhatAHookStartsInTheBackgroundLivesOn(t *testing.T) {
	path, _, gone := holders(t)
	pids := filepath.Join(t.TempDir(), "pid")
	output, err := runHook(t.Context(), "sleep 1000 >"+path+" 2>&1 & echo $! >"+pids+"; echo restarted", nil)
	require.NoError(t, err)
	require.Equal(t, "restarted", output)
	text, err := os.ReadFile(pids)
	require.NoError(t, err)
	var pid int
	_, err = fmt.Sscan(string(text), &pid)
	require.NoError(t, err)
	select {
	case <-gone:
		t.Fatal("the service that the hook restarted was killed")
	default:
	}
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	requireGoneSoon(t, gone)
}

func TestAHookWhoseServiceLosesItsOutputIsToldSo(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pid")
	_, err := runHook(t.Context(), "sleep 1000 & echo $! >"+pids, nil)
	require.Contains(t, hookFailure(t.Context(), err), "send the output of what it starts elsewhere")
	text, err := os.ReadFile(pids)
	require.NoError(t, err)
	var pid int
	_, err = fmt.Sscan(strings.TrimSpace(string(text)), &pid)
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
}
