package reports

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"crosstalk/harness"
	"crosstalk/harness/leak"
)

// How much of a result a build page is given: GitHub takes 1 MiB a step.
const (
	markdownWays   = 12
	markdownPlaces = 100
)

// Markdown writes a summary for a build page (as GitHub reads it): verdict,
// reasons, findings and what was covered, with all text of the target escaped.
func Markdown(w io.Writer, r harness.Result) error {
	m := markdown{digest: digested(r)}
	m.verdict()
	m.reasons()
	m.findings()
	m.coverage()
	m.unseen()
	m.facts()
	if _, err := io.WriteString(w, m.b.String()); err != nil {
		return fmt.Errorf("write markdown report: %w", err)
	}
	return nil
}

type markdown struct {
	digest
	b strings.Builder
}

func (m *markdown) printf(format string, args ...any) { fmt.Fprintf(&m.b, format, args...) }

func (m *markdown) verdict() {
	mark := map[leak.Verdict]string{leak.Leak: "❌", leak.Isolated: "✅"}[m.Verdict]
	m.printf("## %s crosstalk: %s\n\n", cmp.Or(mark, "❔"), strings.ToLower(m.title()))
	m.printf("**%s** %s\n", mdText(m.headline()), mdText(m.detail()))
}

func (m *markdown) reasons() {
	for i, reason := range m.Reasons {
		if i == 0 {
			m.printf("\n### Why\n\n")
		}
		m.printf("%d. %s\n", i+1, mdText(reason))
		if remedy := m.Remedies[i]; remedy != "" {
			m.printf("   → %s\n", mdText(remedy))
		}
	}
}

func (m *markdown) findings() {
	if len(m.Findings) == 0 {
		return
	}
	m.printf("\n### Findings\n\n")
	m.printf("| | what of whom was shown to whom | where | rule | cause | findings |\n|---|---|---|---|---|--:|\n")
	shown := m.Ways[:min(len(m.Ways), markdownWays)]
	for _, w := range shown {
		f := w.First
		m.printf("| %s | %s | %s | %s, %s | %s | %s |\n", mdText(f.ID), mdText(strings.TrimSuffix(w.tells(m.short)+"; "+w.others(), "; ")),
			mdWhere(w), mdText(f.Rule), mdText(f.Strength), mdText(f.Cause), number(len(w.Findings)))
	}
	if left := m.Ways[len(shown):]; len(left) > 0 {
		m.printf("\nAnd %s (%s), in report.html.\n", count(len(left), "more way it leaks", "more ways it leaks"),
			count(folded(left), "finding", "findings"))
	}
	if again := m.again(); again != "" {
		m.printf("\nSee it again: %s\n", mdCode(again))
	}
}

// mdWhere says where a way leaks: place, surface, the first few spots in it.
func mdWhere(w way) string {
	s := mdCell(string(w.First.Place)) + ", " + mdText(surfaceWords(w.First.Surface))
	spots, left := w.wheres()
	if len(spots) > 0 {
		s += " at " + strings.Join(each(spots, mdCell), ", ")
	}
	if left > 0 {
		s += " and " + number(left) + " more"
	}
	return s
}

func (m *markdown) coverage() {
	m.printf("\n### What was seen\n\n%s.\n", mdText(m.volume()))
	if scope := m.scope(); scope != "" {
		m.printf("\n**%s**\n", mdText(scope))
	}
	if bound := m.bound(); bound != "" {
		m.printf("\n%s\n", mdText(bound))
	}
	if len(m.Coverage) == 0 {
		m.printf("\n%s\n", m.unplaced())
		return
	}
	m.printf("\n<details><summary>%s</summary>\n\n", count(len(m.Coverage), "own place", "own places"))
	m.printf("| place | shown in | own data seen | pairs | exposures | bound 95 %% | over |\n|---|---|--:|--:|--:|--:|---|\n")
	shown := m.Coverage[:min(len(m.Coverage), markdownPlaces)]
	for _, c := range shown {
		m.printf("| %s | %s | %d of %d | %s | %s | %s | %s |\n", mdCell(string(c.Place)), mdText(surfaceWords(c.Surface)),
			c.OwnSeen, c.Sessions, number(c.Pairs), number(c.Exposures), m.boundAt(c), mdText(wayThere(c)))
	}
	if n := len(m.Coverage) - len(shown); n > 0 {
		m.printf("\nAnd %s, in report.html.\n", count(n, "more place", "more places"))
	}
	m.printf("\n</details>\n")
	m.schedules()
}

// schedules is a table of what each schedule made of the own places.
func (m *markdown) schedules() {
	rows := m.scheduleRows()
	if len(rows) == 0 {
		return
	}
	m.printf("\n| schedule | rounds | exposures | pairs, over all places | places | bound 95 %% |\n|---|--:|--:|--:|--:|--:|\n")
	for _, r := range rows {
		m.printf("| %s | %s | %s | %s | %s | %s |\n", mdText(r.Name), number(r.Rounds), number(r.Exposures), number(r.Pairs), number(r.Places), r.BoundText)
	}
}

// markdownLines is how many lines of what was not seen a summary has.
const markdownLines = 8

// unseen lists how the run gave way, what counts for a minimum and could not be
// seen, and mail that is nobody's; the page has the rest.
func (m *markdown) unseen() {
	var lines []string
	for i, r := range m.unseenReasons() {
		if !r.expected {
			lines = append(lines, m.unseenLines(true)[i])
		}
	}
	for _, list := range []gap{{headPaces, m.paceLines()}, {headHooks, m.hookLines()}, {headNeverOwn, m.neverOwnLines()}, {headUnseen, lines}, {headStrays, m.strayLines()}} {
		if len(list.Lines) == 0 {
			continue
		}
		m.printf("\n### %s\n\n", list.Heading)
		for _, l := range list.Lines[:min(len(list.Lines), markdownLines)] {
			m.printf("- %s\n", mdText(l))
		}
		if n := len(list.Lines) - markdownLines; n > 0 {
			m.printf("- and %s, in report.html\n", count(n, "line more", "lines more"))
		}
	}
}

func (m *markdown) facts() {
	m.printf("\n")
	var parts []string
	for _, f := range m.runFacts() {
		parts = append(parts, f.Name+" "+mdCode(f.Value))
	}
	m.printf("%s\n", strings.Join(parts, " · "))
}

// mdText makes text say just what it says, in running text and in a cell of a
// table: no markup, no tag, no link, no mention of a person.
func mdText(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch c {
		case '@':
			b.WriteString("&#64;") // a backslash would still mention
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '&':
			b.WriteString("&amp;")
		case '\\', '`', '*', '_', '[', ']', '|', '~', '#', '!', '$':
			b.WriteRune('\\')
			b.WriteRune(c)
		default:
			b.WriteRune(c)
		}
	}
	// GitHub makes links of bare addresses; leaked ones are not to be clicked.
	return strings.NewReplacer("://", ":&#47;/", "www.", "www&#46;").Replace(b.String())
}

// mdCell is s as code in a cell of a table. A bar is escaped even there: a
// table is split into cells before code is seen.
func mdCell(s string) string { return strings.ReplaceAll(mdCode(s), "|", `\|`) }

// mdCode is s as code, in a fence longer than any run of backticks in s.
func mdCode(s string) string {
	if s == "" {
		return ""
	}
	fence, run := "`", 0
	for _, c := range s {
		if run++; c != '`' {
			run = 0
		}
		if run >= len(fence) {
			fence += "`"
		}
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}
