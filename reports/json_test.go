package reports_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/reports"
)

func TestRunJSONBeginsWithTheNamesPromisedToTheOutside(t *testing.T) {
	promised := []string{
		"schema", "verdict", "exit", "reasons", "remedies", "seed", "scenario", "target", "started", "duration_ms",
		"customers", "sessions", "label", "exposures", "rate_bound_95", "coverage", "findings",
	}
	dec := json.NewDecoder(strings.NewReader(render(t, "json", leaking(), nil)))
	_, err := dec.Token()
	require.NoError(t, err)
	for _, name := range promised {
		key, err := dec.Token()
		require.NoError(t, err)
		require.Equal(t, name, key)
		var skipped json.RawMessage
		require.NoError(t, dec.Decode(&skipped))
	}
}

func TestFindingsAndCoverageKeepTheirPromisedNames(t *testing.T) {
	var doc struct {
		Coverage []map[string]any `json:"coverage"`
		Findings []map[string]any `json:"findings"`
	}
	require.NoError(t, json.Unmarshal([]byte(render(t, "json", leaking(), nil)), &doc))
	for _, name := range []string{"place", "surface", "own_seen", "sessions", "pairs"} {
		require.Contains(t, doc.Coverage[0], name)
	}
	for _, name := range []string{
		"id", "fingerprint", "rule", "strength", "cause", "victim", "viewer", "kind", "surface", "place",
		"where", "decoded", "schedule", "count", "first_seen_ms", "evidence", "reproduce",
	} {
		require.Contains(t, doc.Findings[0], name)
	}
}

func TestRunJSONHasNoNullAnywhere(t *testing.T) {
	for name, r := range samples() {
		require.NotContains(t, render(t, "json", r, nil), "null", name)
	}
}

func TestRunJSONCanBeReadBackAndWrittenAgainUnchanged(t *testing.T) {
	for name, r := range samples() {
		if name == "empty" {
			continue // has no schema
		}
		first := render(t, "json", r, nil)
		back, err := reports.ReadJSON(strings.NewReader(first))
		require.NoError(t, err, name)
		require.Equal(t, first, render(t, "json", back, nil), name)
	}
}

func TestReadJSONSaysWhatItCannotRead(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "read run.json: EOF",
		"[]":                             "read run.json: json:",
		`{"schema":"crosstalk.run/v9"}`:  `schema is "crosstalk.run/v9", this crosstalk reads "crosstalk.run/v1"`,
		`{"schema":"crosstalk.run/v1"}x`: "read run.json: more follows",
	} {
		_, err := reports.ReadJSON(strings.NewReader(text))
		require.ErrorContains(t, err, want, text)
	}
}

func TestANumberThatJSONCannotSayDoesNotLoseTheRun(t *testing.T) {
	r := leaking()
	r.Bound, r.Coverage[0].Bound = math.Inf(1), math.NaN()
	require.Contains(t, render(t, "json", r, nil), `"rate_bound_95": 0,`)
}

func TestWritingLeavesTheResultAsItWas(t *testing.T) {
	r := hostile()
	before, err := json.Marshal(r)
	require.NoError(t, err)
	for _, f := range reports.Formats() {
		render(t, f.Name, r, folder(t))
	}
	after, err := json.Marshal(r)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
}

func FuzzAnyRunJSONThatCanBeReadCanBeRendered(f *testing.F) {
	for _, r := range samples() { // short ones: a fuzzer changes a byte at a time
		r.Findings, r.Coverage = r.Findings[:min(1, len(r.Findings))], r.Coverage[:min(1, len(r.Coverage))]
		r.People, r.SelfChecks = r.People[:min(1, len(r.People))], r.SelfChecks[:min(1, len(r.SelfChecks))]
		var b bytes.Buffer
		require.NoError(f, reports.JSON(&b, r))
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		r, err := reports.ReadJSON(bytes.NewReader(doc))
		if err != nil {
			return
		}
		for _, format := range reports.Formats() {
			text := render(t, format.Name, r, nil)
			switch format.Name {
			case "junit":
				requireXML(t, text)
			case "text":
				requirePlain(t, text)
			case "html":
				requireHarmless(t, text)
			}
		}
	})
}
