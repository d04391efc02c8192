package api_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"crosstalk/harness/api"
	"crosstalk/harness/history"
	"crosstalk/scenarios"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFilesPicturesAndTextsArePostedAsParts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "receipt.pdf")
	require.NoError(t, os.WriteFile(path, []byte("%PDF"), 0o600))
	s := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		fmt.Fprintf(w, "note=%s empty=%q", r.FormValue("note"), r.MultipartForm.Value["empty"])
		for _, name := range []string{"picture", "receipt"} {
			f, head, err := r.FormFile(name)
			if err != nil {
				continue
			}
			content, _ := io.ReadAll(f)
			fmt.Fprintf(w, " %s=%s,%s,%s", name, head.Filename, head.Header.Get("Content-Type"), content)
		}
	}).URL)
	s.fields.Customer.Avatar, s.fields.Customer.GiftNote = []byte("\x89PNG"), "for Zoë"
	require.Empty(t, s.do(`request: {method: POST, url: /, multipart: {note: "{{gift_note}}", empty: "", picture: "{{avatar}}", receipt: {file: "`+path+`"}}}`).Error)
	x := s.exchanges[0]
	assert.Equal(t, `note=for Zoë empty=[""] picture=avatar.png,image/png,`+"\x89PNG"+` receipt=receipt.pdf,application/pdf,%PDF`, x.text())
	assert.Equal(t, "multipart/form-data", x.RequestBody.Type)
	assert.Contains(t, string(x.request), "for Zoë", "what was sent is recorded")
	assert.Contains(t, string(x.request), "%PDF")

	_, err := s.Do(context.Background(), parse(t, "request: {method: POST, url: /, multipart: {a: {file: /nowhere/at.all}}}")[0], s.fields)
	assert.ErrorContains(t, err, "write part a: open /nowhere/at.all", "a file that is missing is ours, not the shop's")
}

func TestTrailersAndEarlyHintsAreSeen(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</zoe.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		w.Header().Set("Trailer", "X-Owner")
		fmt.Fprint(w, "body")
		w.(http.Flusher).Flush()
		w.Header().Set("X-Owner", "zoe@shop.example")
		w.Header().Set(http.TrailerPrefix+"X-Unannounced", "jane@shop.example")
	})
	plain, secure := httptest.NewServer(handler), httptest.NewUnstartedServer(handler)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	for _, server := range []*httptest.Server{plain, secure} {
		defer server.Close()
		s := open(t, server.URL, func(o *api.Options, _ *history.SessionSpec) { o.InsecureTLS = true })
		require.Empty(t, s.do("visit: /", "remember: {owner: {header: X-Owner}}").Error)
		x := s.exchanges[0]
		assert.Equal(t, 200, x.Status)
		assert.Equal(t, []string{"</zoe.css>; rel=preload"}, value(x.EarlyHints, "Link"))
		assert.Empty(t, value(x.Headers, "Link"))
		assert.Equal(t, []string{"zoe@shop.example"}, value(x.Headers, "X-Owner"))
		assert.Equal(t, []string{"jane@shop.example"}, value(x.Headers, "X-Unannounced"))
	}
}

func TestAServerThatHintsForEverFailsTheStep(t *testing.T) {
	s := open(t, breaking(t, strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n", 300)))
	assert.Contains(t, s.do("visit: /").Error, "more than 100 interim responses")
	assert.Len(t, s.exchanges[0].EarlyHints, 100)
}

func TestHTTP2IsSpokenWithoutTLSWhereItIsAskedFor(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			c, err := websocket.Accept(w, r, nil)
			if err == nil {
				echo(r.Context(), c, r)
			}
			return
		}
		fmt.Fprint(w, r.Proto)
	}))
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	defer server.Close()
	for h2c, want := range map[bool]string{false: "http/1.1", true: "h2"} {
		s := open(t, server.URL, func(o *api.Options, _ *history.SessionSpec) { o.H2C = h2c })
		require.Empty(t, s.do("visit: /", "visit: /").Error)
		assert.Equal(t, want, s.exchanges[0].Protocol)
		assert.NotEmpty(t, s.exchanges[0].Connection)
		assert.Equal(t, s.exchanges[0].Connection, s.exchanges[1].Connection)
		assert.NotZero(t, s.exchanges[0].Response)
		require.Empty(t, s.do("listen: {url: /live, socket: true}", "send: hi", "hear: {text: hi}").Error, "a WebSocket begins with HTTP/1.1")
	}
}

