package zoo

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
	"crosstalk/harness/match"
	"crosstalk/scenarios/demoshop"
)

// found is a finding as tests need it.
func found(rule, strength, cause string, surface history.Surface) leak.Finding {
	return leak.Finding{
		Rule: rule, Strength: strength, Cause: cause, Surface: surface, Kind: "email", Place: "GET /account",
		Schedule: history.PhaseRelay, FirstSeen: 7000, Evidence: []string{"c02 was shown c01's e-mail address"},
	}
}

func maskedSight() Sight {
	return Sight{[]string{leak.RuleMasked}, []history.Surface{history.SurfaceResponse}, leak.Proof}
}

// maskedly is what is expected of a fault whose masks are kept in a cache.
func maskedly() Expectation {
	return Expectation{Cause: leak.CauseSharedCache, Schedules: []string{history.PhaseBurst, history.PhaseRelay}, Sights: map[demoshop.Variant]Sight{demoshop.Masked: maskedSight()}}
}

func TestARunGoesOnUntilTheExpectedProofHasItsCause(t *testing.T) {
	sight := Sight{Rules: []string{leak.RuleMasked}, Surfaces: []history.Surface{history.SurfaceMail}}
	f := func(rule, cause string, on history.Surface) leak.Finding {
		return leak.Finding{Rule: rule, Strength: leak.Proof, Cause: cause, Surface: on}
	}
	right := f(leak.RuleMasked, leak.CauseRace, history.SurfaceMail)
	for name, c := range map[string]struct {
		all  []leak.Finding
		told bool
	}{
		"nothing":             {nil, false},
		"the proof":           {[]leak.Finding{right}, true},
		"no cause yet":        {[]leak.Finding{f(leak.RuleMasked, leak.CauseUnknown, history.SurfaceMail)}, false},
		"a later one has it":  {[]leak.Finding{f(leak.RuleMasked, leak.CauseUnknown, history.SurfaceMail), right}, false},
		"another surface":     {[]leak.Finding{f(leak.RuleMasked, leak.CauseRace, history.SurfacePage)}, false},
		"another rule before": {[]leak.Finding{f(leak.RuleOwnPlace, leak.CauseUnknown, history.SurfaceMail), right}, true},
	} {
		assert.Equal(t, c.told, sight.told(c.all, leak.CauseRace), name)
	}
}

func TestARowIsAboutTheFirstFindingThatItsSightPromises(t *testing.T) {
	plainly := found(leak.RuleForeignMarker, leak.Proof, leak.CauseRace, history.SurfacePage)
	suspected := found(leak.RuleMasked, leak.Suspicion, leak.CauseSharedCache, history.SurfaceResponse)
	masked := found(leak.RuleMasked, leak.Proof, leak.CauseSharedCache, history.SurfaceResponse)
	elsewhere := found(leak.RuleMasked, leak.Proof, leak.CauseUnknown, history.SurfacePage)
	for name, c := range map[string]struct {
		all                               []leak.Finding
		found, rule, surface, cause, all4 bool
		why                               string
	}{
		"the expected proof":                                      {[]leak.Finding{suspected, masked}, true, true, true, true, true, ""},
		"a suspicion where a proof can be had":                    {[]leak.Finding{suspected}, false, false, false, false, false, "it struck 2 times in 3 opportunities, and nobody saw it"},
		"another rule alone":                                      {[]leak.Finding{plainly}, true, false, false, false, false, `by the rule "foreign marker", not masked marker; on page, not response; cause race, not shared cache; impure, 1 plain proof: foreign marker, email, on page at GET /account: c02 was shown c01's e-mail address`},
		"another rule before the expected one":                    {[]leak.Finding{plainly, masked}, true, true, true, true, false, "impure, 1 plain proof: foreign marker, email, on page at GET /account: c02 was shown c01's e-mail address"},
		"the expected rule elsewhere, the cause unknown":          {[]leak.Finding{elsewhere}, true, true, false, false, false, "on page, not response; cause unknown, not shared cache"},
		"the expected rule elsewhere before where it is expected": {[]leak.Finding{elsewhere, masked}, true, true, true, true, true, ""},
		"nothing": {nil, false, false, false, false, false, "it struck 2 times in 3 opportunities, and nobody saw it"},
	} {
		t.Run(name, func(t *testing.T) {
			r := Row{Case: Case{Kind: KindFault, Variant: demoshop.Masked, Rate: 1}, AllChances: Chances{3, 2}}
			r.judge(maskedly(), c.all, "")
			r.mute()
			assert.Equal(t, []bool{c.found, c.rule, c.surface, c.cause, c.all4}, []bool{r.Found, r.RuleRight, r.SurfaceRight, r.CauseRight, r.Expected})
			assert.Equal(t, c.why, r.Why)
		})
	}
}

