package leak_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// response adds an exchange whose body is as given.
func (tr *transcript) response(phase, who, path, mediaType string, body []byte, headers ...history.Header) {
	tr.id++
	tr.add(history.Event{Exchange: &history.Exchange{
		ID: fmt.Sprintf("y%02d", tr.id), Session: tr.session(phase, who), Viewer: who, Method: "GET", URL: "http://shop.test" + path,
		Place: history.Place("GET " + path), Resource: "fetch", Status: 200, Start: tr.now, Response: tr.now, End: tr.now + 1,
		Headers: headers, Body: history.Body{Hash: tr.bodies.Put(body), Type: mediaType, Size: int64(len(body))},
	}})
	tr.now += tick
}

const soundSolo = "customers 4\nsolo each GET /me response {\"email\":\"{email}\"}\n"

func TestAMaskThatEverybodysCardFitsIsNobodysPhone(t *testing.T) {
	for _, card := range []string{"", "4242424242424242"} {
		tr := readTranscript(t, soundSolo)
		for i := range tr.customers {
			tr.customers[i].Card = card
		}
		tr.customers[0].Phone = "070-174 42 42"
		tr.response("relay", "c02", "/pay", "application/json", []byte(`{"method":"Visa","number":"•••• 4242"}`))
		found := judge(t, tr, nil).Findings
		if card != "" {
			require.Empty(t, found, "the card is everybody's")
			continue
		}
		require.Len(t, found, 1, "a phone that ends so is c01's")
		require.Equal(t, leak.Suspicion, found[0].Strength)
		require.Equal(t, "phone", found[0].Kind)
		require.Equal(t, []string{"masked"}, found[0].Decoded)
	}
}

func TestAPartThatIsTheNameOfAnothersCityIsNothing(t *testing.T) {
	for _, company := range []string{"Portlandwerkstatt", "Lindlandwerkstatt"} {
		tr := readTranscript(t, soundSolo)
		tr.customers[0].Company = company
		tr.response("relay", "c02", "/ship", "text/plain", []byte("From "+company[:10]))
		found := judge(t, tr, nil).Findings
		if company[:8] == tr.customers[3].City {
			require.Empty(t, found)
			continue
		}
		require.Len(t, found, 1)
		require.Equal(t, []string{leak.Suspicion, "company"}, []string{found[0].Strength, found[0].Kind})
		require.Contains(t, found[0].Decoded, "fragment")
	}
}

func TestWhatAHeaderHidesInBase64IsFound(t *testing.T) {
	tr := readTranscript(t, soundSolo)
	packed := base64.RawURLEncoding.EncodeToString([]byte(`{"user":{"email":"` + people(1)[0].Email + `"}}`))
	tr.response("relay", "c02", "/x", "text/plain", []byte("ok"),
		history.Header{Name: "Set-Cookie", Value: "prefs=" + packed + "; Path=/"}, history.Header{Name: "X-Debug", Value: "user " + packed})
	var seen []string
	for _, f := range judge(t, tr, nil).Findings {
		require.Contains(t, f.Decoded, "base64")
		require.Equal(t, "c01", f.Victim)
		seen = append(seen, fmt.Sprintf("%s %s", f.Surface, strings.Split(f.Where, "›")[0]))
	}
	require.ElementsMatch(t, []string{"cookie prefs", "header x-debug"}, seen)
}

func TestWhatIsTooDeepToBeOpenedCountsAsUnseen(t *testing.T) {
	deep := []byte("nothing of anybody's is written here, only some words that are long enough to be looked into")
	for range 6 {
		deep = []byte(base64.StdEncoding.EncodeToString(deep))
	}
	tr := readTranscript(t, soundSolo)
	for _, who := range []string{"c01", "c02"} {
		tr.response("relay", who, "/me", "application/json", []byte(`{"email":"`+tr.fill(who, "{email}")+`","state":"`+string(deep)+`"}`))
	}
	j := judge(t, tr, nil)
	require.Equal(t, map[string]int{"not decoded: too deep": 2}, j.Unseen)
	require.Len(t, j.Coverage, 1)
	require.Equal(t, 2, j.Coverage[0].Unseen)
}

func TestWhatOnlyLooksEncodedHidesNothing(t *testing.T) {
	tr := readTranscript(t, soundSolo)
	tr.response("relay", "c01", "/me", "application/gzip", []byte("\x1f\x8b\x08 this is no gzip at all, "+people(1)[0].Email))
	j := judge(t, tr, nil)
	require.Empty(t, j.Unseen)
}

// BenchmarkJudgingWhatWasLearned judges 100 sessions of 20 pages each, of which
// none, or ten for each session, of the values in them were remembered.
func BenchmarkJudgingWhatWasLearned(b *testing.B) {
	for _, each := range []int{0, 10} {
		b.Run(fmt.Sprintf("%d values per session", each), func(b *testing.B) {
			h := learnedRun(b, each)
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				if _, err := leak.Judge(context.Background(), h, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func learnedRun(b *testing.B, each int) leak.History {
	tr := readTranscript(b, "customers 6\nsolo each GET /me response {\"email\":\"{email}\"}\n")
	filler := strings.Repeat("<p>Thank you for your order, it is on its way to you.</p>\n", 170) // 10 KB
	for s := range 100 {
		tr.walk = s
		who := fmt.Sprintf("c0%d", s%6+1)
		for page := range 20 {
			body := fmt.Sprintf("<h1>Order %s</h1>%s<p>no. %d</p>", key(s*20+page), filler, s*20+page)
			tr.response("relay", who, "/done", "text/html", []byte(body))
			if page < each {
				tr.add(history.Event{Learned: &history.Learned{Session: tr.session("relay", who), Customer: who, Kind: "order_key", Value: key(s*20 + page)}})
			}
		}
	}
	return tr.memory(nil)
}
