package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
	"crosstalk/scenarios/demoshop"
)

// appsOnly walks the demo shop without a browser, with all that schedules do.
const appsOnly = `
name: apps
lifetimes: [1s]
customers: {products: 8}
journeys:
  app:
    client: api
    customer: one
    setup:
      - request: {method: POST, url: /api/sign-up, json: {first: "{{first}}", last: "{{last}}", email: "{{email}}", password: "{{password}}", phone: "{{phone}}", street: "{{street}}", house: "{{house}}", postcode: "{{postcode}}", city: "{{city}}", country: "{{country}}"}}
    steps:
      - request: {method: POST, url: /api/login, json: {email: "{{email}}", password: "{{password}}"}}
      - remember: {token: {json: $.token}}
      - request: {url: /api/me, bearer: "{{token}}"}
      - shows: [first, email]
      - request: {method: POST, url: /api/basket, bearer: "{{token}}", json: {product: "10{{basket.0.product}}", quantity: "{{basket.0.quantity}}"}}
      - request: {url: /api/basket, bearer: "{{token}}"}
      - request: {url: /api/me, bearer: "{{token}}"}
      - shows: [first, email]
      - sign_out: {method: POST, url: /api/logout, bearer: "{{token}}"}
    provoke:
      - request: {url: /api/missing}
    cleanup:
      - request: {method: POST, url: /api/login, json: {email: "{{email}}", password: "{{password}}"}}
      - remember: {token: {json: $.token}}
      - request: {method: DELETE, url: /api/me, bearer: "{{token}}"}
  visitor:
    client: api
    customer: none
    steps:
      - visit: /products
`

func parseApps(t *testing.T) *scenarios.Scenario {
	t.Helper()
	sc, err := scenarios.Parse("apps.yaml", []byte(appsOnly), os.LookupEnv)
	require.NoError(t, err)
	return sc
}

func appsConfig(sc *scenarios.Scenario, target, out string) Config {
	return Config{Scenario: sc, Target: target, Customers: 4, Seed: 4711, Rounds: 6, Out: out}
}

// shopHere serves the demo shop for a test.
func shopHere(t *testing.T) string {
	t.Helper()
	shop, err := demoshop.New(demoshop.Options{})
	require.NoError(t, err)
	server := httptest.NewServer(shop)
	t.Cleanup(server.Close)
	return server.URL
}

// planned are the rounds in a journal, each as it was written.
func planned(all []history.Event) []string {
	var rounds []string
	for _, e := range all {
		if e.Plan != nil {
			rounds = append(rounds, fmt.Sprintf("%s %d %s", e.Plan.Schedule, e.Plan.Round, e.Plan.Record))
		}
	}
	return rounds
}

// requirePlanned demands that every round that was begun is whole in the
// journal, before anything of it, and what its setting makes of it.
func requirePlanned(t *testing.T, all []history.Event, sc *scenarios.Scenario) (rounds int) {
	t.Helper()
	var p *plan.Plan
	known := map[string]bool{}
	n := 0
	for _, e := range all {
		switch {
		case e.Session != nil && e.Session.Phase != history.PhaseSelfCheck:
			require.True(t, known[fmt.Sprintf("%s %d", e.Session.Phase, e.Session.Round)], "session %s of %s %d before its plan", e.Session.ID, e.Session.Phase, e.Session.Round)
		case e.Plan != nil && e.Plan.Schedule == history.PlanSetting:
			var err error
			p, err = plan.Read(e.Plan.Record, sc)
			require.NoError(t, err)
		case e.Plan != nil:
			known[fmt.Sprintf("%s %d", e.Plan.Schedule, e.Plan.Round)] = true
			if want, ok := roundOf(p, e.Plan, &n); ok {
				require.JSONEq(t, want, string(e.Plan.Record), "%s %d", e.Plan.Schedule, e.Plan.Round)
				rounds++
			}
		}
	}
	return rounds
}

