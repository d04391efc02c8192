package zoo

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/leak"
	"crosstalk/scenarios/demoshop"
)

var update = flag.Bool("update", false, "rewrite the tables in testdata")

// sample is a report with a row of every kind.
func sample() Report {
	fault := func(name string, class int, v demoshop.Variant, rate float64) Case {
		return Case{KindFault, name, class, v, rate}
	}
	right := func(c Case) Row {
		return Row{
			Case: c, Verdict: leak.Leak, Found: true, Expected: true, RuleRight: true, SurfaceRight: true, CauseRight: true,
			Exposures: 3, AllExposures: 41, Chances: Chances{4, 4}, AllChances: Chances{9, 9}, Schedule: "relay", Proven: 21_400, Duration: 39_000,
			ScheduleRight: true, FirstCauseRight: true, Projected: 27, Needed: 1 / c.Rate,
		}
	}
	wrong := right(fault(demoshop.PrefilledCheckout, 2, demoshop.Encoded, 1))
	wrong.ScheduleRight, wrong.Schedule, wrong.Proven = false, "solo", 9_400
	wrong.CauseRight, wrong.FirstCauseRight, wrong.Why, wrong.Folder = false, false, "cause race, not shared cache", "crosstalk-runs/zoo/prefilled-checkout-encoded-at-1/20260101T000000Z-abcd"
	impure := right(fault(demoshop.EdgeCache, 1, demoshop.Masked, 1))
	impure.Expected, impure.Impure = false, []string{"foreign marker, email, on page at GET /account: c04 was shown c02's e-mail address"}
	impure.Why = "impure, 1 plain proof: " + impure.Impure[0] + "\x1b[2J"
	missed := Row{Case: fault(demoshop.ColdStart, 24, demoshop.Token, 0.01), AllExposures: 2_113, Chances: Chances{171, 2}, AllChances: Chances{171, 2}, Projected: 171, Duration: 120_000,
		Verdict: leak.Inconclusive, Why: "it struck 2 times in 171 opportunities, and nobody saw it; its run came to no verdict: no round was walked"}
	struckLate := right(fault(demoshop.EdgeCache, 1, demoshop.Plain, 0.01))
	struckLate.Exposures, struckLate.AllExposures, struckLate.Chances, struckLate.AllChances, struckLate.Projected = 143, 1_702, Chances{163, 2}, Chances{180, 2}, 190
	struckLate.FirstCauseRight = false
	alarmed := Row{Case: fault(demoshop.KeptDraft, 23, demoshop.Plain, 0.01), AllExposures: 1_900, Chances: Chances{12, 0}, AllChances: Chances{12, 0}, Projected: 12, Duration: 120_000,
		Verdict: leak.Leak, Alarms: []string{"own place"}, Why: "false alarm, it had not struck: own place"}
	soon := right(fault(demoshop.FragmentCache, 3, demoshop.Plain, 0.01)) // 80 in half a minute: a run that missed it would have had more than enough
	soon.Chances, soon.AllChances, soon.Projected, soon.Exposures = Chances{75, 1}, Chances{80, 1}, 320, 70
	r := Report{Schema: Schema, Settings: Settings{For: DefaultFor, Customers: DefaultCustomers, Seed: 42}}
	for _, row := range []Row{
		{Case: Case{Kind: KindDecoy, Name: demoshop.Reviews, Class: 1}, Verdict: leak.Isolated, Expected: true, Served: 310, AllExposures: 812, Duration: 93_000},
		{Case: Case{Kind: KindDecoy, Name: demoshop.Namesakes, Class: 2}, Verdict: leak.Inconclusive, Expected: true, Served: 92, AllExposures: 790, Duration: 93_000,
			Suspicions: []string{"own place, nobody's value, name, on page at GET /account"}},
		{Case: Case{Kind: KindDecoy, Name: demoshop.OrderQueue, Class: 4}, Verdict: leak.Inconclusive, Open: true, Served: 9, AllExposures: 12, Duration: 93_000,
			Why: "nobody knows whether it is silent; its run came to no verdict: no round was walked"},
		{Case: Case{Kind: KindDecoy, Name: demoshop.Noise, Class: 5}, Verdict: leak.Leak, Served: 12_345, AllExposures: 804, Duration: 93_000, Alarms: []string{"shared token"}, Why: "false alarm, shared token"},
		{Case: fault(demoshop.EdgeCache, 1, demoshop.Token, 0), Verdict: leak.Isolated, Expected: true, AllExposures: 640, Duration: 93_000},
		{Case: fault(demoshop.WrongRoom, 19, demoshop.Token, 0), Verdict: leak.Inconclusive, Open: true, Duration: 93_000, Why: "nobody was exposed to anything"},
		struckLate, missed, alarmed, soon, wrong, impure, right(fault(demoshop.EdgeCache, 1, demoshop.Plain, 1)),
		{Case: fault(demoshop.ReusedMailer, 21, demoshop.Plain, 1), Error: "no browser", Why: "the run broke: no browser", Duration: 2_000},
	} {
		r.add(row)
	}
	return r
}

