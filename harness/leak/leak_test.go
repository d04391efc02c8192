package leak_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/leak"
)

var update = flag.Bool("update", false, "rewrite the wanted half of the transcripts")

const wantMark = "-- want --\n"

func TestTranscriptsAreJudgedAsAPersonWould(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			given, want, _ := strings.Cut(string(source), wantMark)
			tr := readTranscript(t, given)
			got := render(judge(t, tr, nil))
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(given+wantMark+got), 0o600))
				return
			}
			require.Equal(t, want, got)
		})
	}
}

func judge(t testing.TB, tr *transcript, order []int) leak.Judgement {
	j, err := leak.Judge(context.Background(), tr.memory(order), &tr.scenario)
	require.NoError(t, err)
	return j
}

// render is what a reader of a transcript judges.
func render(j leak.Judgement) string {
	var b strings.Builder
	fmt.Fprintln(&b, j.Verdict)
	for _, r := range j.Reasons {
		fmt.Fprintf(&b, "because %s\n", r.Text)
	}
	for _, c := range j.Coverage {
		fmt.Fprintf(&b, "own place %s %s: own %d/%d, pairs %d, exposures %d, shows %s\n",
			c.Surface, c.Place, c.OwnVisits, c.Visits, c.Pairs, c.Exposures, strings.Join(c.Kinds, " "))
	}
	for _, f := range j.Findings {
		fmt.Fprintf(&b, "%s %s (%s): %s saw %s's %s, %s %s %s, %s x%d, %s\n", f.ID, f.Rule, f.Strength, f.Viewer, cmp.Or(f.Victim, "somebody unknown"), f.Kind, f.Surface, f.Place, f.Where, f.Schedule, f.Count, f.Cause)
		fmt.Fprintf(&b, "   %q\n", f.Snippet)
		for _, e := range f.Evidence {
			fmt.Fprintf(&b, "   - %s\n", e)
		}
	}
	for _, l := range j.Lost {
		fmt.Fprintf(&b, "lost: %s\n", l)
	}
	for _, a := range j.AllowancesUnused {
		fmt.Fprintf(&b, "unused allowance %s\n", a)
	}
	return b.String()
}
