package reports

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"crosstalk/harness"
	"crosstalk/harness/leak"
)

// How much of a result a terminal is given; the page has the rest.
const (
	textWays    = 6
	textIDs     = 6
	textPlaces  = 40
	textPairs   = 12
	textKeys    = 8   // kinds of failure, lost sessions, …
	textID      = 12  // columns of a finding's id
	textPart    = 48  // columns of a part of a headline
	textSnippet = 150 // columns of what takes two lines at most
	textValue   = 250 // columns of one value: three lines

	textEvidence = 330 // columns of why a finding is believed: four lines
)

// Text writes the result for a terminal: plain lines of at most 100 columns,
// the verdict first, with the colors of a terminal if color is set.
func Text(w io.Writer, r harness.Result, color bool) error {
	t := text{sheet: sheet{color: color}, digest: digested(r)}
	t.verdict()
	t.why()
	t.whoSawWhose()
	t.findings()
	t.causesExplained()
	t.coverage()
	t.seen()
	t.missing()
	t.facts()
	if _, err := io.WriteString(w, t.b.String()); err != nil {
		return fmt.Errorf("write text report: %w", err)
	}
	return nil
}

type text struct {
	sheet
	digest
}

func (t *text) verdict() {
	mark := map[leak.Verdict]string{leak.Leak: "✗", leak.Isolated: "✓"}[t.Verdict]
	t.named(t.colorOf(), cmp.Or(mark, "?")+" "+strings.ToUpper(t.title())+"  ", bold, t.headline())
	t.para("  ", "", t.detail())
}

// colorOf is the verdict's color.
func (t *text) colorOf() string {
	switch t.Verdict {
	case leak.Leak:
		return red
	case leak.Isolated:
		return green
	default:
		return yellow
	}
}

func (t *text) why() {
	if len(t.Reasons) == 0 {
		return
	}
	t.heading("Why")
	for i, reason := range t.Reasons {
		t.para(fmt.Sprintf("  %d. ", i+1), "", reason)
		if remedy := t.Remedies[i]; remedy != "" {
			t.para("     → ", cyan, remedy)
		}
	}
}

func (t *text) whoSawWhose() {
	if len(t.Pairs) == 0 {
		return
	}
	t.heading("Who saw whose")
	wide := 0
	shown := t.Pairs[:min(len(t.Pairs), textPairs)]
	for _, p := range shown {
		wide = max(wide, cells(t.whoTo(p)))
	}
	wide = min(wide, columns/2)
	for _, p := range shown {
		what := count(len(p.Findings), "finding", "findings") + ": " + someIDs(p.Findings)
		t.para("  "+pad(elide(t.whoTo(p), wide), wide)+"  ", dim, what)
	}
	t.more(len(t.Pairs)-len(shown), "pair", "pairs")
}

func (t *text) whoTo(p pair) string { return t.short(p.Victim) + " → " + t.short(p.Viewer) }

// more says how many were left out, and where they are.
func (t *text) more(n int, one, many string) {
	if n > 0 {
		t.para("  ", dim, "and "+count(n, "more "+one, "more "+many)+", in report.html")
	}
}

func (t *text) findings() {
	if len(t.Findings) == 0 {
		return
	}
	t.heading("Findings")
	shown := t.Ways[:min(len(t.Ways), textWays)]
	for i, w := range shown {
		if i > 0 {
			t.blank()
		}
		t.way(w)
	}
	if left := t.Ways[len(shown):]; len(left) > 0 {
		t.para("  ", dim, fmt.Sprintf("and %s (%s), in report.html", count(len(left), "more way it leaks", "more ways it leaks"),
			count(folded(left), "finding", "findings")))
	}
	t.command(t.again())
}

// someIDs names the first few of many findings.
func someIDs(findings []leak.Finding) string {
	said := each(ids(findings[:min(len(findings), textIDs)]), func(id string) string { return elide(id, textID) })
	if left := len(findings) - len(said); left > 0 {
		said = append(said, "and "+number(left)+" more")
	}
	return strings.Join(said, " ")
}

