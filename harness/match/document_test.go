package match_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"crosstalk/harness/match"
)

// show writes segments as lines, for tables.
func show(segments []match.Segment) []string {
	var lines []string
	for _, s := range segments {
		lines = append(lines, s.Where+" = "+s.Text)
	}
	return lines
}

func TestSegmentsTakeBodiesApart(t *testing.T) {
	for _, c := range []struct {
		name, mediaType, body string
		want                  []string
	}{
		{"objects and arrays", "application/json", `{"a":{"b":["x",{"c":2}]},"d":true,"e":null,"f":[],"g":{}}`,
			[]string{"$.a.b[*] = x", "$.a.b[*].c = 2", "$.d = true"}},
		{"a lone value", "application/json", ` "x" `, []string{"$ = x"}},
		{"escapes", "application/json", `{"a":"Zo\u00eb \"q\" \/"}`, []string{`$.a = Zoë "q" /`}},
		{"keys that are data", "application/json", `{"users":{"zoe@x.test":{"n":1},"10412":2}}`,
			[]string{"$.users.{}@key = zoe@x.test", "$.users.{}.n = 1", "$.users.{}@key = 10412", "$.users.{} = 2"}},
		{"keys that are generated", "application/json", `{"k7m2ozlhqwrtb9aj":{"a":1},"k7m2ozlhqwrtb104":{"a":2},"address2":3,"sha256":4,"billingAddress2":5}`,
			[]string{"$.{}@key = k7m2ozlhqwrtb9aj", "$.{}.a = 1", "$.{}@key = k7m2ozlhqwrtb104", "$.{}.a = 2", "$.address2 = 3", "$.sha256 = 4", "$.billingAddress2 = 5"}},
		{"several texts", "application/x-ndjson", "{\"a\":1}\n{\"a\":2}\n", []string{"$.a = 1", "$.a = 2"}},
		{"a guard", "application/json", "for(;;);{\"a\":1}", []string{" = for(;;);", "$.a = 1"}},
		{"a call", "application/json", "cb({\"a\":1});", []string{" = cb(", "$.a = 1", " = );"}},
		{"broken in the middle", "application/json", `{"a":1,"b":x}`, []string{"$.a = 1", " = x}"}},
		{"not JSON at all", "application/json", "Internal error", []string{" = Internal error"}},
		{"text nodes", "text/html", `<html><body><header><a class="account">Hi, Zo&euml;</a></header><p>x</p></body></html>`,
			[]string{"header>a.account = Hi, Zoë", "p = x"}},
		{"ids and classes with digits say nothing", "text/html", `<div id="u42" class="c1 card"><p id="who">x</p><p class=a2>y</p></div>`,
			[]string{"p#who = x", "div.card>p = y"}},
		{"attributes", "text/html", `<input type="hidden" name="csrf" value="a&amp;b"><meta content=c name=d>`,
			[]string{"input@type = hidden", "input@name = csrf", "input@value = a&b", "meta@content = c", "meta@name = d"}},
		{"attributes that are data", "text/html", `<a data-user-10412="x" title="y">`, []string{"a@{} = x", "a@title = y"}},
		{"implied ends", "text/html", `<ul><li>a<li>b</ul><table><tr><td>c<td>d<tr><td>e</table><p>f<p>g<div>h</div>`,
			[]string{"ul>li = a", "ul>li = b", "table>tr>td = c", "table>tr>td = d", "table>tr>td = e", "p = f", "p = g", "div = h"}},
		{"void elements", "text/html", `<p>a<br>b<img alt=c>d</p>`, []string{"p = a", "p = b", "p>img@alt = c", "p = d"}},
		{"comments and scripts", "text/html", `<!--c--><script>var a={"b":1};f(2)</script>`,
			[]string{"#comment = c", `script = var a={"b":1};f(2)`, "script$.b = 1"}},
		{"code is not JSON", "text/html", `<script>if (x) { y({a: 1}) }</script>`, []string{"script = if (x) { y({a: 1}) }"}},
		{"a form", "application/x-www-form-urlencoded", "a=1&b=x%20y+z&b2=%zz&c", []string{"a = 1", "b = x y z", "b2 = %zz"}},
		{"segments", match.SegmentsType, `[{"where":"h1","text":"a"},{"where":"p>b","text":"b \"c\""}]`, []string{"h1 = a", `p>b = b "c"`}},
		{"text", "text/css", "a{}", []string{" = a{}"}},
		{"nothing", "text/html", "", nil},
		{"broken markup", "text/html", `<p class="a>text</p`, []string{` = <p class="a>text</p`}},
	} {
		assert.Equal(t, c.want, show(match.Segments(c.mediaType, []byte(c.body))), c.name)
	}
}

