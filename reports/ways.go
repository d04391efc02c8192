package reports

import (
	"cmp"
	"slices"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/harness/leak"
)

// How much of one way a line tells.
const (
	wayKinds  = 8
	wayPairs  = 5
	wayWheres = 4
	wayWord   = 40 // columns of one kind, id or place in a page
)

// way is findings that a person takes for one: the same rule, strength and
// cause, at one place on one surface, whatever it showed and whomever it hit.
type way struct {
	First    leak.Finding
	Findings []leak.Finding
}

// waysOf folds findings, the most telling way first.
func waysOf(findings []leak.Finding) []way {
	var out []way
	for _, f := range findings {
		i := slices.IndexFunc(out, func(w way) bool { return w.is(f) })
		if i < 0 {
			i = len(out)
			out = append(out, way{First: f})
		}
		out[i].Findings = append(out[i].Findings, f)
	}
	return telling(out)
}

func (w way) is(f leak.Finding) bool {
	x := w.First
	return x.Rule == f.Rule && x.Strength == f.Strength && x.Cause == f.Cause && x.Place == f.Place && x.Surface == f.Surface
}

// telling sorts ways: proofs before suspicions, then the widest of each rule
// and cause, so that a second defect is not lost behind many places of the
// first, then what reached most pairs with most kinds.
func telling(ways []way) []way {
	slices.SortStableFunc(ways, func(a, b way) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(len(pairsOf(b.Findings)), len(pairsOf(a.Findings))),
			cmp.Compare(len(kindsOf(b.Findings)), len(kindsOf(a.Findings))))
	})
	seen := map[[3]string]bool{}
	var lead, rest []way
	for _, w := range ways {
		key := [3]string{w.First.Strength, w.First.Rule, w.First.Cause}
		if seen[key] {
			rest = append(rest, w)
			continue
		}
		seen[key] = true
		lead = append(lead, w)
	}
	out := append(lead, rest...)
	slices.SortStableFunc(out, func(a, b way) int { return cmp.Compare(a.rank(), b.rank()) })
	return out
}

// rank puts what proves a leak before what only looks like one.
func (w way) rank() int {
	if w.First.Strength == leak.Suspicion {
		return 1
	}
	return 0
}

// kindsOf lists the kinds of findings in words, each once.
func kindsOf(findings []leak.Finding) []string {
	return once(findings, func(f leak.Finding) string { return elide(kindWords(f.Kind), wayWord) })
}

// wheres lists the first few spots that a way shows data at, and how many it
// leaves out.
func (w way) wheres() (spots []string, left int) {
	all := once(w.Findings, func(f leak.Finding) string { return elide(f.Where, wayWord) })
	shown := all[:min(len(all), wayWheres)]
	return shown, len(all) - len(shown)
}

// once lists what f says of each finding, without repetition and empty words.
func once(findings []leak.Finding, f func(leak.Finding) string) []string {
	var out []string
	for _, x := range findings {
		if s := f(x); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// first is the first thing that f says of any finding of the way.
func (w way) first(f func(leak.Finding) string) string {
	return strings.Join(firstOf(once(w.Findings, f)), "")
}

func firstOf(list []string) []string { return list[:min(len(list), 1)] }

// tells says what the first viewer of a way was shown of whom, both as name
// names them.
func (w way) tells(name func(id string) string) string {
	p := pairsOf(w.Findings)[0]
	viewer, victim, what := name(p.Viewer), name(p.Victim), bounded(kindsOf(p.Findings), wayKinds)
	return says(w.First.Rule, viewer, victim, victim+"'s "+what, what)
}

// others says whom else the way hit, and what it showed only them; "" for
// nobody.
func (w way) others() string {
	all := pairsOf(w.Findings)
	if len(all) < 2 {
		return ""
	}
	var to []string
	for _, p := range all[1:] {
		to = append(to, someone(p.Victim)+"→"+someone(p.Viewer)) // no space: no line may end between them
	}
	also, had := []string{}, kindsOf(all[0].Findings)
	for _, k := range kindsOf(w.Findings) {
		if !slices.Contains(had, k) {
			also = append(also, k)
		}
	}
	said := "and " + count(len(to), "more pair", "more pairs")
	if len(also) > 0 {
		said += " (also " + bounded(also, wayKinds) + ")"
	}
	return said + ": " + bounded(to, wayPairs)
}

// seen says how often a way leaked, and when first.
func (w way) seen() string {
	times, at := 0, w.First.FirstSeen
	for _, f := range w.Findings {
		times, at = times+f.Count, min(at, f.FirstSeen)
	}
	return "seen " + count(times, "time", "times") + ", first " + span(at) + " into the run"
}

// bounded joins at most limit words as a sentence does, and counts the others.
func bounded(words []string, limit int) string {
	if len(words) > limit {
		words = append(slices.Clone(words[:limit]), number(len(words)-limit)+" more")
	}
	return listed(words)
}

// someone names a customer by id only, where others say who that is.
func someone(id string) string {
	switch id {
	case history.Nobody:
		return "a passer-by"
	case "":
		return "somebody unknown"
	}
	return elide(id, wayWord)
}

// folded counts the findings of ways.
func folded(ways []way) int {
	n := 0
	for _, w := range ways {
		n += len(w.Findings)
	}
	return n
}

// again is the command that shows the most telling finding again; "" where
// there is none.
func (d digest) again() string {
	for _, w := range d.Ways {
		if c := w.first(func(f leak.Finding) string { return f.Reproduce }); c != "" {
			return c
		}
	}
	return ""
}
