package harness

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

var update = flag.Bool("update", false, "rewrite the table of surfaces in README.md")

// surfacesTable has a line for each probe.
func surfacesTable(all []probe) string {
	var b strings.Builder
	b.WriteString("| name | surface | client | what shows it | place | seen |\n|---|---|---|---|---|---|\n")
	for _, p := range all {
		seen := "yes"
		if p.blind != "" {
			seen = "no: " + p.blind
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s | %s |\n", p.name, p.surface, p.of(), p.what, strings.ReplaceAll(first(p.place, "GET @@"), "@@", p.at()), seen)
	}
	return b.String()
}

// seenWords say what each surface is, in the order of the table in README.md.
var seenWords = []struct {
	surface history.Surface
	words   string
}{
	{history.SurfacePage, "what a page renders, or says to a screen reader"},
	{history.SurfaceField, "what stands in its forms"},
	{history.SurfaceMarkup, "the live document's HTML"},
	{history.SurfaceNotice, "what stands in boxes and notifications"},
	{history.SurfaceConsole, "what is said in the console"},
	{history.SurfaceResponse, "bodies of answers, whatever the status"},
	{history.SurfaceSocket, "what is pushed, as it comes"},
	{history.SurfaceHeader, "header lines of answers"},
	{history.SurfaceCookie, "every Set-Cookie line, and the jar"},
	{history.SurfaceStorage, "what is kept in the client"},
	{history.SurfaceDownload, "files"},
	{history.SurfaceMail, "what reaches the customer's mailbox"},
}

// seenTable is the same in short, for README.md: a line for each surface and
// client.
func seenTable(all []probe) string {
	var b, blind strings.Builder
	b.WriteString("| surface | client | proved with |\n|---|---|---|\n")
	blind.WriteString("What can't be seen, with a probe each that fails when it is:\n\n| what | why |\n|---|---|\n")
	clients := map[string]bool{}
	for _, p := range all {
		clients[p.of()] = true
		if p.blind != "" {
			fmt.Fprintf(&blind, "| %s | %s |\n", p.what, p.blind)
		}
	}
	for _, s := range seenWords {
		for _, client := range slices.Sorted(maps.Keys(clients)) {
			if shown := shownOn(all, s.surface, client); len(shown) > 0 {
				fmt.Fprintf(&b, "| `%s`: %s | %s | %s |\n", s.surface, s.words, client, strings.Join(shown, "; "))
			}
		}
	}
	return b.String() + "\n" + blind.String()
}

func shownOn(all []probe, surface history.Surface, client string) []string {
	var shown []string
	for _, p := range all {
		if p.surface == surface && p.of() == client && p.blind == "" {
			shown = append(shown, p.what)
		}
	}
	return shown
}

// noticeTable says what a page can notice, for README.md.
func noticeTable() string {
	byReason := map[string][]string{}
	for what, reason := range noticeable {
		byReason[reason] = append(byReason[reason], strings.TrimPrefix(what, noticed))
	}
	if len(byReason) == 0 {
		return "Of what a page could notice in its own world, nothing differs.\n"
	}
	var b strings.Builder
	b.WriteString("What a page can notice in its own world, if it looks for it:\n\n")
	for _, reason := range slices.Sorted(maps.Keys(byReason)) {
		slices.Sort(byReason[reason])
		fmt.Fprintf(&b, "- %s: %s.\n", strings.Join(byReason[reason], ", "), reason)
	}
	return b.String()
}

const (
	seenBegins = "<!-- generated: go test ./harness -run TestTheREADMESaysWhatIsSeen -update -->\n"
	seenEnds   = "<!-- end of what is generated -->\n"
)

func TestTheREADMESaysWhatIsSeen(t *testing.T) {
	all := probes()
	for _, p := range all {
		require.True(t, slices.ContainsFunc(seenWords, func(s struct {
			surface history.Surface
			words   string
		}) bool {
			return s.surface == p.surface
		}), "README.md has no words for surface %s of probe %s", p.surface, p.name)
	}
	written, err := os.ReadFile("README.md")
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(written), seenBegins)
	require.True(t, ok, "README.md has no place for the table")
	_, after, ok := strings.Cut(rest, seenEnds)
	require.True(t, ok, "README.md has no end of the table")
	want := before + seenBegins + "\n" + seenTable(all) + "\n" + noticeTable() + "\n" + seenEnds + after
	if *update {
		require.NoError(t, os.WriteFile("README.md", []byte(want), 0o600))
		return
	}
	require.Equal(t, want, string(written), "run it with -update, and read what changed")
}
