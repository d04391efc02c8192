package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios"
)

const greetedShop = `
name: greeted
journeys:
  app:
    client: api
    customer: one
    setup:
      - request: {method: POST, url: /accounts, json: {email: "{{email}}"}}
    steps:
      - request: {method: POST, url: /login, json: {email: "{{email}}"}}
      - request: {url: /me}
      - shows: [email]
      - request: {url: /hello}
`

// greeter is a shop whose greeting is stored by its address, for ever, from
// whoever asked first.
type greeter struct {
	mu       sync.Mutex
	accounts map[string]string // session → e-mail
	stored   string
}

func (g *greeter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	cookie, err := r.Cookie("sid")
	email := ""
	if err == nil {
		email = g.accounts[cookie.Value]
	}
	switch r.URL.Path {
	case "/login":
		var account struct{ Email string }
		if json.NewDecoder(r.Body).Decode(&account) == nil {
			sid := fmt.Sprintf("sid-%08x-%s", len(g.accounts), account.Email[:6])
			g.accounts[sid] = account.Email
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: sid, Path: "/"})
		}
	case "/me":
		_ = json.NewEncoder(w).Encode(map[string]string{"email": email})
	case "/hello":
		if g.stored == "" {
			g.stored = "Good evening, " + email
		}
		fmt.Fprint(w, g.stored)
	}
}

func TestACopyThatOutlivesItsRunIsFoundByTheNext(t *testing.T) {
	t.Parallel()
	shop := httptest.NewServer(&greeter{accounts: map[string]string{}})
	defer shop.Close()
	sc, err := scenarios.ParseRecorded("greeted.yaml", []byte(greetedShop), func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	c := Config{Scenario: sc, Target: shop.URL, Customers: 3, Rounds: 2, Schedules: []string{history.PhaseRelay, history.PhaseMingle}, Out: t.TempDir()}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	rules := func(seed uint64) map[string]int {
		c.Seed = seed
		r, err := Run(ctx, c)
		require.NoError(t, err)
		require.Equal(t, leak.Leak, r.Verdict, r.Reasons)
		found := map[string]int{}
		for _, f := range r.Findings {
			found[f.Rule]++
		}
		return found
	}
	first := rules(1)
	require.Positive(t, first[leak.RuleForeignMarker])
	require.Zero(t, first[leak.RuleEarlierRun])
	second := rules(2)
	require.Zero(t, second[leak.RuleForeignMarker], "nobody of the second run was in the copy")
	require.Positive(t, second[leak.RuleEarlierRun])
	require.Zero(t, rules(1)[leak.RuleEarlierRun], "a rerun's customers are its own")
}
