package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness"
	"crosstalk/harness/history"
)

var (
	chaosRuns = flag.Int("chaos", 2, "how many runs are interrupted, and how many targets killed, at random moments")
	chaosSeed = flag.Uint64("chaos-seed", 0, "seed of the moments; 0: a fresh one, which is printed")
)

const (
	chaosBudget = 30 * time.Second
	// chaosMoments are those at which something happens: from the first signal
	// that is heard to about the clean-up.
	chaosMoments = 22 * time.Second
	// chaosDeadline is what no run may take, from the moment on: the promise is
	// 20 s for the clean-up after an interrupt, and a tenth more than its time
	// otherwise. The rest is for machines that do something else meanwhile.
	chaosDeadline = 3 * time.Minute
)

// chaosScenario has a journey of each kind and all that schedules do with one.
const chaosScenario = `
name: chaos
customers: {products: 8}
public: [/, /products]
journeys:
  app:
    client: api
    customer: one
    setup:
      - request:
          method: POST
          url: /api/sign-up
          json:
            first: "{{first}}"
            last: "{{last}}"
            email: "{{email}}"
            password: "{{password}}"
            phone: "{{phone}}"
            street: "{{street}}"
            house: "{{house}}"
            postcode: "{{postcode}}"
            city: "{{city}}"
            country: "{{country}}"
            birthday: "{{birthday}}"
            company: "{{company}}"
    steps:
      - request: {method: POST, url: /api/login, json: {email: "{{email}}", password: "{{password}}"}}
      - remember: {token: {json: $.token}}
      - meet: in
      - request: {url: /api/me, bearer: "{{token}}"}
      - shows: [first, last, email]
      - request: {url: /api/orders, bearer: "{{token}}"}
      - sign_out: {method: POST, url: /api/logout, bearer: "{{token}}"}
    provoke:
      - request: {url: /nowhere}
    cleanup:
      - request: {method: POST, url: /api/login, json: {email: "{{email}}", password: "{{password}}"}}
      - remember: {token: {json: $.token}}
      - request: {method: DELETE, url: /api/me, bearer: "{{token}}"}
  shopper:
    client: browser
    customer: one
    steps:
      - visit: /sign-in
      - fill: {label: E-mail, with: "{{email}}"}
      - fill: {label: Password, with: "{{password}}"}
      - click: {role: button, name: Sign in}
      - see: {role: heading, name: Your account}
      - shows: [first, last, email]
      - visit: /orders
      - sign_out: {role: button, name: Sign out}
    provoke:
      - visit: /nowhere
  passer-by:
    client: browser
    customer: none
    steps:
      - visit: /account
`

func TestARunThatIsInterruptedAtAnyMomentEndsInOrder(t *testing.T) {
	chaos(t, func(ctx context.Context, t *testing.T, c *chaotic) {
		require.NoError(t, c.run.Process.Signal(os.Interrupt))
		result := c.end(ctx, t)
		require.Contains(t, []int{harness.ExitInterrupted, harness.ExitIsolated, harness.ExitInconclusive}, result.Exit)
		require.Equal(t, result.Interrupted, result.Exit == harness.ExitInterrupted, "it ended by itself, or was interrupted")
		require.Empty(t, result.Accounts)
		c.nobodyIsLeft(ctx, t)
	})
}

func TestATargetThatIsKilledAtAnyMomentIsSurvived(t *testing.T) {
	chaos(t, func(ctx context.Context, t *testing.T, c *chaotic) {
		require.NoError(t, c.shop.Process.Kill())
		result := c.end(ctx, t)
		require.Contains(t, []int{harness.ExitIsolated, harness.ExitInconclusive}, result.Exit)
	})
}

// chaotic is a run and its target, in processes of their own.
type chaotic struct {
	folder string // all that they write is in it
	target string
	shop   *exec.Cmd
	run    *exec.Cmd
	out    *bytes.Buffer
	began  time.Time
	struck time.Time
}

