package demoshop_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// live is the address that pushes the status of the order on a page.
func (s *screen) live() string {
	s.c.t.Helper()
	for n := range s.doc.Descendants() {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "data-") && strings.HasPrefix(a.Val, "/api/") {
				return a.Val
			}
		}
	}
	s.c.t.Error("no live status on the page")
	return ""
}

// pushed is one event.
type pushed struct {
	Number, State, Text string
	Final               bool
}

// listen reads events until the stream ends or ctx does.
func (c *client) listen(ctx context.Context, path, token string) (<-chan pushed, *http.Response) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	require.NoError(c.t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := c.http.Do(r)
	require.NoError(c.t, err)
	out := make(chan pushed, 16)
	go func() {
		defer close(out)
		defer resp.Body.Close()
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var p pushed
				if json.Unmarshal([]byte(data), &p) == nil {
					out <- p
				}
			}
		}
		if err := lines.Err(); err != nil && ctx.Err() == nil { // a listener who hangs up is not cut off
			out <- pushed{Text: "cut off: " + err.Error()}
		}
	}()
	return out, resp
}

func texts(events <-chan pushed) []string {
	var out []string
	for e := range events {
		out = append(out, e.Text)
	}
	return out
}

func TestTheStatusOfAnOrderIsPushedToWhoeverPlacedIt(t *testing.T) {
	base := open(t, demoshop.Options{})
	z, j, guest := newClient(t, base), newClient(t, base), newClient(t, base)
	z.signUp(zoe(), nil)
	zoes := z.buy(zoe(), nil).live()
	j.signUp(jan(), nil)
	jans := j.buy(jan(), nil).live()
	guests := guest.buy(jan(), jan().fields()).live()
	for _, c := range []struct {
		who        *client
		path, want string
	}{
		{z, zoes, "Order 10001 for Zoë Lindqvist waits for the courier."},
		{j, jans, "Order 10002 for Łukasz Żółkiewski waits for the courier."},
		{guest, guests, "Order 10003 for Łukasz Żółkiewski waits for the courier."},
	} {
		events, resp := c.who.listen(t.Context(), c.path, "")
		require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
		require.Contains(t, resp.Header.Get("Cache-Control"), "no-store")
		require.Contains(t, texts(events), c.want, "and the stream has an end")
	}
	for who, path := range map[*client]string{z: jans, j: guests, guest: zoes} {
		s := who.get(path)
		require.Equal(t, http.StatusNotFound, s.status)
		require.NotContains(t, s.body, "courier")
	}
	require.Equal(t, http.StatusUnauthorized, newClient(t, base).get(zoes).status)
}

func TestAnAppHearsOfItsOwnOrdersOnly(t *testing.T) {
	base := open(t, demoshop.Options{})
	newClient(t, base).signUp(zoe(), nil)
	newClient(t, base).signUp(jan(), nil)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	app, other := newClient(t, base), newClient(t, base)
	token, others := login(app, zoe()), login(other, jan())
	events, _ := app.listen(ctx, "/api/events", token)
	for _, k := range []struct {
		c     *client
		token string
	}{{other, others}, {app, token}} {
		k.c.api("POST", "/api/basket", k.token, `{"product": 101, "quantity": 1}`)
		k.c.api("POST", "/api/orders", k.token, "{}")
	}
	var got []string
	for e := range events {
		if got = append(got, e.Number+" "+e.State); e.Final {
			cancel()
		}
	}
	require.Equal(t, []string{"10002 received", "10002 packing"}, got)
	require.Equal(t, http.StatusUnauthorized, app.api("GET", "/api/events", "nonsense", "").status)
}

func TestAStreamIsKeptByNoCacheWhateverItsRules(t *testing.T) {
	fault, err := demoshop.ParseFault(demoshop.EdgeCache)
	require.NoError(t, err)
	base := open(t, demoshop.Options{Faults: []demoshop.Fault{fault}})
	c := newClient(t, base)
	c.signUp(zoe(), nil)
	path := c.buy(zoe(), nil).live()
	for range 2 {
		events, resp := c.listen(t.Context(), path, "")
		require.NotEmpty(t, texts(events))
		require.Equal(t, "PASS", resp.Header.Get("X-Cache"))
	}
}

func TestAShopThatClosesHangsUpOnListeners(t *testing.T) {
	shop, err := demoshop.New(demoshop.Options{Latency: -1})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	base, done, err := shop.Serve(ctx, "127.0.0.1:0")
	require.NoError(t, err)
	c := newClient(t, base)
	c.signUp(zoe(), nil)
	events, _ := c.listen(t.Context(), "/api/events", login(c, zoe()))
	stop()
	require.NoError(t, <-done)
	require.Empty(t, texts(events), "the stream has ended as it should: nobody cut it off")
}
