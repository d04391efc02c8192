package reports_test

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"crosstalk/reports"
)

// requirePlain holds text to what a terminal and a log can take.
func requirePlain(t testing.TB, text string) {
	t.Helper()
	for _, line := range strings.Split(text, "\n") {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.Map(dropMarks, line)), 100, line)
		require.Equal(t, strings.TrimRight(line, " "), line, "trailing spaces")
		for _, c := range line {
			require.False(t, unicode.IsControl(c), "control character %U in %q", c, line)
		}
	}
}

// dropMarks leaves out what takes no column of its own.
func dropMarks(c rune) rune {
	if unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf) {
		return -1
	}
	return c
}

func TestTextFitsATerminalWhateverTheTargetSays(t *testing.T) {
	for name, r := range samples() {
		t.Run(name, func(t *testing.T) { requirePlain(t, render(t, "text", r, nil)) })
	}
}

func TestColorsAddNothingButColors(t *testing.T) {
	colors := regexp.MustCompile("\x1b\\[[0-9;]+m")
	for name, r := range samples() {
		var b bytes.Buffer
		require.NoError(t, reports.Text(&b, r, true))
		require.Regexp(t, colors, b.String(), name)
		require.Equal(t, render(t, "text", r, nil), colors.ReplaceAllString(b.String(), ""), name)
	}
}

func TestTextSaysTheVerdictFirstAndAgainAtTheEnd(t *testing.T) {
	for name, want := range map[string][2]string{
		"leak":         {"✗ LEAK  ", "leak, exit code 1"},
		"isolated":     {"✓ ISOLATED  ", "isolated, exit code 0"},
		"inconclusive": {"? INCONCLUSIVE  ", "inconclusive, exit code 2"},
		"interrupted":  {"? INCONCLUSIVE  ", "inconclusive, exit code 130"},
	} {
		text := render(t, "text", samples()[name], nil)
		require.True(t, strings.HasPrefix(text, want[0]), text)
		lines := strings.Split(strings.TrimSpace(text), "\n")
		require.Contains(t, lines[len(lines)-2], want[1])
	}
}

func TestABoundIsOnlyGivenWhereNothingLeaked(t *testing.T) {
	const bound = "95 %: fewer than 1 in 1,706 exposures leaks, assuming independence, for these schedules and places only."
	joined := func(name string) string {
		return strings.Join(strings.Fields(render(t, "text", samples()[name], nil)), " ")
	}
	require.Contains(t, joined("isolated"), bound)
	require.Contains(t, joined("leak"), "It leaks, so there is no bound.")
	require.Contains(t, joined("interrupted"), "Too few exposures to bound the rate of leaks.")
}

func TestAFullDiskIsReported(t *testing.T) {
	for _, f := range reports.Formats() {
		require.ErrorContains(t, f.Write(full{}, leaking(), nil), "no space left", f.Name)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestAnUnknownFormatNamesThoseThereAre(t *testing.T) {
	_, err := reports.Named("pdf")
	require.EqualError(t, err, `unknown report format "pdf": there are html, json, junit, markdown, text`)
}
