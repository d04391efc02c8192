package demoshop

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// backend answers with set headers and counts how often it is asked.
type backend struct {
	header http.Header
	status int
	asked  int
}

func (b *backend) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	b.asked++
	for k, v := range b.header {
		w.Header()[k] = v
	}
	w.WriteHeader(b.status)
	io.WriteString(w, strings.Repeat("x", b.asked))
}

func healthyEdge(b *backend, now func() time.Time) *edge {
	return &edge{origin: b, cookie: "sid", cacheTag: "X-Cache", now: now, held: map[string][]stored{}}
}

func TestTheEdgeKeepsOnlyWhatIsPublic(t *testing.T) {
	const public = "public, s-maxage=10"
	for _, tc := range []struct {
		why     string
		answer  string // header lines of the answer
		request string // header lines of both requests
		method  string
		status  int
		kept    bool
	}{
		{why: "public with a life", answer: "Cache-Control: " + public, kept: true},
		{why: "s-maxage wins over max-age", answer: "Cache-Control: public, max-age=0, s-maxage=10", kept: true},
		{why: "no word about caching", answer: ""},
		{why: "a life, but not public", answer: "Cache-Control: max-age=10"},
		{why: "public without a life", answer: "Cache-Control: public"},
		{why: "s-maxage zero", answer: "Cache-Control: public, max-age=10, s-maxage=0"},
		{why: "private", answer: "Cache-Control: private, s-maxage=10"},
		{why: "private in a second line", answer: "Cache-Control: " + public + "\nCache-Control: private"},
		{why: "no-store", answer: "Cache-Control: no-store, " + public},
		{why: "no-cache", answer: "Cache-Control: no-cache, " + public},
		{why: "with a cookie", answer: "Cache-Control: " + public + "\nSet-Cookie: a=b"},
		{why: "varies on everything", answer: "Cache-Control: " + public + "\nVary: *"},
		{why: "varies on cookies", answer: "Cache-Control: " + public + "\nVary: Accept, Cookie"},
		{why: "not found", answer: "Cache-Control: " + public, status: 404},
		{why: "posted", answer: "Cache-Control: " + public, method: "POST"},
		{why: "asked for with a token", answer: "Cache-Control: " + public, request: "Authorization: Bearer x"},
		{why: "asked for with a session", answer: "Cache-Control: " + public, request: "Cookie: sid=x"},
		{why: "asked for with another cookie", answer: "Cache-Control: " + public, request: "Cookie: theme=dark", kept: true},
		{why: "asked for in part", answer: "Cache-Control: " + public, request: "Range: bytes=0-1"},
		{why: "static, asked for with a session", answer: "Cache-Control: public, max-age=10, immutable", request: "Cookie: sid=x", kept: true},
		{why: "a life that is no number", answer: "Cache-Control: public, s-maxage=soon"},
	} {
		t.Run(tc.why, func(t *testing.T) {
			b := &backend{lines(tc.answer), max(tc.status, 200), 0}
			if tc.status > 0 {
				b.status = tc.status
			}
			e := healthyEdge(b, time.Now)
			method := tc.method
			if method == "" {
				method = "GET"
			}
			first, second := ask(e, method, "/a", tc.request), ask(e, method, "/a", tc.request)
			want := map[bool]int{true: 1, false: 2}[tc.kept]
			assert.Equal(t, want, b.asked, "times that the origin is asked")
			if tc.kept {
				assert.Equal(t, first.Body.String(), second.Body.String())
				assert.Equal(t, "HIT", second.Header().Get("X-Cache"))
				assert.Equal(t, "0", second.Header().Get("Age"))
			}
		})
	}
}

func TestWhatComesForSomebodyIsNotKeptForTheNext(t *testing.T) {
	for _, request := range []string{"Authorization: Bearer x", "Cookie: sid=x"} {
		b := &backend{lines("Cache-Control: public, s-maxage=10"), 200, 0}
		e := healthyEdge(b, time.Now)
		assert.Equal(t, "PASS", ask(e, "GET", "/a", request).Header().Get("X-Cache"))
		assert.Equal(t, "MISS", ask(e, "GET", "/a", "").Header().Get("X-Cache"))
	}
}

func TestTheEdgeForgetsInTimeAndTellsTheAge(t *testing.T) {
	clock := time.Now()
	b := &backend{lines("Cache-Control: public, s-maxage=10"), 200, 0}
	e := healthyEdge(b, func() time.Time { return clock })
	ask(e, "GET", "/a", "")
	clock = clock.Add(9 * time.Second)
	assert.Equal(t, "9", ask(e, "GET", "/a", "").Header().Get("Age"))
	clock = clock.Add(time.Second)
	assert.Equal(t, "MISS", ask(e, "GET", "/a", "").Header().Get("X-Cache"))
	assert.Equal(t, 2, b.asked)
}

func TestTheEdgeKeepsVariantsAndAddressesApart(t *testing.T) {
	b := &backend{lines("Cache-Control: public, s-maxage=10\nVary: Accept-Language"), 200, 0}
	e := healthyEdge(b, time.Now)
	for _, request := range []string{"Accept-Language: sv", "Accept-Language: pl", ""} {
		first := ask(e, "GET", "/a", request).Body.String()
		assert.Equal(t, first, ask(e, "GET", "/a", request).Body.String(), request)
	}
	ask(e, "GET", "/a?b", "")
	ask(e, "GET", "/b", "")
	ask(e, "GET", "http://other.test/a", "")
	assert.Equal(t, 6, b.asked)
}

func TestTheEdgeStaysWithinItsLimits(t *testing.T) {
	b := &backend{lines("Cache-Control: public, s-maxage=10\nVary: Accept-Language"), 200, 0}
	e := healthyEdge(b, time.Now)
	for i := range maxVariant * 2 {
		ask(e, "GET", "/a", "Accept-Language: "+strings.Repeat("x", i))
	}
	assert.Len(t, e.held[key(httptest.NewRequest("GET", "/a", nil))], maxVariant)
	for i := range maxEntries + 10 {
		e.held["GET made up"+strings.Repeat("y", i%7)+string(rune(i))] = nil
	}
	ask(e, "GET", "/c", "")
	assert.LessOrEqual(t, len(e.held), maxEntries)
}

func lines(text string) http.Header {
	h := http.Header{}
	for _, l := range strings.Split(text, "\n") {
		if name, value, ok := strings.Cut(l, ": "); ok {
			h.Add(name, value)
		}
	}
	return h
}

func ask(e *edge, method, url, headers string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, url, nil)
	r.Header = lines(headers)
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w
}
