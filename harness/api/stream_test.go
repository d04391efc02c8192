package api_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crosstalk/harness/history"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// events is a server of event streams: each connection gets the text of its
// turn, the last one again and again. A text that ends with "…" stays open.
func events(t *testing.T, texts ...string) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var n atomic.Int32
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		text := texts[min(int(n.Add(1)), len(texts))-1]
		if text == "204" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		http.SetCookie(w, &http.Cookie{Name: "stream", Value: fmt.Sprint(n.Load()), Path: "/"})
		text = strings.ReplaceAll(text, "LAST", r.Header.Get("Last-Event-ID"))
		open := strings.HasSuffix(text, "…")
		fmt.Fprint(w, strings.TrimSuffix(text, "…"))
		w.(http.Flusher).Flush()
		if open {
			<-r.Context().Done()
		}
	}), &n
}

func TestAnEventStreamIsHeardBesideTheSteps(t *testing.T) {
	server, _ := events(t, ": hello c02\nretry: 50\n\nid: 7\nevent: order\ndata: {\"number\":10001,\"who\":\"Zoë\"}\n\ndata: two\ndata: lines\n\n…")
	s := open(t, server.URL)
	o := s.do("listen: {url: /api/events?q=1, bearer: t-1}",
		"hear: {text: lines}", "see: {text: two}",
		"hear: {event: order, json: $.number, is: '10001'}", "remember: {order: {json: $.number}, kind: {header: Content-Type}}", "shows: [first]")
	require.Empty(t, o.Error)
	assert.True(t, o.SignedIn)
	assert.Equal(t, "10001", s.fields.Learned["order"])

	require.Len(t, s.asked(), 1, "recorded before it ends")
	x := s.asked()[0]
	assert.Equal(t, 200, x.Status)
	assert.Equal(t, "text/event-stream", x.Body.Type)
	assert.Empty(t, x.Failed)
	assert.Empty(t, x.Body.Unseen)
	assert.Equal(t, []string{"text/event-stream"}, value(x.RequestHeaders, "Accept"))
	assert.Equal(t, []string{"Bearer t-1"}, value(x.RequestHeaders, "Authorization"))
	assert.Empty(t, value(x.RequestHeaders, "Last-Event-ID"))
	assert.NotZero(t, x.Response)
	assert.NotEmpty(t, x.Connection)

	frames := s.framed()
	require.Len(t, frames, 4)
	assert.JSONEq(t, `[{"where":"comment","text":"hello c02"}]`, frames[0].text)
	assert.JSONEq(t, `[{"where":"id","text":"7"},{"where":"event","text":"order"}]`, frames[1].text)
	assert.Equal(t, history.SegmentsType, frames[1].Body.Type)
	assert.Equal(t, "application/json", frames[2].Body.Type)
	assert.Equal(t, "two\nlines", frames[3].text)
	assert.Equal(t, "text/plain", frames[3].Body.Type)
	for _, f := range frames {
		assert.Equal(t, history.SurfaceSocket, f.Surface)
		assert.Equal(t, history.PlaceOf("GET", server.URL+"/api/events?q=1", host(t, server)), f.Place)
		assert.Equal(t, x.ID, f.Exchange)
		assert.Equal(t, "c01", f.Viewer)
		assert.False(t, f.Sent)
	}
	assert.Len(t, s.cookies, 1, "the cookie that came with the stream")
}

