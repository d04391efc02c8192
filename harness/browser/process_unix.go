//go:build unix && !linux

package browser

import (
	"os/exec"
	"syscall"
)

// holdsByPipe says whether a browser can be given the pipe that ends it.
const holdsByPipe = true

// ownGroup makes the program leader of a process group of its own, so that
// all its processes can be ended together and a Ctrl-C at the terminal does
// not reach them before us.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// killGroup kills every process of a group.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }
