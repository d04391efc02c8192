package match_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"crosstalk/harness/match"
)

// drawn is what a page reads as. Its font F has letters half as wide as high,
// N says nothing about widths, T is of two bytes and 600 wide.
func drawn(t *testing.T, content string, more ...string) string {
	t.Helper()
	widths := strings.Repeat("500 ", 256)
	objects := append([]string{
		`<</Type/Page/Contents 2 0 R/Resources 3 0 R>>`, stream("", content),
		`<</Font<</F 4 0 R/N 5 0 R/T 6 0 R>>/XObject<</X 8 0 R>>/Properties<</P<</ActualText(ffi)>>>>>>`,
		`<</Type/Font/Subtype/TrueType/FirstChar 0/Widths[` + widths + `]/Encoding/WinAnsiEncoding>>`,
		`<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>`,
		`<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</DW 600/W[65[100 100] 67 70 200]>>]/ToUnicode 7 0 R>>`,
		stream("", "1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0041> <005a> <0061> endbfrange 1 beginbfchar <0003> <00660069> endbfchar"),
	}, more...)
	return pdfText(t, []byte(handmade(objects...)))
}

func TestStringsAreOneWordWhereTheyAreDrawnSo(t *testing.T) {
	for _, c := range []struct{ what, content, want string }{
		{"letters one by one", `BT /F 10 Tf 1 0 0 1 50 700 Tm (Z) Tj 5 0 Td (o) Tj 5.4 0 Td (e) Tj ET`, "Zoe\n"},
		{"words", `BT /F 10 Tf 50 700 Td (Zoe) Tj 18 0 Td (Berg) Tj ET`, "Zoe Berg\n"},
		{"cells", `BT /F 10 Tf 50 700 Td (2) Tj 30 0 Td (499,00) Tj ET`, "2\t499,00\n"},
		{"lines", `BT /F 10 Tf 50 700 Td (Zoe) Tj 0 -12 Td (Berg) Tj ET`, "Zoe\nBerg\n"},
		{"lines by the leading", `BT /F 10 Tf 12 TL 50 700 Td (Zoe) Tj T* (Berg) Tj (17) ' ET`, "Zoe\nBerg\n17\n"},
		{"raised", `BT /F 10 Tf 50 700 Td (499) Tj 15 3 Td (00) Tj ET`, "49900\n"},
		{"several texts", `BT /F 10 Tf 1 0 0 1 50 700 Tm (Zo) Tj ET q 1 0 0 1 10 0 cm BT /F 10 Tf 50 700 Td (e) Tj ET Q BT 1 0 0 1 90 700 Tm (x) Tj ET`, "Zoe\tx\n"},
		{"scaled", `q .5 0 0 -.5 0 0 cm BT /F 20 Tf 1 0 0 -1 50 700 Tm (Zo) Tj 1 0 0 -1 70 700 Tm (e) Tj 1 0 0 -1 90 700 Tm (B) Tj ET Q`, "Zoe B\n"},
		{"turned", `BT /F 10 Tf 0 1 -1 0 50 700 Tm (Zo) Tj 0 1 -1 0 50 710 Tm (e) Tj 0 1 -1 0 65 700 Tm (B) Tj ET`, "Zoe\nB\n"},
		{"spaced letters", `BT /F 10 Tf 2 Tc 50 700 Td (Zo) Tj 14 0 Td (e) Tj ET`, "Zoe\n"},
		{"spaced words", `BT /F 10 Tf 4 Tw 50 700 Td (a b) Tj 19 0 Td (c) Tj ET`, "a bc\n"},
		{"narrow letters", `BT /F 10 Tf 50 Tz 50 700 Td (Zo) Tj 5 0 Td (e) Tj ET`, "Zoe\n"},
		{"a gap in an array", `BT /F 10 Tf 50 700 Td [(Zo) -100 (e) -300 (B)] TJ 24 0 Td (x) Tj ET`, "Zoe Bx\n"},
		{"unknown widths", `BT /N 10 Tf 50 700 Td (ill) Tj 8 0 Td (B) Tj 100 0 Td (C) Tj 0 -12 Td (D) Tj ET`, "ill B\tC\nD\n"},
		{"two bytes", `BT /T 10 Tf 50 700 Td <00410042> Tj 2 0 Td <0043> Tj 2 0 Td <0047> Tj 6 0 Td <0003> Tj 8 0 Td <0048> Tj ET`, "abcgfi h\n"},
		{"a font set before", `q /F 10 Tf q /T 10 Tf Q BT 50 700 Td (A) Tj 5 0 Td (B) Tj ET Q`, "AB\n"},
		{"what a ligature means", `BT /F 10 Tf 50 700 Td (o) Tj /Span<</ActualText(ff)>>BDC (\200) Tj EMC (ice) Tj ET`, "office\n"},
		{"a meaning by name", `BT /F 10 Tf 50 700 Td (o) Tj /Span/P BDC (\200) Tj EMC (ce) Tj ET`, "office\n"},
		{"a meaning without letters", `BT /F 10 Tf 50 700 Td (o) Tj /Span<</ActualText(x)>>BDC EMC ET`, "ox\n"},
		{"a long meaning beside it", `BT /F 10 Tf 50 700 Td /P<</ActualText(A page about something else.)>>BDC (Zoe) Tj EMC ET`, "Zoe\nA page about something else.\n"},
		{"a picture in between", "BT /F 10 Tf 50 700 Td (Zo) Tj ET BI /W 1 ID (\\EIx EI BT 60 700 Td (e) Tj ET", "Zoe\n"},
	} {
		assert.Equal(t, c.want, drawn(t, c.content), c.what)
	}
}