func TestASuspicionIsFoundWhereNoMoreCanBeKnown(t *testing.T) {
	sight := Sight{[]string{leak.RuleVariant}, []history.Surface{history.SurfacePage}, leak.Suspicion}
	r := Row{Case: Case{Kind: KindFault, Variant: demoshop.Plain, Rate: 1}, AllChances: Chances{3, 2}}
	r.judge(Expectation{Cause: leak.CauseSharedCache, Sights: map[demoshop.Variant]Sight{demoshop.Plain: sight}}, []leak.Finding{
		found(leak.RuleNobodys, leak.Suspicion, leak.CauseUnknown, history.SurfacePage),
		found(leak.RuleVariant, leak.Suspicion, leak.CauseSharedCache, history.SurfacePage),
	}, "")
	assert.True(t, r.Expected && r.CauseRight, "%+v", r)
}

func TestAFindingIsPromisedByItsRuleStrengthAndSurfaceWhateverItsCause(t *testing.T) {
	s := maskedSight()
	assert.True(t, s.promised(found(leak.RuleMasked, leak.Proof, leak.CauseUnknown, history.SurfaceResponse)), "whatever its cause")
	assert.False(t, s.promised(found(leak.RuleMasked, leak.Suspicion, "", history.SurfaceResponse)))
	assert.False(t, s.promised(found(leak.RuleMasked, leak.Proof, "", history.SurfacePage)))
	assert.False(t, s.promised(found(leak.RuleForeignMarker, leak.Proof, "", history.SurfaceResponse)))
}

func TestPlainWordsAreImpureInEveryVariantButPlain(t *testing.T) {
	words := found(leak.RuleForeignMarker, leak.Proof, "", history.SurfacePage)
	encoded, within, token, suspicion := words, words, words, words
	encoded.Decoded = []string{"base64"}
	within.Where = "$.passport›$.z"
	token.Kind = "token"
	suspicion.Strength = leak.Suspicion
	all := []leak.Finding{encoded, within, token, suspicion}
	for _, v := range demoshop.Variants() {
		assert.Empty(t, impure(v, all), "%s: neither what was decoded, nor keys, nor suspicions", v)
		if v != demoshop.Plain {
			assert.Len(t, impure(v, append(all, words)), 1, v)
		}
	}
	assert.Empty(t, impure(demoshop.Plain, append(all, words)))
}

func TestAWordIsPlainUnlessAPersonCouldNotReadIt(t *testing.T) {
	for step, want := range map[string]bool{
		match.DecodedPDF: true, match.DecodedZip: true, match.DecodedQuoted: true, match.DecodedFold: true, match.DecodedEntity: true, match.DecodedGzip: true,
		match.DecodedBase64: false, match.DecodedJWT: false, match.DecodedHex: false, match.DecodedCFEmail: false,
		match.DecodedMD5: false, match.DecodedSHA1: false, match.DecodedSHA256: false, match.DecodedMasked: false,
	} {
		words := found(leak.RuleForeignMarker, leak.Proof, "", history.SurfaceDownload)
		words.Decoded = []string{match.DecodedFold, step}
		assert.Equal(t, want, plain(words), step)
	}
}

func TestANumberInADocumentBesideWordsThatHadToBeDecodedIsNotPlain(t *testing.T) {
	word := found(leak.RuleForeignMarker, leak.Proof, "", history.SurfaceResponse)
	word.Where, word.Exchange, word.Decoded = "$.pass.name", "s0001.2", []string{match.DecodedPDF, match.DecodedBase64}
	number := found(leak.RuleOwnPlace, leak.Proof, "", history.SurfaceResponse)
	number.Where, number.Exchange = "$.pass.postcode", "s0001.2"
	assert.Empty(t, impure(demoshop.Encoded, []leak.Finding{word, number}))
	for name, change := range map[string]func(*leak.Finding){
		"in another object":   func(f *leak.Finding) { f.Where = "$.address.postcode" },
		"in another exchange": func(f *leak.Finding) { f.Exchange = "s0001.3" },
		"of somebody else":    func(f *leak.Finding) { f.Victim = "c09" },
		"in plain text":       func(f *leak.Finding) { f.Where = "main>p" },
	} {
		other := number
		change(&other)
		assert.Len(t, impure(demoshop.Encoded, []leak.Finding{word, other}), 1, name)
	}
	for name, c := range map[string]struct {
		change func(*leak.Finding)
		plain  int
	}{
		"beside a word that is encoded in a plain answer": {func(g *leak.Finding) { g.Decoded = []string{match.DecodedBase64} }, 1},
		"beside a word that stands plain in a document":   {func(g *leak.Finding) { g.Decoded = []string{match.DecodedPDF} }, 2},
		"beside a word that is as plain":                  {func(g *leak.Finding) { g.Decoded, g.Where = nil, "$.pass›$.name" }, 1},
	} {
		beside := word
		c.change(&beside)
		assert.Len(t, impure(demoshop.Encoded, []leak.Finding{beside, number}), c.plain, name)
	}
	number.Exchange, word.Exchange = "", ""
	assert.Len(t, impure(demoshop.Encoded, []leak.Finding{word, number}), 1, "of two messages that came by no exchange nobody knows that they are one")
	number.Exchange, word.Exchange, word.Decoded[0] = "s0001.2", "s0001.2", match.DecodedZip
	assert.Empty(t, impure(demoshop.Encoded, []leak.Finding{word, number}), "an archive")
}

