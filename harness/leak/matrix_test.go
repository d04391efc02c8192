package leak_test

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// matrix is the proof in the making: ours are the customers that the index
// knows, strangers are like them and unknown to it.
type matrix struct {
	ours, strangers *matrixPeople
	index           *match.Index
	shapes          map[int]match.Shape // by pattern
	full            bool

	mu    sync.Mutex
	pages map[string]*matrixAround
}

// matrixAround is a page with a slot, and what is found in it besides.
type matrixAround struct {
	text  string
	found [2]map[string]int // whole values and proofs; and weaker parts of values too
}

func newMatrix(t testing.TB) *matrix {
	t.Helper()
	m := &matrix{ours: newMatrixPeople(t, matrixSeed, matrixCustomers, nil), full: os.Getenv("CROSSTALK_MATRIX") == "full", pages: map[string]*matrixAround{}}
	m.strangers = newMatrixPeople(t, matrixSeed+1, matrixCustomers, m.ours.texts())
	index, err := match.New(m.ours.patterns)
	require.NoError(t, err)
	m.index, m.shapes = index, map[int]match.Shape{}
	for _, p := range m.ours.patterns {
		m.shapes[p.ID] = p.Shape
	}
	return m
}

// cell is one kind written in one way.
type matrixCell struct {
	kind  matrixKind
	row   matrixTransform
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
// With CROSSTALK_MATRIX=full every cell is searched in pages of all sizes,
// with -v the matrix is printed.
func TestEveryKindIsFoundInEveryTransformationOnEverySurface(t *testing.T) {
	if os.Getenv("CROSSTALK_MATRIX") == "" {
		t.Skip("until the decoders and forms stand")
	}
	m := newMatrix(t)
	var cells []*matrixCell
	for _, row := range matrixTransforms() {
		for _, k := range matrixKinds() {
			cells = append(cells, &matrixCell{kind: k, row: row})
		}
	}
	var wait sync.WaitGroup
	work := make(chan *matrixCell)
	for range 2 {
		wait.Go(func() {
			for c := range work {
				m.fill(c)
			}
		})
	}
	for _, c := range cells {
		work <- c
	}
	close(work)
	wait.Wait()
	m.report(t, cells)
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
		if s.minor && c.row.name != "minor units at an amount" || c.row.on != nil && !c.row.on(s) {
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
		if made.read == "" || len(c.row.chain) > 0 && made.core == "" && (matrixMade{raw: v.text}).heart() != v.text || made.raw == v.text && c.row.name != "plain" || s.holds != nil && !s.holds(made.raw) {
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
	if c.row.inner != "" && len(c.row.chain) == 0 && s.lang != "json" && !s.nowhere {
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

// want is what must be found: owner, kind, chain and where.
func (m *matrix) want(c *matrixCell, s matrixSurface, v matrixValue, made matrixMade, stands bool) string {
	var chain []string
	if !stands {
		chain = append(chain, s.chain...)
	}
	if s.within != "" && !s.keeps(made.heart()) && c.row.lang != s.lang {
		chain = append(chain, s.within)
	}
	chain = append(chain, c.row.chain...)
	if m.folded(c, s, v, made) {
		chain = append(chain, match.DecodedFold)
	}
	where := s.where
	if s.nowhere {
		where = "*"
	} else if c.row.inner != "" {
		where = strings.TrimPrefix(where+"›"+c.row.inner, "›")
	}
	return matrixFound(v.person.ID, cmp.Or(c.kind.as, c.kind.kind), chain, where)
}

// folded says whether what is read differs from the value in its letters.
func (m *matrix) folded(c *matrixCell, s matrixSurface, v matrixValue, made matrixMade) bool {
	for _, named := range []string{match.DecodedOrder, match.DecodedLatin, match.DecodedFragment, match.DecodedDate, match.DecodedMoney} {
		if slices.Contains(c.row.chain, named) {
			return false
		}
	}
	plus := s.plus && strings.Contains(made.heart(), " ")
	switch {
	case m.typed(c):
		return false
	case c.kind.kind == customer.Phone && made.core != "":
		return plus || !strings.HasSuffix(v.text, made.core)
	}
	return plus || made.read != v.text || c.kind.as != ""
}

// typed says that a kind has scanners of its own, and so a name of its own for
// other ways to write it.
func (m *matrix) typed(c *matrixCell) bool {
	return c.kind.kind == customer.Birthday || c.kind.kind == "total"
}

// around is a page with a slot; half of the customers, those of the other
// parity, are shown in it.
func (m *matrix) around(s matrixSurface, people *matrixPeople, parity, size int) *matrixAround {
	key := fmt.Sprint(s.name, people == m.ours, parity, size)
	m.mu.Lock()
	defer m.mu.Unlock()
	if a, ok := m.pages[key]; ok {
		return a
	}
	p := matrixPage{people: people, size: size, seed: matrixSeed}
	for i := 1 - parity; i < len(people.customers); i += 2 {
		p.shown = append(p.shown, i)
	}
	a := &matrixAround{text: s.page(p)}
	body, _ := m.body(&matrixCell{}, s, a.text, matrixMade{raw: "nothing"})
	for _, parts := range []bool{false, true} {
		a.found[matrixBit(parts)] = m.tally(s, match.Read(s.mediaType, body), parts)
	}
	m.pages[key] = a
	return a
}

// body is a page with a value in its slot, and whether that stands there as it
// was written.
func (m *matrix) body(c *matrixCell, s matrixSurface, page string, made matrixMade) ([]byte, bool) {
	core := made.heart()
	written, same := made.raw, true
	if c.row.lang == "" || c.row.lang != s.lang {
		written, same = s.escape(made.raw), s.keeps(core)
	}
	text := strings.Replace(page, matrixSlot, written, 1)
	if s.wrap == nil {
		return []byte(text), same
	}
	body := s.wrap(text)
	return body, bytes.Contains(body, []byte(core))
}

// heart is what of a written value tells how it was written: signs at its end
// say nothing, neither of base64 nor of a password.
func (m matrixMade) heart() string {
	return strings.TrimRightFunc(cmp.Or(m.core, m.raw), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// keeps says whether the surface's own escapes leave a text as it is; a plus
// for a space is no escape but another sign.
func (s matrixSurface) keeps(text string) bool {
	if s.plus {
		text = strings.ReplaceAll(text, " ", "")
	}
	return s.escape(text) == text
}

// tally counts what is found of ours: whole values and parts that are proof;
// with parts, also those that are only a hint.
func (m *matrix) tally(s matrixSurface, r *match.Reading, parts bool) map[string]int {
	found := map[string]int{}
	for _, h := range m.index.Find(r) {
		v, where := m.ours.all[h.ID], h.Where
		if h.Fragment > 0 {
			strength := customer.FragmentStrength(v.kind, v.text, h.Fragment)
			if strength == customer.Silent || strength == customer.Weak && !parts {
				continue
			}
		}
		if s.nowhere {
			where = "*"
		}
		found[matrixFound(v.person.ID, v.kind, h.Decoded, where)]++
	}
	return found
}