func TestAStreamThatBreaksIsOpenedAgainWhereItLeftOff(t *testing.T) {
	server, n := events(t, "retry: 50\nid: a\ndata: one\n\n", "data: after LAST\n\nid: b\ndata: lost", "data: after LAST again\n\n…")
	s := open(t, server.URL)
	require.Empty(t, s.do("listen: /events", "hear: {text: after a}", "hear: {text: after a again}").Error)
	assert.Equal(t, int32(3), n.Load())
	require.Len(t, s.asked(), 3)
	assert.Equal(t, []string{"a"}, value(s.asked()[1].RequestHeaders, "Last-Event-ID"))
	assert.Equal(t, []string{"stream=1"}, value(s.asked()[1].RequestHeaders, "Cookie"))
	var lost []frame
	for _, f := range s.framed() {
		if f.text == "lost" {
			lost = append(lost, f)
		}
	}
	require.Len(t, lost, 1, "what came of a message that broke off is seen")
	assert.Equal(t, "the stream broke off within this message", lost[0].Body.Unseen)
	assert.Equal(t, s.asked()[1].ID, lost[0].Exchange, "with the request that brought it")
	assert.NotEmpty(t, s.do("{hear: {text: lost}, timeout: 50ms}").Error, "but no client is told of it")
}

func TestAStreamThatKeepsBreakingIsGivenUp(t *testing.T) {
	server, n := events(t, "retry: 1\n\n")
	s := open(t, server.URL)
	assert.Equal(t, "hear a message: GET /events has ended: it broke 6 times without a message", s.do("listen: /events", "hear:").Error)
	assert.Equal(t, int32(6), n.Load())
}

func TestAServerEndsAStreamForGoodByAnsweringSomethingElse(t *testing.T) {
	server, n := events(t, "retry: 1\ndata: one\n\n", "204")
	s := open(t, server.URL)
	assert.Equal(t, "hear text \"two\": GET /events has ended: GET /events answered 204", s.do("listen: /events", "hear: {text: two}").Error)
	assert.Equal(t, int32(2), n.Load())
}

func TestStreamsThatAreNoneAreRefused(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/closed":
			http.Error(w, `{"error":"sign in, zoe"}`, http.StatusUnauthorized)
		case "/moved":
			http.Redirect(w, r, "/closed", http.StatusFound)
		default:
			fmt.Fprint(w, "data: hello\n\n")
		}
	})
	s := open(t, server.URL)
	for _, c := range []struct{ step, want string }{
		{"listen: /closed", "GET /closed answered 401"},
		{"listen: /moved", "GET /closed answered 401"},
		{"listen: {url: /closed, expect: 401}", ""},
		{"listen: {url: /moved, expect: 302}", ""},
		{"listen: {url: /closed, expect: 403}", "GET /closed answered 401"},
		{"listen: /plain", `GET /plain answered no event stream but "text/plain"`},
		{"listen: {url: /closed, socket: true}", "GET /closed answered 401"},
		{"listen: {url: /closed, socket: true, expect: 401}", ""},
		{"listen: {url: /plain, socket: true}", "GET /plain answered 200"},
		{"listen: {url: /moved, socket: true}", "GET /moved answered 302"},
		{"send: hello", "send: no WebSocket is open"},
		{"hear:", "hear a message: nothing is listened to"},
		{"hang_up:", "hang up: nothing is listened to"},
		{"listen: https://elsewhere.invalid/x", "refused: host elsewhere.invalid is not allowed by the guard (guard.hosts or --allow-host)"},
		{"listen: wss://elsewhere.invalid/x", "refused: host elsewhere.invalid is not allowed by the guard (guard.hosts or --allow-host)"},
	} {
		assert.Equal(t, c.want, s.do(c.step).Error, c.step)
	}
	x := s.asked()[len(s.asked())-3]
	assert.Contains(t, s.asked()[0].text(), "sign in, zoe", "a refusal is an answer like any other")
	assert.Equal(t, "GET /closed", string(x.Place))
	assert.Contains(t, x.text(), "sign in, zoe", "a refused handshake's too")
	assert.True(t, strings.HasPrefix(x.URL, "ws://"), x.URL)
}

func (s seen) text() string { return string(s.response) }

