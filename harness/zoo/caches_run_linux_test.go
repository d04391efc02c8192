package zoo_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness"
	"crosstalk/harness/browser"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios"
	"crosstalk/scenarios/demoshop"
)

var onlySetups = flag.String("setups", "", "walk only the setups with this in their name; with all of it, also one that takes CROSSTALK_CACHES=all")

// all says whether CROSSTALK_CACHES=all asks for every setup, also for the
// right ones in browsers, which take minutes, and for three seeds of each; as a
// rule there is one seed, and no variant.
func all() bool { return os.Getenv("CROSSTALK_CACHES") == "all" }

func seeds() []uint64 {
	if all() {
		return []uint64{1, 2, 3}
	}
	return []uint64{1}
}

// mostTime is what all walks of one cache may take on a very busy machine.
func mostTime() time.Duration {
	if all() {
		return time.Hour
	}
	return 10 * time.Minute
}

// atOnce is how many setups are walked side by side: they wait most of the time.
const atOnce = 4

func TestARealCacheLeaksOnlyWhereItIsMisconfigured(t *testing.T) {
	if testing.Short() {
		t.Skip("real caches, and dozens of runs")
	}
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			k.require(t)
			ctx, cancel := context.WithTimeout(t.Context(), mostTime())
			defer cancel()
			rows := k.walkAll(ctx, t.TempDir())
			t.Log(tableOf(rows))
			for _, r := range rows {
				t.Run(fmt.Sprintf("%s/%d", r.setup.name(), r.seed), r.check)
			}
		})
	}
}

// require skips the test where the cache is missing, aloud, unless
// CROSSTALK_REQUIRE says that this machine must have it.
func (k kind) require(t *testing.T) {
	t.Helper()
	_, err := k.find()
	if err != nil && !strings.Contains(os.Getenv("CROSSTALK_REQUIRE"), k.name) {
		t.Skipf("SKIPPED, for want of %s: apt-get install %s", k.name, k.name)
	}
	require.NoError(t, err, "this machine must have %s", k.name)
}

// walkAll walks every setup with every seed, some of them side by side.
func (k kind) walkAll(ctx context.Context, dir string) []row {
	var rows []row
	for _, s := range setups() {
		for _, seed := range seeds() {
			if !k.walks(s) {
				continue
			}
			rows = append(rows, row{setup: s, kind: k, seed: seed, dir: filepath.Join(dir, strconv.Itoa(len(rows)))})
		}
	}
	free := make(chan struct{}, atOnce)
	var walks sync.WaitGroup
	for i := range rows {
		walks.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			rows[i].walk(ctx)
		})
	}
	walks.Wait()
	return rows
}

// walks says whether a setup is walked with this cache, this time.
func (k kind) walks(s setup) bool {
	asked := !s.variant || all() || *onlySetups == s.name()
	return asked && strings.Contains(s.name(), *onlySetups) && (s.only == "" || s.only == k.name)
}

// row is one setup with one cache and one seed, and what became of it.
type row struct {
	setup       setup
	kind        kind
	seed        uint64
	dir         string
	result      harness.Result
	failed      error
	took, ready time.Duration
	said        string // by the cache
}

// walk runs the scenario against the shop behind the cache.
func (r *row) walk(ctx context.Context) {
	began := time.Now()
	defer func() { r.took = time.Since(began) }()
	ctx, cancel := context.WithCancel(ctx)
	base, closed, err := serveShop(ctx, r.setup.shop)
	if err != nil {
		cancel()
		r.failed = err
		return
	}
	defer func() {
		cancel()
		r.failed = errors.Join(r.failed, <-closed)
	}()
	p, err := r.kind.before(ctx, r.dir, base, r.setup.rules, r.setup.mute)
	if err != nil {
		r.failed = err
		return
	}
	defer func() {
		p.stop()
		r.said = p.log.String()
	}()
	r.ready = time.Since(began)
	r.failed = r.run(ctx, p.base)
}

func (r *row) run(ctx context.Context, base string) error {
	if r.setup.checkout {
		if _, err := browser.Provide(ctx, browser.Want{Log: io.Discard}); err != nil {
			return errors.Join(errNoBrowser, err)
		}
	}
	c, err := r.config(base)
	if err == nil {
		r.result, err = harness.Run(ctx, c)
	}
	return err
}

var errNoBrowser = errors.New("no browser")

// check asserts what the judge must say.
func (r *row) check(t *testing.T) {
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed %d; %s said:\n%s", r.seed, r.kind.name, r.said)
		}
	})
	if errors.Is(r.failed, errNoBrowser) && !strings.Contains(os.Getenv("CROSSTALK_REQUIRE"), "chromium") {
		t.Skipf("SKIPPED, for want of a browser: %v", r.failed)
	}
	require.NoError(t, r.failed)
	if len(r.setup.causes) == 0 {
		assert.Equal(t, leak.Isolated, r.result.Verdict, "%v", r.result.Reasons)
		assert.Empty(t, r.result.Findings)
		return
	}
	assert.Equal(t, leak.Leak, r.result.Verdict, "%v", r.result.Reasons)
	got := r.causesOf(r.result.Findings)
	assert.Positive(t, got.right, "causes %s", r.causes())
	assert.Empty(t, got.wrong)
	assert.True(t, r.setup.mute || got.mostly(), "causes %s", r.causes())
}

