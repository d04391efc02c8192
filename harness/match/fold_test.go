package match_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/match"
)

func TestKeyFoldsWhatShopsDoToText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Zoë Łukasz-Øster", "zoelukaszoster"},
		{"Straße Æble Đorđe ŒUVRE Þór", "strasseaebledordeoeuvrethor"},
		{"Zoe\u0308", "zoe"},
		{"Zo&euml; Zo&#235; Zo&#xEB; Zo&amp;euml; Zo&amp;amp;#235;", "zoezoezoezoezoe"},
		{`Zo\u00eb Zo\\u00eb \/ \n Zo\u0026euml;`, "zoezoezoe"},
		{"Zo%C3%AB+Zo%c3%ab Zo%25C3%25AB Zo%26euml;", "zoezoezoezoe"},
		{"Zo\xeb", "zoe"}, // Windows-1252
		{"ＺＯＥ ﬁn ①", "zoefin1"},
		{"so\u00adft\u200bly‑now", "softlynow"},
		{"50% &nosuch; &ampe \\q %zz", "50nosuchampeqzz"},
		{`\ud835\udc00x`, "ax"}, // mathematical bold A
		{"ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσσισυφοσ"},
		{"İstanbul ısı", "istanbulisi"},
		{"", ""},
	} {
		assert.Equal(t, c.want, match.Key(c.text), "Key(%q)", c.text)
	}
}

func TestDigitsKeepsDigitsAlone(t *testing.T) {
	assert.Equal(t, "46701740635", match.Digits("+46 (70) 174-06 35"))
	assert.Empty(t, match.Digits("no number"))
}

func TestFoldingKeepsOffsetsOfEscapedAndDecomposedLetters(t *testing.T) {
	for _, c := range []struct{ text, key, want string }{
		{"Hi, Zo&euml;!", "zoe", "Zo&euml;"},
		{"Hi, Zoe\u0308!", "zoe", "Zoe\u0308"},
		{"a=Zo%C3%AB&b", "zoe", "Zo%C3%AB"},
		{`"Zo\u00eb"`, "zoe", `Zo\u00eb`},
		{"die Straße 1", "strasse", "Straße"},
		{"Anna \u00a0 Berg, x", "annaberg", "Anna \u00a0 Berg"},
	} {
		f := match.Fold([]byte(c.text))
		i := indexOf(f.Bytes(), c.key)
		require.GreaterOrEqual(t, i, 0, c.text)
		from, to := f.Origin(i, i+len(c.key))
		assert.Equal(t, c.want, c.text[from:to])
	}
}

func indexOf(b []byte, s string) int {
	for i := 0; i+len(s) <= len(b); i++ {
		if string(b[i:i+len(s)]) == s {
			return i
		}
	}
	return -1
}

func FuzzFoldAlwaysMapsBackIntoTheText(f *testing.F) {
	for _, seed := range []string{"Zo&euml;", "%25%32%35", `\\\\ud83d\ude00`, "&amp;amp;amp;", "\xc3", "e\u0308\u0308", "%C3", "\\u", "&#x110000;", "%f0%9f%98"} {
		f.Add([]byte(seed), 0, 3)
	}
	f.Fuzz(func(t *testing.T, text []byte, start, end int) {
		folded := match.Fold(text)
		from, to := folded.Origin(start, end)
		if from < 0 || from > to || to > len(text) {
			t.Fatalf("Origin(%d, %d) = %d, %d outside of %d bytes", start, end, from, to, len(text))
		}
		last := 0
		for i := range folded.Bytes() {
			from, to := folded.Origin(i, i+1)
			if from < last || from >= to || to > len(text) {
				t.Fatalf("byte %d maps to %d..%d after %d", i, from, to, last)
			}
			last = from
		}
		if again := match.Key(string(folded.Bytes())); again != string(folded.Bytes()) {
			t.Fatalf("folding %q again gives %q", folded.Bytes(), again)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	page := []byte(samplePage(64 << 10))
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		match.Fold(page)
	}
}

// samplePage is an account page of about n bytes.
func samplePage(n int) string {
	const piece = `<tr class="order"><td>Order #10412</td><td>Blå kopp &amp; fat</td><td>2026-05-27</td><td data-price="1299">129,00&nbsp;kr</td></tr>` + "\n"
	page := `<!doctype html><html><body><header><a class="account" href="/account">Hi, Zoë</a></header><main id="orders"><table>`
	for len(page) < n {
		page += piece
	}
	return page + `</table></main></body></html>`
}