func TestSessionsShareNoConnectionUnderHTTP2(t *testing.T) {
	var mu sync.Mutex
	remotes := map[string]int{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		remotes[r.RemoteAddr+" "+r.Proto]++
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	driver := api.New(api.Options{InsecureTLS: true})
	for i := range 3 {
		c, err := driver.Open(context.Background(), history.SessionSpec{
			Session: history.Session{ID: fmt.Sprintf("s%d", i)}, Target: server.URL, Sink: &sink{began: time.Now()}, Observe: true})
		require.NoError(t, err)
		defer func() { require.NoError(t, c.Close(context.Background())) }()
		for range 2 {
			_, err := c.Do(context.Background(), scenarios.Step{Op: scenarios.Visit, URL: "/"}, scenarios.Fields{Target: server.URL})
			require.NoError(t, err)
		}
	}
	assert.Len(t, remotes, 3)
	for remote, n := range remotes {
		assert.Equal(t, 2, n, remote)
		assert.Contains(t, remote, "HTTP/2.0")
	}
}

func TestRedirectsChangeTheMethodAndBodyAsTheStandardSays(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if status := r.URL.Query().Get("s"); status != "" {
			var code int
			_, _ = fmt.Sscan(status, &code)
			http.SetCookie(w, &http.Cookie{Name: "hop", Value: status, Path: "/"})
			w.Header().Set("Location", "/end")
			w.WriteHeader(code)
			fmt.Fprint(w, "moved for zoe")
			return
		}
		body, _ := io.ReadAll(r.Body)
		c, _ := r.Cookie("hop")
		fmt.Fprintf(w, "%s %s %s %v", r.Method, body, r.Header.Get("Content-Type"), c)
	})
	const kept = " {\"a\":1} application/json"
	for status, want := range map[int]map[string]string{
		301: {"POST": "GET  ", "PUT": "PUT" + kept, "DELETE": "DELETE" + kept},
		302: {"POST": "GET  ", "PUT": "PUT" + kept},
		303: {"POST": "GET  ", "PUT": "GET  ", "DELETE": "GET  "},
		307: {"POST": "POST" + kept, "PUT": "PUT" + kept},
		308: {"POST": "POST" + kept, "PATCH": "PATCH" + kept},
	} {
		for method, answer := range want {
			s := open(t, server.URL)
			require.Empty(t, s.do(fmt.Sprintf(`request: {method: %s, url: "/?s=%d", json: {a: 1}}`, method, status)).Error)
			require.Len(t, s.exchanges, 2)
			assert.Equal(t, "moved for zoe", s.exchanges[0].text(), "the body of a redirect is recorded")
			assert.Equal(t, server.URL+"/end", s.exchanges[0].Redirect)
			assert.NotEmpty(t, value(s.exchanges[0].Headers, "Set-Cookie"))
			assert.Equal(t, fmt.Sprintf("%s hop=%d", answer, status), s.exchanges[1].text(), "%s %d", method, status)
		}
	}
	for _, status := range []int{300, 304, 305, 399} {
		s := open(t, server.URL)
		s.do(fmt.Sprintf(`visit: "/?s=%d"`, status))
		assert.Len(t, s.exchanges, 1, "%d is not followed", status)
	}
}

