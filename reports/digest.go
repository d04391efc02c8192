package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness"
	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// digest is what every report for people says about a result, counted once.
type digest struct {
	harness.Result

	Proofs     []leak.Finding
	Suspicions []leak.Finding
	Pairs      []pair   // who saw whose, in order of first sighting
	Defects    []defect // findings that tomorrow would have one fingerprint
	Ways       []way    // findings that a person takes for one, the most telling first
	people     map[string]harness.Person
}

// pair is one viewer who was shown data of one victim.
type pair struct {
	Victim, Viewer string // ids
	Findings       []leak.Finding
}

// defect is one way in which data leaks, whomever it hits.
type defect struct {
	First    leak.Finding
	Findings []leak.Finding
}

// digested prepares a result for people: cleaned of what could harm them, and
// counted.
func digested(r harness.Result) digest {
	d := digest{Result: tidy(r, printable), people: map[string]harness.Person{}}
	for _, p := range d.People {
		d.people[p.ID] = p
	}
	for i, f := range d.Findings {
		f.Cause = cmp.Or(f.Cause, leak.CauseUnknown)
		f.ID = cmp.Or(f.ID, fmt.Sprintf("F%d", i+1))
		d.Findings[i] = f
		if f.Strength == leak.Suspicion {
			d.Suspicions = append(d.Suspicions, f)
		} else {
			d.Proofs = append(d.Proofs, f)
		}
	}
	d.Pairs = pairsOf(d.Findings)
	d.Defects = defectsOf(d.Findings)
	d.Ways = waysOf(d.Findings)
	return d
}

func pairsOf(findings []leak.Finding) []pair {
	var out []pair
	for _, f := range findings {
		i := slices.IndexFunc(out, func(p pair) bool { return p.Victim == f.Victim && p.Viewer == f.Viewer })
		if i < 0 {
			i = len(out)
			out = append(out, pair{Victim: f.Victim, Viewer: f.Viewer})
		}
		out[i].Findings = append(out[i].Findings, f)
	}
	return out
}

func defectsOf(findings []leak.Finding) []defect {
	var out []defect
	for _, f := range findings {
		i := slices.IndexFunc(out, func(d defect) bool { return d.First.Fingerprint == f.Fingerprint && d.First.Cause == f.Cause })
		if i < 0 || f.Fingerprint == "" {
			i = len(out)
			out = append(out, defect{First: f})
		}
		out[i].Findings = append(out[i].Findings, f)
	}
	return out
}

// who names a customer for people: "c03 Jane Doe", or a passer-by.
func (d digest) who(id string) string {
	if id == history.Nobody {
		return "a passer-by"
	}
	if p, ok := d.people[id]; ok && p.Name != "" {
		return id + " " + p.Name
	}
	if id == "" {
		return "somebody unknown"
	}
	return id
}

// short names a customer by id and, where it fits, first name: a name cut into
// pieces is nobody's.
func (d digest) short(id string) string {
	said := someone(id)
	if first := strings.Fields(d.people[id].Name); len(first) > 0 && id != "" && cells(first[0]) <= nameColumn {
		said += " " + first[0]
	}
	return said
}

// nameColumn is how wide a first name is, at most, where columns are few.
const nameColumn = 14

// sentence says in one line what of whom was shown to whom.
func (d digest) sentence(f leak.Finding) string {
	viewer, victim, kind := d.who(f.Viewer), d.who(f.Victim), kindWords(f.Kind)
	return says(f.Rule, viewer, victim, fmt.Sprintf("the %s of %s", kind, victim), kind)
}

// upperFirst begins a sentence; customer ids stay as they are.
func upperFirst(s string) string {
	if strings.HasPrefix(s, "a ") || strings.HasPrefix(s, "somebody") {
		return strings.ToUpper(s[:1]) + s[1:]
	}
	return s
}

// distinct counts the different values of what f says of each finding.
func distinct(findings []leak.Finding, f func(leak.Finding) string) int {
	seen := map[string]bool{}
	for _, x := range findings {
		seen[f(x)] = true
	}
	return len(seen)
}

func viewerOf(f leak.Finding) string { return f.Viewer }
func victimOf(f leak.Finding) string { return f.Victim }
func placeOf(f leak.Finding) string  { return string(f.Place) }

// causesOf lists the causes of findings, the commonest first.
func causesOf(findings []leak.Finding) []string {
	n := map[string]int{}
	for _, f := range findings {
		n[f.Cause]++
	}
	return byCount(n)
}

// proofsAt lists the proofs at a place on a surface.
func (d digest) proofsAt(at history.Place, on history.Surface) []leak.Finding {
	var out []leak.Finding
	for _, f := range d.Proofs {
		if f.Place == at && f.Surface == on {
			out = append(out, f)
		}
	}
	return out
}

// boundAt says what a place's exposures buy: "1 in 213", "leak" where it
// leaked, "–" where there were too few.
func (d digest) boundAt(c leak.Coverage) string {
	if len(d.proofsAt(c.Place, c.Surface)) > 0 {
		return "leak"
	}
	return cmp.Or(oneIn(c.Bound), "–")
}

// byCount lists the keys of m, the greatest value first, equal ones by name.
func byCount(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b))
	})
	return keys
}

func ids(findings []leak.Finding) []string {
	out := make([]string, 0, len(findings))
	for _, f := range findings {
		out = append(out, f.ID)
	}
	return out
}
