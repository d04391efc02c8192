package api_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crosstalk/harness/api"
	"crosstalk/harness/history"
	"crosstalk/scenarios"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shop is the JSON API that most tests drive.
func shop(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "POST /api/login":
		body, _ := io.ReadAll(r.Body)
		if string(body) != `{"email":"zoe@shop.example"}` || r.Header.Get("Content-Type") != "application/json" {
			http.Error(w, "who?", http.StatusUnauthorized)
			return
		}
		w.Header().Set("X-Csrf", "csrf-1")
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "abc", Path: "/api", HttpOnly: true})
		http.SetCookie(w, &http.Cookie{Name: "lang", Value: "sv"})
		fmt.Fprint(w, `{"token":"t-1","orders":[{"number":10001}],"none":null}`)
	case "GET /api/me":
		if r.Header.Get("Authorization") != "Bearer t-1" {
			http.Error(w, `{"error":"sign in"}`, http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "Application/JSON; charset=utf-8")
		fmt.Fprint(w, `{"first":"Zo\u00eb","email":"ZOE@shop.example","phone":"+46 70 174 06 35"}`)
	case "POST /api/logout":
		http.SetCookie(w, &http.Cookie{Name: "sid", Path: "/api", MaxAge: -1})
		w.WriteHeader(http.StatusNoContent)
	default:
		http.NotFound(w, r)
	}
}

const login = `request: {method: POST, url: /api/login, json: {email: "{{email}}"}, expect: 200}`

func TestASignedInWalkIsPerformedAndRecorded(t *testing.T) {
	s := open(t, serve(t, shop).URL)
	o := s.do(login, "remember: {token: {json: $.token}}",
		`request: {url: "/api/me?id=12345678", bearer: "{{token}}"}`, "shows: [first, email, phone]")
	assert.Equal(t, history.StepDone, o.Outcome, o.Error)
	assert.True(t, o.SignedIn)
	assert.Contains(t, o.URL, "/api/me?id=12345678")

	require.Len(t, s.exchanges, 2)
	in, me := s.exchanges[0], s.exchanges[1]
	assert.Equal(t, history.Place("POST /api/login"), in.Place)
	assert.JSONEq(t, `{"email":"zoe@shop.example"}`, string(in.request))
	assert.Equal(t, "application/json", in.RequestBody.Type)
	assert.Equal(t, []string{"sid=abc; Path=/api; HttpOnly", "lang=sv"}, value(in.Headers, "Set-Cookie"))
	assert.Equal(t, "api", me.Resource)
	assert.Equal(t, "c01", me.Viewer)
	assert.Equal(t, "s001", me.Session)
	assert.Equal(t, 200, me.Status)
	assert.Equal(t, "application/json", me.Body.Type)
	assert.Contains(t, string(me.response), `"first"`)
	assert.Equal(t, []string{"Bearer t-1"}, value(me.RequestHeaders, "Authorization"))
	assert.Equal(t, []string{"sid=abc; lang=sv"}, value(me.RequestHeaders, "Cookie"))
	assert.Equal(t, []string{"sv-SE"}, value(me.RequestHeaders, "Accept-Language"))
	assert.NotEmpty(t, value(me.RequestHeaders, "Host"), "headers are as they were sent")
	assert.Empty(t, value(me.RequestHeaders, "Cache-Control"), "observation must not defeat caches")
	assert.Equal(t, "http/1.1", me.Protocol)
	assert.NotEmpty(t, me.Remote)
	assert.Equal(t, in.Connection, me.Connection, "one session keeps its connection")
	assert.LessOrEqual(t, in.End, me.Start)
	assert.Less(t, me.Start, me.Response)
	assert.LessOrEqual(t, me.Response, me.End)
	assert.Equal(t, 5, me.Step, "the step's index in its part")
	assert.NotEqual(t, in.ID, me.ID)
}

func TestTheJarIsSightedWhenItChanges(t *testing.T) {
	s := open(t, serve(t, shop).URL)
	s.do("visit: /nothing", login, "visit: /nothing", "sign_out: {method: POST, url: /api/logout}")
	sid, lang := history.Segment{Where: "sid", Text: "abc", Attributes: "Path=/api; HttpOnly"}, history.Segment{Where: "lang", Text: "sv", Attributes: "Path=/api"}
	assert.Equal(t, [][]history.Segment{{lang, sid}, {lang}}, s.cookies)
}