// mostlyRight is how many times as many proofs must have the right cause as have
// none: nine in ten, which is asked of the shop's own faults, too. Where a cache
// says what is a copy, no proof was without a cause in any of 80 runs on a machine
// with twenty times too much to do. Of a silent one nobody may know.
const mostlyRight = 9

// told is what the proofs of a run have for a cause.
type told struct {
	right, unknown int
	wrong          []string
}

// mostly says that the judge knew the cause, as a rule.
func (t told) mostly() bool { return t.right >= mostlyRight*t.unknown }

// causesOf counts the proofs by whether the setup can have their cause.
func (r *row) causesOf(all []leak.Finding) told {
	var got told
	for _, f := range all {
		switch {
		case f.Strength != leak.Proof:
		case slices.Contains(r.setup.causes, f.Cause):
			got.right++
		case f.Cause == leak.CauseUnknown:
			got.unknown++
		default:
			got.wrong = append(got.wrong, fmt.Sprintf("%s at %s: %s: %q", f.Rule, f.Place, f.Cause, f.Evidence))
		}
	}
	return got
}

// causes says how many findings have which rule and cause.
func (r *row) causes() string {
	count := map[string]int{}
	for _, f := range r.result.Findings {
		count[f.Rule+": "+f.Cause]++
	}
	var all []string
	for _, what := range slices.Sorted(maps.Keys(count)) {
		all = append(all, fmt.Sprintf("%d %s", count[what], what))
	}
	return strings.Join(all, "; ")
}

// config is an ordinary run, with default schedules and few customers. It is of
// rounds, and not of a time: a busy machine is slow, and walks them all the
// same. Nor does it end at a proof with a cause that suits, which would never
// see those that come after it.
func (r *row) config(base string) (harness.Config, error) {
	sc, err := r.scenario()
	if err != nil {
		return harness.Config{}, err
	}
	c := harness.Config{Scenario: sc, Target: base, Seed: r.seed, Customers: 4, Out: filepath.Join(r.dir, "runs")}
	c.Rounds = 6 // one of each schedule
	switch {
	case len(r.setup.causes) == 0:
	case r.setup.burst:
		c.Schedules, c.Rounds = []string{history.PhaseBurst}, 3 // the first is of pages alone
	case r.setup.checkout:
		p := &proven{} // browsers are dear
		c.Progress, c.Enough = p.walks, p.enough
	default:
		c.Rounds = 2 // one after another, and all at once
	}
	return c, nil
}

func (r *row) scenario() (*scenarios.Scenario, error) {
	if r.setup.checkout {
		return r.checkout()
	}
	text, err := os.ReadFile(filepath.Join("testdata", "caches", "app.yaml"))
	if err != nil {
		return nil, fmt.Errorf("read scenario: %w", err)
	}
	if r.setup.pause {
		text = bytes.ReplaceAll(text, []byte("# pause"), []byte("- wait: 2100ms"))
	}
	return scenarios.Parse("app.yaml", text, os.LookupEnv) //nolint:wrapcheck // likewise
}

// checkout is the embedded scenario, content with as many pairs as app.yaml: its
// own minimum is every pair that four customers make, and one walk that fails on
// a busy machine is one too many then.
func (r *row) checkout() (*scenarios.Scenario, error) {
	sc, err := scenarios.Load("checkout", os.LookupEnv)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says what it is of
	}
	return scenarios.Parse("checkout.yaml", append(sc.Source, "\nminima: {pairs: 6}\n"...), os.LookupEnv) //nolint:wrapcheck // likewise
}

// serveShop serves a shop without a cache of its own until ctx ends.
func serveShop(ctx context.Context, o demoshop.Options) (base string, closed <-chan error, err error) {
	o.Bare = true
	shop, err := demoshop.New(o)
	if err != nil {
		return "", nil, err //nolint:wrapcheck // it says what it is of
	}
	return shop.Serve(ctx, "127.0.0.1:0") //nolint:wrapcheck // likewise
}

// tableOf is what became of all, for whoever reads it.
func tableOf(rows []row) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintf(w, "\nsetup\tcache\tseed\tverdict\tfindings\ttime\n")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%.1f s (%.1f s until ready)\n", r.setup.name(), r.kind.name, r.seed, r.result.Verdict, r.causes(), r.took.Seconds(), r.ready.Seconds())
	}
	_ = w.Flush() // into memory
	return b.String()
}
