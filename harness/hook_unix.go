//go:build unix

package harness

import (
	"os/exec"
	"syscall"
)

// hookGroup gives a command a process group of its own, which is killed as a
// whole when its context ends. A Ctrl-C at the terminal reaches us alone.
func hookGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		killHook(cmd)
		return nil
	}
}

// killHook kills every process of a command's group.
func killHook(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // none may be left
	}
}