func TestAStrangeAddressToBeRedirectedToEndsTheStep(t *testing.T) {
	for location, want := range map[string]string{
		"http://[::1":            "GET / was redirected to an address that is none",
		"http://user:pw@%s/next": "",
		"//%s/next":              "",
		"?next=1":                "",
		"":                       "",
	} {
		var secret string
		server := serve(t, func(w http.ResponseWriter, r *http.Request) {
			secret += r.Header.Get("Authorization")
			if r.URL.Path == "/" && r.URL.RawQuery == "" {
				w.Header()["Location"] = []string{strings.ReplaceAll(location, "%s", r.Host)}
				w.WriteHeader(http.StatusFound)
			}
		})
		s := open(t, server.URL)
		assert.Equal(t, want, s.do("visit: /").Error, location)
		assert.Empty(t, secret, "an address signs nobody in")
	}
}

func TestAnHTTP2StreamThatIsResetReadsTheSameEachTime(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "zoe lives")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}))
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{}
	server.StartTLS()
	defer server.Close()
	s := open(t, server.URL, func(o *api.Options, _ *history.SessionSpec) { o.InsecureTLS = true })
	first := s.do("visit: /")
	assert.Equal(t, history.StepFailed, first.Outcome)
	assert.Equal(t, first.Error, s.do("visit: /").Error)
	assert.NotContains(t, first.Error, "stream ID")
	assert.Equal(t, "zoe lives", s.exchanges[1].text())
	assert.NotEmpty(t, s.exchanges[1].Body.Unseen)
}

func TestTheJarSaysHowEachCookieIsKeptAndWhenItHasRunOut(t *testing.T) {
	s := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/deep/er/set":
			for _, line := range []string{"a=1; SameSite=Strict; HttpOnly; Max-Age=1", "b=2; Path=/; SameSite=None; Secure", "c=3; Path=/deep; Expires=Fri, 01 Jan 2100 00:00:00 GMT; SameSite=Lax", "d=4; Domain=elsewhere.test"} {
				w.Header().Add("Set-Cookie", line)
			}
		case "/again":
			w.Header().Add("Set-Cookie", "c=3; Path=/deep; Expires=Sat, 02 Jan 2100 00:00:00 GMT; SameSite=Lax")
		}
	}).URL)
	s.do("visit: /deep/er/set", "visit: /again")
	require.Len(t, s.cookies, 1, "a cookie that lives longer is the same cookie")
	assert.Equal(t, []history.Segment{
		{Where: "a", Text: "1", Attributes: "Path=/deep/er; HttpOnly; SameSite=Strict"},
		{Where: "b", Text: "2", Attributes: "Path=/; Secure; SameSite=None"},
		{Where: "c", Text: "3", Attributes: "Path=/deep; SameSite=Lax"},
	}, s.cookies[0], "one for another host is not kept; loopback counts as safe")
	s.do("wait: 1100ms")
	require.NoError(t, s.Close(context.Background()))
	require.Len(t, s.cookies, 2, "the jar is looked at once more when the session ends")
	assert.Equal(t, s.cookies[0][1:], s.cookies[1])
}

func TestAJarThatAShopOverfillsIsTold(t *testing.T) {
	s := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		for i := range 300 {
			w.Header().Add("Set-Cookie", fmt.Sprintf("c%s%d=x; Path=%s", r.URL.Path[1:], i, r.URL.Path))
		}
	}).URL)
	s.do("visit: /a", "visit: /b", "visit: /c", "visit: /d")
	require.Len(t, s.cookies, 4)
	assert.Len(t, s.cookies[3], 1000)
}

func TestACookieForAWholeDomainSaysSo(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Set-Cookie", "sid=abc; Domain=.Shop.example; Path=/; HttpOnly")
	})
	_, port, err := net.SplitHostPort(host(t, server))
	require.NoError(t, err)
	s := open(t, "http://www.shop.example:"+port, func(o *api.Options, spec *history.SessionSpec) {
		o.Resolve, spec.Allowed = map[string]string{"www.shop.example": "127.0.0.1"}, nil
	})
	require.Empty(t, s.do("visit: /").Error)
	assert.Equal(t, []history.Segment{{Where: "sid", Text: "abc", Attributes: "Domain=shop.example; Path=/; HttpOnly"}}, s.cookies[0])
}
