package harness

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
)

// hookDeadline is how long the user's command may take, with what the target
// needs to listen again.
const hookDeadline = 30 * time.Second

// hookGrace is how long the output of a command that has ended is read on: what
// it left behind may hold it open.
const hookGrace = time.Second

// hook runs the user's command while everybody rests, and writes what became of
// it. That it failed does not end the run: the judge makes a reason of it.
func (c *conductor) hook(ctx context.Context, r plan.Round) {
	if c.onHerd == "" {
		return
	}
	c.progress.say("everybody rests: " + c.onHerd)
	inner, cancel := context.WithTimeout(ctx, hookDeadline)
	defer cancel()
	begun := c.record.Now()
	output, err := runHook(inner, c.onHerd, []string{"CROSSTALK_TARGET=" + c.target, "CROSSTALK_ROUND=" + strconv.Itoa(r.Number)})
	if err == nil {
		err = c.listens(inner)
	}
	h := history.Hook{Schedule: r.Schedule, Round: r.Number, Command: c.onHerd, Start: begun, End: c.record.Now(), Output: output}
	if h.Failed = hookFailure(ctx, err); h.Failed != "" {
		c.progress.say("the command failed: " + h.Failed)
	}
	c.record.write(history.Event{Hook: &h})
}

// hookFailure is why a command did not do what it should, in one line.
func hookFailure(ctx context.Context, err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, exec.ErrWaitDelay):
		return "it left a process behind that still wrote to its output, and has now lost it; send the output of what it starts elsewhere, as in `server >log 2>&1 &`"
	case ctx.Err() != nil:
		return "the run's time ended before it did; it was killed"
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

// runHook runs a command line in the system's shell and answers its last words.
// When ctx ends, all its processes do; when it ends by itself, what it started
// in the background lives on: a service that it restarted.
func runHook(ctx context.Context, line string, env []string) (string, error) {
	shell := []string{"sh", "-c"}
	if runtime.GOOS == "windows" {
		shell = []string{"cmd", "/c"}
	}
	cmd := exec.CommandContext(ctx, shell[0], append(shell[1:], line)...)
	words := &lastWords{}
	cmd.Stdout, cmd.Stderr, cmd.Env, cmd.WaitDelay = words, words, append(os.Environ(), env...), hookGrace
	hookGroup(cmd)
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		killHook(cmd)
		err = fmt.Errorf("it did not end within %s and was killed", hookDeadline)
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		err = fmt.Errorf("it failed: %w", err)
	}
	return words.text(), err
}

// lastWords keeps the end of what is written to it. It is written to by the
// goroutine that reads a command's output, and read after that one has ended, or
// was given up.
type lastWords struct {
	mu   sync.Mutex
	kept []byte
	cut  bool
}

// mostWords is how many bytes of a command's output are kept.
const mostWords = 4 << 10

func (l *lastWords) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, b...)
	if over := len(l.kept) - mostWords; over > 0 {
		l.kept, l.cut = append(l.kept[:0], l.kept[over:]...), true
	}
	return len(b), nil
}

// text is what was kept, from the beginning of a line: half of a secret would
// not be known as one, and written to the journal.
func (l *lastWords) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := string(l.kept)
	if l.cut {
		_, text, _ = strings.Cut(text, "\n")
		text = "…\n" + text
	}
	return strings.ToValidUTF8(strings.TrimRight(text, "\r\n \t"), "�")
}

// knockPause is how long after a connection was refused the next is tried.
const knockPause = 50 * time.Millisecond

// listens waits until the target takes connections: a command that restarts it
// has often ended before the target listens. It sends no request, which would
// warm what was just flushed. Behind a proxy nothing can be told this way.
func (c *conductor) listens(ctx context.Context) error {
	address, ok := c.road.address(c.target)
	if !ok {
		return nil
	}
	dialer := net.Dialer{}
	for {
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return conn.Close() //nolint:wrapcheck // nothing was sent
		}
		if !sleep(ctx, knockPause) {
			return fmt.Errorf("the target took no connection within %s: %w", hookDeadline, err)
		}
	}
}

// road is how connections to the target are made.
type road struct {
	resolved map[string]string
	proxy    string
}

// address is the host and port that a connection to the target goes to; false
// when a proxy is asked instead.
func (r road) address(target string) (string, bool) {
	u, err := url.Parse(target)
	if err != nil || u.Hostname() == "" || r.proxy != "" {
		return "", false
	}
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: u}); proxy != nil || err != nil {
		return "", false
	}
	host, port := u.Hostname(), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	if ip, ok := r.resolved[host]; ok {
		host = ip
	}
	return net.JoinHostPort(host, port), true
}
