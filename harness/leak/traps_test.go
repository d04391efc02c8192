package leak_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/leak"
)

func TestOfTheInnocentNothingIsProvedAndOfTheGuiltySomethingFound(t *testing.T) {
	readme, err := os.ReadFile("testdata/README.md")
	require.NoError(t, err)
	_, table, ok := strings.Cut(string(readme), "|---|---|---|\n")
	require.True(t, ok)
	rows := 0
	for _, row := range strings.Split(table, "\n") {
		cells := strings.Split(row, "|")
		if len(cells) != 5 {
			break
		}
		rows++
		trap, innocent, guilty := strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2]), strings.TrimSpace(cells[3])
		t.Run(trap, func(t *testing.T) {
			require.NotEqual(t, leak.Leak, judgeFile(t, innocent).Verdict, innocent)
			require.NotEmpty(t, judgeFile(t, guilty).Findings, guilty)
		})
	}
	require.Greater(t, rows, 20)
}

func judgeFile(t *testing.T, name string) leak.Judgement {
	source, err := os.ReadFile("testdata/" + name + ".txt")
	require.NoError(t, err)
	given, _, _ := strings.Cut(string(source), wantMark)
	return judge(t, readTranscript(t, given), nil)
}

// Innocents of which a suspicion may stay open, each for a reason.
func suspicious() map[string]string {
	return map[string]string{
		"decoy-remembered":        "residue in a client is worth a look",
		"surface-storage-residue": "likewise",
		"masked-cookie-own":       "likewise",
		"swap-back-before":        "likewise",
		"swap-signed-in-wrong":    "likewise",
		"shop-masked-reviews":     "a lone mask that fits one customer of all is too",
		"key-thing":               "what differed for everybody in solo and is then the same for two is worth a look",
	}
}

func TestOnlyInnocentsWithAReasonStaySuspicious(t *testing.T) {
	readme, err := os.ReadFile("testdata/README.md")
	require.NoError(t, err)
	_, table, _ := strings.Cut(string(readme), "|---|---|---|\n")
	for _, row := range strings.Split(table, "\n") {
		if cells := strings.Split(row, "|"); len(cells) == 5 {
			innocent := strings.TrimSpace(cells[2])
			found := judgeFile(t, innocent).Findings
			require.Equal(t, suspicious()[innocent] == "", len(found) == 0, "%s: %d findings", innocent, len(found))
		}
	}
}
