package leak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// found are the findings of one rule.
func found(j leak.Judgement, rule string) []leak.Finding {
	var all []leak.Finding
	for _, f := range j.Findings {
		if f.Rule == rule {
			all = append(all, f)
		}
	}
	return all
}

func TestAProfileThatAJourneyChangesStaysTheViewersOwn(t *testing.T) {
	const text = `customers 4
		solo each GET /account page header>a.me "Hi, {first}!"
		relay c02 GET /profile page h1 "Profile"
		walk
		relay c02 GET /account page header>a.me "Hi, Kettil!"`
	tr := readTranscript(t, text)
	require.Len(t, found(judge(t, tr, nil), leak.RuleNobodys), 1)
	for _, e := range tr.events {
		if e.Session != nil && e.Session.Customer == "c02" && e.Session.Phase == history.PhaseRelay {
			tr.add(history.Event{Step: &history.Step{
				Session: e.Session.ID, Part: "steps", Index: 1, Op: "fill", Text: `fill "First name" with "Kettil"`, Outcome: history.StepDone,
			}})
			break
		}
	}
	require.Empty(t, found(judge(t, tr, nil), leak.RuleNobodys), "the journey before wrote it")
}

func TestAClientThatSoloDidNotWalkMayAskForNoLanguage(t *testing.T) {
	const text = `customers 4
		solo each GET /products response <html lang="{locale}"></html>
		relay c02 GET /products response <html lang="{c01.locale}"></html>`
	tr := readTranscript(t, text)
	require.Len(t, found(judge(t, tr, nil), leak.RuleVariant), 1)
	for _, e := range tr.events {
		if e.Session != nil && e.Session.Phase == history.PhaseRelay {
			e.Session.Journey = "app"
		}
	}
	require.Empty(t, found(judge(t, tr, nil), leak.RuleVariant))
}

func TestAVariantOfSeveralCustomersNamesNoVictim(t *testing.T) {
	const text = `customers 6
		solo each GET /products response <html lang="{locale}"></html>
		relay c02 GET /products response <html lang="sv-SE"></html>`
	all := found(judge(t, readTranscript(t, text), nil), leak.RuleVariant)
	require.Len(t, all, 1)
	require.Empty(t, all[0].Victim, "c01 and c06 both speak Swedish")
	require.Contains(t, all[0].Evidence[0], "that of 2 other customers")
}
