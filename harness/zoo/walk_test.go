package zoo

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnInterruptedCaseLeavesNoFolderUnlessOneWasAskedFor(t *testing.T) {
	for name, kept := range map[string]bool{"temporary": false, "asked for": true} {
		t.Run(name, func(t *testing.T) {
			temporary, c := t.TempDir(), chosen("", "edge-cache/plain")
			t.Setenv("TMPDIR", temporary)
			if kept {
				c.Out = t.TempDir()
			}
			ctx, cancel := context.WithCancel(t.Context())
			report, err := run(ctx, c, func(ctx context.Context, z *zoo, c Case) (Row, error) {
				cancel()
				return z.walk(ctx, c)
			})
			require.NoError(t, err)
			assert.Empty(t, report.Rows)
			left, err := os.ReadDir(temporary)
			require.NoError(t, err)
			assert.Empty(t, left)
			if kept {
				assert.DirExists(t, filepath.Join(c.Out, "edge-cache-plain-at-1"))
			}
		})
	}
}

func TestEachAttemptAtACaseHasAFolderOfItsOwn(t *testing.T) {
	z := &zoo{out: filepath.Join(t.TempDir(), "runs")}
	for _, want := range []string{"edge-cache-plain-at-0.1", "edge-cache-plain-at-0.1-2", "edge-cache-plain-at-0.1-3"} {
		folder, err := z.caseFolder(Case{Kind: KindFault, Name: "edge-cache", Variant: "plain", Rate: 0.1})
		require.NoError(t, err)
		assert.Equal(t, filepath.Join(z.out, want), folder)
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		assert.Empty(t, left, "nothing is remembered there")
	}
}
