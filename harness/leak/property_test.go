package leak_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// given reads the first half of every transcript.
func given(t testing.TB) map[string]string {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	all := map[string]string{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		all[file], _, _ = strings.Cut(string(source), wantMark)
	}
	return all
}

func TestTheOrderOfTheJournalDoesNotChangeTheJudgement(t *testing.T) {
	for file, text := range given(t) {
		tr := readTranscript(t, text)
		want := render(judge(t, tr, nil))
		for seed := range uint64(15) {
			order := rand.New(rand.NewPCG(seed, 1)).Perm(len(tr.all()))
			require.Equal(t, want, render(judge(t, tr, order)), "%s, seed %d", file, seed)
		}
	}
}

func TestAnUnrelatedSightingNeverRemovesAFinding(t *testing.T) {
	for file, text := range given(t) {
		want := proofs(judge(t, readTranscript(t, text), nil))
		for seed := range uint64(10) {
			tr := readTranscript(t, withUnrelated(text, rand.New(rand.NewPCG(seed, 2))))
			got := proofs(judge(t, tr, nil))
			require.Subset(t, got, want, "%s, seed %d", file, seed)
		}
	}
}

// proofs are what the findings say, without their numbers and times.
func proofs(j leak.Judgement) []string {
	var all []string
	for _, f := range j.Findings {
		all = append(all, strings.Join([]string{f.Rule, f.Strength, f.Viewer, f.Victim, f.Kind, string(f.Surface), string(f.Place), f.Where}, " "))
	}
	sort.Strings(all)
	return all
}

// withUnrelated adds pages that show nobody's values at places of their own,
// in sessions of their own, at random points of a transcript.
func withUnrelated(text string, random *rand.Rand) string {
	lines := strings.Split(text, "\n")
	var out []string
	for _, line := range lines {
		out = append(out, line)
		phase, _, _ := strings.Cut(line, " ")
		if random.IntN(3) == 0 && (phase == "solo" || phase == "relay" || phase == "mingle") {
			who := []string{"c01", "c02", history.Nobody}[random.IntN(3)]
			out = append(out, fmt.Sprintf(`%s %s GET /weather-%d page main "It is %d degrees" aside "Fine" h1 "Hi, there"`, phase, who, random.IntN(3), random.IntN(40)))
		}
	}
	return strings.Join(out, "\n")
}

func FuzzWhateverAShopSendsIsJudged(f *testing.F) {
	f.Add("application/json", []byte(`{"a":["zoe.lindqvist@c01.shop-test.example",{"b":"Zo\u00eb"}]}`), "sid=zz; Path=/")
	f.Add("text/html", []byte(`<p>Hi, <b>Zo</b>&euml;</p><input value="`), "")
	f.Add(history.SegmentsType, []byte(`[{"where":"h1","text":"Hi, Jürgen"}]`), "=;;")
	f.Fuzz(func(t *testing.T, mediaType string, body []byte, setCookie string) {
		tr := readTranscript(t, "customers 2\nsolo each GET /a page h1 \"Hi, {first}\"")
		for i, surface := range []history.Surface{history.SurfaceResponse, history.SurfacePage, history.SurfaceCookie, history.SurfaceField} {
			shown := history.Body{Hash: tr.bodies.Put(body), Type: mediaType}
			if surface == history.SurfaceResponse {
				tr.add(history.Event{Exchange: &history.Exchange{
					ID: "f", Session: "s01", Viewer: "c01", Method: "GET", URL: string(body), Place: "GET /a", Body: shown, RequestBody: shown,
					Headers: []history.Header{{Name: "Set-Cookie", Value: setCookie}, {Name: "Age", Value: setCookie}},
				}})
				continue
			}
			tr.add(history.Event{Sighting: &history.Sighting{ID: fmt.Sprint("f", i), Session: "s02", Viewer: "c02", Surface: surface, Place: "GET /a", Body: shown}})
		}
		j, err := leak.Judge(context.Background(), tr.memory(nil), nil)
		require.NoError(t, err)
		for _, found := range j.Findings {
			require.LessOrEqual(t, len([]rune(found.Snippet)), 80)
			require.NotContains(t, found.Snippet, "\n")
		}
	})
}

