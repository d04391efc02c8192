package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// namedEdges is how many of those who answered are named; the rest is counted.
const namedEdges = 3

// scope says what a run was narrowed to; "" for one that looked everywhere.
func (d digest) scope() string {
	var parts []string
	if len(d.Journeys) > 0 {
		parts = append(parts, word(len(d.Journeys), "journey ", "journeys ")+listed(d.Journeys))
	}
	if len(d.Places) > 0 {
		parts = append(parts, "at "+listed(d.Places))
	}
	if len(parts) == 0 {
		return ""
	}
	return "This run was narrowed to " + strings.Join(parts, " ") + ". Nothing else was looked at."
}

// scheduleRow is what one schedule made of all own places.
type scheduleRow struct {
	Name, Does       string
	Rounds           int
	Exposures, Pairs int // sums over the places
	Places           int // at which somebody was exposed
	Part             int // of the exposures, in percent of the most
	BoundText        string
}

// scheduleRows are the schedules that were walked, those that exposed most
// first.
func (d digest) scheduleRows() []scheduleRow {
	by := map[string]*scheduleRow{}
	at := func(name string) *scheduleRow {
		if by[name] == nil {
			by[name] = &scheduleRow{Name: name, Does: scheduleWords(name), Rounds: d.Rounds[name]}
		}
		return by[name]
	}
	for name := range d.Rounds {
		at(name)
	}
	for _, c := range d.Coverage {
		for name, met := range c.Schedules {
			row := at(name)
			row.Exposures += met.Exposures
			row.Pairs += met.Pairs
			row.Places += min(met.Exposures, 1)
		}
	}
	return d.ranked(by)
}

func (d digest) ranked(by map[string]*scheduleRow) []scheduleRow {
	most := 0
	var rows []scheduleRow
	for _, row := range by {
		most = max(most, row.Exposures)
		rows = append(rows, *row)
	}
	for i := range rows {
		row := &rows[i]
		row.Part = percent(row.Exposures, most)
		row.BoundText = "–"
		if row.Exposures > 0 && len(d.Proofs) == 0 {
			row.BoundText = cmp.Or(oneIn(3/float64(row.Exposures)), "–")
		}
	}
	slices.SortFunc(rows, func(a, b scheduleRow) int {
		return cmp.Or(cmp.Compare(b.Exposures, a.Exposures), cmp.Compare(b.Rounds, a.Rounds), cmp.Compare(a.Name, b.Name))
	})
	return rows
}

// scheduleWords say what a schedule does, and what it is for.
func scheduleWords(name string) string {
	return map[string]string{
		history.PhaseSolo:   "one customer at a time: what is public, and where one's own stands",
		history.PhaseRelay:  "one right after the other, then nobody: caches, and what workers keep",
		history.PhaseBurst:  "requests let go together: races, answers for two, clashing ids and files",
		history.PhaseMingle: "all at once with random pauses: what nobody thought of",
		history.PhaseAbort:  "stopped, left and provoked: replies that shift, and what errors leave behind",
		history.PhaseSwap:   "two customers in one client: what it keeps, and baskets that are merged",
		history.PhaseHerd:   "all rest, then come back at once: cold starts",
	}[name]
}

// metBy says what each schedule made of a place, the most exposing first:
// "relay 12 (6 pairs)", "burst 3 (2 pairs)".
func metBy(c leak.Coverage) []string {
	exposures := map[string]int{}
	for name, met := range c.Schedules {
		exposures[name] = met.Exposures
	}
	var parts []string
	for _, name := range byCount(exposures) {
		parts = append(parts, fmt.Sprintf("%s %s (%s)", name, number(exposures[name]), count(c.Schedules[name].Pairs, "pair", "pairs")))
	}
	return parts
}

// reached says over how many connections a place was asked for.
func reached(c leak.Coverage) string {
	if c.Connections == 0 {
		return ""
	}
	return count(c.Connections, "connection", "connections")
}

// edges names who answered, and says how many pairs met at one and the same: a
// copy in one cache is not shown by another. "" where nobody gave a name.
func edges(c leak.Coverage) string {
	if len(c.Edges) == 0 {
		return ""
	}
	names := byCount(c.Edges)
	var parts []string
	for _, name := range names[:min(len(names), namedEdges)] {
		parts = append(parts, name+" "+number(c.Edges[name]))
	}
	if left := len(names) - len(parts); left > 0 {
		parts = append(parts, number(left)+" more")
	}
	return fmt.Sprintf("%s; %s/%s at one edge", strings.Join(parts, ", "), number(c.SharedEdge), count(c.Pairs, "pair", "pairs"))
}

// caches says what caches on the way said of themselves, as coverage.
func caches(c leak.Coverage) string { return tallies(c.Cache) }

// neverOwnLines name the places that customers visited and that never showed
// anybody own data.
func (d digest) neverOwnLines() []string {
	var lines []string
	for _, n := range d.NeverOwn {
		lines = append(lines, fmt.Sprintf("%s (%s, %s)", n.Place, surfaceWords(n.Surface), count(n.Visits, "visit", "visits")))
	}
	return lines
}

// paceLines say how the run gave way to its target.
func (d digest) paceLines() []string {
	var lines []string
	for _, p := range d.Paces {
		line := fmt.Sprintf("+%s: %s at once", span(p.At), count(p.Parallel, "session", "sessions"))
		if p.Pause > 0 {
			line += ", nothing new for " + span(p.Pause)
		}
		lines = append(lines, line+": "+p.Why)
	}
	return lines
}

// hookLines say what became of the commands that schedules ran.
func (d digest) hookLines() []string {
	var lines []string
	for _, h := range d.Hooks {
		line := fmt.Sprintf("+%s: %s, round %s: %s, took %s", span(h.At), h.Schedule, number(h.Round), h.Command, span(h.Took))
		if h.Failed != "" {
			line += "; failed: " + h.Failed
		}
		lines = append(lines, line)
	}
	return lines
}

// Headings of what a run did beside walking, and of where silence means nothing.
const (
	headNeverOwn = "Places that never showed anybody their own data: silence there means nothing"
	headPaces    = "How the run slowed down"
	headHooks    = "Commands that schedules ran"
)
