package reports_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/jstemmer/go-junit-report/v2/junit"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/leak"
)

// requireXML reads the whole document as a strict parser does.
func requireXML(t testing.TB, doc string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(doc)); ; {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}

func suites(t *testing.T, doc string) junit.Testsuites {
	t.Helper()
	requireXML(t, doc)
	var s junit.Testsuites
	require.NoError(t, xml.Unmarshal([]byte(doc), &s))
	return s
}

func TestCIServersFailExactlyTheRunsThatCrosstalkFails(t *testing.T) {
	for name, r := range samples() {
		s := suites(t, render(t, "junit", r, nil))
		require.Equal(t, r.Verdict == leak.Leak, s.Failures > 0, "%s: %d failures", name, s.Failures)
		reached := r.Verdict == leak.Leak || r.Verdict == leak.Isolated
		require.Equal(t, !reached, s.Errors > 0, "%s: %d errors", name, s.Errors)
	}
}

func TestEveryOwnPlaceAndEveryFindingIsACase(t *testing.T) {
	r := leaking()
	s := suites(t, render(t, "junit", r, nil))
	byClass := map[string][]junit.Testcase{}
	for _, c := range s.Suites[0].Testcases {
		byClass[c.Classname] = append(byClass[c.Classname], c)
	}
	require.Len(t, byClass["crosstalk.checkout.place"], len(r.Coverage))
	require.Len(t, byClass["crosstalk.checkout.finding"], len(r.Findings))
	require.Len(t, byClass["crosstalk.checkout.self-check"], len(r.SelfChecks))
	for i, c := range byClass["crosstalk.checkout.finding"] {
		f := r.Findings[i]
		if f.Strength == leak.Suspicion {
			require.NotNil(t, c.Skipped)
			continue
		}
		require.Equal(t, f.Rule, c.Failure.Type)
		for _, part := range append(f.Evidence, f.Snippet, f.Reproduce, f.Fingerprint, f.Where) {
			require.Contains(t, c.Failure.Data, part)
		}
	}
}

func TestScreenshotsAreAttachedByTheirPath(t *testing.T) {
	doc := render(t, "junit", leaking(), nil)
	require.Contains(t, doc, "[[ATTACHMENT|crosstalk-runs/20261122-105100-k3fq/history/shots/s031-1.png]]")
}

func TestReasonsOfAnInconclusiveRunAreErrorsWithTheirRemedies(t *testing.T) {
	r := inconclusive()
	doc := render(t, "junit", r, nil)
	for i, reason := range r.Reasons {
		require.Contains(t, doc, reason)
		require.Contains(t, doc, r.Remedies[i])
	}
}
