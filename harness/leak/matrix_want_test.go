package leak_test

import (
	"cmp"
	"slices"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

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
