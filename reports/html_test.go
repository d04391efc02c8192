package reports_test

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"crosstalk/harness"
)

// nodes lists every element of a page.
func nodes(t testing.TB, page string) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	var out []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			out = append(out, n)
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// requireHarmless holds a page to running nothing and loading nothing.
func requireHarmless(t testing.TB, page string) {
	t.Helper()
	for _, n := range nodes(t, page) {
		require.NotContains(t, []string{"script", "iframe", "object", "embed", "link", "base", "form"}, n.Data)
		for _, a := range n.Attr {
			require.False(t, strings.HasPrefix(a.Key, "on"), "handler %s", a.Key)
			switch a.Key {
			case "src":
				require.True(t, strings.HasPrefix(a.Val, "data:image/"), a.Val)
			case "href":
				require.True(t, strings.HasPrefix(a.Val, "#") || strings.HasPrefix(a.Val, "./"), a.Val)
			case "style":
				require.Regexp(t, `^width: ?\d+%$`, a.Val)
			}
		}
	}
}

func TestAPageRunsNothingAndLoadsNothingWhateverTheTargetSays(t *testing.T) {
	for name, r := range samples() {
		t.Run(name, func(t *testing.T) {
			page := render(t, "html", r, folder(t))
			requireHarmless(t, page)
			require.Contains(t, page, `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:;`)
			require.NotContains(t, page, "ZgotmplZ")
		})
	}
}

func TestEveryLinkOfAPageLeadsToOneElement(t *testing.T) {
	for name, r := range samples() {
		ids, links := map[string]int{}, []string{}
		for _, n := range nodes(t, render(t, "html", r, folder(t))) {
			if id := attr(n, "id"); id != "" {
				ids[id]++
			}
			if to, here := strings.CutPrefix(attr(n, "href"), "#"); here {
				to, err := url.PathUnescape(to)
				require.NoError(t, err)
				links = append(links, to)
			}
		}
		for _, to := range links {
			require.Equal(t, 1, ids[to], "%s: #%s", name, to)
		}
	}
}

func TestScreenshotsAreEmbeddedAndMarkersMarked(t *testing.T) {
	page := render(t, "html", leaking(), folder(t))
	require.Equal(t, 2, strings.Count(page, `<img src="data:image/png;base64,`))
	require.Contains(t, page, "<mark>14 HARROWGATE MEWS</mark>")
	require.Contains(t, page, "<mark>shopper03@q7.example.net</mark>")
}

func TestAMarkerIsMarkedHoweverItIsWritten(t *testing.T) {
	for snippet, want := range map[string]string{
		"at Ask & Sons Ltd.":       "<mark>Ask &amp; Sons</mark>",
		"at ASK & SONS Ltd.":       "<mark>ASK &amp; SONS</mark>",
		"at Ask &amp; Sons Ltd.":   "<mark>Ask &amp;amp; Sons</mark>",
		"?at=Ask+%26+Sons&x=1":     "<mark>Ask&#43;%26&#43;Sons</mark>",
		"/at/Ask%20&%20Sons/index": "<mark>Ask%20&amp;%20Sons</mark>",
	} {
		r := leaking()
		r.Findings = r.Findings[:1]
		r.Findings[0].Value, r.Findings[0].Snippet = "Ask & Sons", snippet
		require.Contains(t, render(t, "html", r, nil), want)
	}
}

func TestWhatIsNoPictureOfTheRunFolderIsNotEmbedded(t *testing.T) {
	svg := &fstest.MapFile{Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)}
	huge := &fstest.MapFile{Data: append(screenshot(t), make([]byte, 5<<20)...)}
	for shot, want := range map[string]string{
		"evil.svg": "the file is no picture", "../x.png": "leads out of the run folder",
		"gone.png": "could not be read", "huge.png": "too large to embed",
	} {
		r := leaking()
		r.Findings = r.Findings[:1]
		r.Findings[0].Shot = shot
		page := render(t, "html", r, fstest.MapFS{"evil.svg": svg, "huge.png": huge})
		require.Contains(t, page, want)
		require.NotContains(t, page, "<img")
	}
	require.Contains(t, render(t, "html", leaking(), nil), "the run folder was not at hand")
}

func TestTheMatrixCountsWhoSawWhose(t *testing.T) {
	page := render(t, "html", leaking(), nil)
	require.Contains(t, page, `aria-label="c07 Mareike Vogt saw data of c03 Imogen Hartley: 2 findings"`)
	require.Contains(t, page, `aria-label="a passer-by saw data of c05 Zofia Wójcik: 1 finding"`)
	require.Equal(t, 4, strings.Count(page, `<td class="proof">`))
	require.Equal(t, 1, strings.Count(page, `<td class="suspicion">`))
	require.Equal(t, 8, strings.Count(page, `<td class="own">`))
}

func TestOnlyTheFirstFindingOfAFingerprintStartsUnfolded(t *testing.T) {
	page := render(t, "html", leaking(), nil)
	require.Equal(t, 5, strings.Count(page, `<details class="finding proof" open>`)+strings.Count(page, `<details class="finding suspicion" open>`))
	require.Equal(t, 1, strings.Count(page, `<details class="finding proof">`))
}

// TestNothingOfAResultIsMissingOnThePage fills every field of a result with a
// value of its own: a field that is added to the result and forgotten by the
// page fails here.
func TestNothingOfAResultIsMissingOnThePage(t *testing.T) {
	said := map[string]bool{ // for programs, or said in other words
		"Schema": true, "Verdict": true, "Strength": true, "Duration": true, "FirstSeen": true, "Bound": true, "At": true, "Took": true, "Pause": true,
	}
	r, want := filled(said)
	page := render(t, "html", r, nil)
	var text strings.Builder
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			text.WriteString(n.Data + " ")
		}
	}
	bare := strings.ReplaceAll(text.String(), ",", "")
	for field, value := range want {
		require.Contains(t, bare, value, field)
	}
}

// filled is a result in which every string and number differs, and what they
// are by the name of their field.
func filled(said map[string]bool) (harness.Result, map[string]string) {
	var r harness.Result
	want := map[string]string{}
	next := 4100
	fill(reflect.ValueOf(&r).Elem(), "Result", func(v reflect.Value, path string) {
		next++
		value := fmt.Sprint(next)
		switch v.Kind() {
		case reflect.String:
			value = fmt.Sprintf("text%d", next)
			v.SetString(value)
		case reflect.Int, reflect.Int64:
			v.SetInt(int64(next))
		case reflect.Uint64:
			v.SetUint(uint64(next))
		case reflect.Bool:
			v.SetBool(true)
			return
		default:
			return
		}
		if !said[path[strings.LastIndex(path, ".")+1:]] {
			want[path] = value
		}
	})
	return r, want
}

// fill walks to every plain value, with one element in each list and map.
func fill(v reflect.Value, path string, set func(reflect.Value, string)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), path+"."+v.Type().Field(i).Name, set)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), path, set)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		set(key, path+" key")
		set(value, path+" value")
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	default:
		set(v, path)
	}
}
