package reports

import (
	"fmt"
	"html/template"
	"io/fs"
	"strings"

	"crosstalk/harness"
	"crosstalk/harness/leak"
)

// page is everything the template prints; it decides nothing itself.
type page struct {
	Style     template.CSS
	Mood      string // class of the page: leak, isolated, inconclusive
	Title     string
	Headline  string
	Detail    string
	Scenario  string
	Target    string
	Subject   []string // what was tested, in a line under the title
	Tiles     []tile
	Reasons   []leak.Reason
	Standing  []stand
	Matrix    matrix
	PairLines []pairLine
	Ways      string // heading of Defects
	Defects   []defectRow
	Cards     []card
	Causes    []causeNote
	Coverage  []coverageRow
	Bound     string
	Volume    string
	Scope     string // what the run was narrowed to
	Schedules []scheduleRow
	Rounds    string
	Checks    []harness.Check
	ChecksOK  int
	Gaps      []gap
	People    []harness.Person
	Facts     []fact
	Folder    string
	Next      string
	Command   string // to be typed next
	Content   string // why, where there are no reasons
	Empty     string // what it means that nobody saw anything
	Unplaced  string // what it means that there is no own place
}

// tile is one big number of the first screen.
type tile struct{ Number, Label, Note string }

// pairLine lists the findings of one victim and viewer.
type pairLine struct {
	Victim, Viewer string
	IDs            []string
}

// defectRow is one way data leaks, with everybody it hit.
type defectRow struct {
	What, Place, Where, Surface, Rule, Cause string
	Strength                                 string
	Pairs, Times                             string
	IDs                                      []string
	More                                     int // findings beyond IDs
}

// causeNote explains a cause that was found.
type causeNote struct{ Cause, Means, Look string }

// gap is something the run did not see, lost or left behind.
type gap struct {
	Heading string
	Lines   []string
}

// Long says that a list is folded until it is asked for.
func (g gap) Long() bool { return len(g.Lines) > longGap }

// longGap is from how many lines on.
const longGap = 12

// coverageRow is one own place with its bars, in percent.
type coverageRow struct {
	leak.Coverage
	Shown, Kinds                    string
	OwnPart, PairPart, ExposurePart int
	BoundText                       string
	By                              []string // what each schedule made of it
	Over, From, Cached              string   // connections, who answered, what caches said
	Leaks                           []string // ids of the proofs here
	Short                           bool     // fewer sessions than were here saw their own
}

func pageOf(d digest, files fs.FS) page {
	p := page{
		Mood: d.mood(), Title: d.title(), Headline: d.headline(), Detail: d.detail(),
		Scenario: d.Scenario, Target: d.Target, Subject: d.subject(), Tiles: d.tiles(),
		Matrix: d.matrix(), Bound: d.bound(), Volume: d.volume(), Rounds: tallies(d.Rounds), Scope: d.scope(), Schedules: d.scheduleRows(),
		Checks: d.SelfChecks, People: d.People, Facts: append(d.runFacts(), fact{"exit code", fmt.Sprint(d.Exit)}), Folder: d.Folder,
		Cards: d.cards(files), Standing: d.standing(), Gaps: d.gaps(), Coverage: d.coverageRows(),
	}
	p.Next, p.Command = d.next()
	p.Content, p.Empty, p.Unplaced = d.content(), d.emptyMatrix(), d.unplaced()
	for i, reason := range d.Reasons {
		p.Reasons = append(p.Reasons, leak.Reason{Text: reason, Remedy: d.Remedies[i]})
	}
	for _, c := range d.SelfChecks {
		if c.OK {
			p.ChecksOK++
		}
	}
	for _, pr := range d.Pairs {
		p.PairLines = append(p.PairLines, pairLine{d.who(pr.Victim), d.who(pr.Viewer), ids(pr.Findings)})
	}
	for _, x := range d.Defects {
		p.Defects = append(p.Defects, d.defectRow(x))
	}
	p.Ways = "What leaks, and where to look"
	if len(d.Proofs) == 0 {
		p.Ways = "What looks like a leak, and where to look"
	}
	if len(d.Findings) > 0 {
		for _, c := range causesOf(d.Findings) {
			means, look := causeWords(c)
			p.Causes = append(p.Causes, causeNote{c, means, look})
		}
	}
	return p
}

