package api_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crosstalk/harness/history"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWithoutANetworkNothingReachesTheShop(t *testing.T) {
	var reached atomic.Int32
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, reached.Add(1)) })
	s := open(t, server.URL)
	require.Empty(t, s.do("visit: /", "network: offline").Error)
	o := s.do("visit: /")
	assert.Equal(t, history.StepFailed, o.Outcome)
	assert.Equal(t, "GET / failed: no network: offline by plan", o.Error)
	assert.Equal(t, int32(1), reached.Load())
	x := s.asked()[1]
	assert.Zero(t, x.Status)
	assert.NotEmpty(t, x.Failed)
	require.Empty(t, s.do("network: normal", "request: {method: POST, url: /, json: {a: 1}}").Error)
	assert.Equal(t, int32(2), reached.Load())
	assert.NotEqual(t, s.asked()[0].Connection, s.asked()[2].Connection, "it comes back on another one")
}

func TestAStreamEndsWithTheNetworkAndComesBackWithIt(t *testing.T) {
	server, n := events(t, "retry: 50\ndata: one\n\ndata: half…", "data: two\n\n…")
	s := open(t, server.URL)
	require.Empty(t, s.do("listen: /events", "hear: {text: one}", "network: offline").Error)
	require.Eventually(t, func() bool { return len(s.asked()) > 1 }, hang, time.Millisecond, "it tries to come back, in vain")
	assert.Equal(t, int32(1), n.Load())
	require.Empty(t, s.do("network: normal", "hear: {text: two}").Error)
	for _, why := range s.unseen("half") {
		assert.Equal(t, history.UnseenAborted, why)
	}
}

func TestASlowNetworkTakesItsTimeBothWays(t *testing.T) {
	const size = 20_000
	var got atomic.Int64
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got.Add(int64(len(b)))
		_, _ = w.Write([]byte(strings.Repeat("x", size)))
	})
	s := open(t, server.URL)
	for _, c := range []struct {
		step  string
		least time.Duration
	}{
		{"visit: /", 400*time.Millisecond + size*time.Second/50_000},
		{"request: {method: POST, url: /, form: {a: " + strings.Repeat("y", size) + "}}", 400*time.Millisecond + 2*(size-8000)*time.Second/50_000},
	} {
		require.Empty(t, s.do("network: slow", c.step, "network: normal").Error)
		x := s.asked()[len(s.asked())-1]
		assert.GreaterOrEqual(t, time.Duration(x.End-x.Start)*time.Microsecond, c.least, c.step)
		assert.Len(t, x.response, size)
	}
	assert.Greater(t, got.Load(), int64(size))
}

func TestWhatTricklesEndsWithItsSession(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 50<<20)) })
	s := open(t, server.URL)
	ctx, cancel := context.WithTimeoutCause(context.Background(), 700*time.Millisecond, history.ErrLeft)
	defer cancel()
	s.do("network: slow")
	done := make(chan history.Outcome, 1)
	visit := parse(t, "visit: /")[0]
	go func() {
		o, _ := s.Do(ctx, visit, s.fields)
		done <- o
	}()
	assert.Equal(t, history.StepCut, ended(t, done).Outcome)
	require.NoError(t, s.Close(context.Background()))
}

func TestWhoRestsComesBackOnAnotherConnection(t *testing.T) {
	s := open(t, serve(t, shop).URL)
	s.do("visit: /", "visit: /")
	s.Rest()
	s.do("visit: /")
	assert.Equal(t, s.asked()[0].Connection, s.asked()[1].Connection)
	assert.NotEqual(t, s.asked()[1].Connection, s.asked()[2].Connection)
}

// cookies is what the shop was sent of cookies.
func cookies(x seen) string { return strings.Join(value(x.RequestHeaders, "Cookie"), "; ") }

func TestACookieOfAStepsIsSentAndTakenBack(t *testing.T) {
	s := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/set" {
			http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark", Path: "/"})
			http.SetCookie(w, &http.Cookie{Name: "deep", Value: "1", Path: "/set"})
		}
	}).URL)
	require.Empty(t, s.do("visit: /set", "cookie: {name: theme, value: 'of-{{email}}'}", "visit: /set/more",
		"cookie: {name: theme, remove: true}", "visit: /set/more", "cookie: {name: deep, remove: true}", "visit: /set/more").Error)
	asked := s.asked()
	assert.Equal(t, "deep=1; theme=of-zoe@shop.example", cookies(asked[1]))
	assert.Equal(t, "deep=1", cookies(asked[2]))
	assert.Empty(t, cookies(asked[3]))
	for _, jar := range s.cookies {
		assert.NotContains(t, fmt.Sprint(jar), "zoe", "nobody was shown what a step put in")
	}
}

func TestAnOversizedJarIsAsLargeAsItIsToBe(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, len(r.Header.Get("Cookie"))) }))
	server.Config.MaxHeaderBytes = 16 << 10
	server.Start()
	t.Cleanup(server.Close)
	s := open(t, server.URL)
	require.Empty(t, s.do("cookie: {name: filler, size: 9000}", "visit: /").Error)
	sent := cookies(s.asked()[0])
	assert.Equal(t, 3, strings.Count(sent, "filler-"))
	assert.Len(t, strings.ReplaceAll(sent, "; ", ""), 9000)
	assert.Equal(t, "GET / answered 431", s.do("cookie: {name: filler, size: 100000}", "request: /").Error)
	require.Empty(t, s.do("cookie: {name: filler, remove: true}", "visit: /").Error)
	assert.Empty(t, cookies(s.asked()[len(s.asked())-1]))
	assert.Empty(t, s.cookies)
}
