package leak_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/scenarios"
)

// remembered are learned values, each of the customer and kind before it.
func remembered(owner, kind string, values ...string) []customer.Marker {
	var all []customer.Marker
	for _, v := range values {
		all = append(all, customer.Marker{Owner: owner, Kind: customer.Kind(kind), Value: v, Strength: customer.LearnedStrength(v), Learned: true})
	}
	return all
}

func key(n int) string { return fmt.Sprintf("ord_%04dkQ7xTz%04dWmPb%04dRv", n, n*7%9973, n*131%9973) }

// alarms are the victims whose learned values a viewer is shown.
func alarms(w *leak.Watch, viewer, body string) []string {
	var all []string
	for _, g := range w.Foreign(viewer, "text/plain", []byte(body)) {
		if w.Speaks("GET /orders", g) {
			all = append(all, g.Victim+" "+string(g.Kind))
		}
	}
	return all
}

func watchOf(t testing.TB, n int) *leak.Watch {
	w, err := leak.NewWatch(people(n))
	require.NoError(t, err)
	return w
}

func TestTheWatchSeesWhatWasLearnedOnceTwoCustomersHadTheirOwn(t *testing.T) {
	w := watchOf(t, 3)
	require.NoError(t, w.Learn(remembered("c01", "order_key", key(1))))
	require.Empty(t, alarms(w, "c02", "your order "+key(1)), "one value does not tell what kind of kind it is")
	require.NoError(t, w.Learn(remembered("c02", "order_key", key(2))))
	require.Equal(t, []string{"c01 order_key"}, alarms(w, "c02", "your order "+key(1)))
	require.Empty(t, alarms(w, "c01", "your order "+key(1)))
	require.Equal(t, []string{"c01 order_key", "c02 order_key"}, alarms(w, "c03", key(1)+" and "+key(2)))
}

func TestTheWatchIsSilentWhereAScenarioAllowsAKindAndNowhereElse(t *testing.T) {
	all := people(2)
	w, err := leak.NewWatch(all, scenarios.Allowance{Place: "GET /gifts*", Kind: customer.Phone})
	require.NoError(t, err)
	speaks := func(at history.Place, body string) (kinds []string) {
		for _, g := range w.Foreign("c02", "text/plain", []byte(body)) {
			if w.Speaks(at, g) {
				kinds = append(kinds, string(g.Kind))
			}
		}
		return kinds
	}
	require.Empty(t, speaks("GET /gifts/{}", all[0].Phone))
	require.Equal(t, []string{"phone"}, speaks("GET /orders", all[0].Phone))
	others := speaks("GET /gifts/{}", all[0].Phone+" "+all[0].Email)
	require.Contains(t, others, "email")
	require.NotContains(t, others, "phone")
}

func TestAKindThatTwoClaimIsSilent(t *testing.T) {
	w := watchOf(t, 3)
	require.NoError(t, w.Learn(remembered("c01", "card_token", key(1))))
	require.NoError(t, w.Learn(remembered("c02", "card_token", key(1))))
	require.NoError(t, w.Learn(remembered("c03", "card_token", key(3))))
	require.Empty(t, alarms(w, "c01", key(3)))
}

func TestAKindWhoseValuesEverybodyIsShownIsSilent(t *testing.T) {
	w := watchOf(t, 3)
	w.Public("application/json", []byte(`{"variants":["`+key(1)+`"]}`))
	require.NoError(t, w.Learn(remembered("c01", "variant", key(1))))
	require.NoError(t, w.Learn(remembered("c02", "variant", key(2))))
	require.NoError(t, w.Learn(remembered("c02", "order_key", key(4))))
	require.NoError(t, w.Learn(remembered("c03", "order_key", key(5))))
	require.Empty(t, alarms(w, "c03", key(1)+" "+key(2)))
	require.Equal(t, []string{"c02 order_key"}, alarms(w, "c03", key(4)))
}

func TestWeakValuesAreNotWatched(t *testing.T) {
	w := watchOf(t, 3)
	require.NoError(t, w.Learn(append(remembered("c01", "order", "10000001"), remembered("c02", "order", "10000002")...)))
	require.Zero(t, w.Learned())
	require.Empty(t, alarms(w, "c02", "order 10000001"))
}

func TestWhatWasLearnedSinceIsFoundInABodyThatWasSeenBefore(t *testing.T) {
	w := watchOf(t, 3)
	body := []byte(strings.Join([]string{key(1), key(2), key(3)}, " "))
	require.Empty(t, w.Foreign("", "text/plain", body))
	for n := 1; n <= 3; n++ {
		since := w.Learned()
		require.NoError(t, w.Learn(remembered(fmt.Sprintf("c0%d", n), "order_key", key(n))))
		found := w.ForeignSince(since, "", "text/plain", body)
		require.Len(t, found, 1, "only what is new")
		require.Equal(t, fmt.Sprintf("c0%d", n), found[0].Victim)
	}
	require.Empty(t, w.ForeignSince(w.Learned(), "", "text/plain", body))
	require.Len(t, w.Foreign("", "text/plain", body), 3)
}

func TestEveryLearnedValueIsFoundHoweverManyCameAfterIt(t *testing.T) {
	w := watchOf(t, 3)
	const many = 300
	for n := range many {
		require.NoError(t, w.Learn(remembered(fmt.Sprintf("c%02d", n%7), "order_key", key(n))))
	}
	require.Equal(t, many, w.Learned())
	for n := range many {
		require.Len(t, w.Foreign("", "text/plain", []byte("<"+key(n)+">")), 1, key(n))
	}
}

// BenchmarkLearningTenValuesInEachOfAHundredSessions learns as a run does, and
// looks at a page after each.
func BenchmarkLearningTenValuesInEachOfAHundredSessions(b *testing.B) {
	page := []byte(strings.Repeat("<p>Thank you for your order, it is on its way to you.</p>\n", 350)) // 20 KB
	b.ReportAllocs()
	for b.Loop() {
		w := watchOf(b, 6)
		for s := range 100 {
			since := w.Learned()
			for v := range 10 {
				if err := w.Learn(remembered(fmt.Sprintf("c%02d", s), "order_key", key(s*10+v))); err != nil {
					b.Fatal(err)
				}
			}
			w.ForeignSince(since, "", "text/html", page)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "µs/value")
}
