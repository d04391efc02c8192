package browser

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// tailSize is how many bytes of a program's output are kept for its error.
const tailSize = 4 << 10

// tail takes the output of a program, keeps its end, and finds the address at
// which a browser says that it listens.
type tail struct {
	log     io.Writer   // gets everything; may be nil
	address chan string // receives once

	mu    sync.Mutex
	kept  []byte
	found bool
}

func newTail(log io.Writer) *tail {
	return &tail{log: log, address: make(chan string, 1)}
}

// listening begins the line in which Chromium says where.
const listening = "DevTools listening on "

// addressIn is the address in a program's output, empty while there is none.
// It is taken from a whole line alone, so never half.
func addressIn(output string) string {
	for line := range strings.Lines(output) {
		address, is := strings.CutPrefix(line, listening+"ws://")
		if is && strings.HasSuffix(address, "\n") {
			return "ws://" + strings.TrimSpace(address)
		}
	}
	return ""
}

// Write never fails: a program must not die of our log.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.log != nil {
		_, _ = t.log.Write(p)
	}
	t.kept = append(t.kept, p...)
	if !t.found {
		if address := addressIn(string(t.kept)); address != "" {
			t.found = true
			t.address <- address
		}
	}
	if len(t.kept) > 2*tailSize {
		t.kept = bytes.Clone(t.kept[len(t.kept)-tailSize:])
	}
	return len(p), nil
}

// text is the end of what was printed, without Chromium's complaints about
// the desktop services that a server does not have.
func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for line := range strings.Lines(string(t.kept)) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.Contains(line, "dbus") {
			lines = append(lines, line)
		}
	}
	text := strings.Join(lines, "\n")
	if len(text) > tailSize {
		text = text[len(text)-tailSize:]
	}
	return strings.ToValidUTF8(text, "?")
}

// hint says what helps against a failure that is known by what was printed;
// empty when none is.
func hint(printed string) string {
	switch {
	case strings.Contains(printed, "error while loading shared libraries"):
		return "libraries that it needs are missing: install a browser with the system's package manager instead"
	case strings.Contains(printed, "No usable sandbox"):
		return "its sandbox needs user namespaces: allow them (sysctl kernel.apparmor_restrict_unprivileged_userns=0, or a container with them), or run as root in a container of its own"
	case strings.Contains(printed, "Missing X server"), strings.Contains(printed, "cannot open display"):
		return "a window needs a display: set DISPLAY, use xvfb-run, or leave --headed out"
	}
	return ""
}
