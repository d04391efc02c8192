package api_test

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"crosstalk/harness/api"
	"crosstalk/harness/history"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMessagesBeyondTheLimitAreCut(t *testing.T) {
	large := strings.Repeat("x", 5<<10)
	server := socket(t, func(ctx context.Context, c *websocket.Conn, r *http.Request) {
		_ = c.Write(ctx, websocket.MessageText, []byte(large))
		_ = c.Write(ctx, websocket.MessageText, []byte("little"))
		echo(ctx, c, r)
	})
	stream, _ := events(t, "data: "+large+"\n\ndata: little\n\n…")
	for _, step := range []string{"listen: {url: " + server.URL + ", socket: true}", "listen: " + stream.URL} {
		s := open(t, server.URL, small)
		require.Empty(t, s.do(step, "hear: {text: little}").Error, step)
		assert.Equal(t, "larger than 1 KiB", s.framed()[0].Body.Unseen, step)
		assert.Len(t, s.framed()[0].text, 1<<10, step)
		assert.Empty(t, s.framed()[1].Body.Unseen, step)
	}
}

// small has messages cut at a KiB, and a stream end at 64.
func small(o *api.Options, _ *history.SessionSpec) {
	o.MessageLimit, o.StepTimeout = 1<<10, 20*time.Second
}

// pouring is an event stream that says the same for ever, compressed if asked.
func pouring(t *testing.T, text string, compressed bool) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		to := io.Writer(w)
		if compressed {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			defer z.Close()
			to = z
		}
		for {
			if _, err := io.WriteString(to, text); err != nil {
				return
			}
		}
	}).URL
}

func TestAFloodIsHungUpOnAndRecordedAsUnseen(t *testing.T) {
	server := socket(t, func(ctx context.Context, c *websocket.Conn, r *http.Request) {
		for c.Write(ctx, websocket.MessageText, []byte("tiny"+r.URL.Query().Get("more"))) == nil {
		}
	})
	const bytes, messages = "hung up, since it brought more than one stream may", "hung up after 10000 messages"
	for name, c := range map[string]struct{ step, why string }{
		"socket":       {"listen: {url: " + server.URL + ", socket: true}", messages},
		"large frames": {"listen: {url: \"/?more=" + strings.Repeat("x", 500) + "\", socket: true}", bytes},
		"events":       {"listen: " + pouring(t, "data: tiny\n\n", false), messages},
		"large ones":   {"listen: " + pouring(t, "data: "+strings.Repeat("x", 500)+"\n\n", false), bytes},
		"comments":     {"listen: " + pouring(t, ": nothing but comments\n\n", false), bytes},
		"a bomb":       {"listen: " + pouring(t, ":"+strings.Repeat("x", 500), true), bytes},
	} {
		s := open(t, server.URL, small)
		require.Empty(t, s.do(c.step).Error, name)
		assert.Equal(t, "hear text \"never\": GET "+string(s.asked()[0].Place[4:])+" has ended: "+c.why, s.do("hear: {text: never}").Error, name)
		frames := s.framed()
		assert.Equal(t, c.why, frames[len(frames)-1].Body.Unseen, name)
	}
}

func TestAMessageWithoutEndIsCutAndHungUpOn(t *testing.T) {
	s := open(t, socket(t, func(ctx context.Context, c *websocket.Conn, _ *http.Request) {
		w, err := c.Writer(ctx, websocket.MessageText)
		for err == nil {
			_, err = w.Write([]byte(strings.Repeat("y", 1<<10)))
		}
	}).URL, small)
	require.Contains(t, s.do("listen: {url: /live, socket: true}", "hear: {text: z}").Error, "hung up, since it brought more")
}
