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
	textDefects = 12 // one finding of each is told in full
	textIDs     = 6
	textPlaces  = 40
	textPairs   = 40
	textKeys    = 8   // kinds of failure, lost sessions, …
	textValue   = 330 // columns of one value: four lines
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
	wide = min(wide, 58)
	for _, p := range shown {
		what := count(len(p.Findings), "finding", "findings") + ": " + someIDs(p.Findings)
		t.para("  "+pad(elide(t.whoTo(p), wide), wide)+"  ", dim, what)
	}
	t.more(len(t.Pairs)-len(shown), "pair", "pairs")
}

func (t *text) whoTo(p pair) string { return t.who(p.Victim) + " → " + t.who(p.Viewer) }

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
	shown := t.Defects[:min(len(t.Defects), textDefects)]
	for i, x := range shown {
		if i > 0 {
			t.blank()
		}
		t.finding(x.First)
		if others := x.Findings[1:]; len(others) > 0 {
			t.row("likewise", "", fmt.Sprintf("%s of the same kind: %s", number(len(others)), someIDs(others)))
		}
	}
	t.more(len(t.Defects)-len(shown), "way it leaks", "ways it leaks")
}

// someIDs names the first few of many findings.
func someIDs(findings []leak.Finding) string {
	said := strings.Join(ids(findings[:min(len(findings), textIDs)]), " ")
	if len(findings) > textIDs {
		said += " …"
	}
	return said
}

func (t *text) finding(f leak.Finding) {
	color := red
	if f.Strength == leak.Suspicion {
		color = yellow
	}
	t.named(bold, "  "+pad(elide(f.ID, 12), 4)+" ", color, strings.Join([]string{f.Strength, f.Rule, "cause: " + f.Cause}, " · "))
	t.para("       ", bold, t.sentence(f))
	t.row("where", "", whereOf(f))
	t.row("when", "", whenOf(f))
	t.row("why", "", strings.Join(because(f), "; "))
	t.row("shown", "", f.Snippet)
	t.row("picture", "", f.Shot)
	t.row("again", cyan, f.Reproduce)
}

// because is the evidence without what the sentence above it says already.
func because(f leak.Finding) []string {
	said := f.Viewer + " was shown " + f.Victim + "'s "
	return slices.DeleteFunc(slices.Clone(f.Evidence), func(e string) bool { return strings.HasPrefix(e, said) })
}

// row is one line, with its name, of a finding; nothing for an empty value. Only what
// is to be typed is never shortened.
func (t *text) row(label, color, value string) {
	if color == "" {
		value = elide(value, textValue)
	}
	if value != "" {
		t.para("       "+pad(label, 8)+" ", color, value)
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
