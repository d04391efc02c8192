package match_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/match"
)

func TestAMaskFitsTheValueItWasMadeFrom(t *testing.T) {
	for _, c := range []struct {
		text, mask, value string
		shape             match.Shape
	}{
		{"sent to q****7@… just now", "q****7@…", "qlorem7@c017.shop-test.example", match.ShapeEmail},
		{"to jo***.*****@ex*****.com.", "jo***.*****@ex*****.com", "john.tester@example.com", match.ShapeEmail},
		{"g**a@w****a.org", "g**a@w****a.org", "gnnnna@wikimedia.org", match.ShapeEmail},
		{"s***@gm***.com", "s***@gm***.com", "sven@gmail.com", match.ShapeEmail},
		{"(q•••@shop-test.example)", "q•••@shop-test.example", "Quinn@shop-test.example", match.ShapeEmail},
		{"***k@***.example", "***k@***.example", "hank@c017.shop-test.example", match.ShapeEmail},
		{"jxxx@example.com", "jxxx@example.com", "john@example.com", match.ShapeEmail},
		{"card •••• 4821 expires", "•••• 4821", "0700994821", match.ShapeText},
		{"paid (•••• 4821) 2026", "•••• 4821", "0700994821", match.ShapeText},
		{"call (0** *** 06 35).", "0** *** 06 35", "070-174 06 35", match.ShapePhone},
		{"**** **** **** 4242", "**** **** **** 4242", "4242 4242 4242 4242", match.ShapeText},
		{"XXXX-XXXX-XXXX-4242", "XXXX-XXXX-XXXX-4242", "4242 4242 4242 4242", match.ShapeText},
		{"Visa ending in 4242.", "ending in 4242", "4242424242424242", match.ShapeText},
		{"Karte endet auf 4821", "endet auf 4821", "ORD-4821", match.ShapeText},
		{"karta kończy się na 4821", "kończy się na 4821", "ORD-4821", match.ShapeText},
		{"kort som slutar på 4821", "slutar på 4821", "ORD-4821", match.ShapeText},
		{"card …4242 ok", "…4242", "4242424242424242", match.ShapeText},
		{"+46 •• ••• 06 35", "+46 •• ••• 06 35", "070-174 06 35", match.ShapePhone},
		{"+46*****0635", "+46*****0635", "070-174 06 35", match.ShapePhone},
		{"070-*** ** 35", "070-*** ** 35", "070-174 06 35", match.ShapePhone},
		{"call ••• ••• 06 35", "••• ••• 06 35", "070-174 06 35", match.ShapePhone},
		{"(•••) •••-0147", "(•••) •••-0147", "(212) 555-0147", match.ShapePhone},
		{"+1 (***) ***-0147", "+1 (***) ***-0147", "(212) 555-0147", match.ShapePhone},
		{"number ending in 35", "ending in 35", "070-174 06 35", match.ShapePhone},
		{"Hello Z** L********!", "Z** L********", "Zoë Lindqvist", match.ShapeName},
		{"A*** B***", "A*** B***", "Åsa Berg", match.ShapeName},
		{"L******* Z**", "L******* Z**", "Zoë Lindqvist", match.ShapeName},
		{"Ł***** B*-T***", "Ł***** B*-T***", "Łukasz Bąk-Trembaczyk", match.ShapeName},
		{"order ORD-****-1234", "ORD-****-1234", "ORD-9917-1234", match.ShapeText},
		{"token ab••••••yz", "ab••••••yz", "abKx7Qp2yz", match.ShapeText},
		{"born **.**.1971", "**.**.1971", "1971-03-04", match.ShapeDate},
		{"born ****-03-04", "****-03-04", "1971-03-04", match.ShapeDate},
	} {
		masks := match.Masks(c.text)
		require.NotEmpty(t, masks, c.text)
		assert.Equal(t, c.mask, masks[0].Text, c.text)
		assert.Equal(t, c.mask, c.text[masks[0].Start:masks[0].End], c.text)
		assert.True(t, masks[0].Fits(c.value, c.shape), "%s fits %s", c.mask, c.value)
		assert.True(t, match.Mask{Text: c.mask}.Fits(c.value, c.shape), "%s alone", c.mask)
	}
}

