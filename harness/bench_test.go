package harness

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/browser"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
	"crosstalk/scenarios/demoshop"
)

// servesShop makes the test binary serve the demo shop instead of running
// tests, so that the shop's work is nobody else's CPU time.
const servesShop = "CROSSTALK_TEST_SERVES_SHOP"

// waitSideBySide is how many parallel tests go on at once, unless -parallel says
// otherwise: they are runs that wait for pauses and budgets nearly all of their
// time, so that more of them than there are cores cost nothing.
const waitSideBySide = 8

func TestMain(m *testing.M) {
	if os.Getenv(servesShop) != "" {
		serveShop()
		return
	}
	if os.Getenv(servesArrivals) != "" {
		serveArrivals()
		return
	}
	if err := flag.Set("test.parallel", strconv.Itoa(waitSideBySide)); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func serveShop() {
	shop, err := demoshop.New(demoshop.Options{})
	if err != nil {
		panic(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println("http://" + l.Addr().String())
	panic(http.Serve(l, shop))
}

// shopElsewhere serves the demo shop in another process until the test ends.
func shopElsewhere(tb testing.TB) string {
	tb.Helper()
	return elsewhere(tb, servesShop)
}

// elsewhere has the test binary serve what the variable stands for.
func elsewhere(tb testing.TB, what string) string {
	tb.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), what+"=1")
	out, err := cmd.StdoutPipe()
	require.NoError(tb, err)
	require.NoError(tb, cmd.Start())
	tb.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	require.True(tb, lines.Scan(), "it did not start")
	return lines.Text()
}

// cost is what some sessions took.
type cost struct {
	wall          time.Duration
	browser, ours float64 // CPU seconds
	sessions      int
}

// cpu is what one session took, in CPU seconds.
func (c cost) cpu() float64 { return (c.browser + c.ours) / float64(c.sessions) }

// observationRounds is how often observation is turned off and on.
const observationRounds = 5

// BenchmarkObservation walks the shopper's journey of the embedded checkout at
// 8 sessions, with observation off and on in turns, five times each, and prints
// the medians of sessions per minute and of CPU seconds per session, split into
// the browser's processes and this one, and of the rounds' ratios. The shop
// runs in a process of its own.
func BenchmarkObservation(b *testing.B) {
	target := shopElsewhere(b)
	for range b.N {
		var off, on []cost
		var cpu, wall []float64
		for n := range observationRounds {
			// Who goes first changes: a machine grows warm.
			for _, blind := range []bool{n%2 == 0, n%2 != 0} {
				c := walkShoppers(b, target, watching{blind: blind})
				if blind {
					off = append(off, c)
				} else {
					on = append(on, c)
				}
			}
			cpu = append(cpu, on[n].cpu()/off[n].cpu())
			wall = append(wall, on[n].wall.Seconds()/off[n].wall.Seconds())
			b.Logf("round %d: %.3f of the CPU, %.3f of the time", n+1, cpu[n], wall[n])
		}
		report(b, "off", off)
		report(b, "on", on)
		b.ReportMetric(median(cpu), "cpu-ratio-on/off")
		b.ReportMetric(median(wall), "wall-ratio-on/off")
	}
}

// BenchmarkParts prints what each part of observation adds to a session's CPU
// seconds, in percent of a session without any: the median of two rounds in
// which that part alone is left out, against its neighbors with all.
func BenchmarkParts(b *testing.B) {
	target := shopElsewhere(b)
	for range b.N {
		shares := map[string][]float64{}
		for range 2 {
			off := walkShoppers(b, target, watching{blind: true}).cpu()
			all := walkShoppers(b, target, watching{}).cpu()
			shares["all"] = append(shares["all"], 100*(all-off)/off)
			for _, part := range browser.Parts() {
				without := walkShoppers(b, target, watching{without: part}).cpu()
				next := walkShoppers(b, target, watching{}).cpu()
				shares[part] = append(shares[part], 100*((all+next)/2-without)/off)
				all = next
			}
		}
		for part, all := range shares {
			b.ReportMetric(median(all), part+"-%")
		}
	}
}

func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	n := len(sorted)
	return (sorted[n/2] + sorted[(n-1)/2]) / 2
}