// socket is a server of WebSockets that hands each connection to a function.
func socket(t *testing.T, f func(ctx context.Context, c *websocket.Conn, r *http.Request)) *httptest.Server {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "ws", Value: "1", Path: "/"})
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"shop.v1"}, CompressionMode: websocket.CompressionContextTakeover})
		if err != nil {
			return
		}
		defer c.CloseNow()
		f(r.Context(), c, r)
	})
}

// echo answers each message as it came.
func echo(ctx context.Context, c *websocket.Conn, _ *http.Request) {
	for {
		kind, body, err := c.Read(ctx)
		if err != nil {
			return
		}
		_ = c.Write(ctx, kind, body)
	}
}

func TestAWebSocketIsHeardAndSentOn(t *testing.T) {
	server := socket(t, func(ctx context.Context, c *websocket.Conn, r *http.Request) {
		_ = c.Write(ctx, websocket.MessageText, []byte("welcome, "+r.Header.Get("Authorization")+" "+c.Subprotocol()))
		_ = c.Write(ctx, websocket.MessageBinary, []byte{0, 1, 0xff})
		echo(ctx, c, r)
	})
	s := open(t, server.URL)
	o := s.do("listen: {url: /live, socket: true, bearer: b, protocol: shop.v1, as: chat}", "hear: {text: welcome}", "see: {text: Bearer b shop.v1}",
		`send: {json: {to: "{{email}}", html: "<b>"}, on: chat}`, "hear: {json: $.to, is: '{{email}}'}", `send: "hi {{first}}"`, "hear: {text: hi}", "shows: [first]")
	require.Empty(t, o.Error)
	require.Len(t, s.asked(), 1)
	x := s.asked()[0]
	assert.Equal(t, 101, x.Status)
	assert.Equal(t, "ws"+strings.TrimPrefix(server.URL, "http")+"/live", x.URL)
	assert.Equal(t, history.Place("GET /live"), x.Place)
	assert.NotEmpty(t, value(x.Headers, "Sec-WebSocket-Accept"))
	assert.NotEmpty(t, value(x.RequestHeaders, "Sec-WebSocket-Key"))
	assert.Equal(t, "http/1.1", x.Protocol)
	assert.Equal(t, "c01", x.Viewer)
	assert.NotEmpty(t, s.cookies)

	type short struct {
		text, contentType string
		sent              bool
	}
	var got []short
	for _, f := range s.framed() {
		assert.Equal(t, history.Place("GET /live"), f.Place)
		assert.Equal(t, x.ID, f.Exchange)
		got = append(got, short{f.text, f.Body.Type, f.Sent})
	}
	const mine = `{"html":"<b>","to":"zoe@shop.example"}`
	assert.ElementsMatch(t, []short{ // ours may be sent before the picture is read
		{"welcome, Bearer b shop.v1", "text/plain", false}, {"\x00\x01\xff", "application/octet-stream", false},
		{mine, "application/json", true}, {mine, "application/json", false}, {"hi Zoë", "text/plain", true}, {"hi Zoë", "text/plain", false},
	}, got)
}

func TestUnheardMessagesWaitAndEachIsHeardOnce(t *testing.T) {
	server := socket(t, func(ctx context.Context, c *websocket.Conn, r *http.Request) {
		for i := range 3 {
			_ = c.Write(ctx, websocket.MessageText, fmt.Appendf(nil, `{"n":%d,"list":[%d]}`, i, i))
		}
		echo(ctx, c, r)
	})
	s := open(t, server.URL)
	require.Empty(t, s.do("listen: {url: /live, socket: true, as: a}", "hear: {json: '$.list[0]', is: '2'}", "hear:", "see: {text: '0'}", "hear: {json: $.n}", "see: {text: '1'}").Error)
	assert.Equal(t, "hear $.n on live: not in time from GET /live", s.do("listen: {url: /live, socket: true, as: live}", "hear: {on: live}", "hear: {on: live}", "hear: {on: live}", "{hear: {json: $.n, on: live}, timeout: 50ms}").Error)
}

