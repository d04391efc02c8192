package demoshop_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// socketOf is the address of the socket that a page listens to.
func (s *screen) socketOf() string {
	s.c.t.Helper()
	for n := range s.doc.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "data-socket" {
				return a.Val
			}
		}
	}
	s.c.t.Error("no socket on the page")
	return ""
}

// hearAll listens to a socket until the shop closes it.
func (c *client) hearAll(path string) (texts []string, frames string, end error) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 20*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, strings.Replace(c.base, "http", "ws", 1)+path, &websocket.DialOptions{HTTPClient: c.http})
	require.NoError(c.t, err)
	defer func() { _ = conn.CloseNow() }()
	for {
		_, frame, err := conn.Read(ctx)
		if err != nil {
			return texts, frames, err
		}
		var p pushed
		require.NoError(c.t, json.Unmarshal(frame, &p))
		texts, frames = append(texts, p.Text), frames+string(frame)
	}
}

func TestAPageIsToldWhereItsOrderStandsUntilTheCourierHasIt(t *testing.T) {
	base := open(t, demoshop.Options{})
	c, other := newClient(t, base), newClient(t, base)
	c.signUp(zoe(), nil)
	other.signUp(jan(), nil)
	zoes := secretsOf(t, base, zoe())
	path := c.buy(zoe(), nil).socketOf()
	texts, frames, end := c.hearAll(path)
	assert.Equal(t, websocket.StatusNormalClosure, websocket.CloseStatus(end), "the shop hangs up once all is said: %v", end)
	require.NotEmpty(t, texts)
	assert.Equal(t, "Order 10001 for Zoë Lindqvist waits for the courier.", texts[len(texts)-1])
	assert.ElementsMatch(t, demoshop.Variants()[1:], zoes.in(frames), "how receipts are sent, masked, encoded and by a key")
	assert.Contains(t, frames, zoe().last)
	late, _, _ := c.hearAll(path)
	assert.Equal(t, texts[len(texts)-1:], late, "whoever comes late is told what is")
	assert.Equal(t, http.StatusNotFound, other.get(path).status)
	assert.Equal(t, http.StatusNotFound, other.get(path[:strings.IndexByte(path, '?')]).status, "nobody listens to no order")
	assert.Equal(t, http.StatusUnauthorized, newClient(t, base).get(path).status)
	assert.Equal(t, http.StatusUpgradeRequired, c.get(path).status)
}

func TestAtRateZeroAPageIsToldOfItsOrderWhateverTheFault(t *testing.T) {
	for _, i := range demoshop.Faults() {
		t.Run(i.Name, func(t *testing.T) {
			t.Parallel() // each waits for the courier
			c := newClient(t, open(t, demoshop.Options{Faults: []demoshop.Fault{{Name: i.Name}}}))
			c.signUp(zoe(), nil)
			texts, _, end := c.hearAll(c.buy(zoe(), nil).socketOf())
			assert.Equal(t, websocket.StatusNormalClosure, websocket.CloseStatus(end), "%v", end)
			require.NotEmpty(t, texts)
			assert.Equal(t, "Order 10001 for Zoë Lindqvist waits for the courier.", texts[len(texts)-1])
		})
	}
}

func TestAShopThatClosesHangsUpOnItsSockets(t *testing.T) {
	shop, err := demoshop.New(demoshop.Options{Latency: -1})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	base, done, err := shop.Serve(ctx, "127.0.0.1:0")
	require.NoError(t, err)
	c := newClient(t, base)
	c.signUp(zoe(), nil)
	path := c.buy(zoe(), nil).socketOf()
	conn, _, err := websocket.Dial(t.Context(), strings.Replace(base, "http", "ws", 1)+path, &websocket.DialOptions{HTTPClient: c.http})
	require.NoError(t, err)
	defer func() { _ = conn.CloseNow() }()
	_, _, err = conn.Read(t.Context())
	require.NoError(t, err, "what there is to say is said at once")
	stop()
	for err == nil {
		_, _, err = conn.Read(t.Context())
	}
	assert.Contains(t, []websocket.StatusCode{websocket.StatusGoingAway, websocket.StatusNormalClosure}, websocket.CloseStatus(err), "%v", err)
	require.NoError(t, <-done)
}
