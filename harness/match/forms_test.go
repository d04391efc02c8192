package match_test

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/match"
)

// foundAs are the decodings of the one hit of a pattern in a body.
func foundAs(t *testing.T, p match.Pattern, body string) (raw string, decoded []string) {
	t.Helper()
	x, err := match.New([]match.Pattern{p})
	require.NoError(t, err)
	hits := x.Find(match.Read("text/plain", []byte(body)))
	if !assert.Len(t, hits, 1, "%q in %q", p.Text, body) {
		return "", nil
	}
	assert.Equal(t, p.ID, hits[0].ID)
	return body[hits[0].Start:hits[0].End], hits[0].Decoded
}

func TestAValueIsFoundInTheFormsOfItsShape(t *testing.T) {
	const address = "quinn.krebal@c017.shop-test.example"
	md5Sum, sha1Sum, sha256Sum := md5.Sum([]byte(address)), sha1.Sum([]byte(address)), sha256.Sum256([]byte(address))
	for _, c := range []struct {
		shape     match.Shape
		text, raw string
		decoded   []string
	}{
		{match.ShapeName, "Zoë Lindqvist", "Zoë Lindqvist", nil},
		{match.ShapeName, "Zoë Lindqvist", "ZOE LINDQVIST", []string{"fold"}},
		{match.ShapeName, "Zoë Lindqvist", "Lindqvist Zoë", []string{"order"}},
		{match.ShapeName, "Zoë Lindqvist", "Lindqvist, Zoë", []string{"fold", "order"}},
		{match.ShapeName, "Zoë Lindqvist", "LINDQVIST, Zoë", []string{"fold", "order"}},
		{match.ShapeName, "Jürgen Großmann", "Juergen Grossmann", []string{"transliterated"}},
		{match.ShapeName, "Jürgen Großmann", "JUERGEN GROSSMANN", []string{"fold", "transliterated"}},
		{match.ShapeName, "Ju\u0308rgen Großmann", "Juergen Grossmann", []string{"transliterated"}},
		{match.ShapeName, "Åsa Söderberg", "Aasa Soederberg", []string{"transliterated"}},
		{match.ShapeName, "Zoë Müller-Kraltrup", "Zoe Mueller-Kraltrup", []string{"transliterated"}},
		{match.ShapeName, "Åsa Söderberg", "Soederberg Aasa", []string{"transliterated"}},
		{match.ShapeName, "Åsa Söderberg", "Asa Soderberg", []string{"fold"}},
		{match.ShapeName, "Søren Ærø-Lindqvist", "Soeren Aeroe-Lindqvist", []string{"transliterated"}},
		{match.ShapeName, "Łukasz Bąk-Trembaczyk", "Lukasz Bak-Trembaczyk", []string{"fold"}},
		{match.ShapeEmail, address, address, nil},
		{match.ShapeEmail, address, "Quinn.Krebal@C017.shop-test.example", []string{"fold"}},
		{match.ShapeEmail, address, hex.EncodeToString(md5Sum[:]), []string{"md5"}},
		{match.ShapeEmail, "Quinn.Krebal@c017.shop-test.example ", hex.EncodeToString(sha1Sum[:]), []string{"sha1"}},
		{match.ShapeEmail, address, hex.EncodeToString(sha256Sum[:]), []string{"sha256"}},
		{match.ShapeEmail, address, base64.RawStdEncoding.EncodeToString(sha256Sum[:]), []string{"sha256"}},
		{match.ShapeEmail, "quinn.krebal+shop@c017.shop-test.example", address, []string{"fold"}},
		{match.ShapeAddress, "Korbalestraße 123", "123 Korbalestraße", []string{"order"}},
		{match.ShapeAddress, "123 Korbale Street", "Korbale Street 123", []string{"order"}},
		{match.ShapeAddress, "Korbalestraße 123", "Korbalestr. 123", []string{"fold"}},
		{match.ShapeAddress, "123 Korbale Street", "123 Korbale St", []string{"fold"}},
		{match.ShapeAddress, "ul. Korbalowska 123", "ulica Korbalowska 123", []string{"fold"}},
		{match.ShapeAddress, "Körbalevägen 123", "Koerbalevaegen 123", []string{"transliterated"}},
		{match.ShapePhone, "070-174 06 35", "070-174 06 35", nil},
		{match.ShapePhone, "070-174 06 35", "+46 (0)70 174 06 35", []string{"fold"}},
		{match.ShapePhone, "070-174 06 35", "0046 70/174.06.35", []string{"fold"}},
		{match.ShapePhone, "+46 70 174 06 35", "070\u00a0174\u202f06\u00a035", []string{"fold"}},
		{match.ShapeDate, "1971-03-04", "1971-03-04", nil},
		{match.ShapeDate, "1971-03-04", "4 mars 1971", []string{"date"}},
		{match.ShapeMoney, "17,43 €", "17,43 €", nil},
		{match.ShapeMoney, "17,43 €", "€17.43", []string{"money"}},
	} {
		raw, decoded := foundAs(t, match.Pattern{ID: 4, Text: c.text, Shape: c.shape}, "It says: "+c.raw+" here.")
		assert.Equal(t, c.raw, raw, c.text)
		assert.Equal(t, c.decoded, decoded, "%s as %s", c.text, c.raw)
	}
}

