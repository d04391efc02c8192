package harness

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/leak"
)

// hung is far more than a run takes that keeps to its time, on a machine that
// does something else meanwhile, and less than one that waits for whoever hangs.
const hung = 2

func TestARunKeepsToItsTimeWhateverHangs(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as the runs do")
	}
	t.Parallel()
	sane := func(int, *http.Request) http.HandlerFunc { return nil }
	for name, spoil := range map[string]func(n int, r *http.Request) http.HandlerFunc{
		"nothing":                  sane,
		"nothing is ever answered": func(int, *http.Request) http.HandlerFunc { return silence },
		"nothing is answered after sign-up": func(n int, _ *http.Request) http.HandlerFunc {
			if n < 2+4 { // the baseline's, and each one's account
				return nil
			}
			return silence
		},
		"the second sign-up hangs": func(n int, _ *http.Request) http.HandlerFunc {
			if n < 2+1 {
				return nil
			}
			return silence
		},
		"every answer goes on for ever": func(int, *http.Request) http.HandlerFunc { return streams },
		"answers go on for ever after sign-up": func(n int, _ *http.Request) http.HandlerFunc {
			if n < 2+4 {
				return nil
			}
			return streams
		},
		"the clean-up hangs": func(_ int, r *http.Request) http.HandlerFunc {
			if r.Method != http.MethodDelete {
				return nil
			}
			return silence
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const budget = 15 * time.Second
			shop := newLittle()
			target := before(t, &front{shop: shop, spoil: spoil})
			begun := time.Now()
			result, err := Run(context.Background(), Config{
				Scenario: scenarioOf(t, littleShop), Target: target, Customers: 4, Seed: 5, For: budget, Out: t.TempDir(),
			})
			took := time.Since(begun)
			t.Logf("took %s of %s, %.0f %%; ended: %v", took.Round(time.Millisecond), budget, 100*took.Seconds()/budget.Seconds(), result.Reasons)
			require.NoError(t, err)
			require.NotEqual(t, leak.Leak, result.Verdict)
			require.NotEmpty(t, result.Reasons)
			require.Less(t, took, hung*budget)
			if name == "nothing" {
				require.Equal(t, leak.Isolated, result.Verdict, result.Reasons)
				require.Zero(t, shop.accounts())
			}
		})
	}
}
