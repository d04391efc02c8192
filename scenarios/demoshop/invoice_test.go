package demoshop_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

func TestAnInvoiceSaysWhoseItIsInEveryLetter(t *testing.T) {
	pdf, err := demoshop.InvoiceForTest("Łukasz", "Żółkiewski", "Wiśniowa", "dla Zoë: morvantulip")
	require.NoError(t, err)
	text := pdfText(t, pdf)
	for _, want := range []string{"Invoice for order 10042", "Łukasz Żółkiewski", "Wiśniowa 7", "Poland", "Stoneware mug", "150,00\u00a0zł", "morvantulip", "ending in 4242"} {
		assert.Contains(t, text, want)
	}
}

func TestAnInvoiceIsSentAsAFileToItsOwnerAlone(t *testing.T) {
	base, p := open(t, demoshop.Options{}), zoe()
	c := newClient(t, base)
	c.signUp(p, nil)
	invoice := c.buy(p, nil).follow("Invoice (PDF)")
	assert.Equal(t, "application/pdf", invoice.header.Get("Content-Type"))
	assert.Equal(t, `attachment; filename="invoice-10001.pdf"`, invoice.header.Get("Content-Disposition"))
	assert.Contains(t, pdfText(t, []byte(invoice.body)), p.gift)
	other := newClient(t, base)
	other.signUp(jan(), nil)
	assert.Equal(t, 404, other.get(invoice.url.Path).status)
}

var (
	pdfStream = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	pdfShown  = regexp.MustCompile(`(?s)\(((?:[^()\\]|\\.)*)\) ?(?:Tj|\])`)
)

// pdfText reads the text of a PDF as this shop's library writes it: compressed
// streams, two bytes for each letter.
func pdfText(t *testing.T, pdf []byte) string {
	require.True(t, bytes.HasPrefix(pdf, []byte("%PDF-")))
	var out strings.Builder
	for _, m := range pdfStream.FindAllSubmatch(pdf, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue
		}
		b, err := io.ReadAll(z)
		if err != nil || !bytes.Contains(b, []byte(" Tf")) {
			continue // a font, not a page
		}
		for _, s := range pdfShown.FindAllSubmatch(b, -1) {
			out.WriteString(wide(s[1]) + "\n")
		}
	}
	return out.String()
}

func wide(b []byte) string {
	b = regexp.MustCompile(`(?s)\\(.)`).ReplaceAllFunc(b, func(m []byte) []byte {
		if m[1] == 'r' {
			return []byte{'\r'}
		}
		return m[1:]
	})
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, binary.BigEndian.Uint16(b[i:]))
	}
	return string(utf16.Decode(units))
}
