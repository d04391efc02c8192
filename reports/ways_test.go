package reports_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// findingsOf is the part of a text report that tells the findings.
func findingsOf(t *testing.T, r harness.Result) string {
	t.Helper()
	_, rest, ok := strings.Cut(render(t, "text", r, nil), "FINDINGS\n")
	require.True(t, ok)
	rest, _, ok = strings.Cut(rest, "\n\nWHERE TO LOOK")
	require.True(t, ok)
	return rest
}

// outbreak is one cached page seen by three, with several kinds of data, and
// the same at many more places; one other defect came last.
func outbreak(places int) harness.Result {
	r := leaking()
	r.Findings = nil
	add := func(cause, place, kind, viewer string) {
		r.Findings = append(r.Findings, leak.Finding{
			ID: fmt.Sprintf("F%d", len(r.Findings)+1), Strength: leak.Proof, Rule: leak.RuleForeignMarker, Cause: cause, Victim: "c03", Viewer: viewer,
			Kind: kind, Surface: history.SurfaceResponse, Place: history.Place(place), Where: "dd#" + kind, Count: 2, FirstSeen: 1500,
			Evidence: []string{"evidence of " + place}, Snippet: "snippet of " + kind, Shot: "history/shots/s1.png", Reproduce: "crosstalk run checkout --seed 7",
		})
	}
	for _, viewer := range []string{"c07", "c01", history.Nobody} {
		for _, kind := range []string{"email", "name", "phone"} {
			for i := range places {
				add(leak.CauseSharedCache, fmt.Sprintf("GET /p%d", i), kind, viewer)
			}
		}
	}
	add(leak.CauseRace, "GET /last", "gift", "c02")
	return r
}

func TestFindingsOfOneWayAreToldOnceWithAllTheyShowed(t *testing.T) {
	text := findingsOf(t, outbreak(1))
	require.Contains(t, text, "F1   proof · foreign marker · GET /p0, response body · shared cache\n")
	require.Contains(t, text, "c07 was shown c03's e-mail address, full name and phone number\n")
	require.Contains(t, text, "and 2 more pairs: c03→c01 and c03→a passer-by\n")
	require.Contains(t, text, "dd#email · dd#name · dd#phone\n")
	require.Contains(t, text, "F1 F2 F3 F4 F5 F6 and 3 more; seen 18 times, first 1.5 s into the run\n")
	require.Equal(t, 1, strings.Count(text, "evidence of GET /p0"))
}

func TestKindsThatOnlyOthersWereShownAreNotLost(t *testing.T) {
	r := outbreak(1)
	r.Findings = append(r.Findings[1:4:4], r.Findings[9:]...) // c07: name, phone; c01: e-mail
	require.Contains(t, findingsOf(t, r), "and 1 more pair (also e-mail address): c03→c01\n")
}

func TestAWayTakesNoMoreThanTenLines(t *testing.T) {
	for name, r := range map[string]harness.Result{"leak": leaking(), "outbreak": outbreak(9), "crowd": crowd()} {
		for _, block := range strings.Split(findingsOf(t, r), "\n\n") {
			require.LessOrEqual(t, strings.Count(block, "\n")+1, 10, "%s: %s", name, block)
		}
	}
}

func TestASecondCauseIsToldBeforeTheManyPlacesOfTheFirst(t *testing.T) {
	blocks := strings.Split(findingsOf(t, outbreak(9)), "\n\n")
	require.Contains(t, blocks[0], "GET /p0")
	require.Contains(t, blocks[1], "GET /last")
	require.Contains(t, blocks[5], "and 4 more ways it leaks (36 findings), in report.html")
}

func TestASuspicionIsToldAfterEveryProof(t *testing.T) {
	r := outbreak(3)
	r.Findings = append(findings()[5:], r.Findings...)
	blocks := strings.Split(findingsOf(t, r), "\n\n")
	require.Contains(t, blocks[len(blocks)-2], "suspicion")
}

func TestEvidenceThatWasSaidIsNotSaidAgain(t *testing.T) {
	r := outbreak(2)
	for i := range r.Findings {
		r.Findings[i].Evidence = []string{"one cookie for all"}
	}
	text := findingsOf(t, r)
	require.Equal(t, 1, strings.Count(text, "one cookie for all"))
	require.Equal(t, 2, strings.Count(text, "why      as for F1\n"))
}

func TestTheCommandStandsOnceAndCanBeCopied(t *testing.T) {
	r := outbreak(2)
	command := "crosstalk run checkout --target http://127.0.0.1:38217 --seed 1069339462 --customers 4 --parallel 4 --for 45s --fail-fast"
	for i := range r.Findings {
		r.Findings[i].Reproduce = command
	}
	text := render(t, "text", r, nil)
	require.Equal(t, 1, strings.Count(text, "--seed 1069339462"))
	_, said, _ := strings.Cut(text, "See it again:\n")
	said, _, _ = strings.Cut(said, "\n\n")
	require.Equal(t, strings.Count(said, "\n"), strings.Count(said, " \\\n"), "a shell reads on after each line but the last")
	require.Equal(t, command, strings.Join(strings.Fields(strings.ReplaceAll(said, "\\\n", " ")), " "))
}

func TestNamesAreWholeOrNotThere(t *testing.T) {
	r := leaking()
	r.People[2].Name, r.People[6].Name = "Heidrun Rößler-Jäbeirkheim-Goodwin-Fenearstead", "Maximiliana-Friederike Vogt"
	text := render(t, "text", r, nil)
	require.Regexp(t, "\n  c03 Heidrun → c07 +2 findings: F1 F2\n", text)
	require.NotContains(t, text, "…Vogt")
}

func TestARunCutShortByItsProofDoesNotCountWhatItNeverHad(t *testing.T) {
	r := leaking()
	r.Coverage, r.Exposures, r.Bound, r.PairsMet = nil, 0, 0, 0
	for _, format := range []string{"text", "markdown", "html"} {
		text := render(t, format, r, nil)
		require.Contains(t, text, "The run ended with its proof, before own places were established", format)
		require.NotContains(t, text, "0 exposures", format)
		require.NotContains(t, text, "0 ordered pairs", format)
		require.NotContains(t, text, "could not have been seen", format)
	}
}

func TestNoReportShowsPartsOfASecondInItsTimeStamp(t *testing.T) {
	r := leaking()
	r.Started = "2026-11-22T10:51:00.123456789Z"
	for _, format := range []string{"text", "markdown", "html", "junit", "json"} {
		text := render(t, format, r, nil)
		require.Contains(t, text, "2026-11-22T10:51:00Z", format)
		require.NotContains(t, text, "00.123", format)
	}
}

func TestTimesAreRoundedAsAPersonSaysThem(t *testing.T) {
	for ms, want := range map[int64]string{999: "999 ms", 9949: "9.9 s", 9951: "10 s", 43_600: "44 s", 59_700: "1 min 0 s", 3_599_900: "1 h 0 min"} {
		r := isolated()
		r.Duration = ms
		require.Contains(t, render(t, "text", r, nil), "  took       "+want+"\n")
	}
}

func TestTextOfACrowdStaysReadable(t *testing.T) {
	text := render(t, "text", crowd(), nil)
	require.Less(t, strings.Count(text, "\n"), 130)
}
