package match_test

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"fmt"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/goregular"

	"crosstalk/harness/match"
)

// invoice is a PDF with one line for each text; core takes a font of the
// viewer's, otherwise a part of a TrueType font is embedded.
func invoice(t testing.TB, core, compressed bool, lines ...string) []byte {
	t.Helper()
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCompression(compressed)
	font, encode := "go", func(s string) string { return s }
	if core {
		font, encode = "Helvetica", f.UnicodeTranslatorFromDescriptor("")
	} else {
		f.AddUTF8FontFromBytes("go", "", goregular.TTF)
	}
	f.AddPage()
	f.SetFont(font, "", 10)
	for _, line := range lines {
		f.CellFormat(0, 6, encode(line), "", 1, "L", false, 0, "")
	}
	var b bytes.Buffer
	require.NoError(t, f.Output(&b))
	return b.Bytes()
}

func TestTheTextOfAPDFIsFoundInEveryFont(t *testing.T) {
	values := []string{name, email, "Storgatan 117"}
	for _, core := range []bool{true, false} {
		for _, compressed := range []bool{true, false} {
			body := invoice(t, core, compressed, "Invoice 10412", name, email, "Storgatan 117")
			hits := newIndex(t, values...).Search("application/pdf", body)
			require.Len(t, hits, 3, "core %v, compressed %v", core, compressed)
			for _, h := range hits {
				assert.Equal(t, []string{"pdf"}, h.Decoded)
			}
			assert.Empty(t, match.Read("application/pdf", body).Unopened())
		}
	}
	packed := b64(string(invoice(t, false, true, name)))
	hits := newIndex(t, name).Search("application/json", []byte(`{"invoice":"`+packed+`"}`))
	require.Len(t, hits, 1)
	assert.Equal(t, []string{"base64", "pdf"}, hits[0].Decoded)
	assert.Equal(t, "$.invoice", hits[0].Where)
}

// handmade is a PDF of these objects, the first of them number 1.
func handmade(objects ...string) string {
	b := &strings.Builder{}
	b.WriteString("%PDF-1.7\n")
	for i, o := range objects {
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	b.WriteString("trailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF\n")
	return b.String()
}

func stream(dict, content string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(content), content)
}

