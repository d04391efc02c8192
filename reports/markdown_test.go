package reports_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHostileTextStaysInItsCellOfAMarkdownTable(t *testing.T) {
	bar := regexp.MustCompile(`(^|[^\\])\|`)
	columns := 0
	for _, line := range strings.Split(render(t, "markdown", hostile(), nil), "\n") {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		n := len(bar.FindAllString(line, -1))
		if columns == 0 {
			columns = n
		}
		require.Equal(t, columns, n, line)
	}
}

func TestHostileTextIsNoMarkupInMarkdown(t *testing.T) {
	code := regexp.MustCompile("(`+)[^`].*?[^`]?(`+)")
	for _, line := range strings.Split(render(t, "markdown", hostile(), nil), "\n") {
		prose := code.ReplaceAllString(line, "")
		prose = strings.NewReplacer("<details><summary>", "", "</summary>", "", "</details>", "").Replace(prose)
		require.NotContains(t, prose, "<", line)
		require.NotContains(t, prose, "@everyone", line)
		require.NotRegexp(t, `[^\\]\]\(`, prose)
	}
}

func TestMarkdownOfACrowdFitsABuildPage(t *testing.T) {
	text := render(t, "markdown", crowd(), nil)
	require.Less(t, len(text), 64<<10)
	require.Contains(t, text, "; and 54 more pairs: ")
	require.Less(t, strings.Count(text, "\n| F"), 7, "one row for each way it leaks")
}
