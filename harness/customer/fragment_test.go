package customer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

func TestAPartOfAValueProvesWhatItCarries(t *testing.T) {
	const token = "kx7Qp2Vm9RtLw3ZbY6Nf"
	for _, c := range []struct {
		kind    customer.Kind
		value   string
		matched int
		want    customer.Strength
		why     string
	}{
		{customer.Gift, "nobirafeluvamoti", 14, customer.Strong, "40 of 46 bits"},
		{customer.Gift, "nobirafeluvamoti", 8, customer.Weak, "half a word"},
		{customer.Password, "Tq7-kvRw9#bXn2Lc", 8, customer.Strong, "80 bits in 14 letters and digits"},
		{customer.Name, "Zoë Bellamy-Trembaczyk", 8, customer.Weak, "Zoë Bella"},
		{customer.Name, "Zoë Bellamy-Trembaczyk", 10, customer.Silent, "Zoë Bellamy is somebody's name"},
		{customer.Name, "Wolfgang Berg-Kraltrup", 8, customer.Silent, "a first name; or from the end, Kraltrup"},
		{customer.Name, "Zoë Bellamy-Trembaczyk", 20, customer.Strong, "the whole"},
		{customer.Name, "Zoe\u0308 Bellamy-Trembaczyk", 10, customer.Silent, "decomposed"},
		{customer.Address, "Korbalestraße 123", 14, customer.Silent, "a street"},
		{customer.Address, "Korbalestraße 123", 9, customer.Weak, "half a street"},
		{customer.Company, "Trelunda & Bergman Data AB", 8, customer.Silent, "its first word"},
		{customer.Company, "Trelunda & Bergman Data AB", 11, customer.Weak, "more than that"},
		{customer.Email, "h.krebalo7x2kf@c017.shop-test.example", 13, customer.Strong, "the whole local part"},
		{customer.Email, "h.krebalo7x2kf@c017.shop-test.example", 8, customer.Weak, "half of it"},
		{customer.Email, "h.krebalo7x2kf@c017.shop-test.example", 19, customer.Silent, "c017.shop-test.example stands behind masks"},
		{customer.Email, "h.krebalo7x2kf@c017.shop-test.example", 24, customer.Weak, "from the end, five characters of the local part"},
		{customer.Email, "h.krebalo7x2kf@c017.shop-test.example", 31, customer.Strong, "all but one"},
		{customer.Token, token, 8, customer.Strong, "six bits to the character"},
		{customer.Token, "9f86d081884c7d659a2feaa0c55ad015", 8, customer.Weak, "four bits to the character"},
		{customer.Token, "9f86d081884c7d659a2feaa0c55ad015", 16, customer.Strong, "more than 40 in both halves"},
		{customer.Order, "10001234", 8, customer.Silent, "no strong value"},
		{customer.Last, "Bellamy-Trembaczyk", 10, customer.Silent, "weak as a whole"},
		{customer.Gift, "nobirafeluvamoti", 7, customer.Silent, "shorter than the search finds"},
		{customer.Gift, "", 8, customer.Silent, "nothing"},
	} {
		assert.Equal(t, c.want, customer.FragmentStrength(c.kind, c.value, c.matched), "%d of %s: %s", c.matched, c.value, c.why)
	}
}

func TestLearnedValuesAreLookedForInTheFormsOfWhatTheyAre(t *testing.T) {
	for _, c := range []struct {
		kind      customer.Kind
		value     string
		shape     match.Shape
		fragments bool
	}{
		{customer.Order, "ORD-2026-10001", match.ShapeText, false},
		{customer.Order, "19710304", match.ShapeText, false},
		{customer.Token, "kx7Qp2Vm9RtLw3Zb", match.ShapeText, true},
		{customer.Total, "1.234,50 €", match.ShapeMoney, false},
		{customer.Total, "SEK 1 234,50", match.ShapeMoney, false},
		{customer.Total, "17.43", match.ShapeMoney, false},
		{customer.Total, "1743", match.ShapeText, false},
		{"delivery", "2026-12-24", match.ShapeDate, false},
		{"delivery", "24. december 2026", match.ShapeDate, false},
		{"delivery", "03/04/26", match.ShapeText, false},
		{"contact", "kx7qp2vm9@shop.example", match.ShapeEmail, true},
		{"phone", "070-174 06 35", match.ShapePhone, false},
		{"birthday", "unknown", match.ShapeText, false},
	} {
		p := customer.LearnedPattern(c.kind, c.value, 7)
		assert.Equal(t, match.Pattern{ID: 7, Text: c.value, Shape: c.shape, Fragments: c.fragments}, p, c.value)
	}
}

func TestPlantedPatternsHaveTheShapeOfTheirKind(t *testing.T) {
	c := allocate(t, 42, 1, customer.Constraints{})[0]
	for i, m := range c.Markers() {
		p := c.Pattern(m, i)
		assert.Equal(t, customer.ShapeOf(m.Kind), p.Shape, m.Kind)
		assert.Equal(t, m.Strength == customer.Strong, p.Fragments, m.Kind)
		assert.Equal(t, m.Value, p.Text)
	}
}

func TestAWordAndTheBeginningOfTheNextProvesNothing(t *testing.T) {
	for matched, want := range map[int]customer.Strength{8: customer.Silent, 10: customer.Silent, 13: customer.Weak} {
		assert.Equal(t, want, customer.FragmentStrength(customer.Name, "William Batz-Wiclayrkton", matched), "%d bytes", matched)
	}
}