func TestWhatAFaultCannotHaveDoneIsAFalseAlarm(t *testing.T) {
	first := found(leak.RuleMasked, leak.Proof, leak.CauseSharedCache, history.SurfaceResponse)
	later, suspicion := first, found(leak.RuleNobodys, leak.Suspicion, "", history.SurfacePage)
	first.ID, later.ID, suspicion.ID = "F1", "F2", "F3"
	all := []leak.Finding{first, later, suspicion}
	for name, c := range map[string]struct {
		strikes                 int
		early                   []string
		found, expected         bool
		id                      string
		alarms, suspicions      int
		mark, why, besides, row string
	}{
		"it struck before":      {2, nil, true, true, "F1", 0, 0, "✓", "", "", ": found after 0:07 by relay, cause right"},
		"it never struck":       {0, nil, false, false, "", 2, 1, "alarm", "false alarm, it had not struck: masked marker, email, on response at GET /account: c02 was shown c01's e-mail address", "; false alarms before the fault struck: 1 case", ": not found: false alarm, it had not struck"},
		"it struck between":     {1, []string{"F1", "F3"}, true, false, "F2", 1, 0, "✓ !", "false alarm, before it first struck: masked marker, email, on response at GET /account: c02 was shown c01's e-mail address", "; false alarms before the fault struck: 1 case", ": found after 0:07 by relay, but false alarm"},
		"it struck behind both": {1, []string{"F1", "F2"}, false, false, "", 2, 0, "alarm", "false alarm, it had not struck: masked marker, email, on response at GET /account: c02 was shown c01's e-mail address", "; false alarms before the fault struck: 1 case", ": not found: false alarm, it had not struck"},
	} {
		t.Run(name, func(t *testing.T) {
			r := Row{Case: Case{KindFault, demoshop.EdgeCache, 1, demoshop.Masked, 1}, AllChances: Chances{3, c.strikes}}
			own := r.disown(all, func(f leak.Finding) bool { return slices.Contains(c.early, f.ID) })
			r.judge(maskedly(), own, "")
			r.mute()
			assert.Equal(t, []bool{c.found, c.expected}, []bool{r.Found, r.Expected})
			assert.Equal(t, []int{c.alarms, c.suspicions}, []int{len(r.Alarms), len(r.Suspicions)})
			assert.Equal(t, []string{c.mark, c.why}, []string{foundMark(r), r.Why})
			assert.Contains(t, r.line(), c.row)
			if c.found {
				assert.Equal(t, c.id, r.Finding.ID)
			}
			var report Report
			report.add(r)
			assert.Equal(t, c.expected, report.Sum.OK, "and the exit code is that")
			assert.Equal(t, c.besides, report.Sum.Rates[0].besides())
			low := r
			low.Rate = 0.01
			report.Rows = nil
			report.add(Row{Case: Case{KindFault, demoshop.EdgeCache, 1, demoshop.Masked, 1}, Found: true, Expected: true})
			report.add(low)
			assert.Equal(t, len(r.Alarms) == 0, report.Sum.OK, "at a rate at which much may be missed, too")
		})
	}
}

func TestARowRemembersTheCauseThatTheProofHadFirst(t *testing.T) {
	unsure, right := found(leak.RuleMasked, leak.Proof, leak.CauseRace, history.SurfaceResponse), found(leak.RuleMasked, leak.Proof, leak.CauseSharedCache, history.SurfaceResponse)
	elsewhere := found(leak.RuleMasked, leak.Proof, leak.CauseUnknown, history.SurfacePage)
	judged := [][]leak.Finding{nil, {elsewhere}, {unsure}, {right}}
	for whole, ends := range map[bool][]bool{false: {false, false, false, true}, true: {false, false, false, false}} {
		e := ending{sight: maskedSight(), cause: leak.CauseSharedCache, whole: whole}
		var said []bool
		for _, all := range judged {
			said = append(said, e.enough(all))
		}
		assert.Equal(t, ends, said, "whole: %v", whole)
		assert.Equal(t, !whole, e.came)
		r := Row{Case: Case{KindFault, demoshop.EdgeCache, 1, demoshop.Masked, 1}, AllChances: Chances{3, 2}}
		r.judge(maskedly(), []leak.Finding{right}, e.first)
		assert.Equal(t, leak.CauseRace, r.FirstCause)
		assert.True(t, !r.FirstCauseRight && r.CauseRight && r.Expected, "%+v", r)
	}
	r := Row{Case: Case{KindFault, demoshop.EdgeCache, 1, demoshop.Masked, 1}, AllChances: Chances{3, 2}}
	r.judge(maskedly(), []leak.Finding{right}, "")
	assert.True(t, r.FirstCauseRight, "what was found by the judge at the end alone has one cause")
}

func TestTheScheduleThatShowedItIsMarkedAndCountsForNothing(t *testing.T) {
	for schedule, right := range map[string]bool{history.PhaseRelay: true, history.PhaseSolo: false} {
		f := found(leak.RuleMasked, leak.Proof, leak.CauseSharedCache, history.SurfaceResponse)
		f.Schedule = schedule
		r := Row{Case: Case{KindFault, demoshop.EdgeCache, 1, demoshop.Masked, 1}, AllChances: Chances{3, 2}}
		r.judge(maskedly(), []leak.Finding{f}, "")
		assert.Equal(t, right, r.ScheduleRight)
		assert.True(t, r.Expected)
		assert.Equal(t, map[bool]string{true: "relay", false: "solo≠"}[right], by(r))
	}
}

