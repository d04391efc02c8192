package match_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/match"
)

// samples are files in testdata/pdf.
func samples(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "pdf", pattern))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	files := map[string][]byte{}
	for _, path := range paths {
		files[filepath.Base(path)], err = os.ReadFile(path)
		require.NoError(t, err)
	}
	return files
}

// pdfText is what the pages of a file say.
func pdfText(t *testing.T, body []byte) string {
	t.Helper()
	segments := match.Read("application/pdf", body).Segments()
	require.NotEmpty(t, segments)
	return segments[0].Text
}

func TestWhatABrowserPrintedReadsAsThePageDid(t *testing.T) {
	for what, body := range samples(t, "chromium.pdf") {
		text := pdfText(t, body)
		for _, part := range []string{
			"Invoice 10412\n", "Zoë Trembaczyk\nStorgatan 117\n11455 Stockholm\n",
			"Fjord mug\t2\t1.249,50\t2 499,00\n", "office", "affinity", "waffle", "card •••• 4821", "\nzoe.trembaczyk@mail.example\n",
		} {
			assert.Contains(t, text, part, what)
		}
		hits := newIndex(t, "zoe.trembaczyk@mail.example", name).Search("application/pdf", body)
		require.Len(t, hits, 2)
		assert.Equal(t, []string{"pdf"}, hits[0].Decoded)
		assert.Empty(t, match.Read("application/pdf", body).Unopened())
	}
}

func TestAPDFThatAsksForNoPasswordIsReadThoughItIsEncrypted(t *testing.T) {
	for what, body := range samples(t, "open-*.pdf") {
		assert.Contains(t, pdfText(t, body), "Invoice 10412\nZoë Trembaczyk\nzoe.trembaczyk@mail.example\nStorgatan 117\n", what)
		assert.Len(t, newIndex(t, name).Search("application/pdf", body), 1, what)
		assert.Empty(t, match.Read("application/pdf", body).Unopened(), what)
	}
}

func TestAPDFThatAsksForAPasswordIsUnopened(t *testing.T) {
	for what, body := range samples(t, "locked-*.pdf") {
		r := match.Read("application/pdf", body)
		assert.Empty(t, newIndex(t, name).Find(r), what)
		assert.Equal(t, []match.Unopened{{What: "pdf", Reason: match.UnopenedLocked, Start: 0, End: len(body)}}, r.Unopened(), what)
	}
}

func TestBrokenCopiesOfEncryptedPDFsEnd(t *testing.T) {
	index := newIndex(t, name)
	for what, body := range samples(t, "*-*.pdf") {
		for i := 0; i < len(body); i += 7 {
			index.Search("application/pdf", body[:i])
			spoiled := bytes.Clone(body)
			spoiled[i] ^= 0x15
			index.Search("application/pdf", spoiled)
		}
		assert.NotEmpty(t, match.Read("application/pdf", body).Segments(), what)
	}
}

func TestFilesAttachedToAPDFAreRead(t *testing.T) {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetAttachments([]fpdf.Attachment{{Content: []byte(`{"buyer":{"name":"Zoë Trembaczyk"}}`), Filename: "order.json"}})
	f.SetXmpMetadata([]byte(`<x:xmpmeta><rdf:li>` + email + `</rdf:li></x:xmpmeta>`))
	f.AddPage()
	f.SetFont("Helvetica", "", 10)
	f.Cell(0, 6, "Invoice 10412")
	var b bytes.Buffer
	require.NoError(t, f.Output(&b))

	hits := newIndex(t, name).Search("application/pdf", b.Bytes())
	require.Len(t, hits, 1)
	assert.Equal(t, "attachment›$.buyer.name", hits[0].Where)
	assert.Equal(t, []string{"pdf"}, hits[0].Decoded)
	assert.NotEmpty(t, newIndex(t, email).Search("application/pdf", b.Bytes()))
	assert.Contains(t, pdfText(t, b.Bytes()), "Invoice 10412")

	files := strings.Repeat("<</Type/EmbeddedFile/Length 1>>stream\nx\nendstream\nendobj\n0 0 obj\n", 3)
	assert.Empty(t, match.Read("application/pdf", []byte(handmade(files))).Unopened())
	many := match.Read("application/pdf", []byte(handmade(many(stream("/Type/EmbeddedFile", "x"), 100)...)))
	require.Len(t, many.Unopened(), 1)
	assert.Equal(t, match.UnopenedLarge, many.Unopened()[0].Reason)
}
