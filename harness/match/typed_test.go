package match

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// typedHits are what an index reads in a text: "start-end decoded".
func typedHits(t testing.TB, body string, patterns ...Pattern) []string {
	t.Helper()
	x, err := New(patterns)
	require.NoError(t, err)
	var got []string
	x.findTyped(Fold([]byte(body)), func(id, start, end int, decoded []string) {
		got = append(got, fmt.Sprint(id, " ", body[start:end], " ", decoded))
	})
	return got
}

func TestADayIsFoundHoweverItIsWritten(t *testing.T) {
	birthday := Pattern{ID: 3, Text: "1971-03-04", Shape: ShapeDate}
	for _, c := range []struct{ body, raw, decoded string }{
		{"born 1971-03-04.", "1971-03-04", "[]"},
		{"1971/3/4", "1971/3/4", "[date]"},
		{"1971.03.04", "1971.03.04", "[date]"},
		{`{"birthday":[1971,3,4]}`, "1971,3,4", "[date]"},
		{"1971-03-04T00:00:00Z", "1971-03-04", "[]"},
		{"1971-03-03T23:00:00.000Z", "1971-03-03T23:00", "[date]"},
		{"id=19710304&x", "19710304", "[date]"},
		{"19710304T101112Z", "19710304", "[date]"},
		{"19710304-1234", "19710304", "[date]"},
		{"4.3.1971", "4.3.1971", "[date]"},
		{"am 04.03.1971.", "04.03.1971", "[date]"},
		{"4. 3. 1971", "4. 3. 1971", "[date]"},
		{"04/03/1971", "04/03/1971", "[date]"},
		{"3/4/1971", "3/4/1971", "[date]"},
		{"04-03-1971", "04-03-1971", "[date]"},
		{"den 4 mars 1971", "4 mars 1971", "[date]"},
		{"den 4:e mars 1971", "4:e mars 1971", "[date]"},
		{"4. März 1971", "4. März 1971", "[date]"},
		{"Donnerstag, 4. MÄRZ 1971 um", "4. MÄRZ 1971", "[date]"},
		{"March 4, 1971", "March 4, 1971", "[date]"},
		{"Mar 4th 1971", "Mar 4th 1971", "[date]"},
		{"on the 4th of March, 1971", "4th of March, 1971", "[date]"},
		{"4 marca 1971 r.", "4 marca 1971", "[date]"},
		{"4 III 1971", "4 III 1971", "[date]"},
		{"4.III.1971", "4.III.1971", "[date]"},
		{"4 de marzo de 1971", "4 de marzo de 1971", "[date]"},
		{"le 4 mars 1971", "4 mars 1971", "[date]"},
		{"4 maart 1971", "4 maart 1971", "[date]"},
		{"4. marts 1971", "4. marts 1971", "[date]"},
		{"4. maaliskuuta 1971", "4. maaliskuuta 1971", "[date]"},
		{"04-Mar-1971", "04-Mar-1971", "[date]"},
		{"04MAR1971", "04MAR1971", "[date]"},
		{"1971 March 4", "1971 March 4", "[date]"},
		{"Thu, 04 Mar 1971 00:00:00 GMT", "04 Mar 1971", "[date]"},
		{"04.03.71", "04.03.71", "[date]"},
		{"03/04/71", "03/04/71", "[date]"},
		{`{"dob":36892800}`, "36892800", "[date]"},
		{`{"dob":36892800000}`, "36892800000", "[date]"},
		{`{"dob":36889200}`, "36889200", "[date]"},
		{"1971%2D03%2D04", "1971%2D03%2D04", "[percent]"},
		{"4&#46;3&#46;1971", "4&#46;3&#46;1971", "[entity date]"},
		{`3\/4\/1971`, `3\/4\/1971`, "[json date]"},
		{"4&nbsp;mars&nbsp;1971", "4&nbsp;mars&nbsp;1971", "[entity date]"},
		{"?on=March+4,+1971&x", "March+4,+1971", "[date]"},
		{"１９７１－０３－０４", "１９７１－０３－０４", "[date]"},
		{"Birthday1971-03-04Phone", "1971-03-04", "[]"},
		{"&#49;&#57;&#55;&#49;-03-04", "&#49;&#57;&#55;&#49;-03-04", "[entity]"},
	} {
		assert.Contains(t, typedHits(t, c.body, birthday), "3 "+c.raw+" "+c.decoded, c.body)
	}
}

func TestADayBefore1970IsFoundByItsNegativeSeconds(t *testing.T) {
	birthday := Pattern{ID: 1, Text: "1962-07-09", Shape: ShapeDate}
	for _, body := range []string{`{"dob":-236131200}`, `{"dob": -236131200000}`, "-236134800"} {
		assert.Len(t, typedHits(t, body, birthday), 1, body)
	}
	for _, body := range []string{"236131200", "id-236131200", "-236131200.5", "-236131201"} {
		assert.Empty(t, typedHits(t, body, birthday), body)
	}
}