// roundOf is what the plan makes of a round that the journal has; those of the
// baseline and the clean-up are not the plan's alone.
func roundOf(p *plan.Plan, written *history.Plan, n *int) (string, bool) {
	var round plan.Round
	switch written.Schedule {
	case history.PhaseBaseline, history.PhaseCleanUp:
		return "", false
	case history.PhaseSignUp:
		round = p.SignUp()[written.Round-1]
	case history.PhaseSolo:
		round = p.Solo()[written.Round-1]
	default:
		round = p.Round(*n)
		*n++
	}
	record, err := json.Marshal(round)
	return string(record), err == nil
}

func TestTwoRunsOfOneSeedWalkOnePlan(t *testing.T) {
	t.Parallel()
	sc, target := parseApps(t), shopHere(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var runs [][]history.Event
	for range 2 {
		r, err := Run(ctx, appsConfig(sc, target, t.TempDir()))
		require.NoError(t, err)
		require.Empty(t, r.Findings)
		require.Empty(t, r.Failures)
		require.Empty(t, r.Accounts)
		runs = append(runs, events(t, r.Folder))
	}
	require.Equal(t, planned(runs[0]), planned(runs[1]))
	require.Equal(t, 10, requirePlanned(t, runs[0], sc), "sign-up, three of solo, one of each schedule")
	requireCutAnywhere(t, runs[0], sc)
}

// requireCutAnywhere cuts the journal at random bytes, as a kill at any moment
// would have left it.
func requireCutAnywhere(t *testing.T, all []history.Event, sc *scenarios.Scenario) {
	t.Helper()
	var journal []byte
	for _, e := range all {
		line, err := json.Marshal(e)
		require.NoError(t, err)
		journal = append(append(journal, line...), '\n')
	}
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	for range 30 {
		at := r.IntN(len(journal) + 1)
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "events.ndjson"), journal[:at], 0o600))
		requirePlanned(t, events(t, dir), sc)
		if t.Failed() {
			t.Fatalf("cut at byte %d; seed %d", at, seed)
		}
	}
}

// walksRun makes the test binary walk a run against this target instead of
// running tests, so that it can be killed.
const walksRun = "CROSSTALK_TEST_WALKS_RUN"

func TestTheRunThatIsKilled(t *testing.T) {
	target := os.Getenv(walksRun)
	if target == "" {
		t.Skip("only in the process that is to be killed")
	}
	_, err := Run(t.Context(), appsConfig(parseApps(t), target, os.Getenv(walksRun+"_OUT")))
	t.Errorf("it was not killed: %v", err)
}

func TestThePlanOfARunThatWasKilledIsWholeInItsJournal(t *testing.T) {
	t.Parallel()
	sc := parseApps(t)
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	for range 3 {
		enough := 2 + r.IntN(8) // of the plan's ten rounds
		all := killedRun(t, shopHere(t), enough)
		require.GreaterOrEqual(t, requirePlanned(t, all, sc), enough, "seed %d", seed)
		require.Nil(t, all[len(all)-1].End, "it was killed, seed %d", seed)
	}
}

// killedRun kills a run, in a process of its own, once it has begun so many of
// the plan's rounds, and answers what its journal has.
func killedRun(t *testing.T, target string, rounds int) []history.Event {
	t.Helper()
	out := t.TempDir()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestTheRunThatIsKilled$")
	cmd.Env = append(os.Environ(), walksRun+"="+target, walksRun+"_OUT="+out)
	require.NoError(t, cmd.Start())
	ended, end := context.WithCancel(context.Background())
	go func() {
		_ = cmd.Wait()
		end()
	}()
	sc, journal := parseApps(t), ""
	for sleep(ended, 10*time.Millisecond) {
		found, err := filepath.Glob(filepath.Join(out, "*", "history", "events.ndjson"))
		require.NoError(t, err)
		if len(found) == 0 {
			continue
		}
		journal = filepath.Dir(found[0])
		if requirePlanned(t, events(t, journal), sc) >= rounds {
			require.NoError(t, cmd.Process.Kill())
			break
		}
	}
	<-ended.Done()
	require.NoError(t, ctx.Err(), "it took too long")
	return events(t, journal)
}
