package harness

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios"
	"crosstalk/scenarios/demoshop"
)

// exposing is how one fault is looked for: by whom, at which place.
type exposing struct {
	fault     string
	journeys  []string
	place     history.Place // that the fault can touch
	customers int
	schedule  string // that should find it
	other     string // that should not
}

func exposings() []exposing {
	const me = history.Place("GET /api/me")
	return []exposing{
		{demoshop.EdgeCache, []string{"app", "visitor"}, me, 2, history.PhaseRelay, history.PhaseHerd},
		{demoshop.CachedCookie, []string{"cookie", "visitor"}, me, 2, history.PhaseRelay, history.PhaseBurst},
		{demoshop.SharedVariable, []string{"app"}, me, 8, history.PhaseBurst, history.PhaseRelay},
		{demoshop.ShiftedReplies, []string{"impatient"}, me, 2, history.PhaseAbort, history.PhaseBurst},
		{demoshop.KeptDraft, []string{"till"}, "GET /api/checkout", 2, history.PhaseSwap, history.PhaseBurst},
		{demoshop.ColdStart, []string{"app"}, me, 8, history.PhaseHerd, history.PhaseRelay},
	}
}

const (
	exposedSeeds = 10
	exposedOther = 3                // seeds under the schedule that should not find it
	exposedFor   = 90 * time.Second // at most, for one run
	otherFor     = 30 * time.Second
	exposedRuns  = 2 // under way at once: they mostly wait, but a busy machine spoils what solo says of speeds
)

// met is what one run needed.
type met struct {
	exposures int
	took      time.Duration // of rounds, up to the finding or the end
	found     bool
	why       string // the verdict's reasons, where it was not found
}

// BenchmarkExposures measures how many exposures it takes until a fault that
// takes a share of its opportunities is found: by the schedule that is for it,
// against one by that share, and by another. Exposures are the judge's, at the
// place that the fault can touch, up to the first proof.
//
//	go test ./harness -run '^$' -bench Exposures -benchtime 1x -timeout 1h
func BenchmarkExposures(b *testing.B) {
	src, err := os.ReadFile("testdata/exposures/scenario.yaml")
	require.NoError(b, err)
	sc, err := scenarios.Parse("testdata/exposures/scenario.yaml", src, func(string) (string, bool) { return "", false })
	require.NoError(b, err)
	only := os.Getenv("CROSSTALK_EXPOSURES") // a fault's name: that one alone
	for range b.N {
		table := "\n| fault | schedule | customers | rate | exposures to the first proof (median of 10 seeds) | 1/rate | ratio | time | under another schedule |\n|---|---|---|---|---|---|---|---|---|\n"
		for _, e := range exposings() {
			if only != "" && only != e.fault {
				continue
			}
			for _, rate := range []float64{1, 0.1} {
				table += exposureRow(b, sc, e, rate)
			}
		}
		b.Log(table)
	}
}

func exposureRow(b *testing.B, sc *scenarios.Scenario, e exposing, rate float64) string {
	b.Helper()
	found := manySeeds(b, sc, e, e.schedule, rate, exposedSeeds, exposedFor)
	n, took := middle(found)
	other := "as above"
	if rate == 1 {
		two := e
		two.customers = 2 // many at once would be a burst by another name
		other = otherText(e, manySeeds(b, sc, two, e.other, rate, exposedOther, otherFor))
	}
	return fmt.Sprintf("| %s | %s | %d | %v | %.1f (%s) | %.0f | %.2f | %.1f s | %s |\n",
		e.fault, e.schedule, e.customers, rate, n, eachText(found), 1/rate, n*rate, took.Seconds(), other)
}

