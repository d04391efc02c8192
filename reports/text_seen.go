package reports

import (
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness/leak"
)

// placeColumn is how wide the places of the coverage table are, at most.
const placeColumn = 38

func (t *text) coverage() {
	if len(t.Coverage) == 0 {
		return
	}
	t.heading("Own places")
	t.line(t.paint(dim, coverageLine("place", "shown in", "own/sessions", "pairs", "exposures", "bound 95 %")))
	shown := t.Coverage[:min(len(t.Coverage), textPlaces)]
	for _, c := range shown {
		t.coverageOf(c)
	}
	t.more(len(t.Coverage)-len(shown), "place", "places")
	t.schedules()
}

// schedules is a line for each schedule that was walked. Who reads of a leak
// asks for other things first; the page has them all.
func (t *text) schedules() {
	rows := t.scheduleRows()
	if len(rows) == 0 || t.Verdict == leak.Leak {
		return
	}
	t.heading("Schedules")
	t.line(t.paint(dim, scheduleLine("schedule", "rounds", "exposures", "pairs", "places", "bound 95 %")))
	for _, r := range rows {
		t.line(scheduleLine(r.Name, number(r.Rounds), number(r.Exposures), number(r.Pairs), number(r.Places), r.BoundText))
	}
}

func scheduleLine(name, rounds, exposures, pairs, places, bound string) string {
	return "  " + pad(elide(name, 20), 20) + " " + padLeft(elide(rounds, 9), 9) + " " + padLeft(elide(exposures, 13), 13) + " " +
		padLeft(elide(pairs, 11), 11) + " " + padLeft(elide(places, 11), 11) + " " + padLeft(elide(bound, 16), 16)
}

func (t *text) coverageOf(c leak.Coverage) {
	own := fmt.Sprintf("%d/%d", c.OwnSeen, c.Sessions)
	l := coverageLine(string(c.Place), surfaceWords(c.Surface), own, number(c.Pairs), number(c.Exposures), t.boundAt(c))
	color := ""
	switch {
	case len(t.proofsAt(c.Place, c.Surface)) > 0:
		color = red
	case c.OwnSeen < c.Sessions:
		color = yellow
	}
	t.line(t.paint(color, l))
	if how := wayThere(c); how != "" && t.Verdict != leak.Leak {
		t.para("    ", dim, elide(how, columns-4)) // of a leak it tells nothing
	}
	if c.Unseen > 0 {
		t.para("    ", yellow, count(c.Unseen, "body", "bodies")+" could not be read here")
	}
}