// way tells one way it leaks, in about eight lines.
func (t *text) way(w way) {
	f, color := w.First, red
	if w.rank() > 0 {
		color = yellow
	}
	cause := f.Cause
	if cause == leak.CauseUnknown {
		cause = "cause unknown"
	}
	head := each([]string{f.Strength, f.Rule, string(f.Place), cause}, func(s string) string { return elide(s, textPart) })
	head[2] += ", " + elide(surfaceWords(f.Surface), textPart)
	t.named(bold, "  "+pad(elide(f.ID, textID), 4)+" ", color, strings.Join(head, " · "))
	t.para("       ", bold, w.tells(someone))
	if others := w.others(); others != "" {
		t.para("       ", "", others)
	}
	spots, left := w.wheres()
	if left > 0 {
		spots = append(spots, "and "+number(left)+" more")
	}
	t.row("where", strings.Join(spots, " · "), textValue)
	t.row("why", t.evidence(w), textEvidence)
	t.row("shown", w.first(func(f leak.Finding) string { return f.Snippet }), textSnippet)
	t.row("picture", w.first(func(f leak.Finding) string { return f.Shot }), textSnippet)
	t.row("findings", someIDs(w.Findings)+"; "+w.seen(), textValue)
}

// evidence is why a way is believed; what an earlier way said is not said again.
func (t *text) evidence(w way) string {
	why := w.first(because)
	for _, earlier := range t.Ways {
		if earlier.First.ID == w.First.ID || why == "" {
			break
		}
		if earlier.first(because) == why {
			return "as for " + elide(earlier.First.ID, textID)
		}
	}
	return why
}

// command says what shows a finding again. Of the report this alone is to be
// typed: it is never shortened, and can be copied with its line ends.
func (t *text) command(command string) {
	if command == "" {
		return
	}
	t.blank()
	t.para("  ", "", "See it again:")
	lines := wrap(command, columns-6)
	// A quoted line end would be part of what is quoted, one in a word would cut it.
	goesOn := strings.Join(lines, " ") == command && !strings.ContainsAny(command, "'\"\\")
	for i, l := range lines {
		if goesOn && i < len(lines)-1 {
			l += " \\"
		}
		t.para("    ", cyan, l)
	}
}

// because is the evidence without what the sentence above it says already.
func because(f leak.Finding) string {
	said := someone(f.Viewer) + " was shown " + someone(f.Victim) + "'s "
	return strings.Join(slices.DeleteFunc(slices.Clone(f.Evidence), func(e string) bool { return strings.HasPrefix(e, said) }), "; ")
}

// row is one value of a finding, with its name, shortened to room columns;
// nothing for an empty value.
func (t *text) row(label, value string, room int) {
	if value != "" {
		t.para("       "+pad(label, 8)+" ", "", elide(value, room))
	}
}

// whereOf says where a finding stands: place, surface, where in it, decoding.
func whereOf(f leak.Finding) string {
	parts := []string{string(f.Place), surfaceWords(f.Surface)}
	if f.Where != "" {
		parts = append(parts, f.Where)
	}
	if d := decodedWords(f.Decoded); d != "" {
		parts = append(parts, "through "+d)
	}
	return strings.Join(parts, " · ")
}

// whenOf says how often and when a finding was seen, and in which session.
func whenOf(f leak.Finding) string {
	parts := []string{count(f.Count, "time", "times") + ", first " + span(f.FirstSeen) + " into the run"}
	if f.Schedule != "" {
		parts = append(parts, "schedule "+f.Schedule)
	}
	if f.Session != "" {
		parts = append(parts, "session "+f.Session)
	}
	if f.Exchange != "" {
		parts = append(parts, "exchange "+f.Exchange)
	}
	return strings.Join(parts, " · ")
}

func (t *text) causesExplained() {
	if len(t.Findings) == 0 {
		return
	}
	t.heading("Where to look")
	for _, cause := range causesOf(t.Findings) {
		means, look := causeWords(cause)
		t.para("  "+t.label(cause), "", means+" "+look)
	}
}

// label is a word in front of a paragraph, with a colon.
func (t *text) label(s string) string { return elide(s, 30) + ": " }
