package scenarios_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/scenarios"
)

func TestTheReadmesExamplesParse(t *testing.T) {
	host := func(string) (string, bool) { return "shop.staging.example", true }
	language := examples(t, "README.md")
	shop := examples(t, "../README.md") // a scenario, what it says of mail, what provokes, a workflow
	for _, source := range []string{language[0], shop[0], shop[0] + shop[1], "name: provoking\n" + shop[2]} {
		_, err := scenarios.Parse("README.md", []byte(source), host)
		require.NoError(t, err, source)
	}
}

// examples are the blocks of YAML in a text, without the indentation of the
// list that they stand in.
func examples(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var all []string
	for _, block := range regexp.MustCompile("(?ms)^( *)```yaml\n(.*?)^ *```").FindAllStringSubmatch(string(text), -1) {
		all = append(all, strings.TrimPrefix(strings.ReplaceAll("\n"+block[2], "\n"+block[1], "\n"), "\n"))
	}
	return all
}
