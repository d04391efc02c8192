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
	assert.Equal(t, "attachment; filename*=utf-8''Invoice-10001-Zo%C3%AB-Lindqvist.pdf", invoice.header.Get("Content-Disposition"))
	assert.Contains(t, pdfText(t, []byte(invoice.body)), p.gift)
	other := newClient(t, base)
	other.signUp(jan(), nil)
	assert.Equal(t, 404, other.get(invoice.url.Path).status)
}

func TestAnAppHasTheInvoiceAndASlipOfEachPartForItsOwnCustomerAlone(t *testing.T) {
	p := newPair(t)
	assert.Equal(t, 404, p.a.api("GET", "/api/invoice", p.ta, "").status, "nothing was ordered yet")
	p.order(t)
	for _, v := range demoshop.Variants() {
		slip := p.a.api("GET", paperOf(v), p.ta, "")
		assert.Equal(t, "application/pdf", slip.header.Get("Content-Type"))
		text := slipText(t, []byte(slip.body))
		want := []demoshop.Variant{v}
		if v == demoshop.Plain {
			text, want = pdfText(t, []byte(slip.body)), demoshop.Variants()
		}
		assert.Equal(t, want, shown(text, p.ofA), "%s shows that part, in one piece", paperOf(v))
		assert.Empty(t, shown(text, p.ofB))
		assert.Equal(t, 401, p.a.api("GET", paperOf(v), "", "").status)
	}
}

// paperOf is the paper that shows a variant's part.
func paperOf(v demoshop.Variant) string {
	if v == demoshop.Plain {
		return "/api/invoice"
	}
	return "/api/invoice/" + strings.TrimPrefix(callOf(v), "/api/")
}

// order has both order something.
func (p pair) order(t *testing.T) {
	t.Helper()
	for token, c := range map[string]*client{p.ta: p.a, p.tb: p.b} {
		c.api("POST", "/api/basket", token, `{"product":"104","quantity":"1"}`)
		require.Equal(t, 201, c.api("POST", "/api/orders", token, "").status)
	}
}

// slipText reads the text of a slip, which has one byte for each letter.
func slipText(t *testing.T, pdf []byte) string {
	require.True(t, bytes.HasPrefix(pdf, []byte("%PDF-")))
	var out strings.Builder
	for _, m := range pdfStream.FindAllSubmatch(pdf, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue
		}
		b, err := io.ReadAll(z)
		require.NoError(t, err)
		out.Write(b)
	}
	return out.String()
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
