package match_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"crosstalk/harness/match"
)

// encodings are those that hold any bytes beside the value, each as it may
// stand in a text.
func encodings() map[string]func(s string) string {
	return map[string]func(string) string{
		"base64":             b64,
		"base64url":          b64url,
		"MIME base64":        mimed,
		"hex":                hexed,
		"hex in capitals":    func(s string) string { return strings.ToUpper(hexed(s)) },
		"pairs":              func(s string) string { return pairs(s, " ") },
		"jwt":                func(s string) string { return b64url(`{"alg":"none"}`) + "." + b64url(`{"n":`+quoted(s)+`}`) + "." },
		"gzip":               func(s string) string { return b64(gz(s)) },
		"zlib":               func(s string) string { return "." + b64url(zl(s)) },
		"zstd":               func(s string) string { return b64(zst(s)) },
		"raw deflate":        func(s string) string { return b64(deflated(s + longText)) },
		"UTF-16":             func(s string) string { return b64(wide(s)) },
		"quoted-printable":   func(s string) string { return "=\n" + qp(s) },
		"joined with base64": func(s string) string { return b64url(longText+longText) + "-" + b64url(s) },
		"base64 of base64":   func(s string) string { return b64(b64(s)) },
		"base64 of hex":      func(s string) string { return b64(hexed(s)) },
		"JSON of base64":     func(s string) string { return quoted(quoted(b64(s))) },
	}
}

// FuzzEncodedValuesAreFound encodes a value among foreign text and looks for
// it among other foreign text.
func FuzzEncodedValuesAreFound(f *testing.F) {
	f.Add(uint64(1), "a", "", "<p>", "</p>")
	f.Add(uint64(2), "\x00\xff", "ë", "%", "=")
	f.Add(uint64(3), "some words", "and others", `{"a":"`, `"}`)
	f.Add(uint64(4), "abc", "x", "prefix", "suffix")
	x := newIndex(f, name, email)
	f.Fuzz(func(t *testing.T, seed uint64, before, after, head, tail string) {
		r := rand.New(rand.NewPCG(seed, 1))
		value := []string{name, email}[r.IntN(2)]
		for what, encode := range encodings() {
			inner := strings.ToValidUTF8(before, "?") + " | " + value + " | " + strings.ToValidUTF8(after, "?")
			// What stands next to it must neither be of its alphabet nor escape
			// or encode it.
			body := strings.ToValidUTF8(head, "?") + " ,\n\"" + encode(inner) + "\" ,\n" + tail
			if what == "raw deflate" && strings.ContainsFunc(inner, unicode.IsControl) {
				continue // a guess is taken for right only if it makes text
			}
			if strings.ContainsAny(head, "<=\\&%") || strings.ContainsAny(before, "\\&%=") && what == "quoted-printable" {
				continue
			}
			if hits := x.Search("text/plain", []byte(body)); len(hits) == 0 {
				t.Fatalf("seed %d, %s: %q is not found in %q (%q)", seed, what, value, body, inner)
			}
		}
	})
}

// FuzzReadNeverPanics reads any bytes as anything, and checks that what is
// answered lies in them and is bounded.
func FuzzReadNeverPanics(f *testing.F) {
	types := []string{"", "text/html", "application/json", "multipart/mixed; boundary=x", "message/rfc822", "text/plain; charset=gbk",
		"application/x-brotli", "text/html; charset=utf-16", match.SegmentsType, "text/xml; charset=iso-2022-jp"}
	for i, body := range []string{
		name, b64(name), gz(name), zl(name), zst(name), br(name), wide(name), qp(name), hexed(name), pairs(name, ":"), cfEmail(email),
		`{"a":"\u003cb>Zo</b>` + b64(gz(name)) + `"}`, "--x\r\nContent-Transfer-Encoding: base64\r\n\r\n" + mimed(longText) + "\r\n--x--",
		`<script>"<b>Zo<\/b>"</script><p data-x="{&quot;a&quot;:&quot;&lt;b&gt;&quot;}">`, "%7B%22a%22%3A1%7D", "\xff\xfe\x00\xd8", "KLUv/QAAAA", "H4sIAAAA",
	} {
		f.Add(uint8(i), []byte(body))
	}
	x := newIndex(f, name, email)
	f.Fuzz(func(t *testing.T, mediaType uint8, body []byte) {
		r := match.Read(types[int(mediaType)%len(types)], body)
		for _, h := range x.Find(r) {
			if h.Start < 0 || h.Start >= h.End || h.End > len(body) {
				t.Fatalf("hit %+v outside of %d bytes", h, len(body))
			}
		}
		for _, u := range r.Unopened() {
			if u.Start < 0 || u.Start >= u.End || u.End > len(body) || u.What == "" || u.Reason == "" {
				t.Fatalf("unopened %+v of %d bytes", u, len(body))
			}
		}
		weight := 0
		for _, s := range r.Segments() {
			weight += len(s.Text) + len(s.Where)
			if s.Offset >= 0 && string(body[s.Offset:s.Offset+len(s.Text)]) != s.Text {
				t.Fatalf("segment %+v does not stand in %q", s, body)
			}
		}
		if weight > 1<<24+1<<12*len(body) {
			t.Fatalf("%d bytes of segments from %d bytes", weight, len(body))
		}
	})
}

// FuzzRunsArePassedOverOnlyWithoutText decodes runs at all alignments without
// any rule, and asks for every value that a rule may have lost.
func FuzzRunsArePassedOverOnlyWithoutText(f *testing.F) {
	f.Add(uint64(1), 0)
	f.Add(uint64(2), 40)
	f.Add(uint64(3), 2000)
	f.Fuzz(func(t *testing.T, seed uint64, noise int) {
		checkNothingLost(t, seed, min(max(noise, 0), 4000))
	})
}

func TestNoRunWithTextInItIsPassedOver(t *testing.T) {
	for seed := range uint64(300) {
		checkNothingLost(t, seed, int(seed*7)%2500)
	}
}

// checkNothingLost puts one word of exactly MinKey letters, of several
// scripts, at a random place among random bytes, encodes all of it, and cuts
// up to three characters off the beginning.
func checkNothingLost(t *testing.T, seed uint64, noise int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 7))
	word := []string{"Trembacz", "a1b2c3d4", "Łąkowa Ś", "Петр", "zoë-trem", "山田太郎"}[r.IntN(6)]
	if len(match.Key(word)) < match.MinKey {
		word += "quiz"
	}
	raw := randomBytes(noise, seed)
	at := r.IntN(noise + 1)
	for ; at > 0 && raw[at-1] >= 0x20; at-- { // what stands before must not melt with it
		raw[at-1] = 0
		break
	}
	inner := string(raw[:at]) + "\x00" + word + "\x00" + string(raw[at:])
	x := newIndex(t, word)
	for what, body := range map[string]string{
		"base64": base64.StdEncoding.EncodeToString([]byte("\x01\x01\x01" + inner))[r.IntN(4):],
		"url":    base64.RawURLEncoding.EncodeToString([]byte("\x01\x01\x01" + inner))[r.IntN(4):],
		"hex":    fmt.Sprintf("%x", "\x01"+inner)[r.IntN(2):],
	} {
		if hits := x.Search("text/plain", []byte("a="+body+";")); len(hits) == 0 {
			t.Fatalf("seed %d: %q is lost in %s %s", seed, word, what, body)
		}
	}
}