// chaos lets something happen to runs, each at a moment of its own.
func chaos(t *testing.T, happens func(ctx context.Context, t *testing.T, c *chaotic)) {
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("SKIPPED: takes minutes, and looks up processes in /proc")
	}
	if there, err := condition("browser"); err != nil || !there {
		t.Skip("SKIPPED, for want of a browser")
	}
	seed := *chaosSeed
	for seed == 0 {
		seed = uint64(rand.Uint32())
	}
	t.Parallel()
	random := rand.New(rand.NewPCG(seed, 0))
	var mu sync.Mutex
	var took []time.Duration
	t.Cleanup(func() { // by then all have ended
		slices.Sort(took)
		if len(took) > 0 {
			t.Logf("seed %d: %d runs ended after %s in the median, %s at most", seed, len(took), took[len(took)/2].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond))
		}
	})
	for n := range *chaosRuns {
		moment := time.Duration(random.Int64N(int64(chaosMoments)))
		t.Run(fmt.Sprintf("after %s", moment.Round(time.Millisecond)), func(t *testing.T) {
			t.Parallel()
			t.Logf("-chaos-seed %d, run %d", seed, n+1)
			ctx, cancel := context.WithTimeout(context.Background(), moment+chaosDeadline)
			defer cancel()
			c := begin(ctx, t, seed+uint64(n))
			c.wait(ctx, t, moment)
			c.struck = time.Now()
			happens(ctx, t, c)
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(c.struck))
		})
	}
}

// begin starts a shop and a run over all schedules.
func begin(ctx context.Context, t *testing.T, seed uint64) *chaotic {
	t.Helper()
	c := &chaotic{folder: t.TempDir(), out: &bytes.Buffer{}}
	self, err := os.Executable()
	require.NoError(t, err)
	program := filepath.Join(c.folder, "crosstalk")
	require.NoError(t, os.Symlink(self, program))
	require.NoError(t, os.Mkdir(c.temp(), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(c.folder, "chaos.yaml"), []byte(chaosScenario), 0o600))
	c.serve(ctx, t, program)
	// There is no time for all: each comes first in some run.
	schedules := harness.Schedules()
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(schedules), func(i, j int) { schedules[i], schedules[j] = schedules[j], schedules[i] })
	c.run = exec.CommandContext(ctx, program, "run", "chaos.yaml", "--target", c.target, "--customers", "3", "--for", chaosBudget.String(),
		"--seed", fmt.Sprint(seed), "--schedule", strings.Join(schedules, ","), "--on-herd", "sleep 1; : "+c.folder)
	c.run.Dir, c.run.Stdout, c.run.Stderr = c.folder, c.out, c.out
	c.run.Env = append(os.Environ(), "TMPDIR="+c.temp(), "NO_COLOR=1")
	c.run.WaitDelay = 10 * time.Second
	c.began = time.Now()
	require.NoError(t, c.run.Start())
	return c
}

func (c *chaotic) temp() string { return filepath.Join(c.folder, "temp") }

// serve starts the shop, until the test ends.
func (c *chaotic) serve(ctx context.Context, t *testing.T, program string) {
	t.Helper()
	c.shop = exec.CommandContext(ctx, program, "shop", "--listen", "127.0.0.1:0")
	said, err := c.shop.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.shop.Start())
	t.Cleanup(func() {
		_ = c.shop.Process.Kill() // it may be dead already
		_ = c.shop.Wait()
	})
	line := make([]byte, 200)
	n, err := io.ReadAtLeast(said, line, len("demo shop at http://127.0.0.1:1"))
	require.NoError(t, err)
	c.target = regexp.MustCompile(`http://[0-9.:]+`).FindString(string(line[:n]))
	require.NotEmpty(t, c.target)
}

// wait waits for the moment, and for the run to listen to signals: it does
// before it says anything or writes a file.
func (c *chaotic) wait(ctx context.Context, t *testing.T, moment time.Duration) {
	t.Helper()
	timer := time.NewTimer(moment)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	c.eventually(ctx, t, "listens to signals", func() bool {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.run.Process.Pid))
		if err != nil || strings.Contains(string(status), "State:\tZ") {
			return true // it has ended by itself
		}
		return catches(string(status), syscall.SIGHUP) // who catches this one has called for the others too
	})
}

