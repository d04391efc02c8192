package leak_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/leak"
	"crosstalk/harness/match"
	"crosstalk/scenarios"
)

// allocated are customers as a run has them.
func allocated(t testing.TB, seed uint64, n int) []customer.Customer {
	all, err := customer.Allocate(seed, n, scenarios.Scenario{}.Customers)
	require.NoError(t, err)
	return all
}

// ends is a value of which only its first and last characters are shown.
func ends(value string) string {
	runes := []rune(value)
	return string(runes[0]) + strings.Repeat("*", max(2, len(runes)-2)) + string(runes[len(runes)-1])
}

func maskedMe(c *customer.Customer) []byte {
	local, domain, _ := strings.Cut(c.Email, "@")
	digits := match.Digits(c.Phone)
	body, _ := json.Marshal(map[string]string{"email": ends(local) + "@" + domain, "phone": "•••• " + digits[len(digits)-4:]})
	return body
}

// masked is a run of n customers, each shown their own answer masked, and
// after it that of the customer so many further on.
func masked(t testing.TB, n, off int) *transcript {
	tr := readTranscript(t, "")
	tr.customers = allocated(t, 11, n)
	for _, phase := range []string{"solo", "relay"} {
		for i := range tr.customers {
			shown := i
			if phase == "relay" {
				shown = (i + off) % n
			}
			tr.response(phase, tr.customers[i].ID, "/api/me", "application/json", maskedMe(&tr.customers[shown]))
		}
	}
	return tr
}

func TestOwnMasksOfAllocatedCustomersAreNobodysElse(t *testing.T) {
	require.Empty(t, judge(t, masked(t, 24, 0), nil).Findings)
}

func TestAnothersMasksOfAllocatedCustomersAreProved(t *testing.T) {
	tr := masked(t, 24, 5)
	proved := map[string]string{}
	for _, f := range judge(t, tr, nil).Findings {
		require.Equal(t, leak.RuleMasked, f.Rule)
		if f.Strength == leak.Proof {
			proved[f.Viewer] = f.Victim
		}
	}
	for i := range tr.customers {
		require.Equal(t, tr.customers[(i+5)%24].ID, proved[tr.customers[i].ID])
	}
}

// BenchmarkJudgingMasks judges a thousand customers who are each shown their
// own masked data, on ten pages.
func BenchmarkJudgingMasks(b *testing.B) {
	tr := readTranscript(b, "")
	tr.customers = allocated(b, 11, 1000)
	for i := range tr.customers {
		c := &tr.customers[i]
		for page := range 10 {
			tr.response("relay", c.ID, fmt.Sprintf("/p%d", page), "application/json", append(maskedMe(c), fmt.Sprint(" ", page)...))
		}
	}
	var h leak.History = tr.memory(nil)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		if _, err := leak.Judge(context.Background(), h, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/10_000, "µs/body")
}
