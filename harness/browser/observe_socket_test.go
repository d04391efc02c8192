package browser

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/history"
)

// talk accepts a WebSocket and says what it is given to say, then answers
// every message with itself.
func talk(say ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "talk=1; Path=/; HttpOnly")
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true, CompressionMode: websocket.CompressionContextTakeover})
		if err != nil {
			return
		}
		defer func() { _ = c.CloseNow() }()
		for _, text := range say {
			if c.Write(r.Context(), websocket.MessageText, []byte(text)) != nil {
				return
			}
		}
		for {
			kind, text, err := c.Read(r.Context())
			if err != nil || c.Write(r.Context(), kind, append([]byte("echo:"), text...)) != nil {
				return
			}
		}
	}
}

func TestMessagesOfASocketAreSeenBothWays(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<p id=p>-</p><script>const s = new WebSocket("ws://" + location.host + "/talk/123456");
			s.binaryType = "arraybuffer"; s.onopen = () => { s.send("hello"); s.send(new Uint8Array([1, 2, 255])) };
			let n = 0; s.onmessage = () => { if (++n == 4) p.textContent = "All there" }</script>`),
		"/talk/{id}": talk(`{"to":"Zoë"}`, "plain words"+strings.Repeat(" again", 1000)),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), see("All there"))
	w.end()
	x := w.sink.exchange(t, "/talk/{}")
	require.Equal(t, 101, x.Status)
	require.Equal(t, "websocket", x.Resource)
	require.Equal(t, []string{"talk=1; Path=/; HttpOnly"}, values(x.Headers, "set-cookie"))
	require.Empty(t, x.Body.Unseen)
	require.NotEmpty(t, values(x.RequestHeaders, "sec-websocket-key"))
	type said struct {
		kind, text string
		sent       bool
	}
	var all []said
	for _, m := range w.sink.on(history.SurfaceSocket) {
		require.Equal(t, history.Place("GET /talk/{}"), m.Place)
		require.Equal(t, x.ID, m.Exchange)
		require.Equal(t, "c01", m.Viewer)
		text, _, _ := strings.Cut(m.text, " again")
		all = append(all, said{m.Body.Type, text, m.Sent})
	}
	require.ElementsMatch(t, []said{
		{"application/json", `{"to":"Zoë"}`, false}, {"text/plain", "plain words", false},
		{"text/plain", "hello", true}, {"application/octet-stream", "\x01\x02\xff", true},
		{"text/plain", "echo:hello", false}, {"application/octet-stream", "echo:\x01\x02\xff", false},
	}, all)
}

func TestASocketThatIsRefusedIsAnAnswer(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/":       html(`<p id=p>-</p><script>new WebSocket("ws://" + location.host + "/closed").onerror = () => p.textContent = "No"</script>`),
		"/closed": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "not for Zoë", http.StatusForbidden) },
	})
	w := begin(t, s.URL)
	w.do(visit("/"), see("No"))
	w.end()
	x := w.sink.exchange(t, "/closed")
	require.Equal(t, "websocket", x.Resource)
	require.Equal(t, http.StatusForbidden, x.Status)
	require.Empty(t, x.Failed, "an answer came")
	require.Positive(t, x.Response)
}

func TestWhatASocketSaysWithoutEndIsBounded(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<p id=p>-</p><script>const s = new WebSocket("ws://" + location.host + "/flood"); let n = 0;
			s.onmessage = () => { if (++n == 12000) p.textContent = "Enough" }</script>`),
		"/flood": func(w http.ResponseWriter, r *http.Request) {
			c, err := websocket.Accept(w, r, nil)
			if err != nil {
				return
			}
			defer func() { _ = c.CloseNow() }()
			_ = c.Write(r.Context(), websocket.MessageText, []byte(strings.Repeat("x", maxMessage+1)))
			for i := 0; i < 12_500; i++ {
				if c.Write(r.Context(), websocket.MessageText, fmt.Appendf(nil, "message %d", i)) != nil {
					return
				}
			}
			<-r.Context().Done()
		},
	})
	w := begin(t, s.URL)
	w.do(visit("/"), see("Enough"))
	w.end()
	all := w.sink.on(history.SurfaceSocket)
	require.LessOrEqual(t, len(all), maxMessages+2)
	reasons := map[string]int{}
	for _, m := range all {
		reasons[m.Body.Unseen]++
	}
	assert.Equal(t, maxMessages, reasons[""])
	delete(reasons, "")
	assert.Len(t, reasons, 2, "%v", reasons)
	for why, n := range reasons {
		assert.Equal(t, 1, n, why)
	}
}

// events is an event stream that stays open.
func events(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, text)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
}

func TestEventsOfAnEventSourceAreSeenAsTheyCome(t *testing.T) {
	s := shop(t, map[string]http.HandlerFunc{
		"/":       html(`<p id=p>-</p><script>const e = new EventSource("/events"); e.addEventListener("order", () => p.textContent = "Ordered")</script>`),
		"/events": events(": welcome\n\ndata: plain\n\ndata: {\"to\":\ndata: \"Zoë\"}\n\nid: A-7\nevent: order\ndata: [1]\n\n"),
	})
	w := begin(t, s.URL)
	w.do(visit("/"), see("Ordered"))
	all := w.sink.on(history.SurfaceSocket)
	w.end()
	x := w.sink.exchange(t, "/events")
	require.Equal(t, "events", x.Resource)
	require.Equal(t, 200, x.Status)
	require.Contains(t, x.response, ": welcome", "what no event holds is in the body")
	require.Empty(t, x.Body.Unseen)
	require.Len(t, all, 4)
	for i, want := range []struct{ kind, text string }{
		{"text/plain", "plain"}, {"application/json", "{\"to\":\n\"Zoë\"}"},
		{history.SegmentsType, `[{"where":"event","text":"order"},{"where":"id","text":"A-7"}]` + "\n"}, {"application/json", "[1]"},
	} {
		assert.Equal(t, want.kind, all[i].Body.Type)
		assert.Equal(t, want.text, all[i].text)
		assert.Equal(t, x.ID, all[i].Exchange)
		assert.Equal(t, history.Place("GET /events"), all[i].Place)
	}
}

func TestAMessageBelongsToTheStepInWhichItCame(t *testing.T) {
	came := make(chan struct{}, 9)
	s := shop(t, map[string]http.HandlerFunc{
		"/": html(`<script>const s = new WebSocket("ws://" + location.host + "/talk"); s.onmessage = () => fetch("/came"); fetch("/wait")</script>
			<button onclick='s.send("now"); fetch("/wait")'>Say</button>`),
		"/talk": talk("first"), "/came": func(http.ResponseWriter, *http.Request) { came <- struct{}{} },
		"/wait": func(_ http.ResponseWriter, r *http.Request) { // a step ends when its message has come
			select {
			case <-came:
			case <-r.Context().Done():
			}
		},
	})
	w := beginWith(t, s.URL, nil, func(o *DriverOptions) { o.SettleCap = hung })
	w.do(visit("/"), rest(time.Millisecond), click("button", "Say"))
	w.end()
	steps := map[string]int{}
	for _, m := range w.sink.on(history.SurfaceSocket) {
		steps[m.text] = m.Step
	}
	require.Equal(t, 0, steps["first"])
	require.Equal(t, 2, steps["now"])
	require.Equal(t, 2, steps["echo:now"])
}
