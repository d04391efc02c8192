package leak_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

func matrixBit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// matrixFound says what was found, to be compared. Escapes of characters that
// follow each other are undone together: their order says nothing.
func matrixFound(owner string, kind customer.Kind, chain []string, where string) string {
	escapes := []string{match.DecodedJSON, match.DecodedPercent, match.DecodedEntity}
	var said []string
	for i := 0; i < len(chain); {
		end := i
		for end < len(chain) && slices.Contains(escapes, chain[end]) {
			end++
		}
		run := slices.Sorted(slices.Values(chain[i:end]))
		said = append(said, slices.Compact(run)...)
		if end == i {
			said = append(said, chain[i])
			end++
		}
		i = end
	}
	return fmt.Sprintf("%s %s (%s) at %s", owner, kind, strings.Join(said, " "), where)
}

// lookForMask asks for one mask that the owner's value can have been made
// into, and, where a mask shows as much as an address does, nobody else's.
func (m *matrix) lookForMask(r *match.Reading, v matrixValue, made matrixMade) string {
	shape := m.shapes[v.id]
	for _, s := range r.Segments() {
		for _, mask := range match.Masks(s.Text) {
			if !mask.Fits(v.text, shape) {
				continue
			}
			if mask.Shown() == 0 {
				return fmt.Sprintf("mask %q shows nothing", mask.Text)
			}
			for _, other := range m.ours.all {
				if other.kind == customer.Email && v.kind == customer.Email && other.who != v.who && mask.Fits(other.text, shape) {
					return fmt.Sprintf("mask %q of %q fits %q", mask.Text, v.text, other.text)
				}
			}
			return ""
		}
	}
	return fmt.Sprintf("no mask fits %q, hidden as %q", v.text, made.raw)
}

// shortest is a few examples of what is wrong with a cell.
func (c *matrixCell) shortest() string {
	slices.SortStableFunc(c.wrong, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	shown := 2
	if n, err := strconv.Atoi(os.Getenv("CROSSTALK_MATRIX_SHOW")); err == nil {
		shown = n
	}
	return strings.Join(c.wrong[:min(len(c.wrong), shown)], "\n    ")
}

// report fails for what was not found, prints the matrix and compares it with
// the one that is kept, so that no cell becomes empty unnoticed.
func (m *matrix) report(t *testing.T, cells []*matrixCell) {
	t.Helper()
	searched, found, wrong := 0, 0, 0
	for _, c := range cells {
		searched += matrixBit(c.found+len(c.wrong) > 0)
		found, wrong = found+c.found, wrong+len(c.wrong)
		if len(c.wrong) > 0 {
			t.Errorf("%s × %s: wrong on %d of %d (seed %d):\n    %s", c.kind.kind, c.row.name, len(c.wrong), c.found+len(c.wrong), matrixSeed, c.shortest())
		}
	}
	table := matrixTable(cells)
	t.Logf("%d kinds × %d transformations: %d cells apply, on %d surfaces, %d searches right, %d wrong\n%s",
		len(matrixKinds()), len(matrixTransforms()), searched, len(matrixSurfaces()), found, wrong, table)
	if m.all || os.Getenv("CROSSTALK_MATRIX_ONLY") != "" {
		return
	}
	golden := filepath.Join("testdata", "matrix", "matrix.txt")
	if os.Getenv("CROSSTALK_MATRIX") == "write" {
		require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(table), 0o644)) //nolint:gosec // a test's table
	}
	kept, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(kept), table, "the matrix changed; CROSSTALK_MATRIX=write keeps the new one")
}

// matrixTable prints how many surfaces each cell was found on, and below it
// why the other cells are empty.
func matrixTable(cells []*matrixCell) string {
	var kinds []customer.Kind
	for _, k := range matrixKinds() {
		if k.unlooked == "" {
			kinds = append(kinds, k.kind)
		}
	}
	byRow, reasons, order := map[string]map[customer.Kind]*matrixCell{}, map[string][]string{}, []string{}
	for _, c := range cells {
		if byRow[c.row.name] == nil {
			byRow[c.row.name] = map[customer.Kind]*matrixCell{}
		}
		byRow[c.row.name][c.kind.kind] = c
		if c.why != "" && c.kind.unlooked == "" {
			if reasons[c.why] == nil {
				order = append(order, c.why)
			}
			reasons[c.why] = append(reasons[c.why], fmt.Sprintf("%s × %s", c.kind.kind, c.row.name))
		}
	}
	var b strings.Builder
	b.WriteString("On how many surfaces a value was found; a letter says below why it does not apply.\n\n")
	fmt.Fprintf(&b, "%-36s", "")
	for _, k := range kinds {
		fmt.Fprintf(&b, " %5.5s", strings.ReplaceAll(string(k), "_", ""))
	}
	for _, row := range matrixTransforms() {
		fmt.Fprintf(&b, "\n%-36s", row.name)
		for _, k := range kinds {
			fmt.Fprintf(&b, " %5s", byRow[row.name][k].mark(order))
		}
	}
	b.WriteString("\n\n")
	for i, why := range order {
		fmt.Fprintf(&b, "%s  %s (%d cells)\n", matrixLetter(i), why, len(reasons[why]))
	}
	for _, k := range matrixKinds() {
		if k.unlooked != "" {
			fmt.Fprintf(&b, "not looked for: %s: %s\n", k.kind, k.unlooked)
		}
	}
	return b.String()
}

func (c *matrixCell) mark(order []string) string {
	if c == nil {
		return ""
	}
	if c.why != "" {
		return matrixLetter(slices.Index(order, c.why))
	}
	return fmt.Sprint(c.found)
}

func matrixLetter(i int) string { return string(rune('a' + i%26)) }

// TestTheMatrixKnowsEveryKindWithItsStrength keeps a kind from becoming silent
// by being called weak, or by being left out of the matrix.
func TestTheMatrixKnowsEveryKindWithItsStrength(t *testing.T) {
	rows := map[customer.Kind]matrixKind{}
	for _, k := range matrixKinds() {
		rows[k.kind] = k
	}
	for _, r := range customer.Ratings() {
		row, ok := rows[r.Kind]
		if row.issue == nil && assert.True(t, ok, "%s is in the table of strengths and not in the matrix", r.Kind) {
			assert.Equal(t, row.strength, r.Strength, r.Kind)
			assert.False(t, r.Strength == customer.Strong && row.unlooked != "", "%s is strong and not looked for", r.Kind)
		}
	}
	people := newMatrixPeople(t, matrixSeed, matrixCustomers, nil)
	for _, v := range people.all {
		if row := rows[v.kind]; row.issue != nil {
			assert.Equal(t, row.strength, customer.LearnedStrength(v.text), "%s %q (seed %d)", v.kind, v.text, matrixSeed)
		}
	}
}

// TestTheMatrixIsLargeEnough keeps the tables from shrinking.
func TestTheMatrixIsLargeEnough(t *testing.T) {
	kinds := 0
	for _, k := range matrixKinds() {
		kinds += matrixBit(k.unlooked == "")
	}
	assert.GreaterOrEqual(t, kinds, 12)
	assert.GreaterOrEqual(t, len(matrixTransforms()), 25)
}