func TestPiecesOfAPDFsStringsAreOneText(t *testing.T) {
	const page = `<</Type/Page/Contents 2 0 R/Resources<</Font<</F 3 0 R>>/XObject<</X 4 0 R>>>>>>`
	const font = `<</Type/Font/Subtype/Type1/Encoding<</Differences[1/Z/o/edieresis/Aogonek 65/uni0042]>>>>`
	for what, c := range map[string]struct{ content, form string }{
		"kerning":           {`BT /F 9 Tf [(Zo)20(\353 Trem)-15.5(bac)(zyk)] TJ ET`, ""},
		"a gap for a blank": {`BT /F 9 Tf [(Zo\353)-300(Tremba)3(czyk)] TJ ET`, ""},
		"moved pieces":      {`BT /F 9 Tf 1 0 0 1 50 700 Tm (Zo\353) Tj 20 0 Td (Trem) Tj 9 0 Td (baczyk) Tj ET`, ""},
		"hexadecimal":       {`BT /F 9 Tf <5a6f EB2054 72656d 6261637a796b> Tj ET`, ""},
		"names of glyphs":   {`BT /F 9 Tf (\1\2\3 Trembaczyk) Tj ET`, ""},
		"next lines":        {`BT /F 9 Tf (Zo\353) ' 0 0 (Trembaczyk) " ET`, ""},
		"a form":            {`q /X Do Q`, `BT /F 9 Tf (Zo\353 Trembaczyk) Tj ET`},
	} {
		body := handmade(page, stream("", c.content), font, stream("/Subtype/Form", c.form))
		hits := newIndex(t, name).Search("application/pdf", []byte(body))
		if assert.NotEmpty(t, hits, what) {
			assert.Equal(t, "pdf", hits[0].Decoded[0], what)
		}
		squeezed := handmade(page, stream("/Filter/FlateDecode", zl(c.content)), font, stream("/Subtype/Form/Filter[/FlateDecode]", zl(c.form)))
		assert.Len(t, newIndex(t, name).Search("", []byte(squeezed)), 1, what)
	}
	field := handmade(`<</FT/Tx/V(Zo\353 Trembaczyk)>>`)
	assert.Len(t, newIndex(t, name).Search("application/pdf", []byte(field)), 1, "a field of a form")
	inStream := handmade(`<</Type/Page/Contents 2 0 R/Resources<</Font<</F 9 0 R>>>>>>`, stream("", `BT /F 9 Tf <0102030405060708090a0b0c0d0e> Tj ET`),
		stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", zl("9 0 "+`<</Subtype/Type1/Encoding<</Differences[1/Z/o/edieresis/space/T/r/e/m/b/a/c/z/y/k]>>>>`)))
	assert.Len(t, newIndex(t, name).Search("application/pdf", []byte(inStream)), 1, "a font in a stream of objects")
}

func TestHostilePDFsCostLittle(t *testing.T) {
	const page = `<</Type/Page/Contents 2 0 R/Parent 1 0 R/Resources<</Font<</F 3 0 R>>/XObject<</X 2 0 R>>>>>>`
	bomb := zl(strings.Repeat("BT (x) Tj ET ", 4<<20))
	for what, body := range map[string]string{
		"a locked one":         strings.Replace(handmade(page), "/Root 1 0 R", "/Root 1 0 R/Encrypt 9 0 R", 1),
		"a bomb":               handmade(page, stream("/Filter/FlateDecode", bomb)),
		"a bomb within a bomb": handmade(page, stream("/Filter[/FlateDecode/FlateDecode]", zl(bomb))),
		"many pages of a bomb": handmade(append([]string{page, stream("/Filter/FlateDecode", bomb)}, many(page, 10_000)...)...),
		"deep arrays":          handmade(strings.Repeat("[", 4<<20)),
		"deep dictionaries":    handmade(strings.Repeat("<</A", 1<<20)),
		"open brackets":        handmade(strings.Repeat("(", 4<<20)),
		"closing braces":       handmade(strings.Repeat("}", 4<<20)),
		"open streams":         "%PDF-1.4\n" + strings.Repeat("1 0 obj<<>>stream\n", 1<<17),
		"many open streams":    "%PDF-1.4\n" + strings.Join(numbered("%d 0 obj<<>>stream\n", 50_000), ""),
		"open hexadecimals":    "%PDF-1.4\n" + strings.Join(numbered("%d 0 obj<", 100_000), ""),
		"a form in itself":     handmade(page, stream("/Subtype/Form", strings.Repeat("/X Do ", 1000))),
		"a huge font":          handmade(page, stream("", strings.Repeat("/F 1 Tf <0000> Tj ", 1000)), "<</Subtype/Type0/ToUnicode 4 0 R>>", stream("", strings.Repeat("<0000> <ffff> <0000> ", 1<<16)+" endbfrange")),
		"huge numbers":         handmade(`<</Type/ObjStm/N 99999999999999999999/First 9e99>>stream` + "\nx\nendstream"),
		"circles":              handmade(`1 0 R`, `<</Type/Page/Parent 2 0 R/Contents[2 0 R 1 0 R]>>`),
		"an unknown font":      handmade(page, stream("", "/F 1 Tf <0001> Tj"), "<</Subtype/Type0/Encoding/Identity-H>>"),
		"nothing":              "%PDF-1.4",
		"long meanings": handmade(page, stream("/Filter/FlateDecode", zl("/F 9 Tf ("+strings.Repeat("A", 4<<20)+") Tj")), "<</Subtype/Type1/ToUnicode 4 0 R>>",
			stream("/Filter/FlateDecode", zl("<41> <"+strings.Repeat("0078", 1<<18)+"> endbfchar"))),
		"long meanings of nothing": handmade(`<</Type/Page/Contents 2 0 R/Resources<</Properties<</P<</ActualText(`+strings.Repeat("x", 1<<20)+`)>>>>>>>>`,
			stream("/Filter/FlateDecode", zl(strings.Repeat("/Span/P BDC BT EMC ", 1<<18)))),
		"forms of such signs": handmade(`<</Type/Page/Contents 2 0 R/Resources<</Font<</F 3 0 R>>/XObject<</X 4 0 R>>>>>>`, stream("", strings.Repeat("/X Do ", 1<<12)),
			"<</Subtype/Type1/Encoding<</Differences[65/g1]>>>>", stream("/Subtype/Form/Filter/FlateDecode", zl("/F 9 Tf ("+strings.Repeat("A", 4<<20)+") Tj"))),
		"forms with wide fonts": handmade(`<</Type/Page/Contents 2 0 R/Resources<</Font<</F<</Subtype/Type1/Widths[`+strings.Repeat("1 ", 1<<18)+`]>>/G<</Subtype/Type0/DescendantFonts[<</W[`+
			strings.Repeat("0 2000000000 1 ", 1<<16)+`]>>]>>>>/XObject<</X 3 0 R>>>>>>`, stream("", strings.Repeat("/X Do ", 1<<16)), stream("/Subtype/Form", "/F 1 Tf /G 1 Tf")),
		"huge places":                   handmade(page, stream("", "/F 9e300 Tf "+strings.Repeat("9e300 0 0 9e300 9e300 9e300 cm 9e99 -9e99 Td (x) Tj q ", 1<<14)), "<</Subtype/Type1/Widths[9e300]>>"),
		"many pages that are encrypted": encrypted(append([]string{page, stream("/Filter/FlateDecode", strings.Repeat("\x00", 4<<20))}, many(page, 10_000)...)...),
	} {
		t.Run(what, func(t *testing.T) {
			start := time.Now()
			r := match.Read("application/pdf", []byte(body))
			assert.Less(t, time.Since(start), 10*time.Second, "a hundred times what it takes")
			assert.Empty(t, newIndex(t, name).Find(r))
		})
	}
	reasons := func(body string) []string {
		var reasons []string
		for _, u := range match.Read("application/pdf", []byte(body)).Unopened() {
			reasons = append(reasons, u.What+" "+u.Reason)
		}
		return reasons
	}
	assert.Empty(t, reasons(encrypted(page, stream("", "BT ET"))))
	assert.Equal(t, []string{"pdf encrypted"}, reasons(strings.Replace(handmade(page), "/Root 1 0 R", "/Root 1 0 R/Encrypt 9 0 R", 1)))
	assert.Equal(t, []string{"pdf too large"}, reasons(handmade(page, stream("/Filter/FlateDecode", bomb))))
	assert.Equal(t, []string{"pdf broken"}, reasons(handmade(page, stream("", "/F 1 Tf <0001> Tj"), "<</Subtype/Type0/Encoding/Identity-H>>")))
}

// encrypted is a handmade PDF that asks for no password. What is in it was not
// encrypted, and so decrypts to nothing that means something.
func encrypted(objects ...string) string {
	const padding = "\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08\x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a"
	owner := strings.Repeat("o", 32)
	key := md5.Sum([]byte(padding + owner + "\x00\x00\x00\x00"))
	c, _ := rc4.NewCipher(key[:5])
	user := make([]byte, 32)
	c.XORKeyStream(user, []byte(padding))
	dict := fmt.Sprintf("/Encrypt<</Filter/Standard/V 1/R 2/P 0/O<%x>/U<%x>>>", owner, user)
	return strings.Replace(handmade(objects...), "/Root 1 0 R", "/Root 1 0 R"+dict, 1)
}

func many(s string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = s
	}
	return all
}