func TestTheWatchSeesStrongMarkersOfOthersAlone(t *testing.T) {
	all := people(3)
	w, err := leak.NewWatch(all)
	require.NoError(t, err)
	body := []byte(`{"me":{"email":"` + all[0].Email + `","first":"` + all[1].First + `"}}`)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			glimpses := w.Foreign("c02", "application/json", body)
			if len(glimpses) == 0 || glimpses[0].Victim != "c01" {
				t.Errorf("c02 saw %v", glimpses)
			}
			if got := w.Foreign("c01", "application/json", body); len(got) != 0 {
				t.Errorf("c01 saw %v", got)
			}
			if got := w.Foreign(history.Nobody, "application/json", body); len(got) == 0 {
				t.Error("a passer-by saw nothing")
			}
		})
	}
	group.Wait()
}

func TestAnAvatarInAnothersHandsIsFound(t *testing.T) {
	tr := readTranscript(t, "customers 2\nsolo each GET /a page h1 \"Hi, {first}\"")
	tr.customers[0].Avatar = []byte("\x89PNG\r\n\x1a\n c01")
	hash := tr.bodies.Put(tr.customers[0].Avatar)
	for _, viewer := range []string{"c01", "c02"} {
		tr.add(history.Event{Exchange: &history.Exchange{
			ID: "p" + viewer, Session: tr.session("relay", viewer), Viewer: viewer, Method: "GET", Place: "GET /avatar",
			Resource: "image", Body: history.Body{Hash: hash, Type: "image/png"}, Start: tr.now, End: tr.now,
		}})
	}
	j := judge(t, tr, nil)
	require.Equal(t, leak.Leak, j.Verdict)
	require.Len(t, j.Findings, 1)
	require.Equal(t, "avatar", j.Findings[0].Kind)
	require.Equal(t, "c02", j.Findings[0].Viewer)
}

func TestJudgingEndsWithItsContext(t *testing.T) {
	tr := readTranscript(t, "customers 2\nsolo each GET /a page h1 \"Hi, {first}\"")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := leak.Judge(ctx, tr.memory(nil), nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestAFingerprintSaysNothingOfWhoseItIs(t *testing.T) {
	prints := map[string]bool{}
	for _, who := range []string{"c02", "c03"} {
		tr := readTranscript(t, "customers 4\nsolo each GET /a page h1 \"{email}\"\nrelay "+who+" GET /a page h1 \"{c01.email}\"")
		prints[judge(t, tr, nil).Findings[0].Fingerprint] = true
	}
	require.Len(t, prints, 1)
}

// BenchmarkJudge judges 100,000 sightings of 40 customers, of which every
// tenth body is one that was not seen before.
func BenchmarkJudge(b *testing.B) {
	tr := readTranscript(b, "customers 6\nsolo each GET /account page header>a.me \"Hi, {first}!\" dd \"{email}\" dd \"{address}\"")
	const sightings = 100_000
	for i := range sightings {
		who := fmt.Sprintf("c0%d", i%6+1)
		text := tr.fill(who, `[{"where":"header>a.me","text":"Hi, {first}!"},{"where":"dd","text":"{email}"},{"where":"dd","text":"{address}"}`)
		for k := range 40 {
			text += fmt.Sprintf(`,{"where":"main>p","text":"Paragraph %d of a page that many people read, no. %d"}`, k, i/60)
		}
		tr.now += 1000
		tr.add(history.Event{Sighting: &history.Sighting{
			ID: fmt.Sprint("v", i), Session: tr.session("relay", who), Viewer: who, Surface: history.SurfacePage, Place: "GET /account",
			URL: "http://shop.test/account", Body: history.Body{Hash: tr.bodies.Put([]byte(text + "]")), Type: history.SegmentsType},
		}})
	}
	h := tr.memory(nil)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		if _, err := leak.Judge(context.Background(), h, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/sightings, "ns/sighting")
}
