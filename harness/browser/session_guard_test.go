package browser

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// foreign is a server that no session may navigate to; it counts what comes.
type foreign struct {
	url  string
	page string // what it serves
	mu   sync.Mutex
	seen []string
}

// newForeign listens on loopback too, but under another name: the guard goes
// by names.
func newForeign(t testing.TB) *foreign {
	f := &foreign{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.seen = append(f.seen, r.Method+" "+r.URL.Path)
		f.mu.Unlock()
		html(cmp.Or(f.page, "elsewhere"))(w, r)
	}))
	t.Cleanup(s.Close)
	f.url = strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	return f
}

func (f *foreign) requests() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.seen...)
}

func TestNoRequestReachesAHostThatIsNotAllowed(t *testing.T) {
	away := newForeign(t)
	redirect := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, away.url+"/hop", http.StatusFound) }
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<a href="` + away.url + `/link">Away</a> <a target=_blank href="` + away.url + `/popup">Pop</a>
			<form method=post action="` + away.url + `/post"><button>Post</button></form>
			<form method=post action="/redirect"><button>Hop</button></form>
			<button onclick="location='` + away.url + `/js'">Script</button>
			<button onclick="window.open('` + away.url + `/open')">Open</button>`),
		"/redirect": redirect,
	})
	cases := map[string]scenarios.Step{
		"a visit":            visit(away.url + "/visit"),
		"a redirected visit": visit("/redirect"),
		"a link":             click("link", "Away"),
		"a form":             click("button", "Post"),
		"a redirected form":  click("button", "Hop"),
		"a script":           click("button", "Script"),
		"a pop-up":           click("link", "Pop"),
		"a script's pop-up":  click("button", "Open"),
	}
	for name, step := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := begin(t, s.URL)
			w.do(visit("/"))
			require.Equal(t, "refused: host localhost is not allowed by the guard (guard.hosts or --allow-host)", w.fails(step))
			w.do(visit("/"), see("Away")) // the session can go on
			w.end()
			require.Empty(t, away.requests())
		})
	}
}

func TestFramesAndSubresourcesOfOtherHostsAreLetThroughAndRecorded(t *testing.T) {
	away := newForeign(t)
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<iframe name=pay src="` + away.url + `/frame"></iframe><img src="` + away.url + `/pixel">
			<form target=pay method=post action="` + away.url + `/challenge"><button>Pay</button></form>`),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), click("button", "Pay"))
	require.Eventually(t, func() bool { return len(away.requests()) == 3 }, 20*time.Second, 10*time.Millisecond)
	w.end()
	require.ElementsMatch(t, []string{"GET /frame", "GET /pixel", "POST /challenge"}, away.requests())
	host := strings.TrimPrefix(away.url, "http://")
	for _, path := range []string{"/frame", "/challenge"} {
		require.Equal(t, 200, w.sink.exchange(t, host+path).Status, path)
	}
	require.NotEmpty(t, w.sink.exchange(t, host+"/pixel").Failed, "a page is no picture")
	require.Contains(t, w.sink.exchange(t, host+"/frame").response, "elsewhere")
}

func TestTheGuardLeavesTheBrowsersCacheAndHeadersAlone(t *testing.T) {
	var mu sync.Mutex
	var seen []http.Header
	s := shop(t, map[string]http.HandlerFunc{
		"/": func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			seen = append(seen, r.Header)
			mu.Unlock()
			w.Header().Set("Cache-Control", "max-age=60")
			html(`<a href=/>Again</a>`)(w, r)
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"), click("link", "Again"))
	w.end()
	require.Len(t, seen, 1, "the second time the document came from the cache")
	require.Equal(t, "disk", w.sink.exchange(t, "/").From)
	require.Contains(t, w.sink.exchange(t, "/").response, "Again")
	for name := range seen[0] {
		require.Contains(t, []string{"Accept", "Accept-Encoding", "Accept-Language", "Connection", "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile",
			"Sec-Ch-Ua-Platform", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User", "Upgrade-Insecure-Requests",
			"User-Agent", "Priority"}, name)
	}
}

func TestOurOwnHeadersGoToTheTargetAlone(t *testing.T) {
	var mu sync.Mutex
	got := map[string]string{}
	keep := func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got[r.URL.Path] = r.Header.Get("X-Key")
	}
	other := shop(t, map[string]http.HandlerFunc{"/pixel": keep})
	s := shop(t, map[string]http.HandlerFunc{
		"/": func(w http.ResponseWriter, r *http.Request) {
			keep(w, r)
			html(`<img src="`+other.URL+`/pixel"><img src=/hop><script>fetch("/data")</script>`)(w, r)
		},
		"/data": keep,
		"/hop": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+"/pixel", http.StatusFound)
		},
	})
	w := beginWith(t, s.URL, nil, func(o *DriverOptions) { o.Header = []history.Header{{Name: "X-Key", Value: "s3cret"}} })
	w.do(visit("/"))
	w.end()
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, map[string]string{"/": "s3cret", "/data": "s3cret", "/pixel": ""}, got)
}