func numbered(format string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(format, i+1)
	}
	return all
}

func FuzzPDFsNeverPanic(f *testing.F) {
	f.Add([]byte(handmade(`<</Type/Page/Contents 2 0 R>>`, stream("", `BT /F 9 Tf [(Zo)20(x)] TJ ET`))))
	f.Add([]byte(handmade(`<</Type/Page/Contents 2 0 R/Resources<</Font<</F 3 0 R>>>>>>`, stream("", `/F 9 Tf <0001> Tj`), `<</Subtype/Type0/ToUnicode 4 0 R>>`,
		stream("", "1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <00> <09> [<005a>] <0a> <0f> <0041> endbfrange"))))
	for _, body := range samples(f, "open-*.pdf") {
		f.Add(body)
	}
	f.Add([]byte(encrypted(`<</Type/Page/Contents 2 0 R>>`, stream("", `BT /Span<</ActualText(fi)>>BDC 1 0 0 1 9 9 Tm (x) Tj EMC ET`))))
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/ObjStm/First 4>>stream\n9 0 <</A(\\"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r := match.Read("application/pdf", append([]byte("%PDF-1.4\n"), body...))
		if n := len(r.Segments()); n > 1<<20 {
			t.Fatalf("%d segments of %d bytes", n, len(body))
		}
	})
}
