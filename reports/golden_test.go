package reports_test

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness"
	"crosstalk/reports"
)

var (
	update = flag.Bool("update", false, "rewrite the golden files")
	show   = flag.String("show", "", "write every sample in every format to this folder, to be looked at")
)

// render writes a result in a format and hands back the text.
func render(t testing.TB, format string, r harness.Result, files fs.FS) string {
	t.Helper()
	f, err := reports.Named(format)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, f.Write(&b, r, files))
	return b.String()
}

func TestFormatsRenderTheSamplesAsTheirGoldensSay(t *testing.T) {
	for _, format := range []string{"json", "junit", "markdown", "text"} {
		for _, name := range []string{"leak", "isolated", "inconclusive", "suspicious", "interrupted", "narrowed", "hostile", "empty"} {
			t.Run(format+" "+name, func(t *testing.T) {
				compare(t, name, format, render(t, format, samples()[name], nil))
			})
		}
	}
}

func compare(t *testing.T, name, format, got string) {
	t.Helper()
	f, err := reports.Named(format)
	require.NoError(t, err)
	file := filepath.Join("testdata", name+"."+f.File)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "run go test ./reports -update to make it")
	require.Equal(t, string(want), got)
}

func TestSamplesCanBeLookedAt(t *testing.T) {
	if *show == "" {
		t.Skip("no -show folder given")
	}
	for name, r := range samples() {
		for _, f := range reports.Formats() {
			dir := filepath.Join(*show, name)
			require.NoError(t, os.MkdirAll(dir, 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(dir, f.File), []byte(render(t, f.Name, r, folder(t))), 0o644))
		}
	}
}
