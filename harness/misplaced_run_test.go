package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios"
)

const notedShop = `
name: noted
minima: {pairs: 2} # in two rounds
echo: [X-Request-Id]
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
      - request: {method: POST, url: /note, json: {note: "ring twice, {{nonce}}"}}
      - request: {url: /note}
`

// noter is a shop that keeps a note to the driver for each customer, and hands
// back X-Request-Id.
type noter struct {
	late    bool // each answer has the X-Request-Id of the request before
	forever bool // a customer's first note is stored for ever

	mu       sync.Mutex
	accounts map[string]string // session → e-mail
	notes    map[string]string // by e-mail
	before   string
}

func (n *noter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	id := r.Header.Get("X-Request-Id")
	if n.late && n.before != "" {
		id, n.before = n.before, id
	} else {
		n.before = id
	}
	w.Header().Set("X-Request-Id", id)
	email := ""
	if cookie, err := r.Cookie("sid"); err == nil {
		email = n.accounts[cookie.Value]
	}
	var in struct{ Email, Note string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	switch r.Method + " " + r.URL.Path {
	case "POST /login":
		sid := fmt.Sprintf("%d-%s", len(n.accounts), strings.ReplaceAll(in.Email, "@", "-"))
		n.accounts[sid] = in.Email
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: sid, Path: "/"})
	case "GET /me":
		_ = json.NewEncoder(w).Encode(map[string]string{"email": email})
	case "POST /note":
		if n.notes[email] == "" || !n.forever {
			n.notes[email] = in.Note
		}
	case "GET /note":
		_ = json.NewEncoder(w).Encode(map[string]string{"note": n.notes[email]})
	}
}

// judged runs against a shop and answers how often it found each rule.
func (n *noter) judged(t *testing.T) (Result, map[string]int) {
	t.Helper()
	n.accounts, n.notes = map[string]string{}, map[string]string{}
	shop := httptest.NewServer(n)
	defer shop.Close()
	sc, err := scenarios.Parse("noted.yaml", []byte(notedShop), func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	r, err := Run(ctx, Config{Scenario: sc, Target: shop.URL, Customers: 3, Seed: 7, Rounds: 2, Schedules: []string{history.PhaseRelay, history.PhaseMingle}, Out: t.TempDir()})
	require.NoError(t, err)
	found := map[string]int{}
	for _, f := range r.Findings {
		found[f.Rule]++
		require.Equal(t, leak.Suspicion, f.Strength, f.Evidence)
	}
	return r, found
}

func TestAnswersThatBelongToTheirRequestsRaiseNoSuspicion(t *testing.T) {
	t.Parallel()
	r, found := (&noter{}).judged(t)
	require.Empty(t, found)
	require.Equal(t, leak.Isolated, r.Verdict, r.Reasons)
}

func TestAnswersThatCarryTheRequestBeforeAreMisplaced(t *testing.T) {
	t.Parallel()
	r, found := (&noter{late: true}).judged(t)
	// Nothing is ever answered as it was asked: this may be a shop that hands
	// nothing back, and only its first answer says that it is none.
	require.Positive(t, found[leak.RuleMisplaced], r.Reasons)
	require.Equal(t, leak.Inconclusive, r.Verdict)
}

func TestANoteOfAnEarlierSessionInsteadOfOnesOwnIsMisplaced(t *testing.T) {
	t.Parallel()
	r, found := (&noter{forever: true}).judged(t)
	require.Positive(t, found[leak.RuleMisplaced], r.Reasons)
	require.Equal(t, leak.Inconclusive, r.Verdict)
}