func TestSigningOutIsToldOnlyWhenItWasDone(t *testing.T) {
	s := open(t, serve(t, shop).URL)
	assert.True(t, s.do("sign_out: {method: POST, url: /api/logout}").SignedOut)
	o := s.do("sign_out: {method: POST, url: /api/gone}")
	assert.False(t, o.SignedOut)
	assert.Equal(t, "POST /api/gone answered 404", o.Error)
}

func TestFailuresSayWhatWasExpectedAndWhatWasFound(t *testing.T) {
	s := open(t, serve(t, shop).URL)
	for _, c := range []struct{ step, want string }{
		{"see: {text: Hello}", "nothing was requested yet"},
		{"reload:", "nothing to reload: nothing was read yet"},
		{"request: {url: /api/me, expect: 200}", "GET /api/me answered 401, expected 200"},
		{"request: /api/me", "GET /api/me answered 401"},
		{"shows: [first, email]", "shows first, email: not in the 20 bytes of GET /api/me"},
		{"see: {text: Hello}", `text "Hello": not in the 20 bytes of GET /api/me`},
		{"see: {url: /api/you}", "url /api/you: the client stands at GET /api/me"},
		{"remember: {order: {json: $.order}}", "remember order: no $.order in the 20 bytes of GET /api/me"},
		{"remember: {order: {header: X-Order}}", "remember order: GET /api/me has no header X-Order"},
		{"remember: {order: {match: 'no (\\d+)'}}", `remember order: no (\d+) matches nothing in GET /api/me`},
		{"visit: /nothing/4711", ""},
		{"remember: {order: {json: $.order}}", "remember order: the 19 bytes of GET /nothing/{} are no JSON"},
		{login, ""},
		{"remember: {order: {json: $.none}}", "remember order: $.none is no single value in POST /api/login"},
		{"reload:", "nothing to reload: the last request was a POST"},
	} {
		o := s.do(c.step)
		assert.Equal(t, c.want, o.Error, c.step)
		assert.Equal(t, c.want == "", o.Outcome == history.StepDone, c.step)
		assert.False(t, o.SignedIn)
	}
}

func TestAServerErrorFailsAnyStepButOneThatExpectsIt(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "x", http.StatusInternalServerError) })
	s := open(t, server.URL)
	assert.Equal(t, "GET / answered 500", s.do("visit: /").Error)
	assert.Equal(t, "GET / answered 500", s.do("request: /").Error)
	assert.Empty(t, s.do("request: {url: /, expect: 500}").Error)
	assert.Len(t, s.exchanges, 3, "what failed is recorded too")
}

func TestValuesAreRememberedFromPointersHeadersAndText(t *testing.T) {
	s := open(t, serve(t, shop).URL)
	o := s.do(login, "remember: {order: {json: '$.orders[0].number'}, csrf: {header: x-csrf, marker: false}, word: {match: '\"(t-.)\"'}}")
	require.Empty(t, o.Error)
	place := history.Place("POST /api/login")
	assert.Equal(t, []history.LearnedValue{
		{Kind: "order", Value: "10001", Place: place, Where: "$.orders[*].number", Marker: true},
		{Kind: "csrf", Value: "csrf-1", Place: place, Where: "x-csrf"},
		{Kind: "word", Value: "t-1", Place: place, Marker: true},
	}, o.Learned)
}

func TestRedirectsAreFollowedOneByOneAndEachIsRecorded(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a":
			http.SetCookie(w, &http.Cookie{Name: "hop", Value: "1"})
			http.Redirect(w, r, "/b", http.StatusFound)
		case "/b":
			http.Redirect(w, r, "/c", http.StatusTemporaryRedirect)
		default:
			c, _ := r.Cookie("hop")
			body, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s %v %s%s", r.Method, c, body, r.Header.Get("Content-Type"))
		}
	})
	s := open(t, server.URL)
	o := s.do("request: {method: POST, url: /a, form: {x: y}}", "see: {text: GET hop=1}", "see: {url: /c}")
	require.Empty(t, o.Error)
	require.Len(t, s.exchanges, 3)
	assert.Equal(t, server.URL+"/b", s.exchanges[0].Redirect)
	assert.Equal(t, "GET", s.exchanges[1].Method)
	assert.Contains(t, string(s.exchanges[1].response), "/c", "the body of a redirect is recorded")
	assert.Equal(t, "GET hop=1 ", string(s.exchanges[2].response), "body and type of the POST are gone")

	require.Empty(t, s.do("request: {method: POST, url: /b, form: {x: y}}").Error)
	assert.Equal(t, "POST hop=1 x=yapplication/x-www-form-urlencoded", string(s.exchanges[4].response), "307 keeps them")

	require.Empty(t, s.do("request: {url: /a, expect: 302}").Error)
	assert.Len(t, s.exchanges, 6, "an expected redirect is not followed")
}

