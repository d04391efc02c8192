package main

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience bounds every wait of the scripts: far more than any takes, on a
// machine that does something else meanwhile.
const patience = 4 * time.Minute

// eventually polls until the condition holds.
func eventually(ts *testscript.TestScript, what string, holds func() bool) {
	for begun := time.Now(); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > patience {
			ts.Fatalf("%s: not within %v", what, patience)
		}
	}
}

// cmdUntil waits until a file has a line that matches: until PATTERN FILE.
func cmdUntil(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile(args[0])
	eventually(ts, "until "+args[0], func() bool {
		b, err := os.ReadFile(ts.MkAbs(args[1]))
		return err == nil && pattern.Match(b)
	})
}

// cmdBrowsers waits until this many browser processes of the script are left:
// browsers 0. A killed process takes a moment to go.
func cmdBrowsers(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	eventually(ts, args[0]+" browsers", func() bool { return len(browsersOf(ts, false)) == want })
}

// cmdKillBrowser kills the script's browser as the system would.
func cmdKillBrowser(ts *testscript.TestScript, _ bool, _ []string) {
	found := browsersOf(ts, true)
	if len(found) == 0 {
		ts.Fatalf("no browser to kill")
	}
	for _, pid := range found {
		ts.Check(syscall.Kill(pid, syscall.SIGKILL))
	}
}

// browsersOf are the processes whose profile is in the script's folder, or
// only the first of each browser.
func browsersOf(ts *testscript.TestScript, mainOnly bool) []int {
	if runtime.GOOS != "linux" {
		ts.Fatalf("processes are looked up in /proc")
	}
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	ts.Check(err)
	var found []int
	for _, path := range lines {
		line, err := os.ReadFile(path)
		text := string(line)
		if err != nil || !strings.Contains(text, "--user-data-dir="+ts.Getenv("WORK")) || mainOnly && strings.Contains(text, "--type=") {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		ts.Check(err)
		found = append(found, pid)
	}
	return found
}
