package harness

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/harness/plan"
)

// counter is a shop that shows each who they are, at every address alike, and
// counts what it is asked.
type counter struct {
	mu    sync.Mutex
	who   map[string]string // session → e-mail
	asked map[string]int
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked[r.Method+" "+r.URL.Path]++
	var in struct{ Email string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	if r.URL.Path == "/login" {
		sid := "sid-" + strings.ReplaceAll(in.Email, "@", "-")
		c.who[sid] = in.Email
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: sid, Path: "/"})
		_ = json.NewEncoder(w).Encode(map[string]any{"email": in.Email})
		return
	}
	email := ""
	if cookie, err := r.Cookie("sid"); err == nil {
		email = c.who[cookie.Value]
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"email": email, "order": len(email) + 10000})
}

// narrowedTo runs a round of relay and one of mingle against the shop.
func (c *counter) narrowedTo(t *testing.T, change func(c *Config)) Result {
	t.Helper()
	c.who, c.asked = map[string]string{}, map[string]int{}
	shop := httptest.NewServer(c)
	defer shop.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	config := Config{Scenario: focused(t), Target: shop.URL, Customers: 3, Seed: 7, Rounds: 2, Schedules: []string{history.PhaseRelay, history.PhaseMingle}, Out: t.TempDir()}
	change(&config)
	r, err := Run(ctx, config)
	require.NoError(t, err)
	return r
}

// inRounds are the steps of the rounds' sessions, by journey: how far each went
// at most, counted from one.
func inRounds(t *testing.T, folder string) map[string]int {
	t.Helper()
	h, err := history.Open(folder)
	require.NoError(t, err)
	journeys, far := map[string]string{}, map[string]int{}
	for e, err := range h.Events() {
		require.NoError(t, err)
		if e.Session != nil && (e.Session.Phase == history.PhaseRelay || e.Session.Phase == history.PhaseMingle) {
			journeys[e.Session.ID] = e.Session.Journey
		}
		if e.Step != nil && journeys[e.Step.Session] != "" {
			far[journeys[e.Step.Session]] = max(far[journeys[e.Step.Session]], e.Step.Index+1)
		}
	}
	return far
}

func TestARunNarrowedToAJourneyWalksNoOther(t *testing.T) {
	t.Parallel()
	shop := &counter{}
	r := shop.narrowedTo(t, func(c *Config) { c.Journeys = []string{"till"} })
	require.Equal(t, map[string]int{"till": 4}, inRounds(t, r.Folder))
	require.Positive(t, shop.asked["POST /accounts"], "accounts are made all the same, by whoever makes them")
	require.Zero(t, shop.asked["GET /me"]+shop.asked["POST /logout"])
	require.Equal(t, leak.Isolated, r.Verdict, r.Reasons)
}

func TestARunNarrowedToAPlaceWalksWhoComesThereAsFarAsThere(t *testing.T) {
	t.Parallel()
	shop := &counter{}
	r := shop.narrowedTo(t, func(c *Config) { c.Places = []string{"GET /me"} })
	require.Equal(t, map[string]int{"app": 3, "passer-by": 2}, inRounds(t, r.Folder))
	require.Equal(t, leak.Isolated, r.Verdict, r.Reasons)
	setting := lastSetting(t, r.Folder)
	require.Equal(t, []string{"app", "passer-by"}, setting.Journeys)
	require.Equal(t, map[string]int{"app": 3, "passer-by": 2}, setting.Until)
}

func TestASwapThatANarrowedRunCannotWalkIsMissedOnlyWhereItWasAskedFor(t *testing.T) {
	t.Parallel()
	// Nobody signs out at the till, so nobody can take over there.
	const missed = "no round of swap was walked to its end"
	shop := &counter{}
	r := shop.narrowedTo(t, func(c *Config) { c.Places, c.Schedules, c.Rounds = []string{"GET /desk"}, nil, 5 })
	require.Contains(t, r.Rounds, history.PhaseHerd)
	require.NotContains(t, strings.Join(r.Reasons, "\n"), missed)
	r = shop.narrowedTo(t, func(c *Config) {
		c.Places, c.Schedules, c.Rounds = []string{"GET /desk"}, []string{history.PhaseMingle, history.PhaseSwap}, 2
	})
	require.Contains(t, strings.Join(r.Reasons, "\n"), missed)
}

func TestAPlaceThatNobodyComesToEndsARunBeforeItsRounds(t *testing.T) {
	shop := &counter{}
	r := shop.narrowedTo(t, func(c *Config) { c.Places = []string{"GET /mee"} })
	require.Empty(t, inRounds(t, r.Folder))
	require.Equal(t, leak.Inconclusive, r.Verdict)
	require.Contains(t, strings.Join(r.Reasons, "\n"), "no customer's journey came to GET /mee; they came to GET /me")
}

// lastSetting is what the plan of the rounds was made from, as the journal has it.
func lastSetting(t *testing.T, folder string) plan.Setting {
	t.Helper()
	h, err := history.Open(folder)
	require.NoError(t, err)
	var last *plan.Plan
	for e, err := range h.Events() {
		require.NoError(t, err)
		if e.Plan != nil && e.Plan.Schedule == history.PlanSetting {
			last, err = plan.Read(e.Plan.Record, focused(t))
			require.NoError(t, err)
		}
	}
	require.NotNil(t, last)
	return last.Setting()
}
