package leak_test

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/fnv"
	"os"
	"regexp"
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
	all, full       bool                // all surfaces; all sizes too

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

// cell is one kind written in one way.
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

// want is what must be found: owner, kind, chain and where.
func (m *matrix) want(c *matrixCell, s matrixSurface, v matrixValue, made matrixMade, stands bool) string {
	var chain []string
	if !stands {
		chain = append(chain, s.chain...)
	}
	if c.row.lang == "" || c.row.lang != s.lang {
		_, undone := s.write(made.heart())
		chain = append(chain, undone...)
	}
	for _, name := range c.row.chain {
		if !matrixIsForm(name) && name != match.DecodedFold {
			chain = append(chain, name)
		}
	}
	if m.folded(c, s, v, made) {
		chain = append(chain, match.DecodedFold)
	}
	for _, name := range c.row.chain {
		if matrixIsForm(name) {
			chain = append(chain, name)
		}
	}
	plus := s.plus && strings.Contains(made.read, "+")
	if m.typed(c) && (plus || strings.ReplaceAll(made.read, "+", " ") != v.text) && !strings.Contains(strings.Join(c.row.chain, " "), m.typedName(c)) {
		chain = append(chain, m.typedName(c))
	}
	where := s.where
	if s.nowhere {
		where = "*"
	} else if c.row.inner != "" {
		where = strings.TrimPrefix(where+"›"+c.row.inner, "›")
	}
	return matrixFound(v.person.ID, cmp.Or(c.kind.as, c.kind.kind), chain, where+c.row.below)
}

// matrixIsForm says whether a name is that of another form of a value, not of
// an encoding: what has to be undone last.
func matrixIsForm(name string) bool {
	return slices.Contains([]string{
		match.DecodedOrder, match.DecodedLatin, match.DecodedFragment, match.DecodedDate, match.DecodedMoney,
		match.DecodedMD5, match.DecodedSHA1, match.DecodedSHA256,
	}, name)
}

// matrixIsLayer says whether a name is that of an encoding that is opened.
func matrixIsLayer(name string) bool {
	return slices.Contains([]string{
		match.DecodedBase64, match.DecodedJWT, match.DecodedHex, match.DecodedCFEmail, match.DecodedQuoted, match.DecodedGzip,
		match.DecodedDeflate, match.DecodedBrotli, match.DecodedZstd, match.DecodedPDF, match.DecodedUTF16,
	}, name)
}

// layers is how many encodings are around a value.
func (c *matrixCell) layers(s matrixSurface) int {
	n := 0
	for _, name := range append(slices.Clone(s.chain), c.row.chain...) {
		n += matrixBit(matrixIsLayer(name))
	}
	return n
}

// folded says whether what is read differs from the value in its letters.
func (m *matrix) folded(c *matrixCell, s matrixSurface, v matrixValue, made matrixMade) bool {
	plus := s.plus && strings.Contains(made.heart(), " ")
	switch {
	case m.typed(c):
		return false
	case slices.Contains(c.row.chain, match.DecodedFold):
		return true
	case slices.ContainsFunc(c.row.chain, matrixIsForm):
		return plus
	}
	return plus || made.read != v.text || c.kind.as != ""
}

// typed says that a kind has scanners of its own, and so a name of its own for
// other ways to write it.
func (m *matrix) typed(c *matrixCell) bool {
	return c.kind.kind == customer.Birthday || c.kind.kind == "total"
}

// typedName is that name.
func (m *matrix) typedName(c *matrixCell) string {
	if c.kind.kind == customer.Birthday {
		return match.DecodedDate
	}
	return match.DecodedMoney
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
	body, _ := m.body(&matrixCell{}, s, a.text, matrixMade{raw: "0"})
	for _, parts := range []bool{false, true} {
		a.found[matrixBit(parts)] = m.tally(s, match.Read(s.mediaType, body), parts)
	}
	m.pages[key] = a
	return a
}

// body is a page with a value in its slot, and whether that stands there as the
// page has it.
func (m *matrix) body(c *matrixCell, s matrixSurface, page string, made matrixMade) ([]byte, bool) {
	written, core := made.raw, made.heart()
	if c.row.lang == "" || c.row.lang != s.lang {
		written, _ = s.write(made.raw)
		core, _ = s.write(core)
	}
	text := strings.Replace(page, matrixSlot, written, 1)
	if s.wrap == nil {
		return []byte(text), true
	}
	body := s.wrap(text)
	return body, !s.always && (s.plainly || bytes.Contains(body, []byte(core)))
}

// heart is what of a written value tells how it was written: signs at its end
// say nothing, neither of base64 nor of a password.
func (m matrixMade) heart() string {
	return strings.TrimRightFunc(cmp.Or(m.core, m.raw), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// write escapes a text as the surface does, and says what undoes that,
// outermost first. A plus for a space is no escape but another sign.
func (s matrixSurface) write(text string) (string, []string) {
	var undone []string
	plain := text
	for _, e := range s.escape {
		if s.plus {
			plain = strings.ReplaceAll(plain, " ", "")
		}
		if after := e.apply(plain); after != plain && e.undone != "" {
			plain, undone = after, append([]string{e.undone}, undone...)
		}
		text = e.apply(text)
	}
	return text, undone
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
