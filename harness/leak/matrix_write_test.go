package leak_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/md5"  //nolint:gosec // what picture services use
	"crypto/sha1" //nolint:gosec // likewise
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/unicode/norm"
)

// matrixNext stands where the next piece of a text begins.
const matrixNext = "\x01"

func matrixSwap(old, with string) func(string) string {
	return func(s string) string { return strings.ReplaceAll(s, old, with) }
}

func matrixNFD(s string) string { return norm.NFD.String(s) }

// matrixPlain leaves marks and strokes out.
func matrixPlain(s string) string {
	s = strings.NewReplacer("ł", "l", "Ł", "L", "ß", "ss", "ø", "o", "Ø", "O").Replace(s)
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// matrixLatin writes umlauts as two letters and leaves the other marks out; a
// text without umlauts stays as it is.
func matrixLatin(s string) string {
	written := strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "Å", "Aa").Replace(s)
	if written == s {
		return s
	}
	return matrixPlain(written)
}

// matrixWide writes ASCII in full width.
func matrixWide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}, s)
}

// matrixBetween puts a zero byte between letters that pair approves of, twice
// at most.
func matrixBetween(s string, pair func(a, b rune) bool) string {
	runes := []rune(s)
	var b strings.Builder
	for i, r := range runes {
		if (i == len(runes)/3 || i == 2*len(runes)/3) && i > 0 && pair(runes[i-1], r) {
			b.WriteByte(0)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Which letters an escape is used for.
func matrixAny(rune) bool      { return true }
func matrixBeyond(r rune) bool { return r >= utf8.RuneSelf }
func matrixMarked(r rune) bool {
	return r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._", r)
}

// matrixEach writes the letters that which approves of by a format.
func matrixEach(which func(rune) bool, format string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, r := range s {
			if which(r) && (r < 0x100 || !strings.Contains(format, "x%02")) {
				fmt.Fprintf(&b, format, r)
			} else {
				b.WriteRune(r)
			}
		}
		return b.String()
	}
}

func matrixPercent(which func(rune) bool) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, r := range s {
			if !which(r) {
				b.WriteRune(r)
				continue
			}
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		}
		return b.String()
	}
}

// matrixNamed writes what has a name in HTML by it.
func matrixNamed(s string) string {
	return strings.NewReplacer(
		"&", "&amp;", "@", "&commat;", ".", "&period;", "å", "&aring;", "ä", "&auml;", "ö", "&ouml;", "ü", "&uuml;", "ß", "&szlig;",
		"é", "&eacute;", "è", "&egrave;", "ë", "&euml;", "ï", "&iuml;", "ó", "&oacute;", "ø", "&oslash;", "ñ", "&ntilde;",
		"ł", "&lstrok;", "ą", "&aogon;", "ę", "&eogon;", "ś", "&sacute;", "ź", "&zacute;", "ż", "&zdot;", "ć", "&cacute;", "ń", "&nacute;",
		"Å", "&Aring;", "Ä", "&Auml;", "Ö", "&Ouml;", "Ü", "&Uuml;", "Ł", "&Lstrok;", "Ś", "&Sacute;", "Ż", "&Zdot;", "É", "&Eacute;",
		"!", "&excl;", "#", "&num;", "*", "&ast;", "_", "&lowbar;", "/", "&sol;", ":", "&colon;", "€", "&euro;", "£", "&pound;", "$", "&dollar;", "=", "&equals;",
	).Replace(s)
}

func matrixBase64(s string) string    { return base64.StdEncoding.EncodeToString([]byte(s)) }
func matrixBase64URL(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
func matrixHex(s string) string       { return hex.EncodeToString([]byte(s)) }

func matrixMD5(s string) string {
	h := md5.Sum([]byte(strings.ToLower(s))) //nolint:gosec // see the import
	return hex.EncodeToString(h[:])
}

func matrixSHA1(s string) string {
	h := sha1.Sum([]byte(strings.ToLower(s))) //nolint:gosec // see the import
	return hex.EncodeToString(h[:])
}

func matrixSHA256(s string) string {
	h := sha256.Sum256([]byte(strings.ToLower(s)))
	return hex.EncodeToString(h[:])
}

// matrixQuote writes a JSON string that escapes no more than it must.
func matrixQuote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// matrixJSON is an object with the value at $.user.value.
func matrixJSON(s string) string {
	return `{"v":2,"user":{"value":` + matrixQuote(s) + `,"since":2019},"theme":"dark"}`
}

func matrixJWT(s string) string {
	return matrixBase64URL(`{"alg":"HS256","typ":"JWT"}`) + "." + matrixBase64URL(matrixJSON(s)) + ".c2lnbmF0dXJlLW9mLXRoZS1zdGFnaW5nLXNob3A"
}

// matrixCFEmail is an address as a content network hides it from harvesters.
func matrixCFEmail(s string) string {
	const key = 0x5a
	b := []byte{key}
	for _, c := range []byte(s) {
		b = append(b, c^key)
	}
	return `<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="` + hex.EncodeToString(b) + `">[email&#160;protected]</a>`
}

func matrixWrap(s string, width int) string {
	var b strings.Builder
	for len(s) > width {
		b.WriteString(s[:width] + "\r\n")
		s = s[width:]
	}
	return b.String() + s
}

// matrixPack compresses with what open makes.
func matrixPack(s string, open func(io.Writer) io.WriteCloser) string {
	var b bytes.Buffer
	w := open(&b)
	if _, err := io.WriteString(w, s); err != nil || w.Close() != nil {
		return ""
	}
	return b.String()
}

func matrixGzip(s string) string {
	return matrixPack(s, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
}

func matrixZlib(s string) string {
	return matrixPack(s, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
}

func matrixDeflate(s string) string {
	return matrixPack(s, func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, flate.BestCompression); return f })
}

func matrixZstd(s string) string {
	return matrixPack(s, func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1)); return z })
}

// matrixHalves cuts a text in the middle, at a space if there is one near.
func matrixHalves(s string) (string, string) {
	runes := []rune(s)
	at := len(runes) / 2
	for runes[at] == ' ' || runes[at-1] == ' ' || unicode.Is(unicode.M, runes[at]) {
		at--
	}
	return string(runes[:at]), string(runes[at:])
}

// matrixPart is from n to m thirds of a text.
func matrixPart(s string, n, m int) string {
	runes := []rune(s)
	return string(runes[n*len(runes)/3 : m*len(runes)/3])
}

// matrixPairs writes digits in pairs.
func matrixPairs(digits, gap string) string {
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && i%2 == 0 && i < len(digits)-1 {
			b.WriteString(gap)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// matrixStars hides the digits of a number but the first and the last ones.
func matrixStars(s, star string, first, last int) string {
	digits, seen := 0, 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsDigit(r) {
			seen++
			if seen > first && seen <= digits-last {
				b.WriteString(star)
				continue
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// matrixInitials hides all but the first letter of every word.
func matrixInitials(s, star string) string {
	var b strings.Builder
	start := true
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r) && !unicode.Is(unicode.M, r):
			b.WriteRune(r)
			start = true
		case start:
			b.WriteRune(r)
			start = false
		default:
			b.WriteString(star)
		}
	}
	return b.String()
}