func TestVersionsTimesAndTelephoneNumbersAreNoDays(t *testing.T) {
	birthday := Pattern{Text: "1971-03-04", Shape: ShapeDate}
	for _, body := range []string{
		"1.4.3.1971", "4.3.1971.2", "11971-03-04", "1971-03-041", "12-1971-03-04", "1971-03-04-12", "070-1971-03-04",
		"1971-04-03", "4.3.71", "v04.03.71", "lib/04.03.71", "04.03.71.2", "1.04.03.71", "04.03.1972", "19710304123",
		"0.19710304", "ab19710304cd", "19710304cd", "x-19710304", "36892801", "36892800.5", "a36892800", "1971", "March 1971",
		"4 March", "1971-03", "1971:03:04", "1971,3,4", "4 3 1971", "1971 03 04", "March 14, 1971", "24 March 1971",
		"1971-03-03T09:00Z", "10.0.3.71", "Chrome/04.03.71",
	} {
		assert.Empty(t, typedHits(t, body, birthday), body)
	}
}

func TestAnAmountIsFoundHoweverItIsWritten(t *testing.T) {
	total := Pattern{ID: 7, Text: "1.234,50 €", Shape: ShapeMoney}
	for _, c := range []struct{ body, raw, decoded string }{
		{"Summe: 1.234,50 €", "1.234,50 €", "[]"},
		{"1234,50 €", "1234,50 €", "[money]"},
		{"€1,234.50", "€1,234.50", "[money]"},
		{"EUR 1234.50", "EUR 1234.50", "[money]"},
		{"EUR1234.50", "EUR1234.50", "[money]"},
		{"1 234,50\u00a0€", "1 234,50\u00a0€", "[money]"},
		{"1\u202f234,50 EUR", "1\u202f234,50 EUR", "[money]"},
		{"1'234.50 euro", "1'234.50 euro", "[money]"},
		{"1’234.50", "1’234.50", "[money]"},
		{"&euro;1,234.50", "&euro;1,234.50", "[entity money]"},
		{"1&nbsp;234,50&nbsp;&euro;", "1&nbsp;234,50&nbsp;&euro;", "[entity money]"},
		{"-1.234,50 €", "1.234,50 €", "[]"},
		{"?total=1.234%2C50+%E2%82%AC", "1.234%2C50+%E2%82%AC", "[percent]"},
		{"?total=1+234%2C50+EUR", "1+234%2C50+EUR", "[percent money]"},
		{`{"total":1234.5,"currency":"EUR"}`, "1234.5", "[money]"},
		{`{"total":1234.50}`, "1234.50", "[money]"},
		{`{"total":"1234.50"}`, "1234.50", "[money]"},
		{`{"unit_amount":123450}`, "123450", "[money]"},
		{`{"totalPrice":{"value":123450,"currency":"EUR"}}`, "123450", "[money]"},
		{`<tr data-total-cents="123450">`, "123450", "[money]"},
		{`amount=123450&currency=eur`, "123450", "[money]"},
		{`{\"amount\":123450}`, "123450", "[money]"},
		{"Total to pay 1234.50", "1234.50", "[money]"},
		{"<td>1234,50</td>", "1234,50", "[money]"},
	} {
		assert.Contains(t, typedHits(t, c.body, total), "7 "+c.raw+" "+c.decoded, c.body)
	}
}

func TestWholeAmountsAreFoundWithoutTheirDecimals(t *testing.T) {
	total := Pattern{Text: "SEK 1 700,00", Shape: ShapeMoney}
	for _, body := range []string{"1 700 kr", "1700 kr", "1700:-", "1.700,-", `{"total":1700}`, "kr 1700,00", "1700 kronor"} {
		assert.Len(t, typedHits(t, body, total), 1, body)
	}
	assert.Empty(t, typedHits(t, "1700 €", total), "another currency")
	assert.Empty(t, typedHits(t, "1700", total), "no currency")
	assert.Empty(t, typedHits(t, "in 1700 they", total))
}

func TestNumbersThatAreNoMoneyAreNoAmounts(t *testing.T) {
	for text, bodies := range map[string][]string{
		"17.43 €": {
			"17.43", "1743", "build 1743", "v17.43", "17.43.2", "2.17.43 €", "10:17.43", "117.43 €", "17.431 €", "17.43 $", "17,43 kr",
			`{"id":1743}`, `{"version":"17.43"}`, `{"total":17430}`, "a17.43 €", "17:43", "17/43", `{"items":[1743]}`, "total of 1743",
			"1743 €", "0817.43-17",
		},
		"€5.00": {`{"total":500.5}`, `{"total":5}`, "5", "page 5 of 7", "5.00.1"},
	} {
		for _, body := range bodies {
			assert.Empty(t, typedHits(t, body, Pattern{Text: text, Shape: ShapeMoney}), "%s in %s", text, body)
		}
	}
}