// mood is the class that colors the page.
func (d digest) mood() string {
	if d.Verdict == leak.Leak || d.Verdict == leak.Isolated {
		return string(d.Verdict)
	}
	return string(leak.Inconclusive)
}

// subject says what was tested, in a few words each.
func (d digest) subject() []string {
	var out []string
	for _, s := range []string{d.Label, d.Target, d.Started, span(d.Duration)} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// tiles are the numbers that carry the verdict.
func (d digest) tiles() []tile {
	bound := tile{"none", "bound at 95 %", "too few exposures"}
	if in := oneIn(d.Bound); in != "" {
		bound = tile{"< " + in, "exposures leak, at 95 %", "assuming independence"}
	}
	met := tile{number(d.PairsMet), word(d.PairsMet, "ordered pair met", "ordered pairs met"), "at the place with fewest; " + number(d.PairsNeeded) + " needed"}
	volume := tile{number(d.Sessions), word(d.Sessions, "session", "sessions"), "of " + count(d.Customers, "customer", "customers")}
	exposed := tile{number(d.Exposures), word(d.Exposures, "exposure", "exposures"), "at " + count(len(d.Coverage), "own place", "own places")}
	found := tile{number(len(d.Findings)), word(len(d.Findings), "finding", "findings"), d.tally()}
	switch {
	case len(d.Findings) == 0:
		return []tile{volume, exposed, met, bound}
	case len(d.Proofs) == 0:
		return []tile{found, exposed, met, bound}
	}
	viewers, victims := distinct(d.Findings, viewerOf), distinct(d.Findings, victimOf)
	ways := len(d.Ways)
	if len(d.Coverage) == 0 {
		exposed = volume
	}
	return []tile{
		found,
		{number(viewers), word(viewers, "viewer saw too much", "viewers saw too much"), "data of " + count(victims, "victim", "victims")},
		{number(ways), word(ways, "way it leaks", "ways it leaks"), "at " + count(distinct(d.Findings, placeOf), "place", "places")},
		exposed,
	}
}

func (d digest) defectRow(x defect) defectRow {
	f, times := x.First, 0
	for _, each := range x.Findings {
		times += each.Count
	}
	list := ids(x.Findings)
	shown := list[:min(len(list), 8)]
	return defectRow{
		What: kindWords(f.Kind), Place: string(f.Place), Where: f.Where, Surface: surfaceWords(f.Surface),
		Rule: f.Rule, Cause: f.Cause, Strength: f.Strength, Times: number(times),
		Pairs: number(len(pairsOf(x.Findings))), IDs: shown, More: len(list) - len(shown),
	}
}

func (d digest) gaps() []gap {
	var out []gap
	for _, g := range []gap{
		{"Steps that failed", counted(d.Failures)},
		{headUnseen, d.unseenLines(false)},
		{headStrays, d.strayLines()},
		{headPaces, d.paceLines()},
		{headHooks, d.hookLines()},
		{headNeverOwn, d.neverOwnLines()},
		{"Lost on the way", d.Lost},
		{"Accounts left behind", d.Accounts},
		{"Allowances that nothing needed", d.Allowances},
		{"Values that prove nothing in this run", d.Unmarked},
		{"Other hosts that pages loaded from", d.ThirdParty},
	} {
		if len(g.Lines) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func (d digest) coverageRows() []coverageRow {
	most := 0
	for _, c := range d.Coverage {
		most = max(most, c.Exposures)
	}
	var out []coverageRow
	for _, c := range d.Coverage {
		row := coverageRow{
			Coverage: c, Shown: surfaceWords(c.Surface), Short: c.OwnSeen < c.Sessions,
			Kinds:   strings.Join(each(c.Kinds, kindWords), ", "),
			OwnPart: percent(c.OwnSeen, c.Sessions), PairPart: percent(c.Pairs, max(1, d.PairsNeeded)),
			ExposurePart: percent(c.Exposures, most), BoundText: d.boundAt(c), By: metBy(c), Over: reached(c), From: edges(c), Cached: caches(c), Leaks: ids(d.proofsAt(c.Place, c.Surface)),
		}
		out = append(out, row)
	}
	return out
}

// percent is how much of whole a part is, from 0 to 100.
func percent(part, whole int) int {
	if whole <= 0 {
		return 0
	}
	return min(100, max(0, 100*part/whole))
}
