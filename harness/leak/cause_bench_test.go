package leak_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// BenchmarkCauses judges a run of 100,000 exchanges with 1,000 findings, most
// of them without a sign of why: each is looked at by every cause, up to twelve
// times.
func BenchmarkCauses(b *testing.B) {
	const exchanges, places, wrong = 100_000, 40, 8_000
	tr := readTranscript(b, "customers 6\nsolo each GET /me response {\"email\":\"{email}\"}")
	random := rand.New(rand.NewPCG(1, 2))
	for i := range exchanges {
		who := random.IntN(6)
		viewer := fmt.Sprintf("c0%d", who+1)
		shown := viewer
		if random.IntN(exchanges) < wrong {
			shown = fmt.Sprintf("c0%d", (who+1+random.IntN(5))%6+1)
		}
		text := fmt.Sprintf(`{"email":"%s","n":%d}`, tr.fill(shown, "{email}"), random.IntN(3))
		url := fmt.Sprintf("http://shop.test/page-%c%c", 'a'+i%places/26, 'a'+i%places%26)
		tr.now += 1000
		tr.add(history.Event{Exchange: &history.Exchange{
			ID: fmt.Sprintf("x%06d", i), Session: tr.session("mingle", viewer), Viewer: viewer, Method: "GET", URL: url,
			Place: history.PlaceOf("GET", url, "shop.test"), Resource: "xhr", Status: 200,
			Start: tr.now, Response: tr.now + history.Moment(random.IntN(20_000)), End: tr.now + 20_000,
			Body: history.Body{Hash: tr.bodies.Put([]byte(text)), Type: "application/json"},
		}})
	}
	h := tr.memory(nil)
	b.ReportAllocs()
	b.ResetTimer()
	found := 0
	for b.Loop() {
		j, err := leak.Judge(context.Background(), h, nil)
		require.NoError(b, err)
		found = len(j.Findings)
	}
	b.ReportMetric(float64(found), "findings")
}
