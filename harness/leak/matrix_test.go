package leak_test

import (
	"fmt"
	"hash/fnv"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/match"
)

// matrix is the proof in the making: ours are the customers that the index
// knows, strangers are like them and unknown to it.
type matrix struct {
	ours, strangers *matrixPeople
	index           *match.Index
	shapes          map[int]match.Shape // by pattern
	all, full       bool                // all surfaces; all sizes too

	mu    sync.Mutex
	pages map[string]*matrixAround
}

func newMatrix(t testing.TB) *matrix {
	t.Helper()
	m := &matrix{ours: newMatrixPeople(t, matrixSeed, matrixCustomers, nil), pages: map[string]*matrixAround{}}
	m.full = os.Getenv("CROSSTALK_MATRIX") == "full"
	m.all = m.full || os.Getenv("CROSSTALK_MATRIX") == "all"
	m.strangers = newMatrixPeople(t, matrixSeed+1, matrixCustomers, m.ours.texts())
	index, err := match.New(m.ours.patterns)
	require.NoError(t, err)
	m.index, m.shapes = index, map[int]match.Shape{}
	for _, p := range m.ours.patterns {
		m.shapes[p.ID] = p.Shape
	}
	return m
}

// matrixCell is one kind written in one way.
type matrixCell struct {
	kind  matrixKind
	row   matrixTransform
	turn  int // where its surfaces begin
	found int // surfaces on which it was found
	why   string
	wrong []string
}

// TestEveryKindIsFoundInEveryTransformationOnEverySurface is the matrix. Each
// cell is one kind of value written in one way. On every surface that can hold
// it, it stands once in a page full of other customers' values: exactly that
// one is found besides them, with its owner, its kind, what had to be undone,
// and where it stands. The same page about strangers, with a stranger's value
// written alike, has nothing of ours.
//
// By default each cell visits a third of the surfaces. With
// CROSSTALK_MATRIX=all it visits all of them, with CROSSTALK_MATRIX=full in
// pages of all sizes; with -v the matrix is printed.
func TestEveryKindIsFoundInEveryTransformationOnEverySurface(t *testing.T) {
	if testing.Short() {
		t.Skip("it searches some twenty thousand pages")
	}
	m := newMatrix(t)
	var cells []*matrixCell
	only := regexp.MustCompile(os.Getenv("CROSSTALK_MATRIX_ONLY"))
	for i, row := range matrixTransforms() {
		for j, k := range matrixKinds() {
			if !only.MatchString(string(k.kind) + " × " + row.name) {
				continue
			}
			cells = append(cells, &matrixCell{kind: k, row: row, turn: i + j})
		}
	}
	twoAtATime(cells, m.fill)
	m.report(t, cells)
}

// twoAtATime does something with all, in their order, and returns when it is
// done.
func twoAtATime[T any](all []T, do func(T)) {
	var wait sync.WaitGroup
	work := make(chan T)
	for range 2 {
		wait.Go(func() {
			for one := range work {
				do(one)
			}
		})
	}
	for _, one := range all {
		work <- one
	}
	close(work)
	wait.Wait()
}

// fill looks for a cell's value on all surfaces.
func (m *matrix) fill(c *matrixCell) {
	switch {
	case c.kind.unlooked != "":
		c.why = c.kind.unlooked
		return
	case c.row.not != nil && c.row.not(c.kind) != "":
		c.why = c.row.not(c.kind)
		return
	}
	for n, s := range matrixSurfaces() {
		if s.minor && c.row.name != "minor units at an amount" || c.row.on != nil && !c.row.on(s) || !m.visits(c, n) || c.layers(s) > 3 {
			continue
		}
		for _, size := range m.sizes(c, s) {
			v, made, ok := m.choose(c, s, n)
			if !ok {
				continue
			}
			if wrong := m.look(c, s, v, made, size); wrong != "" {
				c.wrong = append(c.wrong, fmt.Sprintf("%s: %s", s.name, wrong))
				continue
			}
			c.found++
		}
	}
	if c.found == 0 && len(c.wrong) == 0 {
		c.why = "it leaves these values as they are"
	}
}

// visits says whether a cell is looked for on a surface. By default it is on
// every third, each cell beginning elsewhere, and where only few can hold it,
// on all.
func (m *matrix) visits(c *matrixCell, surface int) bool {
	return m.all || c.row.name == "plain" || c.row.on != nil || (surface+c.turn)%3 == 0
}