// catches reads from a process's status whether it has a handler for a signal
// that it did not have by itself.
func catches(status string, s syscall.Signal) bool {
	_, rest, _ := strings.Cut(status, "SigCgt:")
	var mask uint64
	if _, err := fmt.Sscanf(strings.TrimSpace(strings.SplitN(rest, "\n", 2)[0]), "%x", &mask); err != nil {
		return false
	}
	return mask&(1<<(uint(s)-1)) != 0
}

func (c *chaotic) eventually(ctx context.Context, t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			require.Fail(t, "not in time: "+what, c.out.String())
		}
	}
}

// end waits for the run, and holds it to what every run promises.
func (c *chaotic) end(ctx context.Context, t *testing.T) harness.Result {
	t.Helper()
	err := c.run.Wait()
	t.Logf("struck after %s, ended %s later, in %s", c.struck.Sub(c.began).Round(time.Millisecond), time.Since(c.struck).Round(time.Millisecond), c.lastPhase())
	var exited *exec.ExitError
	if err != nil {
		require.True(t, errors.As(err, &exited), "%v: %s", err, c.out)
	}
	require.NoError(t, ctx.Err(), c.out.String())
	var result harness.Result
	require.NoError(t, json.Unmarshal(c.read(t, "run.json"), &result), c.out.String())
	require.Equal(t, c.run.ProcessState.ExitCode(), result.Exit, c.out.String())
	require.NotEmpty(t, result.Verdict)
	require.NotEmpty(t, result.Reasons)
	require.Contains(t, string(c.read(t, "report.html")), "</html>")
	require.Contains(t, string(c.read(t, "summary.md")), string(result.Verdict))
	require.NoError(t, xml.Unmarshal(c.read(t, "junit.xml"), new(struct {
		XMLName xml.Name `xml:"testsuites"`
	})))
	c.eventually(ctx, t, "no process is left", func() bool { return len(c.processes(t)) == 0 })
	left, err := filepath.Glob(filepath.Join(c.temp(), "*"))
	require.NoError(t, err)
	require.Empty(t, left, "files are left")
	return result
}

func (c *chaotic) read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(c.folder, "crosstalk-runs", "latest", name))
	require.NoError(t, err, c.out.String())
	return b
}

// lastPhase is the phase or schedule that the run was in when it was struck, as
// far as it had said so.
func (c *chaotic) lastPhase() string {
	h, err := history.Open(filepath.Join(c.folder, "crosstalk-runs", "latest"))
	if err != nil {
		return "no phase"
	}
	phase := "no phase"
	for e, err := range h.Events() {
		if err != nil || e.Phase != nil && e.Phase.Name == history.PhaseCleanUp {
			break
		}
		if e.Phase != nil && !e.Phase.Done {
			phase = e.Phase.Name
		}
	}
	return phase
}

// processes are those that have the run's folder in their command line: its
// browsers, by their profiles, and the hook's shell.
func (c *chaotic) processes(t *testing.T) []string {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	var found []string
	for _, path := range lines {
		line, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(line), c.folder) && !strings.Contains(string(line), "\x00shop\x00") {
			found = append(found, string(line))
		}
	}
	return found
}

// nobodyIsLeft asks the shop itself: no customer of the run can sign in.
func (c *chaotic) nobodyIsLeft(ctx context.Context, t *testing.T) {
	t.Helper()
	h, err := history.Open(filepath.Join(c.folder, "crosstalk-runs", "latest"))
	require.NoError(t, err)
	for e, err := range h.Events() {
		require.NoError(t, err)
		if e.Customer == nil {
			continue
		}
		var person struct {
			Email    string `json:"email"`
			Password string `json:"password"`
		}
		require.NoError(t, json.Unmarshal(e.Customer.Record, &person))
		require.NotEmpty(t, person.Email)
		body, err := json.Marshal(person)
		require.NoError(t, err)
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.target+"/api/login", bytes.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusUnauthorized, answer.StatusCode, "%s can still sign in", person.Email)
	}
}
