package match_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/match"
)

const (
	name  = "Zoë Trembaczyk"
	email = "z7.svekreskam@shop-test.example"
)

// packed is what a writer of compressed bytes makes of a text.
func packed(s string, open func(io.Writer) io.WriteCloser) string {
	var b bytes.Buffer
	w := open(&b)
	_, err := io.WriteString(w, s)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err)
	}
	return b.String()
}

func gz(s string) string {
	return packed(s, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
}

func zl(s string) string {
	return packed(s, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
}

func br(s string) string {
	return packed(s, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
}

func deflated(s string) string {
	return packed(s, func(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, 9); return z })
}

func zst(s string) string {
	return packed(s, func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z })
}

func qp(s string) string {
	return packed(s, func(w io.Writer) io.WriteCloser { return quotedprintable.NewWriter(w) })
}

func b64(s string) string    { return base64.StdEncoding.EncodeToString([]byte(s)) }
func b64url(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
func hexed(s string) string  { return hex.EncodeToString([]byte(s)) }

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func wide(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// zipped is an archive of that file between two others, one of them stored.
func zipped(file, content string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range []struct {
		name, content string
		method        uint16
	}{{"readme.txt", longText, zip.Store}, {file, content, zip.Deflate}, {"last.bin", longText, zip.Deflate}} {
		part, _ := w.CreateHeader(&zip.FileHeader{Name: f.name, Method: f.method})
		_, _ = part.Write([]byte(f.content))
	}
	_ = w.Close()
	return b.String()
}

func mimed(s string) string {
	enc, out := b64(s), ""
	for len(enc) > 76 {
		out, enc = out+enc[:76]+"\r\n", enc[76:]
	}
	return out + enc
}

func cfEmail(s string) string {
	b := []byte{0x5a}
	for i := range len(s) {
		b = append(b, s[i]^0x5a)
	}
	return hex.EncodeToString(b)
}

func pairs(s, sep string) string {
	var out []string
	for i := range len(s) {
		out = append(out, fmt.Sprintf("%02X", s[i]))
	}
	return strings.Join(out, sep)
}

const longText = "The quick brown fox jumps over the lazy dog, and so on until a line has to be broken somewhere. "

func TestEncodedValuesAreFoundWithTheChainOfTheirEncodings(t *testing.T) {
	claims := b64url(`{"alg":"HS256","typ":"JWT"}`) + "." + b64url(`{"sub":"1","email":"`+email+`"}`) + "." + b64url("\x01\x02\xff\xfesome signature\x99")
	for _, c := range []struct {
		what, mediaType, body string
		where                 string
		decoded               []string
	}{
		{"base64", "text/plain", "x=" + b64(name) + ";", "", []string{"base64"}},
		{"base64 one off", "text/plain", b64("a" + name), "", []string{"base64"}},
		{"base64 two off", "text/plain", b64("ab, " + name + "!"), "", []string{"base64"}},
		{"base64 behind glued letters", "text/plain", "v1" + b64(name), "", []string{"base64"}},
		{"base64 behind a directory", "text/html", `<a href="/reset/` + b64url(email) + `/x">`, "a@href", []string{"base64"}},
		{"base64 in JSON", "application/json", `{"a":{"b":"` + b64(name) + `"}}`, "$.a.b", []string{"base64"}},
		{"JSON in base64 in JSON", "application/json", `{"a":"` + b64(`{"user":{"email":"`+email+`"}}`) + `"}`, "$.a›$.user.email", []string{"base64"}},
		{"base64 with escaped slashes", "application/json", `{"a":"` + strings.ReplaceAll(b64("???>>>"+name), "/", `\/`) + `"}`, "$.a", []string{"base64"}},
		{"percent-encoded base64", "text/plain", "q=" + url.QueryEscape(b64("???>>>~~~"+name+"!x")), "", []string{"base64"}},
		{"base64 of percent-encoding", "text/plain", b64(url.QueryEscape(name)), "", []string{"base64", "percent", "fold"}},
		{"MIME base64", "text/plain", mimed(longText + name + longText), "", []string{"base64"}},
		{"MIME base64 in JSON", "application/json", `{"a":` + quoted(mimed(longText+name+longText)) + `}`, "$.a", []string{"base64"}},
		{"base64 joined with that of a longer text", "text/plain", b64url(longText+longText) + "-" + b64url(name), "", []string{"base64"}},
		{"base64 of base64", "text/plain", b64(b64(name)), "", []string{"base64", "base64"}},
		{"base64 three times", "text/plain", b64(b64(b64(name))), "", []string{"base64", "base64", "base64"}},
		{"a header's encoded word", "text/plain", "To: =?utf-8?B?" + b64(name) + "?=", "", []string{"base64"}},
		{"a token's claims", "text/plain", "Bearer " + claims, "$.email", []string{"jwt"}},
		{"a token in JSON", "application/json", `{"token":"` + claims + `"}`, "$.token›$.email", []string{"jwt"}},
		{"a signed cookie", "text/plain", b64url(`{"email":"`+email+`"}`) + ".ZxC1.sIgNaTuRe", "$.email", []string{"base64"}},
		{"hexadecimal", "text/plain", "id=" + hexed(name), "", []string{"hex"}},
		{"hexadecimal in capitals", "application/json", `{"a":"0x` + strings.ToUpper(hexed(name)) + `"}`, "$.a", []string{"hex"}},
		{"hexadecimal behind a letter", "text/plain", "b" + hexed(name), "", []string{"hex"}},
		{"pairs with blanks", "text/plain", pairs(name, " "), "", []string{"hex"}},
		{"pairs with colons", "text/plain", "is " + pairs(name, ":") + ".", "", []string{"hex"}},
		{"escaped pairs", "text/javascript", `"\x` + pairs(name, `\x`) + `"`, "", []string{"hex"}},
		{"an obfuscated address", "text/html", `<a class="__cf_email__" data-cfemail="` + cfEmail(email) + `">[email&#160;protected]</a>`, "a.__cf_email__@data-cfemail", []string{"cfemail"}},
		{"gzip", "text/plain", gz(name), "", []string{"gzip"}},
		{"gzip of JSON", "application/json", gz(`{"a":"` + name + `"}`), "$.a", []string{"gzip"}},
		{"gzip in base64", "application/json", `{"a":"` + b64(gz(`{"n":"`+name+`"}`)) + `"}`, "$.a›$.n", []string{"base64", "gzip"}},
		{"gzip in base64 behind what looks like zlib", "text/plain", "/eAG5x/" + b64url(gz(name)), "", []string{"base64", "gzip"}},
		{"gzip in hexadecimal", "text/plain", hexed(gz(name)), "", []string{"hex", "gzip"}},
		{"a compressed cookie", "text/plain", "." + b64url(zl(`{"name":"`+name+`"}`)) + ".ZxC1fA.sIgNaTuRe", "$.name", []string{"base64", "deflate"}},
		{"zlib", "application/zlib", zl(name), "", []string{"deflate"}},
		{"raw deflate in base64", "text/plain", "SAMLRequest=" + url.QueryEscape(b64(deflated("<a>"+name+"</a>"))), "a", []string{"base64", "deflate"}},
		{"a file in an archive", "application/zip", zipped("orders/export.csv", "name,city\n"+name+",Umeå\n"), "export.csv", []string{"zip"}},
		{"JSON in an archive", "application/octet-stream", zipped("me.json", `{"user":{"n":"`+name+`"}}`), "me.json›$.user.n", []string{"zip"}},
		{"a letter as office programs write it", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
			zipped("word/document.xml", `<w:document><w:p><w:r><w:t>`+name+`</w:t></w:r></w:p></w:document>`), "document.xml›w:document>w:p>w:r>w:t", []string{"zip"}},
		{"an archive in base64", "text/plain", b64(zipped("a.txt", name+longText)), "a.txt", []string{"base64", "zip"}},
		{"zstd", "application/octet-stream", zst(name + longText), "", []string{"zstd"}},
		{"zstd in base64", "text/plain", b64(zst(name + longText)), "", []string{"base64", "zstd"}},
		{"brotli by its type", "application/x-brotli", br(name), "", []string{"br"}},
		{"brotli in base64", "text/plain", b64(br(name + longText)), "", []string{"base64", "br"}},
		{"UTF-16", "text/html", wide(`<p>` + name + `</p>`), "p", []string{"utf-16"}},
		{"UTF-16 without a mark", "application/json", wide(`{"a":"` + name + `"}`)[2:], "$.a", []string{"utf-16"}},
		{"UTF-16 in base64", "text/plain", b64(wide(name)), "", []string{"base64", "utf-16"}},
		{"quoted-printable", "text/plain", qp(longText + name + longText), "", []string{"quoted-printable"}},
		{"a quoted word", "text/plain", "To: =?utf-8?Q?Zo=C3=AB_Trembaczyk?= <x>", "", []string{"quoted-printable", "fold"}},
		{"JSON in JSON", "application/json", `{"a":` + quoted(`{"n":`+quoted(name)+`}`) + `}`, "$.a›$.n", nil},
		{"JSON in JSON in JSON", "application/json", `{"a":` + quoted(`{"b":`+quoted(`{"n":"Zo\u00eb Trembaczyk"}`)+`}`) + `}`, "$.a›$.b›$.n", []string{"json"}},
		{"JSON in an attribute", "text/html", `<div data-props="{&quot;n&quot;:&quot;` + name + `&quot;}">`, "div@data-props›$.n", nil},
		{"JSON in a cookie", match.SegmentsType, `[{"where":"cart","text":"%7B%22n%22%3A%22Zo%C3%AB%20Trembaczyk%22%7D"}]`, "cart›$.n", []string{"percent"}},
		{"JSON in storage", match.SegmentsType, `[{"where":"user","text":"{\"profile\":{\"n\":\"Zoë Trembaczyk\"}}"}]`, "user›$.profile.n", nil},
		{"HTML in JSON", "application/json", `{"html":"<p>Hi <b>Zo<\/b>&euml; Trembaczyk<\/p>"}`, "$.html›p>b", []string{"json", "markup", "entity"}},
		{"HTML with escaped brackets in JSON", "application/json", `{"html":"\u003cb\u003eZo\u003c/b\u003eë Trembaczyk"}`, "$.html›b", []string{"json", "markup"}},
		{"HTML in a script", "text/html", `<script>el.innerHTML = "<b>Zo</b>ë Trembaczyk";</script>`, "script", []string{"markup"}},
		{"HTML in an attribute", "text/html", `<div data-content="&lt;b&gt;Zo&lt;/b&gt;ë Trembaczyk">`, "div@data-content›b", []string{"entity", "markup"}},
		{"HTML in a data: URL", "text/html", `<iframe src="data:text/html;base64,` + b64("<p><b>Zo</b>ë Trembaczyk</p>") + `">`, "iframe@src›p>b", []string{"base64", "split"}},
		{"Latin-2 as declared", "text/plain; charset=iso-8859-2", "Zo\xeb Trembaczyk", "", nil},
		{"a form in parts", "multipart/form-data; boundary=xYz", "--xYz\r\nContent-Disposition: form-data; name=\"who\"\r\n\r\n" + name + "\r\n--xYz--\r\n", "who", nil},
		{"a mail", "message/rfc822", "From: a\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + qp("<p>"+longText+name+longText+"</p>"), "p", []string{"quoted-printable"}},
		{"a mail's part in base64", "multipart/alternative; boundary=q", "--q\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n" + mimed("<p>"+longText+name+"</p>") + "\r\n--q--", "p", []string{"base64"}},
	} {
		x := newIndex(t, name, email)
		hits := x.Search(c.mediaType, []byte(c.body))
		if assert.Len(t, hits, 1, "%s: %q", c.what, c.body) {
			assert.Equal(t, c.decoded, hits[0].Decoded, c.what)
			assert.Equal(t, c.where, hits[0].Where, c.what)
		}
		assert.Empty(t, newIndex(t, "Somebody Elsewhere", "other.person@shop-test.example").Search(c.mediaType, []byte(c.body)), c.what)
	}
}

func TestLettersOfADeclaredCharacterSetAreRead(t *testing.T) {
	for _, c := range []struct{ charset, raw, want string }{
		{"iso-8859-2", "\xa3\xb1kowa \xa6piewna", "Łąkowa Śpiewna"},
		{"windows-1250", "\xa3\xb9kowa \x8cpiewna", "Łąkowa Śpiewna"},
		{"windows-1251", "\xc8\xe2\xe0\xed \xcf\xe5\xf2\xf0\xee\xe2", "Иван Петров"},
		{"shift_jis", "\x8e\x52\x93\x63\x91\xbe\x98\x59 x", "山田太郎"},
	} {
		x := newIndex(t, c.want)
		for _, hit := range [][]match.Hit{
			x.Search("text/plain; charset="+c.charset, []byte("name: "+c.raw+".")),
			x.Search("text/html", []byte(`<meta charset="`+c.charset+`"><p>`+c.raw+`.</p>`)),
		} {
			if assert.Len(t, hit, 1, c.charset) {
				assert.Empty(t, hit[0].Decoded, c.charset)
			}
		}
		hits := x.Search("text/plain; charset="+c.charset, []byte("name: "+c.want))
		require.Len(t, hits, 1, "a browser has made it UTF-8 already")
		assert.Equal(t, 6, hits[0].Start)
	}
	raw := "name: \xa3\xb1kowa \xa6piewna."
	hits := newIndex(t, "Łąkowa Śpiewna").Search("text/plain; charset=iso-8859-2", []byte(raw))
	require.Len(t, hits, 1)
	assert.Equal(t, "\xa3\xb1kowa \xa6piewna", raw[hits[0].Start:hits[0].End])
}

func TestWhatStandsInSeveralLayersIsAnsweredOnce(t *testing.T) {
	x := newIndex(t, name)
	for _, body := range []string{
		name + ", =C3=AB=\n",
		b64("x"+name) + "\n",
		`{"html":"<b>x</b> ` + name + `"}`,
		`<p><b>x</b>` + name + `</p>`,
	} {
		hits := x.Search("", []byte(body))
		assert.Len(t, hits, 1, body)
	}
	hits := x.Search("application/json", []byte(`{"a":"`+b64(`{"b":"`+name+`","c":"`+name+`"}`)+`"}`))
	require.Len(t, hits, 2, "two places in one island")
	assert.Equal(t, []string{"$.a›$.b", "$.a›$.c"}, []string{hits[0].Where, hits[1].Where})
}

func TestSegmentsOfAReadingHoldWhatWasDecoded(t *testing.T) {
	body := `{"a":"` + b64(`{"n":"Zoë"}`) + `","b":` + quoted(`{"c":"d"}`) + `}`
	got := show(match.Read("application/json", []byte(body)).Segments())
	assert.Equal(t, []string{"$.a = " + b64(`{"n":"Zoë"}`), `$.b = {"c":"d"}`, "$.b›$.c = d", "$.a›$.n = Zoë"}, got)
	got = show(match.Read("text/html", []byte(gz("<p>Zoë</p>"))).Segments())
	assert.Equal(t, []string{"p = Zoë"}, got)
}

func TestAFalseMarkAtTheBeginningHidesNothing(t *testing.T) {
	for _, mark := range []string{"\xff\xfe\x00", "\xfe\xff", "\x1f\x8b\x08", "\x28\xb5\x2f\xfd", "%PDF-1.7\n", "\x78\x9c"} {
		body := strings.Repeat(mark, 99) + " " + name + " "
		assert.Len(t, newIndex(t, name).Search("text/html", []byte(body)), 1, "%q", mark)
	}
	body := "--x\r\nContent-Disposition: form-data; name=a; filename=\"" + name + ".txt\"\r\n\r\nz\r\n--x--"
	assert.Len(t, newIndex(t, name).Search("multipart/form-data; boundary=x", []byte(body)), 1)
}
