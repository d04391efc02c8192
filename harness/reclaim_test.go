package harness

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
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
func killed(t *testing.T, target string) string {
	folder := t.TempDir()
	j, err := history.Create(filepath.Join(folder, "history"), nil)
	require.NoError(t, err)
	require.NoError(t, j.Append(history.Event{Run: &history.Run{
		Schema: history.SchemaVersion, ScenarioFile: "left.yaml", ScenarioText: leftBehind, Target: target,
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

func TestACleanUpThatWasCutShortIsTakenUpAgain(t *testing.T) {
	var silent atomic.Bool
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if silent.Load() {
			<-r.Context().Done()
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer shop.Close()
	sc, err := scenarios.ParseRecorded("left.yaml", []byte(leftBehind), func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	c := Config{Scenario: sc, Target: shop.URL, Parallel: 2, Log: io.Discard}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cl, err := openClients(ctx, c)
	require.NoError(t, err)
	defer func() { require.NoError(t, cl.close()) }()
	folder := killed(t, shop.URL)

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
