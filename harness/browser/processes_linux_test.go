package browser

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// relatives are the living processes that belong to pid's group or descend
// from it. Chromium's children need not be in its group.
func relatives(t testing.TB, pid int) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(t, err)
	parent, group := map[int]int{}, map[int]int{}
	for _, file := range stats {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue // it ended meanwhile
		}
		_, rest, _ := strings.Cut(string(raw), ") ")
		words := strings.Fields(rest)
		if words[0] == "Z" {
			continue
		}
		id, _ := strconv.Atoi(strings.Split(file, "/")[2])
		parent[id], _ = strconv.Atoi(words[1])
		group[id], _ = strconv.Atoi(words[2])
	}
	var found []int
	for id := range parent {
		for up := id; up > 1; up = parent[up] {
			if up == pid || group[up] == pid {
				found = append(found, id)
				break
			}
		}
	}
	return found
}

// requireGone waits until none of the processes is left.
func requireGone(t testing.TB, pids []int) {
	t.Helper()
	require.Eventually(t, func() bool { return len(living(pids)) == 0 }, 20*time.Second, 20*time.Millisecond, "processes left: %v", living(pids))
}

func living(pids []int) []int {
	var left []int
	for _, pid := range pids {
		raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		if err == nil && !strings.Contains(string(raw), ") Z ") {
			left = append(left, pid)
		}
	}
	return left
}
