package demoshop

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/coder/websocket"
)

// toSocket bounds the sending of one message to a socket.
const toSocket = 5 * time.Second

// socket tells a page, over a WebSocket, where its order stands.
func (o *origin) socket(w http.ResponseWriter, r *http.Request) {
	placed, _, ok := o.listener(w, r)
	if !ok {
		return
	}
	defer o.streams.Add(-1)
	if placed.Key == "" {
		o.reply(w, http.StatusNotFound, obj{"error": "no order yet"})
		return
	}
	hungUp := o.hangUp.next() // asked for before the client knows that it listens
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // the client has been told why
	}
	defer func() { _ = conn.CloseNow() }() // of one that is closed by now
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), streamLife)
	defer cancel()
	ctx = conn.CloseRead(ctx)
	s := &socketStream{conn: conn, names: o.names, placed: placed.toSend(), ear: o.hub.join(placed.Key)}
	defer o.hub.leave(s.ear)
	s.run(ctx, o.hub, hungUp)
}

// socketStream is one page's socket.
type socketStream struct {
	conn   *websocket.Conn
	names  *names
	placed order
	ear    *ear
	over   bool // all is said, or the client is gone
}

// run tells the client where the order stands now, and then what the hub has
// for it, until the order's last state.
func (s *socketStream) run(ctx context.Context, h *hub, hungUp <-chan struct{}) {
	is := s.placed.live(time.Now())
	s.say(ctx, news{s.placed, is})
	change := time.NewTimer(is.next) // of the last state, nothing comes
	defer change.Stop()
	for !s.over {
		select {
		case <-ctx.Done():
			return
		case <-hungUp:
			_ = s.conn.Close(websocket.StatusGoingAway, "") // it is over either way
			return
		case n := <-s.ear.news:
			s.say(ctx, n)
		case <-change.C:
			is = s.placed.live(time.Now())
			h.publish(ctx, news{s.placed, is})
			if is.next > 0 {
				change.Reset(is.next)
			}
		}
	}
	_ = s.conn.Close(websocket.StatusNormalClosure, "") // it is over either way
}

func (s *socketStream) say(ctx context.Context, n news) {
	data, err := json.Marshal(s.names.keys(n.json()))
	if err == nil {
		bounded, cancel := context.WithTimeout(ctx, toSocket)
		defer cancel()
		err = s.conn.Write(bounded, websocket.MessageText, data)
	}
	s.over = err != nil || n.order.Key == s.placed.Key && n.status.next == 0
}

func (n news) json() obj {
	return obj{
		"number": strconv.Itoa(n.order.Number), "state": n.status.state, "text": n.status.text, "final": n.status.next == 0,
		"wallet": walletJSON(n.order.Wallet), "passport": n.order.Passport, "member": n.order.Member,
	}
}