func TestRedirectsInCirclesEnd(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) })
	s := open(t, server.URL)
	assert.Equal(t, "GET / was redirected more than 10 times", s.do("visit: /").Error)
	assert.Len(t, s.exchanges, 11)
}

func TestARedirectBackIntoTheAppIsTheLastAnswer(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "myapp://callback?code=xyz")
		w.WriteHeader(http.StatusFound)
	})
	s := open(t, server.URL)
	o := s.do("visit: /", "remember: {code: {header: Location, match: 'code=(.*)'}}")
	require.Empty(t, o.Error)
	assert.Equal(t, "xyz", o.Learned[0].Value)
}

func TestTheGuardIsAskedBeforeEveryRequestAndRedirect(t *testing.T) {
	var reached atomic.Int32
	foreign := serve(t, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, foreign.URL, http.StatusFound) })
	s := open(t, server.URL, func(_ *api.Options, spec *history.SessionSpec) {
		spec.Allowed = func(h string) bool { return h == host(t, server) }
	})
	const want = "refused: host 127.0.0.1 is not allowed by the guard (guard.hosts or --allow-host)"
	assert.Equal(t, want, s.do("visit: /").Error)
	assert.Equal(t, want, s.do("visit: "+foreign.URL).Error)
	assert.Zero(t, reached.Load())
	assert.Len(t, s.exchanges, 1, "what was never sent is no exchange")
}

func TestCredentialsDoNotFollowToAnotherHost(t *testing.T) {
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "auth=%q cookie=%q mark=%q", r.Header.Get("Authorization"), r.Header.Get("Cookie"), r.Header.Get("X-Mark"))
	})
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
	s := open(t, server.URL)
	s.do(`request: {url: /, bearer: secret, headers: {Cookie: a=b, X-Mark: m}}`)
	assert.Equal(t, `auth="" cookie="" mark="m"`, string(s.exchanges[1].response))
}

func TestEachSessionHasConnectionsOfItsOwn(t *testing.T) {
	var mu sync.Mutex
	remotes := map[string]bool{}
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		remotes[r.RemoteAddr] = true
	})
	driver := api.New(api.Options{})
	for i := range 3 {
		c, err := driver.Open(context.Background(), history.SessionSpec{
			Session: history.Session{ID: fmt.Sprintf("s%d", i)}, Target: server.URL, Sink: &sink{began: time.Now()}, Observe: true})
		require.NoError(t, err)
		for range 2 {
			o, err := c.Do(context.Background(), scenarios.Step{Op: scenarios.Visit, URL: "/"}, scenarios.Fields{Target: server.URL})
			require.NoError(t, err)
			require.Equal(t, history.StepDone, o.Outcome)
		}
		require.NoError(t, c.Close(context.Background()))
	}
	assert.Len(t, remotes, 3)
}

func TestHTTP2IsSpokenWhereTheServerOffersIt(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(shop))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	s := open(t, server.URL, func(o *api.Options, _ *history.SessionSpec) { o.InsecureTLS = true })
	require.Empty(t, s.do(login).Error)
	assert.Equal(t, "h2", s.exchanges[0].Protocol)
	assert.NotEmpty(t, s.exchanges[0].Connection)
	strict := open(t, server.URL)
	assert.Contains(t, strict.do("visit: /").Error, "certificate")
}

