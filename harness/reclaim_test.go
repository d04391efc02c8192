package harness

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

const leftBehind = `
name: left
journeys:
  app:
    client: api
    customer: one
    setup:
      - request: {method: POST, url: /accounts, json: {email: "{{email}}"}}
    steps:
      - request: {url: /me}
      - shows: [email]
    cleanup:
      - request: {method: DELETE, url: "/accounts"}
`

// killed leaves the folder of a run that was killed with two accounts made.
func killed(t *testing.T, target, scenario string) string {
	t.Helper()
	folder := t.TempDir()
	j, err := history.Create(filepath.Join(folder, "history"), nil)
	require.NoError(t, err)
	require.NoError(t, j.Append(history.Event{Run: &history.Run{
		Schema: history.SchemaVersion, ScenarioFile: "left.yaml", ScenarioText: scenario, Target: target,
	}}))
	customers, err := customer.Allocate(1, 2, customer.Constraints{})
	require.NoError(t, err)
	for i := range customers {
		record, err := json.Marshal(customers[i])
		require.NoError(t, err)
		require.NoError(t, j.Append(history.Event{Customer: &history.Customer{ID: customers[i].ID, Record: record}}))
		require.NoError(t, j.Append(history.Event{Account: &history.Account{Customer: customers[i].ID, Journey: "app", State: history.AccountCreated}}))
	}
	require.NoError(t, j.Close())
	return folder
}

// nextRun is the run that finds what another left.
func nextRun(t *testing.T, target string) (context.Context, Config, *clients) {
	t.Helper()
	sc, err := scenarios.ParseRecorded("left.yaml", []byte(leftBehind), func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	c := Config{Scenario: sc, Target: target, Parallel: 2, Log: io.Discard}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cl, err := openClients(ctx, c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, cl.close()) })
	return ctx, c, cl
}

func TestAccountsThatARunsOwnCleanUpDidNotReachAreTakenUpByTheNext(t *testing.T) {
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer shop.Close()
	ctx, c, cl := nextRun(t, shop.URL)
	folder := killed(t, shop.URL, leftBehind)
	j, err := history.Reopen(filepath.Join(folder, "history"), nil)
	require.NoError(t, err)
	require.NoError(t, j.Append(history.Event{End: &history.End{Reason: endSpent}}))
	require.NoError(t, j.Close())

	n, err := reclaimRun(ctx, c, newGuard(c), cl, folder)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	ends := 0
	for _, e := range events(t, filepath.Join(folder, "history")) {
		if e.End != nil {
			ends++
			require.Equal(t, endSpent, e.End.Reason, "it ended as it did")
		}
	}
	require.Equal(t, 1, ends)
}

func TestAccountsAtAnotherShopAreLeftAlone(t *testing.T) {
	var requests atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	defer other.Close()
	ctx, c, cl := nextRun(t, "http://127.0.0.1:1")
	n, err := reclaimRun(ctx, c, newGuard(c), cl, killed(t, other.URL, leftBehind))
	require.NoError(t, err)
	require.Zero(t, n)
	require.Zero(t, requests.Load(), "this run's headers are not for that shop")
}

func TestSecretsOfTheOldScenarioStayOutOfItsJournal(t *testing.T) {
	const secret = "an-old-scenario-s-secret"
	t.Setenv("OLD_KEY", secret)
	var sent atomic.Bool
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent.Store(r.Header.Get("X-Key") == secret)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer shop.Close()
	ctx, c, cl := nextRun(t, shop.URL)
	folder := killed(t, shop.URL, strings.Replace(leftBehind, `url: "/accounts"}`, `url: "/accounts", headers: {X-Key: "${OLD_KEY}"}}`, 1))
	n, err := reclaimRun(ctx, c, newGuard(c), cl, folder)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.True(t, sent.Load())
	journal, err := os.ReadFile(filepath.Join(folder, "history", "events.ndjson"))
	require.NoError(t, err)
	require.NotContains(t, string(journal), secret)
	require.Contains(t, string(journal), "$OLD_KEY")
}

func TestACleanUpThatWasCutShortIsTakenUpAgain(t *testing.T) {
	var silent atomic.Bool
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if silent.Load() {
			<-r.Context().Done()
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer shop.Close()
	ctx, c, cl := nextRun(t, shop.URL)
	folder := killed(t, shop.URL, leftBehind)

	cut, stop := context.WithCancel(ctx)
	stop()
	n, err := reclaimRun(cut, c, newGuard(c), cl, folder)
	require.NoError(t, err)
	require.Zero(t, n)

	silent.Store(true)
	cut, stop = context.WithTimeout(ctx, 300*time.Millisecond)
	defer stop()
	n, err = reclaimRun(cut, c, newGuard(c), cl, folder)
	require.NoError(t, err)
	require.Zero(t, n, "its requests were not answered")
	silent.Store(false)

	n, err = reclaimRun(ctx, c, newGuard(c), cl, folder)
	require.NoError(t, err)
	require.Equal(t, 2, n)

	n, err = reclaimRun(ctx, c, newGuard(c), cl, folder)
	require.NoError(t, err)
	require.Zero(t, n, "all is clean")
}