func TestAPartOfAValueIsComparedWithThatPart(t *testing.T) {
	p := match.Pattern{Text: "Mokasi-tali dulívo", Fragments: true}
	for body, want := range map[string][]string{
		"Mokasi-tali": {"fragment"}, "MOKASI-TALI": {"fold", "fragment"}, "tali dulívo": {"fragment"}, "ali dul\\u00edvo": {"json", "fragment"},
	} {
		_, decoded := foundAs(t, p, "It says: "+strings.ReplaceAll(body, `\\`, `\`)+" here.")
		assert.Equal(t, want, decoded, body)
	}
}

func TestNumbersSplitOverElementsAreRead(t *testing.T) {
	for _, c := range []struct {
		text, body string
		shape      match.Shape
		decoded    []string
	}{
		{"£32,560.34", "<td><b>£32,5</b>60.34</td>", match.ShapeMoney, []string{"split"}},
		{"33 507,85 kr", "<p>33 50<!-- -->7,85 kr</p>", match.ShapeMoney, []string{"split"}},
		{"33 507,85 kr", "<p>33<i>.507</i>,<b>85</b> <b>kr</b></p>", match.ShapeMoney, []string{"split", "money"}},
		{"1971-03-04", "<p>4<!-- --> <!-- -->mars<!-- --> <!-- -->19<b>71</b></p>", match.ShapeDate, []string{"split", "date"}},
	} {
		x, err := match.New([]match.Pattern{{Text: c.text, Shape: c.shape}})
		require.NoError(t, err)
		hits := x.Find(match.Read("text/html", []byte(c.body)))
		if assert.Len(t, hits, 1, c.body) {
			assert.Equal(t, c.decoded, hits[0].Decoded, c.body)
		}
	}
}

func TestOtherSpellingsOfANameAreInAnotherOrder(t *testing.T) {
	p := match.Pattern{Text: "Zoë Lindqvist", Others: []string{"Zoë Lindqvist", "Lindqvist Zoë"}, Shape: match.ShapeName}
	_, decoded := foundAs(t, p, "by Lindqvist Zoë.")
	assert.Equal(t, []string{"order"}, decoded)
}

func TestADateThatIsNoneIsSearchedAsItIs(t *testing.T) {
	raw, decoded := foundAs(t, match.Pattern{Text: "sometime in May", Shape: match.ShapeDate}, "due sometime in May.")
	assert.Equal(t, "sometime in May", raw)
	assert.Empty(t, decoded)
	x, err := match.New([]match.Pattern{{Text: "soon", Shape: match.ShapeDate}, {Text: "1743", Shape: match.ShapeMoney}})
	require.NoError(t, err, "what is too short is no mistake of the caller's")
	assert.Empty(t, x.Find(match.Read("text/plain", []byte("soon 1743"))))
}

func TestATextIsADayOrAnAmountOnlyAsAWhole(t *testing.T) {
	for text, want := range map[string]string{
		"1971-03-04": "1971-03-04", "4. März 1971": "1971-03-04", "March 4th, 1971": "1971-03-04", "04.03.1971": "1971-03-04",
		"25/12/2026": "2026-12-25", "03/04/1971": "", "19710304": "", "1971-02-30": "", "1971-03-04 10:00": "", "on 4 March 1971": "", "": "",
	} {
		day, ok := match.Day(text)
		assert.Equal(t, want, day, text)
		assert.Equal(t, want != "", ok, text)
	}
	for text, want := range map[string]int64{
		"17,43 €": 1743, "€17.43": 1743, "17.43": 1743, "1.234,50 €": 123450, "1 234,50 kr": 123450, "SEK 1 234": 123400, "17:-": 1700,
		"1'234.50 CHF": 123450, "zł 17,43": 1743, "17,43 zł": 1743,
		"1743": -1, "17.4": -1, "v17.43": -1, "17.43.1": -1, "17.43 17.43": -1, "17,43 pieces": -1, "": -1, "€": -1,
	} {
		hundredths, _, ok := match.Amount(text)
		assert.Equal(t, want >= 0, ok, text)
		if ok {
			assert.Equal(t, want, hundredths, text)
		}
	}
}
