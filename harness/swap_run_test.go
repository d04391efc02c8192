package harness

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

const sharedTablet = `
name: tablet
journeys:
  shopper:
    client: browser
    customer: one
    steps:
      - visit: /
      - fill: {label: E-mail, with: "{{email}}"}
      - click: {role: button, name: Sign in}
      - see: {role: heading, name: Your account}
      - shows: [email]
      - visit: /account
      - shows: [email]
      - sign_out: {role: button, name: Sign out}
`

// tablet is a shop that forgets who was there when they sign out, but its page
// may not.
type tablet struct {
	remembers bool // the page keeps who used it last in the client, and greets by it

	mu       sync.Mutex
	accounts map[string]string // session → e-mail
}

// greeting is what both pages do with what they kept.
const greeting = `<p id="greeting"></p><script>
const before = localStorage.getItem('last');
if (before) document.getElementById('greeting').textContent = 'Here before you: ' + before;
const me = document.getElementById('me');
if (me && !before) localStorage.setItem('last', me.textContent);
</script>`

func (s *tablet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch r.Method + " " + r.URL.Path {
	case "GET /":
		s.page(w, `<h1>Welcome</h1><form method="post" action="/sign-in"><label>E-mail <input name="email"></label><button>Sign in</button></form>`)
	case "POST /sign-in":
		s.signIn(w, r)
	case "GET /account":
		s.page(w, fmt.Sprintf(`<h1>Your account</h1><p id="me">%s</p><form method="post" action="/sign-out"><button>Sign out</button></form>`, html.EscapeString(s.of(r))))
	case "POST /sign-out":
		http.SetCookie(w, &http.Cookie{Name: "sid", Path: "/", MaxAge: -1})
		http.Redirect(w, r, "/", http.StatusSeeOther)
	default:
		http.NotFound(w, r)
	}
}

func (s *tablet) page(w http.ResponseWriter, body string) {
	if s.remembers {
		body += greeting
	}
	fmt.Fprint(w, "<!doctype html><title>Tablet</title>"+body)
}

func (s *tablet) signIn(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sid := fmt.Sprintf("k%dq8Zr2Lw7Xc5Vb9Nm4T%d", len(s.accounts), time.Now().UnixNano())
	s.accounts[sid] = r.FormValue("email")
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: sid, Path: "/", HttpOnly: true})
	http.Redirect(w, r, "/account", http.StatusSeeOther)
}

func (s *tablet) of(r *http.Request) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	cookie, err := r.Cookie("sid")
	if err != nil {
		return "nobody"
	}
	return s.accounts[cookie.Value]
}

// swapOn walks swaps alone and answers the run's result and its journal.
func swapOn(t *testing.T, s *tablet) (Result, []history.Event) {
	t.Helper()
	s.accounts = map[string]string{}
	shop := httptest.NewServer(s)
	defer shop.Close()
	sc, err := scenarios.Parse("tablet.yaml", []byte(sharedTablet), os.LookupEnv)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	r, err := Run(ctx, Config{Scenario: sc, Target: shop.URL, Customers: 2, Parallel: 2, Seed: 11, Rounds: 2, Schedules: []string{history.PhaseSwap}, Out: t.TempDir()})
	require.NoError(t, err)
	return r, events(t, r.Folder+"/history")
}

func TestWhatAPageKeepsOfTheCustomerBeforeIsFoundBySwapping(t *testing.T) {
	t.Parallel()
	r, _ := swapOn(t, &tablet{remembers: true})
	require.Equal(t, leak.Leak, r.Verdict, r.Reasons)
	proofs := 0
	for _, f := range r.Findings {
		require.Equal(t, leak.RulePredecessor, f.Rule, f.Evidence)
		require.Equal(t, history.PhaseSwap, f.Schedule)
		require.NotEqual(t, f.Victim, f.Viewer)
		if f.Strength == leak.Proof {
			proofs++
			require.Equal(t, leak.CauseClientStorage, f.Cause, f.Evidence)
		}
	}
	require.Positive(t, proofs, "shown after the heir's sign-in")
	require.Greater(t, len(r.Findings), proofs, "what is shown before it is a suspicion")
}

func TestSwappingOnAPageThatKeepsNothingFindsNothing(t *testing.T) {
	t.Parallel()
	r, all := swapOn(t, &tablet{})
	require.Empty(t, r.Findings)
	require.NotEqual(t, leak.Leak, r.Verdict)
	requireHeirs(t, all)
}

// requireHeirs demands that heirs walked to their ends, and that what they did
// is theirs in the journal.
func requireHeirs(t *testing.T, all []history.Event) {
	t.Helper()
	steps := len(tabletSteps(t))
	heir := map[string]string{}   // by session
	last := map[string]int{}      // step done, by session
	asked := map[string][]int64{} // by session: moments of Became
	for _, e := range all {
		switch {
		case e.Identity != nil && e.Identity.State == history.Became:
			heir[e.Identity.Session] = e.Identity.Customer
			asked[e.Identity.Session] = append(asked[e.Identity.Session], int64(e.At))
		case e.Step != nil && e.Step.Part == plan.PartSteps && e.Step.Outcome == history.StepDone:
			last[e.Step.Session] = max(last[e.Step.Session], e.Step.Index)
		}
	}
	require.NotEmpty(t, heir)
	for id := range heir {
		require.Len(t, asked[id], 1)
		require.Equal(t, 2*steps-1, last[id], "session %s", id)
	}
	for _, e := range all {
		if x := e.Exchange; x != nil && heir[x.Session] != "" && int64(x.Start) > asked[x.Session][0] {
			require.Equal(t, heir[x.Session], x.Viewer)
			require.GreaterOrEqual(t, x.Step, steps, "%s %s", x.Method, x.URL)
		}
	}
}

func tabletSteps(t *testing.T) []scenarios.Step {
	t.Helper()
	sc, err := scenarios.Parse("tablet.yaml", []byte(sharedTablet), os.LookupEnv)
	require.NoError(t, err)
	return sc.Journeys[0].Steps
}
