package browser

import (
	"os/exec"
	"strconv"
)

// holdsByPipe says whether a browser can be given the pipe that ends it:
// Windows has no numbered files to inherit.
const holdsByPipe = false

// ownGroup does nothing: Windows has no process groups to end at once.
func ownGroup(*exec.Cmd) {}

// killGroup kills a process and those it started.
func killGroup(pid int) {
	_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(pid)).Run()
}