func TestTheTableIsReadAtEightyColumnsAndAtMore(t *testing.T) {
	for file, width := range map[string]int{"table-80.txt": 80, "table-120.txt": 120} {
		var b strings.Builder
		require.NoError(t, sample().Table(&b, width))
		for line := range strings.Lines(b.String()) {
			if words := strings.Fields(line); len(words) > 1 {
				assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), width, line)
			}
		}
		assert.NotContains(t, b.String(), "\x1b", "nothing of a shop's moves the cursor")
		path := filepath.Join("testdata", file)
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, string(want), b.String(), "-update rewrites it")
	}
}

func TestTheSumCountsClassesByAllTheirCases(t *testing.T) {
	r := sample()
	assert.Equal(t, "1/3 classes, 2/4 decoys silent, cause right 1/3", r.Sum.Last, "one impure, one broken; of the causes one wrong, one missing")
	assert.False(t, r.Sum.OK)
	top, low := r.Sum.Rates[0], r.Sum.Rates[1]
	assert.Equal(t, []Share{{2, 3}, {3, 4}, {1, 3}, {3, 3}, {3, 3}, {2, 3}, {1, 3}}, []Share{top.Classes, top.Cases, top.Expected, top.RuleRight, top.SurfaceRight, top.CauseRight, top.CauseClasses})
	assert.Equal(t, []Share{{2, 3}, {2, 3}}, []Share{top.FirstCauseRight, top.ScheduleRight})
	assert.Equal(t, []int{1, 1}, []int{top.Impure, top.Broken})
	assert.Equal(t, 160, low.Opportunities)
	assert.Equal(t, []Share{{2, 4}, {2, 4}, {2, 3}, {2, 3}}, []Share{low.Classes, low.Cases, low.LikelyClasses, low.LikelyCases}, "one that was found early would have had enough; one that had too few in all its time had not")
	assert.Equal(t, []Share{{1, 2}, {2, 2}}, []Share{low.FirstCauseRight, low.CauseRight})
	assert.Equal(t, 1, low.FalseAlarms)
	assert.Equal(t, Needed{Exposures: (70 + 143) / 2.0, Opportunities: (75 + 163) / 2.0, Expected: 100}, low.Needed)
	none := r.Sum.Rates[2]
	assert.Equal(t, []Share{{1, 2}, {1, 2}, {0, 2}}, []Share{none.Expected, none.Silent, none.Cases})
	assert.Equal(t, []int{1, 0}, []int{none.Open, none.Undecided})
	assert.Equal(t, DecoySum{Silent: Share{2, 4}, Alarms: 1, Suspicions: 1, Open: 1}, r.Sum.Decoys)
}

func TestAZooIsRightWithoutTheRatesThatAreLeftToChance(t *testing.T) {
	var r Report
	r.sum()
	assert.False(t, r.Sum.OK, "of nothing nothing is right")
	assert.Equal(t, "nothing was run", r.Sum.Last)
	r = sample()
	r.Rows = slices.DeleteFunc(r.faults(0.01), func(row Row) bool { return len(row.Alarms) > 0 })
	r.add(Row{Case: Case{KindFault, demoshop.EdgeCache, 1, demoshop.Plain, 1}, Found: true, Expected: true})
	assert.True(t, r.Sum.OK, "a fault that strikes once in a hundred may be missed: %s", r.Sum.Last)
	r.add(Row{Case: Case{KindFault, demoshop.EdgeCache, 1, demoshop.Masked, 0.1}, Error: "no browser"})
	assert.False(t, r.Sum.OK, "but not one that broke")

	r = sample()
	r.Rows = r.faults(0)
	r.sum()
	assert.Equal(t, "1/2 classes silent at rate 0", r.Sum.Last)
	assert.False(t, r.Sum.OK)
	r.Rows = r.Rows[:1]
	r.sum()
	assert.True(t, r.Sum.OK, "a fault that never strikes is silent")
	r.add(Row{Case: Case{KindFault, demoshop.EdgeCache, 1, demoshop.Plain, 1}, Found: true, Expected: true})
	assert.True(t, r.Sum.OK, "beside one that was found, too")
	r.add(Row{Case: Case{KindFault, demoshop.EdgeCache, 1, demoshop.Plain, 0}, Open: true})
	assert.False(t, r.Sum.OK, "but of this one nobody knows")
}