func TestFormsAreDrawnWithinForms(t *testing.T) {
	form := func(n int) string {
		return stream(fmt.Sprintf("/Subtype/Form/Matrix[1 0 0 1 0 5]/Resources<</Font<</F 4 0 R>>/XObject<</X %d 0 R>>>>", n), "/X Do BT /F 9 Tf (x) Tj ET")
	}
	chain := func(n int) []string {
		var forms []string
		for i := range n {
			forms = append(forms, form(9+i))
		}
		return forms
	}
	assert.Equal(t, strings.Repeat("x\n", 10), drawn(t, "/X Do", chain(10)...))
	word := stream("/Subtype/Form/Matrix[1 0 0 1 -20 0]", "BT /F 10 Tf 80 700 Td (e) Tj ET")
	assert.Equal(t, "Zoe Berg\n", drawn(t, "BT /F 10 Tf 50 700 Td (Zo) Tj ET /X Do BT 68 700 Td (Berg) Tj ET", word))
	body := handmade(append([]string{`<</Type/Page/Contents 2 0 R/Resources<</XObject<</X 8 0 R>>>>>>`, stream("", "/X Do"), "null", "null", "null", "null", "null"}, chain(20)...)...)
	assert.Equal(t, []match.Unopened{{What: "pdf", Reason: match.UnopenedLarge, Start: 0, End: len(body)}}, match.Read("application/pdf", []byte(body)).Unopened())
}

// filtered is what PNG's filters make of a text in rows.
func filtered(text string, columns, step int) string {
	out, above := []byte{}, make([]byte, columns)
	for row := 0; row*columns < len(text); row++ {
		line := []byte(text[row*columns : min(len(text), (row+1)*columns)])
		line = append(line, strings.Repeat(" ", columns-len(line))...)
		kind := byte(row % 5)
		out = append(out, kind)
		for i, c := range line {
			var left, corner int
			if i >= step {
				left, corner = int(line[i-step]), int(above[i-step])
			}
			up := int(above[i])
			nearest := corner
			if da, db, dc := max(up-corner, corner-up), max(left-corner, corner-left), max(left+up-2*corner, 2*corner-left-up); da <= db && da <= dc {
				nearest = left
			} else if db <= dc {
				nearest = up
			}
			out = append(out, c-byte([]int{0, left, up, (left + up) / 2, nearest}[kind]))
		}
		above = line
	}
	return string(out)
}

func TestEveryFilterOfTextIsUndone(t *testing.T) {
	const content = `BT /F 10 Tf 50 700 Td (Zoe Trembaczyk lives at Storgatan 117) Tj 0 -12 Td (and pays by card) Tj ET`
	for what, s := range map[string]string{
		"rows of pixels":  stream("/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 4/Colors 3>>", zl(filtered(content, 12, 3))),
		"rows of bytes":   stream("/Filter[/FlateDecode]/DecodeParms[<</Predictor 12/Columns 7>>]", zl(filtered(content, 7, 1))),
		"runs":            stream("/Filter/RunLengthDecode", "\x0b"+content[:12]+string([]byte{byte(len(content) - 13)})+content[12:]+"\x80"),
		"hexadecimal":     stream("/Filter/ASCIIHexDecode", fmt.Sprintf("%x>", content)),
		"one in another":  stream("/Filter[/ASCIIHexDecode/FlateDecode]", fmt.Sprintf("%x>", zl(content))),
		"of a known name": stream("/Filter/Fl", zl(content)),
	} {
		body := handmade(`<</Type/Page/Contents 2 0 R/Resources<</Font<</F 3 0 R>>>>>>`, s, `<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>`)
		assert.Equal(t, "Zoe Trembaczyk lives at Storgatan 117\nand pays by card\n", pdfText(t, []byte(body)), what)
	}
}

func TestRunsAreAsLongAsTheySay(t *testing.T) {
	packed := "\x10BT /F 10 Tf 9 9 (" + "\xf8x" + "\x06) Tj ET\x80(y) Tj"
	body := handmade(`<</Type/Page/Contents 2 0 R/Resources<</Font<</F 3 0 R>>>>>>`, stream("/Filter/RL", packed), `<</Type/Font/Subtype/Type1>>`)
	assert.Equal(t, "xxxxxxxxx\n", pdfText(t, []byte(body)))
}

func TestAFontOfUnknownSignsMakesAPDFBroken(t *testing.T) {
	page := func(font, text string) []match.Unopened {
		body := handmade(`<</Type/Page/Contents 2 0 R/Resources<</Font<</F 3 0 R>>>>>>`, stream("", "/F 9 Tf ("+text+") Tj"), font)
		return match.Read("application/pdf", []byte(body)).Unopened()
	}
	const named = `<</Type/Font/Subtype/Type1/Encoding<</Differences[65/g1/g2/g3/g4/g5/g6 97/afii10017/afii10071/b_r/quotedblleft]>>>>`
	assert.Empty(t, page(named, "abcdA"), "one sign of several")
	assert.NotEmpty(t, page(named, "ABCDEFABCDEFab"))
	assert.Empty(t, page(`<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode/Identity-H>>`, "\\000A\\000B"))
	body := handmade(`<</Type/Page/Contents 2 0 R/Resources<</Font<</F 3 0 R>>>>>>`, stream("", "/F 9 Tf (abcd) Tj"), named)
	assert.Equal(t, "Аёbr“\n", pdfText(t, []byte(body)))
}
