package harness

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// aspect is one thing that a walk shows, as values by what they are of.
type aspect struct {
	name string
	of   func(quietWalk) map[string]string
}

// all are the values that walks have; one that is missing is "".
func (a aspect) all(walks []quietWalk) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	each := make([]map[string]string, len(walks))
	for i, w := range walks {
		each[i] = a.of(w)
		for what := range each[i] {
			out[what] = map[string]bool{}
		}
	}
	for what := range out {
		for _, values := range each {
			out[what][values[what]] = true
		}
	}
	return out
}

func joined(a, b map[string]map[string]bool) map[string]bool {
	out := map[string]bool{}
	for what := range a {
		out[what] = true
	}
	for what := range b {
		out[what] = true
	}
	return out
}

func disjoint(a, b map[string]bool) bool {
	for v := range a {
		if b[v] {
			return false
		}
	}
	return true
}

var quietAspects = []aspect{
	{"how often the server is asked for ", func(w quietWalk) map[string]string {
		n := map[string]int{}
		for _, a := range w.asked {
			n[a.line]++
		}
		out := map[string]string{}
		for line, count := range n {
			out[line] = fmt.Sprint(count)
		}
		return out
	}},
	{"the header lines (and their order) of ", func(w quietWalk) map[string]string {
		out, n := map[string]string{}, map[string]int{}
		for _, a := range w.asked {
			n[a.line]++
			out[fmt.Sprintf("%s (%d)", a.line, n[a.line])] = strings.Join(a.head, "\n")
		}
		return out
	}},
	{"how many connections are ", func(w quietWalk) map[string]string { return map[string]string{"used": fmt.Sprint(w.connections())} }},
	{"what is ", func(w quietWalk) map[string]string {
		return map[string]string{"kept in the client": string(w.told.Kept)}
	}},
	{noticed, func(w quietWalk) map[string]string { return w.told.Noticed }},
}

// numbered are a walk's requests, those of one kind told apart by their order.
func (w quietWalk) numbered() (names []string, connection map[string]int) {
	n, connection := map[string]int{}, map[string]int{}
	for _, a := range w.asked {
		n[a.line]++
		name := fmt.Sprintf("%s (%d)", a.line, n[a.line])
		names = append(names, name)
		connection[name] = a.connection
	}
	return names, connection
}

// always are the pairs of requests of which something is true in every walk:
// what the browser itself keeps.
func always(walks []quietWalk, holds func(w quietWalk, a, b string) bool) map[[2]string]bool {
	out := map[[2]string]bool{}
	names, _ := walks[0].numbered()
	for _, a := range names {
		for _, b := range names {
			whole := a != b
			for _, w := range walks {
				whole = whole && holds(w, a, b)
			}
			if whole {
				out[[2]string{a, b}] = true
			}
		}
	}
	return out
}

// sooner answers by how much one request came before another, whose order is
// then the page's: what a parser asks for at once comes over several
// connections, in any order.
func sooner(by time.Duration) func(w quietWalk, a, b string) bool {
	return func(w quietWalk, a, b string) bool {
		names, _ := w.numbered()
		i, k := slices.Index(names, a), slices.Index(names, b)
		return i >= 0 && k >= 0 && w.asked[k].came.Sub(w.asked[i].came) > by
	}
}

// reordered are the requests that came in one order in every walk of one kind,
// and in the other in every walk of the other.
func reordered(off, on []quietWalk) string {
	was, is := always(off, sooner(20*time.Millisecond)), always(on, sooner(0))
	var all []string
	for pair := range was {
		if is[[2]string{pair[1], pair[0]}] {
			all = append(all, pair[1]+" before "+pair[0])
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// reconnected are the requests that shared a connection in every walk of one
// kind and in no walk of the other.
func reconnected(off, on []quietWalk) string {
	together := func(w quietWalk, a, b string) bool { _, c := w.numbered(); return c[a] == c[b] && c[a] > 0 }
	apart := func(w quietWalk, a, b string) bool { return !together(w, a, b) }
	var all []string
	for _, way := range [][2]func(quietWalk, string, string) bool{{together, apart}, {apart, together}} {
		was, is := always(off, way[0]), always(on, way[1])
		for pair := range was {
			if is[pair] && pair[0] < pair[1] {
				all = append(all, pair[0]+" and "+pair[1])
			}
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// apart shows a value of each side: only the words that differ, where there
// are many.
func apart(these, those map[string]bool) (string, string) {
	one, other := "", ""
	for _, v := range slices.Sorted(maps.Keys(these)) {
		one = v
	}
	for _, v := range slices.Sorted(maps.Keys(those)) {
		other = v
	}
	a, b := strings.FieldsFunc(one, isGap), strings.FieldsFunc(other, isGap)
	if len(a) < 20 || len(b) < 20 {
		return fmt.Sprintf("%.300q", one), fmt.Sprintf("%.300q", other)
	}
	return fmt.Sprintf("%q", without(a, b)), fmt.Sprintf("%q", without(b, a))
}

func isGap(c rune) bool { return c == ' ' || c == '\n' }

func without(words, those []string) []string {
	out := []string{}
	for _, w := range words {
		if !slices.Contains(those, w) {
			out = append(out, w)
		}
	}
	return out
}

func listed(differences map[string]string) string {
	if len(differences) == 0 {
		return "  none"
	}
	var b strings.Builder
	for _, what := range slices.Sorted(maps.Keys(differences)) {
		fmt.Fprintf(&b, "  %s: %s\n", what, differences[what])
	}
	return b.String()
}