func report(b *testing.B, name string, all []cost) {
	var speed, theirs, ours []float64
	for _, c := range all {
		n := float64(c.sessions)
		speed = append(speed, n/c.wall.Minutes())
		theirs = append(theirs, c.browser/n)
		ours = append(ours, c.ours/n)
	}
	b.ReportMetric(median(speed), name+"-sessions/min")
	b.ReportMetric(median(theirs), name+"-browser-cpu-s/session")
	b.ReportMetric(median(ours), name+"-crosstalk-cpu-s/session")
}

// watching says how sessions of a benchmark are observed.
type watching struct {
	blind   bool
	without string // a part of observation that is left out
}

// walkShoppers signs 8 customers up, and measures two walks of each.
func walkShoppers(b *testing.B, target string, how watching) cost {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	sc, err := scenarios.Load("checkout", os.LookupEnv)
	require.NoError(b, err)
	c, err := Config{Scenario: sc, Target: target, Customers: 8, Out: b.TempDir(), Rounds: 1}.settle()
	require.NoError(b, err)
	cl, err := openClients(ctx, c)
	require.NoError(b, err)
	defer func() { require.NoError(b, cl.close()) }()
	r, err := begin(c, newGuard(c), cl)
	require.NoError(b, err)
	require.NoError(b, r.allocate())
	_, err = r.signUp(ctx)
	require.NoError(b, err)
	r.conduct.blind, r.conduct.without = how.blind, how.without
	round := plan.Round{Schedule: "mingle", Parallel: 8}
	for range 2 {
		for id := range r.conduct.customers {
			round.Walks = append(round.Walks, plan.Walk{Customer: id, Journey: "shopper", Part: plan.PartSteps, Follow: plan.Alone})
		}
	}
	began, ours, theirs := time.Now(), ownCPU(b), childrenCPU(b)
	results, err := r.conduct.round(ctx, round)
	require.NoError(b, err)
	for _, w := range results {
		require.True(b, w.Whole, w.Failed)
	}
	return cost{wall: time.Since(began), browser: childrenCPU(b) - theirs, ours: ownCPU(b) - ours, sessions: len(results)}
}

func ownCPU(tb testing.TB) float64 {
	var u syscall.Rusage
	require.NoError(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// childrenCPU is the CPU time of all descendants but the shop, ended ones
// included: Chromium's processes reap their own.
func childrenCPU(tb testing.TB) float64 {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(tb, err)
	parent, spent, shop := map[int]int{}, map[int]float64{}, map[int]bool{}
	for _, path := range stats {
		line, err := os.ReadFile(path)
		if err != nil {
			continue // it ended meanwhile
		}
		pid, rest, ok := strings.Cut(string(line), " ")
		id, err := strconv.Atoi(pid)
		end := strings.LastIndex(rest, ") ")
		if !ok || err != nil || end < 0 {
			continue
		}
		f := strings.Fields(rest[end+2:])
		parent[id], err = strconv.Atoi(f[1])
		require.NoError(tb, err)
		for _, field := range f[11:15] { // utime, stime, cutime, cstime
			ticks, err := strconv.ParseFloat(field, 64)
			require.NoError(tb, err)
			spent[id] += ticks / 100
		}
		env, err := os.ReadFile(filepath.Join(filepath.Dir(path), "environ"))
		shop[id] = err == nil && strings.Contains(string(env), servesShop+"=1")
	}
	sum := 0.0
	for id := range parent {
		if !shop[id] && descends(parent, id, os.Getpid()) {
			sum += spent[id]
		}
	}
	return sum
}

func descends(parent map[int]int, id, ancestor int) bool {
	for id != 0 && parent[id] != ancestor {
		id = parent[id]
	}
	return id != 0
}
