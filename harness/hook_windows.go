package harness

import (
	"os/exec"
	"strconv"
)

// hookGroup has a command killed with all that it started when its context
// ends.
func hookGroup(cmd *exec.Cmd) {
	cmd.Cancel = func() error {
		killHook(cmd)
		return nil
	}
}

// killHook kills a command and those it started.
func killHook(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid)).Run() //nolint:noctx // it must not be cut short
	}
}