func TestARunThatWasEndedAtItsProofIsCountedWithTheTimeItWasGiven(t *testing.T) {
	for name, c := range map[string]struct {
		walked int64
		ended  bool
		want   int
	}{
		"ended after a half":              {60_000, true, 160},
		"walked to its end":               {60_000, false, 80},
		"ended when it was over anyhow":   {121_000, true, 80},
		"ended before anything was timed": {0, true, 80},
	} {
		r := Row{AllChances: Chances{Opportunities: 80}}
		r.project(c.walked, 2*time.Minute, c.ended)
		assert.Equal(t, c.want, r.Projected, name)
		assert.Equal(t, c.walked, r.Walked, name)
	}
}

func TestAFaultThatWasNotFoundSaysWhy(t *testing.T) {
	tired, rest := []string{"no round was walked"}, []string{"give the run more time (--for)"}
	for _, c := range []struct {
		row  Row
		want string
	}{
		{Row{}, "it had no opportunity to strike"},
		{Row{Verdict: leak.Inconclusive, Reasons: tired}, "it had no opportunity to strike; its run came to no verdict: no round was walked"},
		{Row{AllChances: Chances{1, 0}}, "it had 1 opportunity and took none"},
		{Row{AllChances: Chances{2, 0}, Verdict: leak.Inconclusive, Reasons: tired, Remedies: rest}, "it had 2 opportunities and took none; its run came to no verdict: no round was walked; give the run more time (--for)"},
		{Row{AllChances: Chances{5, 1}, Verdict: leak.Isolated, Reasons: tired}, "it struck 1 time in 5 opportunities, and nobody saw it"},
		{Row{AllChances: Chances{5, 2}, Verdict: leak.Inconclusive, Reasons: tired}, "it struck 2 times in 5 opportunities, and nobody saw it; its run came to no verdict: no round was walked"},
	} {
		c.row.mute()
		assert.Equal(t, c.want, c.row.Why)
	}
}