// sizes of the pages, in bytes: small ones as a rule, now and then a big one.
func (m *matrix) sizes(c *matrixCell, s matrixSurface) []int {
	if m.full {
		return []int{5_000, 50_000, 500_000}
	}
	h := fnv.New32a()
	fmt.Fprint(h, c.kind.kind, c.row.name, s.name)
	switch n := h.Sum32() % 400; {
	case n == 0:
		return []int{500_000}
	case n < 10:
		return []int{100_000}
	case n < 100:
		return []int{20_000}
	}
	return []int{5_000}
}

// choose takes the next customer whose value the transformation changes and
// the surface can hold.
func (m *matrix) choose(c *matrixCell, s matrixSurface, n int) (matrixValue, matrixMade, bool) {
	for i := range m.ours.customers {
		v, ok := m.ours.values[(i+7*n)%len(m.ours.customers)][c.kind.kind]
		if !ok {
			continue
		}
		made := c.row.make(v)
		if made.read == "" || len(c.row.chain) > 0 && made.core == "" && (matrixMade{raw: v.text}).heart() != v.text || len(c.row.chain) > 0 && strings.ContainsRune("-_!#*", rune(v.text[0])) || made.raw == v.text && c.row.name != "plain" || s.holds != nil && !s.holds(made.raw) {
			continue
		}
		return v, made, true
	}
	return matrixValue{}, matrixMade{}, false
}

// look searches one page, and its twin about strangers. It answers what is
// wrong; empty when nothing is.
func (m *matrix) look(c *matrixCell, s matrixSurface, v matrixValue, made matrixMade, size int) string {
	around := m.around(s, m.ours, v.who%2, size)
	body, stands := m.body(c, s, around.text, made)
	reading := match.Read(s.mediaType, body)
	if c.row.mask {
		return m.lookForMask(reading, v, made)
	}
	found, want := m.tally(s, reading, c.row.fragment), m.want(c, s, v, made, stands)
	if c.row.inner != "" && !slices.ContainsFunc(c.row.chain, matrixIsLayer) && s.lang != "json" && !s.nowhere {
		// JSON in a text that is not JSON: naming the text will do.
		outer := strings.TrimSuffix(strings.TrimSuffix(want, c.row.inner), "›")
		if found[outer] == 1 {
			want = outer
		}
	}
	for key, n := range around.found[matrixBit(c.row.fragment)] {
		if found[key] -= n; found[key] == 0 {
			delete(found, key)
		}
	}
	for _, part := range c.kind.parts {
		for key := range found {
			if strings.HasPrefix(key, v.person.ID+" "+string(part)+" ") {
				delete(found, key)
			}
		}
	}
	// What percent-encoding does to a run of base64 may be undone with it.
	if found[want] == 0 && strings.Contains(want, "(percent base64") {
		want = strings.Replace(want, "(percent base64", "(base64", 1)
	}
	if c.row.other != "" && found[want] == 0 {
		want = strings.Replace(want, "("+c.row.chain[0], "("+c.row.other, 1)
		want = strings.Replace(want, "(fold fold)", "(fold)", 1)
	}
	if c.row.also != "" && found[want] == 0 {
		want = m.want(&matrixCell{kind: c.kind, row: c.row.with(c.row.also)}, s, v, made, stands)
	}
	if len(found) != 1 || found[want] != 1 {
		return fmt.Sprintf("%q of %s as %q: want %q, found %v", v.text, v.person.ID, made.raw, want, found)
	}
	return m.lookAtStrangers(c, s, v, size)
}

// lookAtStrangers searches a page that has nothing of ours.
func (m *matrix) lookAtStrangers(c *matrixCell, s matrixSurface, v matrixValue, size int) string {
	stranger, ok := m.strangers.values[v.who][c.kind.kind]
	if !ok {
		return ""
	}
	made := c.row.make(stranger)
	if s.holds != nil && !s.holds(made.raw) {
		return ""
	}
	body, _ := m.body(c, s, m.around(s, m.strangers, v.who%2, size).text, made)
	if found := m.tally(s, match.Read(s.mediaType, body), false); len(found) > 0 {
		return fmt.Sprintf("found with a stranger's value %q as %q: %v", stranger.text, made.raw, found)
	}
	return ""
}
