package harness

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios"
	"crosstalk/scenarios/demoshop"
)

// earlyRun drives a shop whose edge keeps one part of a customer for the next,
// and answers why the run ended.
func earlyRun(t *testing.T, v demoshop.Variant, change func(*Config)) (Result, string) {
	t.Helper()
	shop, err := demoshop.New(demoshop.Options{Faults: []demoshop.Fault{{Name: demoshop.EdgeCache, Variant: v, Rate: 1}}, Seed: 1, Asleep: true})
	require.NoError(t, err)
	t.Cleanup(shop.Close)
	server := httptest.NewServer(callingKeysKeys(shop))
	t.Cleanup(server.Close)
	src, err := os.ReadFile("testdata/early/scenario.yaml")
	require.NoError(t, err)
	sc, err := scenarios.Parse("testdata/early/scenario.yaml", src, os.LookupEnv)
	require.NoError(t, err)
	c := Config{Scenario: sc, Target: server.URL, Seed: 1, Customers: 4, For: 3 * time.Minute, Solo: 3, Schedules: []string{history.PhaseRelay}, Out: t.TempDir(), Progress: func(p Progress) {
		if p.Phase == history.PhaseRelay {
			shop.Wake() // solo shows which keys are whose
		}
	}}
	change(&c)
	result, err := Run(t.Context(), c)
	require.NoError(t, err)
	h, err := history.Open(result.Folder)
	require.NoError(t, err)
	reason := ""
	for e, err := range h.Events() {
		require.NoError(t, err)
		if e.End != nil {
			reason = e.End.Reason
		}
	}
	return result, reason
}

// callingKeysKeys has the member key called one in bodies: of a value that is
// called nothing of the kind the judge proves nothing.
func callingKeysKeys(shop http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		shop.ServeHTTP(answer, r)
		maps.Copy(w.Header(), answer.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(answer.Code)
		_, _ = io.WriteString(w, strings.Replace(answer.Body.String(), `{"member":`, `{"member_key":`, 1)) // a client that left needs none
	})
}

func TestARunThatLeaksNoMarkerEndsEarlyAtTheFirstProof(t *testing.T) {
	t.Parallel()
	for v, rule := range map[demoshop.Variant]string{demoshop.Masked: leak.RuleMasked, demoshop.Token: leak.RuleSharedToken} {
		t.Run(string(v), func(t *testing.T) {
			result, reason := earlyRun(t, v, func(c *Config) { c.FailFast = true })
			require.NotEmpty(t, result.Findings)
			assert.Equal(t, rule, result.Findings[0].Rule, "%v", result.Findings[0].Evidence)
			assert.Equal(t, endFailFast, reason)
			assert.Equal(t, leak.Leak, result.Verdict)
			assert.Empty(t, result.Accounts, "and it is cleaned up")
		})
	}
}

func TestARunEndsAtTheProofThatIsWaitedForAndAtNoOther(t *testing.T) {
	t.Parallel()
	judged := 0 // counted by the one goroutine that judges, which has ended when the run has
	result, reason := earlyRun(t, demoshop.Plain, func(c *Config) {
		c.Enough = func(all []leak.Finding) bool {
			if len(all) > 0 {
				judged++
			}
			return judged > 1 && slices.ContainsFunc(all, func(f leak.Finding) bool { return f.Rule == leak.RuleForeignMarker })
		}
	})
	assert.Equal(t, leak.Leak, result.Verdict)
	assert.Greater(t, judged, 1, "proofs that were not waited for ended nothing")
	assert.Equal(t, endEnough, reason)
}
