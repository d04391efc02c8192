package harness

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/leak"
	"crosstalk/scenarios/demoshop"
)

// appOnly drives the demo shop by its API alone.
const appOnly = `
name: app-only
customers: {products: 8}
public: [/, /products]
journeys:
  app:
    client: api
    customer: one
    setup:
      - request:
          method: POST
          url: /api/sign-up
          json:
            first: "{{first}}"
            last: "{{last}}"
            email: "{{email}}"
            password: "{{password}}"
            phone: "{{phone}}"
            street: "{{street}}"
            house: "{{house}}"
            postcode: "{{postcode}}"
            city: "{{city}}"
            country: "{{country}}"
            birthday: "{{birthday}}"
            company: "{{company}}"
    steps:
      - request: {method: POST, url: /api/login, json: {email: "{{email}}", password: "{{password}}"}}
      - remember: {token: {json: $.token}}
      - request: {url: /api/me, bearer: "{{token}}"}
      - shows: [first, last, email]
      - request: {method: POST, url: /api/basket, bearer: "{{token}}", json: {product: "10{{basket.0.product}}", quantity: "{{basket.0.quantity}}"}}
      - request: {url: /api/basket, bearer: "{{token}}"}
      - request: {url: /api/orders, bearer: "{{token}}"}
      - request: {url: /api/me, bearer: "{{token}}"}
      - shows: [first, email]
      - sign_out: {method: POST, url: /api/logout, bearer: "{{token}}"}
    cleanup:
      - request: {method: POST, url: /api/login, json: {email: "{{email}}", password: "{{password}}"}}
      - remember: {token: {json: $.token}}
      - request: {method: DELETE, url: /api/me, bearer: "{{token}}"}
`

// healthyUntil is how many requests the shop serves well: all of solo and some
// of the rounds.
const healthyUntil = 120

// weary is a shop that serves a number of requests and then asks to be left
// alone for a while, again and again.
type weary struct {
	mu        sync.Mutex
	served    int
	until     time.Time
	intruders int // that came while it had asked to be left alone
	asked     int
}

const (
	wearyAfter = 12
	wearyFor   = time.Second
	// onTheWay is how long a request may take that was sent before its sender
	// could know.
	onTheWay = 300 * time.Millisecond
)

func (s *weary) spoil(n int, _ *http.Request) http.HandlerFunc {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	switch {
	case n < healthyUntil:
		return nil
	case now.Before(s.until):
		if now.After(s.until.Add(onTheWay - wearyFor)) {
			s.intruders++
		}
	case s.served < wearyAfter:
		s.served++
		return nil
	default:
		s.served, s.until = 0, now.Add(wearyFor)
		s.asked++
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
	}
}

func late(shop http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(5 * time.Second):
			shop.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	}
}

func busy(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }

// degraded runs against a demo shop that stops keeping up in mid-run.
func degraded(t *testing.T, budget time.Duration, f *front) Result {
	t.Helper()
	begun := time.Now()
	result, err := Run(context.Background(), Config{
		Scenario: scenarioOf(t, appOnly), Target: before(t, f), Customers: 8, Seed: 9, For: budget, Out: t.TempDir(),
	})
	took := time.Since(begun)
	t.Logf("took %s of %s, %.0f %%; %d requests; %v", took.Round(time.Millisecond), budget, 100*took.Seconds()/budget.Seconds(), len(f.seen), result.Reasons)
	for _, p := range result.Paces {
		t.Logf("%5d ms: %d at once, pause %d ms: %s", p.At, p.Parallel, p.Pause, p.Why)
	}
	require.NoError(t, err)
	require.Less(t, took, hung*budget)
	return result
}

func healthyShop(t *testing.T) *demoshop.Shop {
	t.Helper()
	shop, err := demoshop.New(demoshop.Options{})
	require.NoError(t, err)
	return shop
}

func TestARunSlowsDownWithATargetThatDoes(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as the runs do")
	}
	t.Parallel()
	for name, row := range map[string]struct {
		answer func(shop http.Handler) http.HandlerFunc
		reason string
	}{
		"answers take 5 s":                     {late, "slower"},
		"503 without a word on when to return": {func(http.Handler) http.HandlerFunc { return busy }, "503"},
		"connections are reset":                {func(http.Handler) http.HandlerFunc { return resets }, "reset"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shop := healthyShop(t)
			f := &front{shop: shop, spoil: func(n int, _ *http.Request) http.HandlerFunc {
				if n < healthyUntil {
					return nil
				}
				return row.answer(shop)
			}}
			result := degraded(t, 25*time.Second, f)
			require.Equal(t, leak.Inconclusive, result.Verdict)
			require.Contains(t, result.Reasons[0], row.reason)
			require.NotEmpty(t, result.Paces)
			least := result.Paces[0].Parallel
			for _, p := range result.Paces {
				least = min(least, p.Parallel)
			}
			require.LessOrEqual(t, least, 2, "it went on as before")
			// Without waiting, 8 sessions make thousands.
			require.Less(t, len(f.seen), healthyUntil+300)
		})
	}
}

func TestATargetThatAsksForARestIsGivenIt(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as the run does")
	}
	t.Parallel()
	limit := &weary{}
	result := degraded(t, 32*time.Second, &front{shop: healthyShop(t), spoil: limit.spoil})
	t.Logf("asked for %d rests, disturbed in them by %d requests", limit.asked, limit.intruders)
	require.Equal(t, leak.Inconclusive, result.Verdict, result.Reasons)
	require.True(t, strings.Contains(result.Reasons[0], "429"), result.Reasons)
	require.Greater(t, limit.asked, 3)
	require.LessOrEqual(t, limit.intruders, limit.asked)
	require.Empty(t, result.Accounts, "the target lets everybody leave who waits")
}
