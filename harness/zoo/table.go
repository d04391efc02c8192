package zoo

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Widths of a table, in columns.
const (
	narrow = 80  // the least that a table is made for
	wide   = 110 // from here on it has all columns
	widest = 120 // what sentences are wrapped at
)

// Table writes the report for people, at most width columns wide, at least 80:
// the rows of each rate, the decoys, and what they come to, the sum in one line
// last.
func (r Report) Table(w io.Writer, width int) error {
	t := table{width: min(max(width, narrow), widest), all: width >= wide}
	for _, rate := range r.rates() {
		if rows := r.faults(rate); len(rows) > 0 {
			t.say(0, rateTitle(rate))
			t.rows(faultColumns(rate), rows)
			t.say(0, "")
		}
	}
	if decoys := r.decoys(); len(decoys) > 0 {
		t.say(0, "Decoys: look-alikes of leaks, which must be silent")
		t.rows(decoyColumns(), decoys)
		t.say(0, "")
	}
	t.sums(r.Sum)
	t.say(0, "settings: "+r.Settings.String())
	t.besides(r)
	t.say(0, r.Sum.Last)
	if _, err := io.WriteString(w, t.b.String()); err != nil {
		return fmt.Errorf("write zoo's table: %w", err)
	}
	return nil
}

func rateTitle(rate float64) string {
	if rate <= 0 {
		return "Faults at rate 0: they never strike, and must be silent"
	}
	if rate == 1 {
		return "Faults at rate 1: they strike at every opportunity"
	}
	return fmt.Sprintf("Faults at rate %s: they strike at one opportunity in %s", rateText(rate), rateText(1/rate))
}

// besides says what the rows do not: what is missing, and who ran them.
func (t *table) besides(r Report) {
	if n := len(r.Missing); n > 0 {
		t.say(0, fmt.Sprintf("missing: %s asked for and did not come to an end: %s", count(n, "case was", "cases were"), r.missingNames()))
	}
	if old := r.mixed(); old != "" {
		t.say(0, "builds: "+old)
	} else if r.Build != "" {
		t.say(0, "build: "+r.Build)
	}
}

type table struct {
	b     strings.Builder
	width int
	all   bool // columns
}

func (t *table) rows(columns []column, rows []Row) {
	t.line(columns, func(c column) string { return c.title })
	for _, r := range rows {
		t.line(columns, func(c column) string { return c.value(r) })
		for _, s := range r.remarks() {
			t.say(4, s)
		}
	}
}

// remarks are what else is to be said of a row, as sentences.
func (r Row) remarks() []string {
	var out []string
	if r.Why != "" {
		out = append(out, r.Why)
	}
	for _, s := range r.Suspicions {
		out = append(out, "suspicion: "+s)
	}
	if !r.clean() && r.Folder != "" {
		out = append(out, "run: "+r.Folder)
	}
	return out
}

func (t *table) line(columns []column, cell func(column) string) {
	var cells []string
	for _, c := range columns {
		if c.wide && !t.all {
			continue
		}
		text := cell(c)
		blank := strings.Repeat(" ", max(0, c.width-utf8.RuneCountInString(text)))
		if c.right {
			text = blank + text
		} else {
			text += blank
		}
		cells = append(cells, text)
	}
	t.b.WriteString(strings.TrimRight(strings.Join(cells, " "), " ") + "\n")
}

// say writes a paragraph, wrapped, all of it so far to the right.
func (t *table) say(indent int, text string) {
	margin, line := strings.Repeat(" ", indent), ""
	for word := range strings.FieldsSeq(strings.Map(printable, text)) {
		if line != "" && utf8.RuneCountInString(margin+line+" "+word) > t.width {
			t.b.WriteString(margin + line + "\n")
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	t.b.WriteString(strings.TrimRight(margin+line, " ") + "\n")
}

// printable keeps what a shop sent from moving a terminal's cursor.
func printable(c rune) rune {
	if unicode.IsPrint(c) {
		return c
	}
	return ' '
}

func (t *table) sums(s Sum) {
	for _, rate := range s.Rates {
		if rate.Rate <= 0 {
			t.say(0, fmt.Sprintf("Silence at rate 0: %s classes, %s cases%s", rate.Expected, rate.Silent, rate.besides()))
			continue
		}
		t.say(0, fmt.Sprintf("Recall at rate %s: %s classes, %s cases; as expected: %s classes%s", rateText(rate.Rate), rate.Classes, rate.Cases, rate.Expected, rate.besides()))
		if rate.Rate < 1 {
			t.say(2, fmt.Sprintf("where there were %d opportunities or more, or would have been in the whole time of a run that ended at its proof: %s classes, %s cases", rate.Opportunities, rate.LikelyClasses, rate.LikelyCases))
		}
		t.say(2, fmt.Sprintf("right of those found: rule %s, surface %s, schedule %s; cause %s at the first proof, %s at the run's end (in all cases of %s classes)",
			rate.RuleRight, rate.SurfaceRight, rate.ScheduleRight, rate.FirstCauseRight, rate.CauseRight, rate.CauseClasses))
		if n := rate.Needed; rate.Cases.N > 0 {
			t.say(2, fmt.Sprintf("needed, median of those found: exposures %s, opportunities %s; without luck 1/rate = %s", rateText(n.Exposures), rateText(n.Opportunities), rateText(n.Expected)))
		}
	}
	if d := s.Decoys; d.Silent.Of > 0 {
		text := fmt.Sprintf("False alarms: %s decoys silent, %s, %s", d.Silent, count(d.Alarms, "proof", "proofs"), count(d.Suspicions, "suspicion", "suspicions"))
		if d.Open > 0 {
			text += fmt.Sprintf("; open (no verdict, nobody was exposed, or hardly served): %s", count(d.Open, "decoy", "decoys"))
		}
		if d.Missing > 0 {
			text += fmt.Sprintf("; missing: %s", count(d.Missing, "decoy", "decoys"))
		}
		if d.Broken > 0 {
			text += fmt.Sprintf("; %d broke", d.Broken)
		}
		t.say(0, text)
	}
}

// besides are the cases that went wrong in other ways.
func (s RateSum) besides() string {
	text := ""
	if s.Impure > 0 {
		text += fmt.Sprintf("; impure: %s", count(s.Impure, "case", "cases"))
	}
	if s.FalseAlarms > 0 {
		text += fmt.Sprintf("; false alarms before the fault struck: %s", count(s.FalseAlarms, "case", "cases"))
	}
	if s.Open > 0 {
		text += fmt.Sprintf("; open (no verdict, or nobody was exposed): %s", count(s.Open, "case", "cases"))
	}
	if s.Undecided > 0 {
		text += fmt.Sprintf("; not found in a run without a verdict: %s", count(s.Undecided, "case", "cases"))
	}
	if s.Broken > 0 {
		text += fmt.Sprintf("; broke: %s", count(s.Broken, "case", "cases"))
	}
	if s.Missing > 0 {
		text += fmt.Sprintf("; missing: %s", count(s.Missing, "case", "cases"))
	}
	return text
}
