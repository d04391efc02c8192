package leak_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
	"github.com/andybalholm/brotli"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"crosstalk/harness/match"
)

// matrixBodies are surfaces that are encoded as a whole.
func matrixBodies() []matrixSurface {
	same := func(s string) string { return s }
	lines := func(p matrixPage) string { return p.lines(same) + "Goes to: " + matrixSlot + "\nThank you.\n" }
	page := func(p matrixPage) string {
		return p.html(`<ul id="account"><li class="value">` + matrixSlot + `</li></ul>`)
	}
	body := func(name, mediaType, layer string, wrap func(string) []byte) matrixSurface {
		s := matrixSurface{name: name, mediaType: mediaType, nowhere: true, page: lines, wrap: wrap, lines: true}
		if layer != "" {
			s.chain = []string{layer}
		}
		return s
	}
	charset := func(name, mediaType string, m *charmap.Charmap) matrixSurface {
		s := body(name, mediaType, "", func(s string) []byte { b, _ := encoding.ReplaceUnsupported(m.NewEncoder()).Bytes([]byte(s)); return b })
		s.holds = func(s string) bool { _, err := m.NewEncoder().Bytes([]byte(s)); return err == nil }
		s.page, s.escape, s.lang, s.where, s.nowhere = page, []matrixEscape{matrixAsHTML()}, "html", "ul#account>li.value", false
		s.plainly = true
		return s
	}
	pdf := body("PDF", "application/pdf", match.DecodedPDF, matrixPDF)
	pdf.page, pdf.lines, pdf.text = func(p matrixPage) string { return p.few(same) + "Goes to: " + matrixSlot + "\nThank you.\n" }, false, true
	pdf.holds = func(s string) bool {
		_, err := charmap.Windows1252.NewEncoder().Bytes([]byte(s))
		return err == nil && len(s) < 400
	}
	packed := body("gzip of HTML", "application/gzip", match.DecodedGzip, func(s string) []byte { return []byte(matrixGzip(s)) })
	packed.page, packed.escape, packed.lang = page, []matrixEscape{matrixAsHTML()}, "html"
	json := body("zlib of JSON", "application/octet-stream", match.DecodedDeflate, func(s string) []byte { return []byte(matrixZlib(s)) })
	json.page, json.escape = func(p matrixPage) string { return p.json(`{"value":"` + matrixSlot + `"}`) }, []matrixEscape{matrixAsJSON()}
	mail := body("mail, quoted-printable", "message/rfc822", match.DecodedQuoted, matrixMail)
	mail.text, mail.always = true, true
	return []matrixSurface{
		pdf, packed, json, mail,
		body("mail, base64", "message/rfc822", match.DecodedBase64, matrixMail64),
		body("zstd", "application/zstd", match.DecodedZstd, func(s string) []byte { return []byte(matrixZstd(s)) }),
		body("brotli", "application/x-brotli", match.DecodedBrotli, matrixBrotli),
		body("UTF-16, little end first", "text/csv", match.DecodedUTF16, matrixUTF16(binary.LittleEndian)),
		body("UTF-16, big end first", "text/plain; charset=utf-16", match.DecodedUTF16, matrixUTF16(binary.BigEndian)),
		charset("Windows-1252", "text/html; charset=windows-1252", charmap.Windows1252),
		charset("ISO 8859-2", "text/html; charset=iso-8859-2", charmap.ISO8859_2),
		body("form with parts", "multipart/form-data; boundary="+matrixBoundary, "", matrixMultipart),
	}
}

const matrixBoundary = "----shop7MA4YWxkTrZu0gW"

func matrixMultipart(s string) []byte {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary(matrixBoundary)
	_ = w.WriteField("page", "3")
	p, _ := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="note"`}})
	_, _ = io.WriteString(p, s)
	_ = w.Close()
	return b.Bytes()
}

const matrixMailHead = "From: shop@shop.example\r\nTo: somebody@mail.example\r\nSubject: Your order\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"

func matrixMail(s string) []byte {
	var b bytes.Buffer
	b.WriteString(matrixMailHead + "Content-Transfer-Encoding: quoted-printable\r\n\r\n")
	w := quotedprintable.NewWriter(&b)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.Bytes()
}

func matrixMail64(s string) []byte {
	return []byte(matrixMailHead + "Content-Transfer-Encoding: base64\r\n\r\n" + matrixWrap(matrixBase64(s), 76) + "\r\n")
}

func matrixBrotli(s string) []byte {
	return []byte(matrixPack(s, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }))
}

func matrixUTF16(order binary.AppendByteOrder) func(string) []byte {
	return func(s string) []byte {
		b := order.AppendUint16(nil, 0xfeff)
		for _, u := range utf16.Encode([]rune(s)) {
			b = order.AppendUint16(b, u)
		}
		return b
	}
}

// matrixPDF prints lines as an invoice has them.
func matrixPDF(s string) []byte {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetAutoPageBreak(true, 10)
	pdf.AddPage()
	pdf.SetFont("Helvetica", "", 8)
	latin := pdf.UnicodeTranslatorFromDescriptor("cp1252")
	for line := range strings.Lines(s) {
		pdf.CellFormat(0, 4, latin(strings.TrimSuffix(line, "\n")), "", 1, "L", false, 0, "")
	}
	var b bytes.Buffer
	if pdf.Output(&b) != nil {
		return nil
	}
	return b.Bytes()
}