func TestASocketThatTheShopClosesSaysSo(t *testing.T) {
	server := socket(t, func(_ context.Context, c *websocket.Conn, _ *http.Request) {
		_ = c.Close(websocket.StatusPolicyViolation, "jane is signed in elsewhere")
	})
	s := open(t, server.URL)
	assert.Equal(t, "hear a message: GET /live has ended: it was closed with status 1008", s.do("listen: {url: /live, socket: true}", "hear:").Error)
	assert.Equal(t, "jane is signed in elsewhere", s.framed()[0].text, "the words it was closed with were shown")
	assert.Equal(t, "send: GET /live has ended: it was closed with status 1008", s.do("send: hello").Error)
}

func TestHangingUpIsHeardByTheOtherSide(t *testing.T) {
	ended := make(chan error, 1)
	server := socket(t, func(ctx context.Context, c *websocket.Conn, _ *http.Request) {
		_, _, err := c.Read(ctx)
		ended <- err
	})
	for _, bySession := range []bool{false, true} {
		s := open(t, server.URL)
		require.Empty(t, s.do("listen: {url: /live, socket: true}").Error)
		if bySession {
			require.NoError(t, s.Close(context.Background()))
		} else {
			require.Empty(t, s.do("hang_up:").Error)
			assert.Equal(t, "hear a message: nothing is listened to", s.do("hear:").Error)
		}
		select {
		case err := <-ended:
			assert.Equal(t, websocket.StatusNormalClosure, websocket.CloseStatus(err))
		case <-time.After(5 * time.Second):
			t.Fatal("the other side was told nothing")
		}
	}
}

func TestClosingASessionWaitsForItsStreamsAndIsNotHeldUpByThem(t *testing.T) {
	deaf := socket(t, func(ctx context.Context, _ *websocket.Conn, _ *http.Request) { <-ctx.Done() })
	endless, _ := events(t, ": nothing…")
	s := open(t, deaf.URL)
	require.Empty(t, s.do("listen: {url: /live, socket: true}", "listen: {url: "+endless.URL+"/events}").Error)
	begun := time.Now()
	require.NoError(t, s.Close(context.Background()))
	assert.Less(t, time.Since(begun), 10*time.Second)
	_, err := s.Do(context.Background(), parse(t, "hear:")[0], s.fields)
	require.ErrorIs(t, err, history.ErrLost)
}

func TestACompressedEventStreamIsReadAsItComes(t *testing.T) {
	s := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		fmt.Fprint(z, "data: zoe@shop.example\n\n")
		_ = z.Flush()
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}).URL)
	require.Empty(t, s.do("listen: /events", "hear: {text: zoe@shop.example}").Error)
}

func TestListeningTakesNoLongerThanItsStep(t *testing.T) {
	s := open(t, serve(t, stalling).URL)
	for _, step := range []string{"{listen: /dead, timeout: 50ms}", "{listen: {url: /dead, socket: true}, timeout: 50ms}"} {
		assert.Equal(t, "GET /dead failed: no whole answer within the step's timeout", s.do(step).Error)
	}
	assert.Len(t, s.asked(), 2)
}

func TestAHandshakeThatOpensNoSocketSaysSo(t *testing.T) {
	s := open(t, breaking(t, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: mine\r\n\r\n"))
	assert.Equal(t, "GET /live failed: what it answered opens no WebSocket", s.do("listen: {url: /live, socket: true}").Error)
	assert.Equal(t, 101, s.asked()[0].Status)
}

func TestOpenStreamsSurviveTheStepsOfTheSession(t *testing.T) {
	server, _ := events(t, "data: one\n\n…")
	s := open(t, server.URL)
	require.Empty(t, s.do("{listen: /events, timeout: 1s}", "hear:", "wait: 1100ms").Error)
	assert.Equal(t, "hear a message: not in time from GET /events", s.do("{hear: , timeout: 50ms}").Error, "it is still open")
}