// eachText are the exposures of each run, in order; with + where it was not found.
func eachText(all []met) string {
	var words []string
	for _, m := range all {
		word := fmt.Sprint(m.exposures)
		if !m.found {
			word += "+"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func otherText(e exposing, all []met) string {
	found := 0
	for _, m := range all {
		if m.found {
			found++
		}
	}
	n, took := middle(all)
	if found == 0 {
		return fmt.Sprintf("%s: not in %.0f exposures, %.0f s", e.other, n, took.Seconds())
	}
	return fmt.Sprintf("%s: %d of %d, %.0f exposures, %.1f s", e.other, found, len(all), n, took.Seconds())
}

// middle are the medians of exposures and time. A run that found nothing counts
// as one that took longer than all that did.
func middle(all []met) (exposures float64, took time.Duration) {
	slices.SortFunc(all, func(a, b met) int {
		return cmp.Or(cmp.Compare(unfound(a), unfound(b)), cmp.Compare(a.exposures, b.exposures))
	})
	low, high := all[(len(all)-1)/2], all[len(all)/2]
	return float64(low.exposures+high.exposures) / 2, (low.took + high.took) / 2
}

func unfound(m met) int {
	if m.found {
		return 0
	}
	return 1
}

func manySeeds(b *testing.B, sc *scenarios.Scenario, e exposing, schedule string, rate float64, seeds int, atMost time.Duration) []met {
	b.Helper()
	all, errs := make([]met, seeds), make([]error, seeds)
	places := make(chan struct{}, exposedRuns)
	var group sync.WaitGroup
	for i := range seeds {
		group.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			all[i], errs[i] = expose(b.Context(), sc, e, schedule, demoshop.Fault{Name: e.fault, Rate: rate}, uint64(i+1), atMost, b.TempDir())
		})
	}
	group.Wait()
	for i, err := range errs {
		require.NoError(b, err, "%s, seed %d", e.fault, i+1)
		if all[i].exposures == 0 {
			b.Logf("%s under %s at %v, seed %d: no exposures: %s", e.fault, schedule, rate, i+1, all[i].why)
		}
	}
	return all
}

// expose runs one seed. The fault strikes from the first round on: solo shows
// what is whose, and a shop that already leaked there would leave no exposure
// to be counted.
func expose(ctx context.Context, sc *scenarios.Scenario, e exposing, schedule string, f demoshop.Fault, seed uint64, atMost time.Duration, out string) (met, error) {
	shop, err := demoshop.New(demoshop.Options{Faults: []demoshop.Fault{f}, Seed: seed, Asleep: true})
	if err != nil {
		return met{}, err
	}
	server := httptest.NewServer(shop)
	defer server.Close()
	defer shop.Close()
	var woke sync.Once
	var began time.Duration
	result, err := Run(ctx, Config{
		Scenario: sc, Target: server.URL, Seed: seed, Customers: e.customers, Parallel: e.customers, For: atMost, Solo: 2,
		Schedules: []string{schedule}, Journeys: e.journeys, Bystanders: NoBystanders, FailFast: true, Out: out, Log: io.Discard,
		Progress: func(p Progress) {
			if p.Phase == schedule {
				woke.Do(func() {
					began = p.Elapsed
					shop.Wake()
				})
			}
		},
	})
	if err != nil {
		return met{}, err
	}
	return upTo(ctx, sc, e, result, began)
}

// upTo counts the exposures of a run up to its first proof.
func upTo(ctx context.Context, sc *scenarios.Scenario, e exposing, result Result, began time.Duration) (met, error) {
	m := met{took: time.Duration(result.Duration)*time.Millisecond - began, why: strings.Join(result.Reasons, "; ")}
	coverage := result.Coverage
	if proofs := proofsOf(result.Findings); len(proofs.exchanges) > 0 {
		m.found, m.took = true, proofs.first-began
		h, err := history.Open(result.Folder)
		if err != nil {
			return m, err
		}
		judgement, err := leak.Judge(ctx, upToProof{h, proofs}, sc)
		if err != nil {
			return m, err
		}
		coverage = judgement.Coverage
	}
	for _, c := range coverage {
		if c.Place == e.place && c.Surface == history.SurfaceResponse {
			m.exposures = c.Exposures
		}
	}
	if m.found {
		m.exposures = max(m.exposures, 1) // one was exposed, if not at this place
	}
	return m, nil
}

// proofs are where a run was first shown what each of its proofs proves.
type proofs struct {
	exchanges map[string]bool
	first     time.Duration // since the run began
}

func proofsOf(all []leak.Finding) proofs {
	p := proofs{exchanges: map[string]bool{}}
	for _, f := range all {
		if f.Strength != leak.Proof {
			continue
		}
		p.exchanges[f.Exchange] = true
		if seen := time.Duration(f.FirstSeen) * time.Millisecond; p.first == 0 || seen < p.first {
			p.first = seen
		}
	}
	return p
}

// upToProof is a history up to the first exchange that showed a proof. A proof
// without one (a jar that another took over) lets it go on.
type upToProof struct {
	*history.Folder
	proofs proofs
}

func (u upToProof) Events() iter.Seq2[history.Event, error] {
	return func(yield func(history.Event, error) bool) {
		for e, err := range u.Folder.Events() {
			if !yield(e, err) || e.Exchange != nil && u.proofs.exchanges[e.Exchange.ID] {
				return
			}
		}
	}
}
