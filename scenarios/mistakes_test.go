package scenarios_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosstalk/scenarios"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// environment is what the tests' ${NAME}s may find.
func environment(name string) (string, bool) {
	v, ok := map[string]string{"API_KEY": "s3cret-key", "HOST": "staging.example", "BRACES": "a{{b", "EMPTY": "", "TEN": "10s", "LONG": strings.Repeat("n", 4001)}[name]
	return v, ok
}

var update = flag.Bool("update", false, "rewrite the messages in testdata")

// TestEveryMistakeIsNamedWhereItStands walks testdata/mistakes: each file is
// YAML snippets, and under each the exact messages it must give.
func TestEveryMistakeIsNamedWhereItStands(t *testing.T) {
	files, err := filepath.Glob("testdata/mistakes/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		updated := ""
		for _, c := range cases(t, string(text)) {
			t.Run(c.name, func(t *testing.T) {
				_, err := scenarios.Parse("s.yaml", []byte(c.yaml), environment)
				got := ""
				if err != nil {
					got = err.Error()
				}
				if *update {
					updated += fmt.Sprintf("=== %s\n%s\n---\n%s\n", c.name, c.source, got)
					return
				}
				require.NotEmpty(t, c.want, "a mistake without a message")
				assert.Equal(t, c.want, got, "%s:\n%s", file, numbered(c.yaml))
			})
		}
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(updated), 0o644))
		}
	}
}

type mistakeCase struct{ name, source, yaml, want string }

// cases splits "=== name", YAML, "---", messages. A line "@journey" stands for
// a sound scenario's beginning, up to its steps.
func cases(t *testing.T, text string) []mistakeCase {
	t.Helper()
	heads := strings.NewReplacer(
		"@browser\n", "name: s\njourneys: {j: {client: browser, customer: one, steps: [\n  shows: [first],\n",
		"@api\n", "name: s\njourneys: {j: {client: api, customer: one, steps: [\n  shows: [first],\n",
		"@end\n", "]}}\n",
		"@sound\n", "name: s\njourneys: {j: {client: api, customer: one, steps: [shows: [first]]}}\n")
	var all []mistakeCase
	for _, block := range strings.Split(text, "=== ")[1:] {
		name, rest, _ := strings.Cut(block, "\n")
		yaml, want, ok := strings.Cut(rest, "\n---\n")
		require.True(t, ok, name)
		all = append(all, mistakeCase{name, yaml, heads.Replace(yaml + "\n"), strings.TrimSpace(want)})
	}
	return all
}

func numbered(s string) string {
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		fmt.Fprintf(&b, "%3d %s\n", i+1, line)
	}
	return b.String()
}
