package browser

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

func TestCookiesAreSeenWithTheirAttributes(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": func(w http.ResponseWriter, r *http.Request) {
			for _, line := range []string{
				"sid=abc123; Path=/; HttpOnly; SameSite=Strict",
				"seen=1; Path=/account; Expires=Fri, 01 Jan 2027 00:00:00 GMT; SameSite=Lax",
				"part=p; Path=/; Secure; HttpOnly; SameSite=None; Partitioned",
				"wide=w; Path=/; Domain=shop.localhost",
			} {
				w.Header().Add("Set-Cookie", line)
			}
			html("Hello")(w, r)
		},
		"/late": html(`<script>setTimeout(() => document.cookie = "late=1", 50)</script>`),
	})
	target := strings.Replace(s.URL, "127.0.0.1", "www.shop.localhost", 1)
	w := beginWith(t, target, func(x *history.SessionSpec) { x.Allowed = func(string) bool { return true } }, nil)
	w.do(visit("/"))
	jar := w.sink.on(history.SurfaceCookie)
	require.NotEmpty(t, jar)
	for _, want := range []string{
		`{"where":"part","text":"p","attributes":"Path=/; HttpOnly; Secure; SameSite=None; Partitioned"}`,
		`{"where":"seen","text":"1","attributes":"Path=/account; Expires=Fri, 01 Jan 2027 00:00:00 GMT; SameSite=Lax"}`,
		`{"where":"sid","text":"abc123","attributes":"Path=/; HttpOnly; SameSite=Strict"}`,
		`{"where":"wide","text":"w","attributes":"Domain=.shop.localhost; Path=/"}`,
	} {
		require.Contains(t, jar[0].text, want)
	}
	w.do(visit("/late"))
	until(t, "a cookie that comes after the last look", func() bool { return strings.Contains(w.cookie(t), "late=1") })
	w.end()
	jar = w.sink.on(history.SurfaceCookie)
	require.Contains(t, jar[len(jar)-1].text, `"late"`)
}

func (w *walk) cookie(t testing.TB) string {
	var jar proto.StorageGetCookiesResult
	require.NoError(t, w.driver.call(t.Context(), proto.StorageGetCookies{BrowserContextID: w.contextID}, &jar))
	var all []string
	for _, c := range jar.Cookies {
		all = append(all, c.Name+"="+url.QueryEscape(c.Value))
	}
	return strings.Join(all, " ")
}

func FuzzAnyExpiryCanBeWritten(f *testing.F) {
	f.Add(0.0)
	f.Add(-1e300)
	f.Add(1e300)
	f.Fuzz(func(t *testing.T, seconds float64) {
		if text := expiry(seconds); len(text) != len("Fri, 01 Jan 2027 00:00:00 GMT") {
			t.Fatalf("expiry(%v) = %q", seconds, text)
		}
	})
}