func TestAHalfMaskedNameFitsWithItsPlainWord(t *testing.T) {
	for _, text := range []string{"Hi Z** Lindqvist, welcome", "Hi, Zoë L********, welcome"} {
		fits := false
		for _, m := range match.Masks(text) {
			fits = fits || m.Fits("Zoë Lindqvist", match.ShapeName)
		}
		assert.True(t, fits, text)
	}
}

func TestMasksBesideAnAddressAreOfOtherValues(t *testing.T) {
	for text, want := range map[string][]string{
		"to g****q@c001.shop-test.example •••• 0649": {"g****q@c001.shop-test.example", "•••• 0649"},
		"•••• 0649 g****q@c001.shop-test.example":    {"•••• 0649", "g****q@c001.shop-test.example"},
		"Z** L***** z***t@c001.shop-test.example":    {"Z** L*****", "z***t@c001.shop-test.example"},
	} {
		var found []string
		for _, m := range match.Masks(text) {
			found = append(found, m.Text)
		}
		assert.Equal(t, want, found, text)
	}
}

func TestAMaskDoesNotFitOtherValues(t *testing.T) {
	for _, c := range []struct {
		mask, value string
		shape       match.Shape
	}{
		{"q****7@…", "qlorem8@c017.shop-test.example", match.ShapeEmail},
		{"q****7@…", "alorem7@c017.shop-test.example", match.ShapeEmail},
		{"q****7@…", "qlorem7", match.ShapeText},
		{"g**a@w****a.org", "gnnnna@wikimedia.com", match.ShapeEmail},
		{"•••• 4821", "4822", match.ShapeText},
		{"•••• 4821", "4821", match.ShapeText},
		{"•••• 4821", "48210", match.ShapeText},
		{"+46 •• ••• 06 35", "070-174 06 36", match.ShapePhone},
		{"+46 72 ••• 06 35", "070-174 06 35", match.ShapePhone},
		{"Z** L********", "Zoë", match.ShapeName},
		{"Z** L********", "Zoë Berg", match.ShapeName},
		{"Z** L********", "Zoë Maria Lindqvist", match.ShapeName},
		{"A*** B***", "Berta Alm", match.ShapeText},
		{"**.**.1971", "1972-03-04", match.ShapeDate},
		{"ending in 4821", "4821-00", match.ShapeText},
	} {
		masks := match.Masks(c.mask)
		require.NotEmpty(t, masks, c.mask)
		assert.False(t, masks[0].Fits(c.value, c.shape), "%s fits %s", c.mask, c.value)
	}
}

func TestWhatHidesNothingIsNoMask(t *testing.T) {
	for _, text := range []string{
		"", "••••••••", "********", "**bold** words", "*one*", "a * b", "2 ** 10", "/** comment */", "5 * 3", "* item 12", "size xxl", "XXXL 42",
		"and so on…", "wait... 12", "read more…", "A · B", "# Heading 2024", "#42", "## 12", "char *argv", "exxxtra", "in 2024", "ends in tears",
		"ending in 12345678", "trending in 2024", "-- *", "a*b*c*",
	} {
		assert.Empty(t, match.Masks(text), text)
	}
}

func TestAMaskKnowsHowMuchItShows(t *testing.T) {
	for text, want := range map[string]int{"q****7@…": 2, "•••• 4821": 4, "ending in 4242": 4, "+46 •• ••• 06 35": 6, "Z** L********": 2} {
		masks := match.Masks(text)
		require.Len(t, masks, 1, text)
		assert.Equal(t, want, masks[0].Shown(), text)
	}
	assert.Equal(t, 0, match.Mask{}.Shown())
	assert.False(t, match.Mask{}.Fits("anything", match.ShapeText))
}
