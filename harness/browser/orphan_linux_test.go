package browser

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// orphanage names the browser that a child of the test starts and holds.
const orphanage = "CROSSTALK_TEST_ORPHANAGE"

// TestHelperThatHoldsABrowser is no test: it is crosstalk about to be killed.
func TestHelperThatHoldsABrowser(t *testing.T) {
	path := os.Getenv(orphanage)
	if path == "" {
		t.Skip("runs as a child of another test alone")
	}
	b, err := Launch(t.Context(), Options{Binary: Binary{Path: path}})
	require.NoError(t, err)
	fmt.Printf("\nbrowser %d\n", b.process.cmd.Process.Pid)
	select {}
}

func TestKillingUsLeavesNoBrowser(t *testing.T) {
	program := testBinary(t).Path
	for name, path := range map[string]string{
		"the program itself":           program,
		"a wrapper that does not exec": script(t, program+` "$@"`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TMPDIR", shortTemp(t))
			cmd := exec.Command(os.Args[0], "-test.run=^TestHelperThatHoldsABrowser$")
			cmd.Env = append(os.Environ(), orphanage+"="+path)
			cmd.Stderr = os.Stderr
			out, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			processes := relatives(t, browserOf(t, bufio.NewScanner(out)))
			require.Greater(t, len(processes), 2, "Chromium is several processes")
			t.Cleanup(func() {
				for _, pid := range living(processes) {
					_ = syscall.Kill(pid, syscall.SIGKILL) // a failed test must not leave what it found
				}
			})
			require.NoError(t, syscall.Kill(cmd.Process.Pid, syscall.SIGKILL))
			_ = cmd.Wait()
			requireGone(t, processes)
		})
	}
}

// shortTemp is a folder whose path leaves room for a socket's.
func shortTemp(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ct-") //nolint:usetesting // its folders carry the test's long name
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// browserOf reads the process id that the helper prints.
func browserOf(t testing.TB, lines *bufio.Scanner) int {
	t.Helper()
	for lines.Scan() {
		var pid int
		t.Log(lines.Text())
		if strings.HasPrefix(lines.Text(), "browser ") {
			_, err := fmt.Sscanf(lines.Text(), "browser %d", &pid)
			require.NoError(t, err)
			return pid
		}
	}
	t.Fatal("the helper started no browser")
	return 0
}

func TestCloseLeavesNoProcess(t *testing.T) {
	program := testBinary(t).Path
	for name, path := range map[string]string{
		"of the program itself":           program,
		"of a wrapper that does not exec": script(t, program+` "$@"`),
	} {
		t.Run(name, func(t *testing.T) {
			b, err := Launch(soon(t), Options{Binary: Binary{Path: path}})
			require.NoError(t, err)
			id, err := b.NewContext(soon(t))
			require.NoError(t, err)
			_, err = openCheckPage(soon(t), b, id, "data:text/html,<script>var probes={}</script>")
			require.NoError(t, err)
			processes := relatives(t, b.process.cmd.Process.Pid)
			require.Greater(t, len(processes), 3)
			require.NoError(t, b.Close())
			requireGone(t, processes)
		})
	}
}