func TestOffsetsPointAtTheText(t *testing.T) {
	body := `<p>plain</p><p>Zo&euml;</p><a href="/x?a=1">y</a>`
	for _, s := range match.Segments("text/html", []byte(body)) {
		if s.Text == "Zoë" {
			assert.Equal(t, -1, s.Offset)
			continue
		}
		assert.Equal(t, s.Text, body[s.Offset:s.Offset+len(s.Text)])
	}
}

func TestHostileBodiesCostNoMoreThanTheyWeigh(t *testing.T) {
	const n = 1 << 20
	for name, c := range map[string]struct{ mediaType, body string }{
		"deep arrays":     {"application/json", strings.Repeat("[", n)},
		"deep objects":    {"application/json", strings.Repeat(`{"a":`, n/5)},
		"many numbers":    {"application/json", "[" + strings.Repeat("1,", n/2) + "1]"},
		"long keys":       {"application/json", "{" + strings.Repeat(`"`+strings.Repeat("k", 2000)+`":1,`, n/2000) + `"e":1}`},
		"long path":       {"application/json", strings.Repeat(`{"abcdefghijkl":`, 500) + "[" + strings.Repeat("1,", n/4) + "1"},
		"open quotes":     {"application/json", strings.Repeat(`"`, n)},
		"deep elements":   {"text/html", strings.Repeat("<div class=a>", n/13)},
		"many closings":   {"text/html", strings.Repeat("<b>", 500) + strings.Repeat("</i>", n/4)},
		"many attributes": {"text/html", "<p " + strings.Repeat("a=1 ", n/4) + ">"},
		"open tags":       {"text/html", strings.Repeat("<", n)},
		"open comments":   {"text/html", strings.Repeat("<!--", n/4)},
		"braces":          {"text/html", "<script>" + strings.Repeat("=[", n/2) + "</script>"},
		"many scripts":    {"text/html", strings.Repeat("<script>x=[1</script>", n/22)},
		"many pieces":     {"text/html", strings.Repeat("a<b>", n/4)},
		"ampersands":      {"text/html", strings.Repeat("&", n)},
		"entities":        {"text/html", strings.Repeat("&amp;", n/5)},
		"percents":        {"text/plain", strings.Repeat("%25", n/3)},
		"backslashes":     {"text/plain", strings.Repeat(`\`, n)},
	} {
		t.Run(name, func(t *testing.T) {
			segments := match.Segments(c.mediaType, []byte(c.body))
			weight := 0
			for _, s := range segments {
				weight += len(s.Text) + len(s.Where)
			}
			assert.Less(t, weight, 64*n)
			x := newIndex(t, "Zoë Trembaczyk", "070-174 06 35")
			assert.Empty(t, x.Search(c.mediaType, []byte(c.body)))
		})
	}
}

func FuzzSegmentsNeverPanic(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"x"]}`, `<p a=b>c</p>`, `<script>x={"a":1}`, `[{"where":"a","text":"b"}]`, "a=b&c=%41", "<!-->", "</", "<a b='"} {
		for _, mediaType := range []string{"application/json", "text/html", match.SegmentsType, "application/x-www-form-urlencoded", ""} {
			f.Add(mediaType, []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, mediaType string, body []byte) {
		for _, s := range match.Segments(mediaType, body) {
			if s.Offset >= 0 && string(body[s.Offset:s.Offset+len(s.Text)]) != s.Text {
				t.Fatalf("segment %+v does not stand in %q", s, body)
			}
		}
	})
}

func BenchmarkSegments(b *testing.B) {
	for name, body := range map[string]string{
		"text/html":        samplePage(64 << 10),
		"application/json": `{"orders":[` + strings.Repeat(`{"id":10412,"name":"Blå kopp","total":{"amount":"129.00","currency":"SEK"}},`, 800) + `{}]}`,
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				match.Segments(name, []byte(body))
			}
		})
	}
}
