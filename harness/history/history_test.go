package history_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

func TestPlaceIsTheSameForEveryCustomer(t *testing.T) {
	for url, want := range map[string]history.Place{
		"http://shop.test/":                                            "GET /",
		"http://shop.test":                                             "GET /",
		"http://shop.test/account":                                     "GET /account",
		"http://shop.test/orders/10001":                                "GET /orders/{}",
		"http://shop.test/orders/order-10001":                          "GET /orders/order-{}",
		"http://shop.test/o/6f1c2a3e-91b5-4c55-8a51-0f7ad1b1c9d2/view": "GET /o/{}/view",
		"http://shop.test/o/Zk3fQ9xLw72mPq0aTt5R":                      "GET /o/{}",
		"http://shop.test/static/app.3f2a9c1b.js":                      "GET /static/app.{}.js",
		"http://shop.test/accessories/stainless-steel-thermos-black":   "GET /accessories/stainless-steel-thermos-black",
		"http://shop.test/u/jane%40c01.shop-test.example":              "GET /u/{}",
		"http://shop.test/?view=orders&id=17":                          "GET /?id={}&view=orders",
		"http://cdn.test/a.js":                                         "GET cdn.test/a.js",
		"data:text/plain,hello":                                        "GET data:",
		"http://shop.test/api/v2/me":                                   "GET /api/v2/me",
	} {
		require.Equal(t, want, history.PlaceOf("GET", url, "shop.test"), url)
	}
}

func TestJournalGivesBackWhatWasWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "history")
	j, err := history.Create(dir, nil)
	require.NoError(t, err)
	body, err := j.Put([]byte("hello"), "text/plain")
	require.NoError(t, err)
	require.NoError(t, j.Append(history.Event{Run: &history.Run{Schema: history.SchemaVersion, ID: "r1"}}))
	require.NoError(t, j.Append(history.Event{Sighting: &history.Sighting{ID: "g1", Body: body}}))
	require.NoError(t, j.Close())

	f, err := history.Open(filepath.Dir(dir)) // the run folder will do
	require.NoError(t, err)
	run, err := f.Header()
	require.NoError(t, err)
	require.Equal(t, "r1", run.ID)
	events := collect(t, f)
	require.Len(t, events, 2)
	got, err := f.Body(events[1].Sighting.Body.Hash)
	require.NoError(t, err)
	require.Equal(t, "hello", string(got))
	_, err = f.Body(strings.Repeat("0", 32))
	require.ErrorIs(t, err, history.ErrNoBody)
}

func TestJournalCutInTheMiddleOfALineIsReadUpToThere(t *testing.T) {
	dir := t.TempDir()
	j, err := history.Create(dir, nil)
	require.NoError(t, err)
	for range 3 {
		require.NoError(t, j.Append(history.Event{Phase: &history.Phase{Name: history.PhaseSolo}}))
	}
	require.NoError(t, j.Close())
	path := filepath.Join(dir, "events.ndjson")
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	lines := strings.SplitAfter(string(whole), "\n")
	for cut := len(lines[0]) + len(lines[1]); cut < len(whole); cut++ {
		require.NoError(t, os.WriteFile(path, whole[:cut], 0o600))
		f, err := history.Open(dir)
		require.NoError(t, err)
		require.Len(t, collect(t, f), 2, "cut after %d bytes", cut)
	}
}

func TestDamageBeforeTheLastLineIsAnErrorThatNamesTheLine(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "events.ndjson"), []byte("{}\n{not json\n{}\n"), 0o600))
	f, err := history.Open(dir)
	require.NoError(t, err)
	var last error
	for _, err := range f.Events() {
		last = err
	}
	require.ErrorContains(t, last, "line 2")
}

func TestConcurrentWritersNeverMixTheirLines(t *testing.T) {
	dir := t.TempDir()
	j, err := history.Create(dir, nil)
	require.NoError(t, err)
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			for range 50 {
				body, err := j.Put([]byte(strings.Repeat(string(rune('a'+w)), 1000)), "")
				if err == nil {
					err = j.Append(history.Event{Sighting: &history.Sighting{Body: body}})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	require.NoError(t, j.Close())
	f, err := history.Open(dir)
	require.NoError(t, err)
	events := collect(t, f)
	require.Len(t, events, 400)
	for i, e := range events {
		require.EqualValues(t, i+1, e.Seq)
	}
}

func TestSecretsAreHiddenInEveryEncodingBeforeAnythingIsWritten(t *testing.T) {
	const secret = `p&ss"wörd/42`
	dir := t.TempDir()
	j, err := history.Create(dir, history.NewSecrets(map[string]string{"STAGING_PASSWORD": secret, "SHORT": "1"}))
	require.NoError(t, err)
	quoted, err := json.Marshal(secret)
	require.NoError(t, err)
	forms := map[string]string{
		"plain":   secret,
		"json":    string(quoted),
		"percent": "p%26ss%22w%C3%B6rd%2F42",
		"html":    "p&amp;ss&#34;wörd/42",
		"json2":   `"p&ss\"wörd/42"`,
		"hex":     hex.EncodeToString([]byte(secret)),
		"basic0":  base64.StdEncoding.EncodeToString([]byte(secret)),
		"basic1":  base64.StdEncoding.EncodeToString([]byte("u" + secret)),
		"basic2":  base64.URLEncoding.EncodeToString([]byte("u:" + secret + "more")),
	}
	for name, form := range forms {
		body, err := j.Put([]byte("<"+form+">"), "text/plain")
		require.NoError(t, err)
		f, err := history.Open(dir)
		require.NoError(t, err)
		stored, err := f.Body(body.Hash)
		require.NoError(t, err)
		require.Contains(t, string(stored), "$STAGING_PASSWORD", name)
	}
	require.NoError(t, j.Append(history.Event{Exchange: &history.Exchange{URL: "http://x/?k=" + forms["percent"], RequestHeaders: []history.Header{{Name: "Authorization", Value: "Basic " + forms["basic2"]}, {Name: "K", Value: secret}}}}))
	line, err := os.ReadFile(filepath.Join(dir, "events.ndjson"))
	require.NoError(t, err)
	require.NotContains(t, string(line), "wörd")
	require.NotContains(t, string(line), "w%C3%B6rd")
	require.Equal(t, 3, strings.Count(string(line), "$STAGING_PASSWORD"), string(line))
	require.NotContains(t, string(line), "$SHORT")
}

func collect(t *testing.T, f *history.Folder) []history.Event {
	t.Helper()
	var events []history.Event
	for e, err := range f.Events() {
		require.NoError(t, err)
		events = append(events, e)
	}
	return events
}

func FuzzPlaceOfNeverPanicsAndIsStable(f *testing.F) {
	f.Add("http://shop.test/orders/10001?x=1")
	f.Add("::%zz")
	f.Fuzz(func(t *testing.T, url string) {
		first := history.PlaceOf("GET", url, "shop.test")
		if again := history.PlaceOf("GET", url, "shop.test"); again != first {
			t.Errorf("%q: first %q, then %q", url, first, again)
		}
	})
}