func TestADecoyIsSilentWhereItWasServedAndNothingProvenAndTheRunSaysSo(t *testing.T) {
	suspicion, proof := found(leak.RuleNobodys, leak.Suspicion, "", history.SurfacePage), found(leak.RuleOwnPlace, leak.Proof, "", history.SurfacePage)
	tired, rest := []string{"no round was walked"}, []string{"give the run more time (--for)"}
	met := meeting{decided: true, served: 8, customers: 8}
	cut, never, hardly, lucky, allowed, alone := met, met, met, met, met, met
	cut.decided = false
	never.served, hardly.served = 0, 7
	lucky.served, lucky.customers = 5, 2
	alone.allowed, alone.unused = 1, []string{"email at GET /sign-in*"}
	allowed.allowed, allowed.unused = 2, alone.unused
	for name, c := range map[string]struct {
		result  harness.Result
		meeting meeting
		silent  bool
		open    bool
		why     string
	}{
		"silent":                          {harness.Result{Verdict: leak.Isolated, Exposures: 9}, met, true, false, ""},
		"suspected":                       {harness.Result{Verdict: leak.Inconclusive, Exposures: 9, Findings: []leak.Finding{suspicion}}, met, true, false, ""},
		"alarmed":                         {harness.Result{Verdict: leak.Leak, Exposures: 9, Findings: []leak.Finding{suspicion, proof}}, met, false, false, "false alarm, own place, another's value, email, on page at GET /account: c02 was shown c01's e-mail address"},
		"nothing happened":                {harness.Result{Verdict: leak.Isolated}, met, false, true, "nobody was exposed to anything"},
		"cut short":                       {harness.Result{Verdict: leak.Inconclusive, Exposures: 9, Reasons: tired, Remedies: rest}, cut, false, true, "nobody knows whether it is silent; its run came to no verdict: no round was walked; give the run more time (--for)"},
		"cut short, and nobody was there": {harness.Result{Verdict: leak.Inconclusive, Reasons: tired}, cut, false, true, "nobody was exposed to anything; its run came to no verdict: no round was walked"},
		"never served":                    {harness.Result{Verdict: leak.Isolated, Exposures: 9}, never, false, true, "the shop never gave it out, so nobody knows whether it is silent"},
		"served to a few":                 {harness.Result{Verdict: leak.Isolated, Exposures: 9}, hardly, false, true, "the shop gave it out 7 times, and 8 are needed to call it silent; give the run more time (--for)"},
		"served a handful of times":       {harness.Result{Verdict: leak.Isolated, Exposures: 9}, lucky, false, true, "the shop gave it out 5 times, and 6 are needed to call it silent; give the run more time (--for)"},
		"an allowance was used":           {harness.Result{Verdict: leak.Isolated, Exposures: 9}, allowed, true, false, ""},
		"no allowance was used":           {harness.Result{Verdict: leak.Isolated, Exposures: 9}, alone, false, true, "nobody was shown what it is allowed to show: email at GET /sign-in*"},
		"alarmed, and hardly served":      {harness.Result{Verdict: leak.Leak, Exposures: 9, Findings: []leak.Finding{proof}}, hardly, false, false, "false alarm, own place, another's value, email, on page at GET /account: c02 was shown c01's e-mail address"},
	} {
		t.Run(name, func(t *testing.T) {
			r := Row{Case: Case{Kind: KindDecoy, Name: "reviews"}, Verdict: c.result.Verdict, Reasons: c.result.Reasons, Remedies: c.result.Remedies}
			r.judgeDecoy(c.result, c.meeting)
			assert.Equal(t, c.meeting.served, r.Served)
			assert.Equal(t, []bool{c.silent, c.open}, []bool{r.Expected, r.Open})
			assert.Equal(t, c.why, r.Why)
			assert.Equal(t, len(c.result.Findings), len(r.Suspicions)+len(r.Alarms), "each is listed")
			assert.Equal(t, c.silent && len(r.Suspicions) == 0, r.clean(), "suspicions are for somebody to explain")
			assert.Equal(t, map[bool]string{true: "open", false: yes(c.silent)}[c.open], silentMark(r))
			var report Report
			report.add(r)
			assert.Equal(t, c.silent, report.Sum.OK, "and the exit code is that")

			idle := Row{Case: Case{KindFault, demoshop.EdgeCache, 1, demoshop.Plain, 0}, Verdict: r.Verdict, Reasons: r.Reasons, Remedies: r.Remedies}
			idle.judgeSilence(c.result, c.meeting.decided, "")
			assert.Equal(t, r.Alarms, idle.Alarms)
			assert.Equal(t, c.silent || c.meeting.missed() != "" && r.Open && c.meeting.decided, idle.Expected, "a fault that never strikes is one, too, that nobody need meet: %s", idle.Why)
			report.Rows = nil
			report.add(idle)
			assert.Equal(t, idle.Expected, report.Sum.OK, "%+v", report.Sum)
		})
	}
}

func TestASuspicionAloneLeavesNothingUndecided(t *testing.T) {
	open, missed := leak.Reason{Text: "suspicion F1 is open", Suspicion: "F1"}, leak.Reason{Text: "no round was walked"}
	for want, all := range map[bool][]leak.Judgement{
		true:  {{Verdict: leak.Isolated, Reasons: []leak.Reason{{Text: "nobody was shown anything"}}}, {Verdict: leak.Leak}, {Verdict: leak.Inconclusive, Reasons: []leak.Reason{open}}},
		false: {{Verdict: leak.Inconclusive}, {Verdict: leak.Inconclusive, Reasons: []leak.Reason{missed, open}}},
	} {
		for _, j := range all {
			assert.Equal(t, want, decided(j), "%+v", j)
		}
	}
}