// wayThere says in a line how a place was reached.
func wayThere(c leak.Coverage) string {
	parts := []string{reached(c), edges(c)}
	if said := caches(c); said != "" {
		parts = append(parts, "cache "+said)
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// coverageLine is a row of the table. Numbers too wide for their column take
// from the place's.
func coverageLine(place, surface, own, pairs, exposures, bound string) string {
	rest := " " + pad(elide(surface, 15), 15) + " " + padLeft(own, 12) + " " +
		padLeft(pairs, 6) + " " + padLeft(exposures, 9) + " " + padLeft(bound, 12)
	room := min(placeColumn, columns-2-cells(rest))
	return "  " + pad(elide(place, room), room) + rest
}

func (t *text) seen() {
	t.heading("What was seen")
	if scope := t.scope(); scope != "" {
		t.para("  ", yellow, scope)
	}
	t.para("  ", "", t.volume()+".")
	t.para("  ", "", t.exposed())
	if bound := t.bound(); bound != "" {
		t.para("  ", "", bound)
	}
	if len(t.Rounds) > 0 && (len(t.Coverage) == 0 || t.Verdict == leak.Leak) {
		t.para("  ", "", "Rounds: "+tallies(t.Rounds)+".")
	}
	t.checks()
}

// exposed says how often and between whom a leak could have been seen.
func (d digest) exposed() string {
	if len(d.Coverage) == 0 {
		return d.unplaced()
	}
	return fmt.Sprintf("%s at %s; at the place that met fewest, %s of %s needed.",
		upperWord(count(d.Exposures, "exposure", "exposures")), count(len(d.Coverage), "own place", "own places"),
		count(d.PairsMet, "ordered pair met", "ordered pairs met"), number(d.PairsNeeded))
}

// unplaced says what a run without own places can and cannot tell.
func (d digest) unplaced() string {
	if d.Verdict == leak.Leak {
		return "The run ended with its proof, before own places were established: no exposures to count."
	}
	return "No own place was established: there was nowhere to count exposures."
}

// volume says how much the run drove and recorded.
func (d digest) volume() string {
	all := []string{
		count(d.Customers, "customer", "customers"), count(d.Sessions, "session", "sessions"),
		count(d.Exchanges, "exchange", "exchanges"), count(d.Sightings, "sighting", "sightings"),
		count(d.Bodies, "distinct body", "distinct bodies"),
	}
	if d.Mail.Watched {
		all = append(all, count(d.Mail.Received, "mail", "mails"))
	}
	if d.Bystanders > 0 {
		all[0] += " and " + count(d.Bystanders, "bystander", "bystanders")
	}
	return strings.Join(all, ", ")
}

// tallies says a map of counts in one line, the greatest first.
func tallies(m map[string]int) string {
	var parts []string
	for _, k := range byCount(m) {
		parts = append(parts, fmt.Sprintf("%s %s", k, number(m[k])))
	}
	return strings.Join(parts, ", ")
}

func (t *text) checks() {
	if len(t.SelfChecks) == 0 {
		t.para("  ", yellow, "No self-check was made.")
		return
	}
	good := 0
	for _, c := range t.SelfChecks {
		if c.OK {
			good++
			continue
		}
		t.para("  ", red, strings.TrimSuffix("Self-check failed: "+c.Name+": "+c.Detail, ": "))
	}
	t.para("  ", "", fmt.Sprintf("Self-checks: %d of %d passed.", good, len(t.SelfChecks)))
}

// missing lists what the run did not see, lost or left behind.
func (t *text) missing() {
	lists := []struct {
		heading string
		lines   []string
	}{
		{"Steps that failed", counted(t.Failures)},
		{headUnseen, t.unseenLines(true)},
		{headStrays, t.strayLines()},
		{headPaces, t.paceLines()},
		{headHooks, t.hookLines()},
		{headNeverOwn, t.neverOwnLines()},
		{"Lost on the way", t.Lost},
		{"Accounts left behind", t.Accounts},
		{"Allowances that nothing needed", t.Allowances},
		{"Values that prove nothing in this run", t.Unmarked},
		{"Other hosts that pages loaded from", t.ThirdParty},
	}
	for _, l := range lists {
		t.bullets(l.heading, l.lines)
	}
}

// counted says a map of counts as lines, the greatest first.
func counted(m map[string]int) []string {
	var out []string
	for _, k := range byCount(m) {
		out = append(out, number(m[k])+" × "+k)
	}
	return out
}

func (t *text) bullets(heading string, lines []string) {
	if len(lines) == 0 {
		return
	}
	t.heading(heading)
	shown := lines[:min(len(lines), textKeys)]
	for _, l := range shown {
		t.para("  - ", "", elide(l, textValue))
	}
	t.more(len(lines)-len(shown), "line", "lines")
}

func (t *text) facts() {
	t.heading("The run")
	for _, f := range t.runFacts() {
		t.para("  "+pad(f.Name, 10)+" ", "", f.Value)
	}
	if t.Folder != "" {
		t.para("  "+pad("folder", 10)+" ", bold, t.Folder)
	}
	// Said again, for a terminal whose first lines have scrolled away.
	t.para("  "+pad("verdict", 10)+" ", t.colorOf(), fmt.Sprintf("%s, exit code %d", strings.ToLower(t.title()), t.Exit))
	say, command := t.next()
	if command != "" && command == t.again() {
		say, command = "Fix the cause, then run the command at the end of FINDINGS again.", ""
	}
	t.para("  "+pad("next", 10)+" ", cyan, strings.TrimSpace(say+" "+command))
}

// fact is one property of a run, for people.
type fact struct{ Name, Value string }

// runFacts lists the properties of the run that are known, in a fixed order.
func (d digest) runFacts() []fact {
	all := []fact{
		{"run", d.ID}, {"label", d.Label}, {"scenario", d.Scenario}, {"target", d.Target},
		{"profile", d.Profile}, {"seed", fmt.Sprint(d.Seed)}, {"started", d.Started},
		{"took", span(d.Duration)}, {"browser", d.Browser}, {"crosstalk", d.Version},
	}
	if d.Interrupted {
		all = append(all, fact{"ended", "interrupted"})
	}
	var known []fact
	for _, f := range all {
		if f.Value != "" {
			known = append(known, f)
		}
	}
	return known
}