func TestNamesAreResolvedAsToldAndOptionsHeadersAreSent(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s %s", r.Host, r.Header.Get("X-Pass"), r.Header.Get("User-Agent"))
	})
	_, port, err := net.SplitHostPort(host(t, server))
	require.NoError(t, err)
	s := open(t, "http://shop.invalid:"+port, func(o *api.Options, spec *history.SessionSpec) {
		o.Resolve = map[string]string{"shop.invalid": "127.0.0.1"}
		o.Header = []history.Header{{Name: "X-Pass", Value: "let-me-in"}, {Name: "User-Agent", Value: "App/1"}}
		spec.Allowed = func(h string) bool { return h == "shop.invalid:"+port }
	})
	o := s.do(`request: {url: /, headers: {User-Agent: App/2}}`)
	require.Empty(t, o.Error)
	assert.Equal(t, "shop.invalid:"+port+" let-me-in App/2", string(s.exchanges[0].response))
	assert.Equal(t, history.Place("GET /"), s.exchanges[0].Place)
}

func TestAProxyIsUsedWhenGiven(t *testing.T) {
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "proxied ", r.URL.Host) })
	s := open(t, "http://shop.invalid", func(o *api.Options, spec *history.SessionSpec) { o.Proxy, spec.Allowed = proxy.URL, nil })
	require.Empty(t, s.do("visit: /", "see: {text: proxied shop.invalid}").Error)
	_, err := api.New(api.Options{Proxy: "nonsense"}).Open(context.Background(), history.SessionSpec{})
	assert.EqualError(t, err, `parse proxy: "nonsense" is no address`)
}

func TestWhereTheClientStandsIsComparedWithoutItsQuery(t *testing.T) {
	s := open(t, serve(t, shop).URL)
	assert.Empty(t, s.do("visit: /account?tab=2", "see: {url: /account}").Error)
	assert.Empty(t, s.do("see: {url: /account?tab=2}").Error)
	assert.NotEmpty(t, s.do("see: {url: /account?tab=3}").Error)
	assert.NotEmpty(t, s.do("see: {url: /}").Error)
}

func TestReloadAsksAgain(t *testing.T) {
	var n atomic.Int32
	s := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, n.Add(1), r.Header.Get("Authorization"))
	}).URL)
	require.Empty(t, s.do("request: {url: /, bearer: b}", "reload:").Error)
	assert.Equal(t, "2Bearer b", string(s.exchanges[1].response))
}

func TestADownloadIsRecordedAsOne(t *testing.T) {
	s := open(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "%PDF") }).URL)
	require.Empty(t, s.do("download: /invoice.pdf").Error)
	assert.Equal(t, "download", s.exchanges[0].Resource)
}

func TestUnobservedSessionsWorkAndLeaveNoTrace(t *testing.T) {
	s := open(t, serve(t, shop).URL, func(_ *api.Options, spec *history.SessionSpec) { spec.Observe = false })
	o := s.do(login, "remember: {token: {json: $.token}}", `request: {url: /api/me, bearer: "{{token}}"}`, "shows: [first]")
	assert.True(t, o.SignedIn, o.Error)
	assert.Empty(t, s.exchanges)
	assert.Empty(t, s.cookies)
}

func TestStepsOfABrowserAndMissingFieldsAreOurErrors(t *testing.T) {
	s := open(t, serve(t, shop).URL)
	_, err := s.Do(context.Background(), scenarios.Step{Op: scenarios.Click, Target: &scenarios.Locator{Name: "x", Nth: -1}}, s.fields)
	assert.EqualError(t, err, `perform click "x": an API client has no step "click"`)
	_, err = s.Do(context.Background(), scenarios.Step{Op: scenarios.Visit, URL: "/{{order}}"}, s.fields)
	assert.EqualError(t, err, `perform visit /{{order}}: resolve field "order": nothing was remembered under this name`)
	require.NoError(t, s.Close(context.Background()))
	_, err = s.Do(context.Background(), scenarios.Step{Op: scenarios.Visit, URL: "/"}, s.fields)
	assert.ErrorIs(t, err, history.ErrLost)
}

func TestAPasswordInTheTargetIsNotRecorded(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { _, p, _ := r.BasicAuth(); fmt.Fprint(w, p) })
	s := open(t, strings.Replace(server.URL, "http://", "http://u:hush@", 1))
	require.Empty(t, s.do("visit: /", "see: {text: hush}").Error)
	assert.Equal(t, server.URL+"/", s.exchanges[0].URL)
}
