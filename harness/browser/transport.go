package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/go-rod/rod/lib/cdp"
)

// pace is how patient a connection is. Tests use shorter ones.
type pace struct {
	beat     time.Duration // between two signs of life that are asked for
	patience time.Duration // without any message, after asking: lost
	write    time.Duration // for the other side to take one message
	call     time.Duration // for a call without a deadline of its own
}

func usualPace() pace {
	return pace{beat: 5 * time.Second, patience: 25 * time.Second, write: 15 * time.Second, call: callLimit}
}

// connection speaks the DevTools protocol with one browser. It stands in for
// rod's own client, which panics on a ping, on a fragmented message and on
// anything that is not what it expects, and decodes each message twice. A
// connection that breaks, stalls or speaks nonsense is lost: every pending and
// later call fails at once with an error that wraps history.ErrLost.
type connection struct {
	pace    pace
	wire    *websocket.Conn
	client  *http.Client
	out     chan []byte
	events  chan *cdp.Event
	explain func(error) error // says more about why the connection ended; may be nil

	last atomic.Int64 // id of the latest call
	seen atomic.Int64 // when the latest message came, in nanoseconds of time.Time

	mu      sync.Mutex
	pending map[int64]chan answer

	loss   sync.Once
	lost   chan struct{}
	err    error // why it was lost; to be read after lost is closed
	ctx    context.Context
	cancel context.CancelFunc
	tasks  sync.WaitGroup
}

// answer is what a call was answered with.
type answer struct {
	result []byte
	err    error
}

// message is anything the browser sends: an answer or an event.
type message struct {
	ID        int64           `json:"id"`
	SessionID string          `json:"sessionId"`
	Method    string          `json:"method"`
	Params    json.RawMessage `json:"params"`
	Result    json.RawMessage `json:"result"`
	Error     *cdp.Error      `json:"error"`
}

// dial connects to a DevTools endpoint. ctx bounds the dialing alone; the
// connection lives until close, or until it is lost.
func dial(ctx context.Context, endpoint string, p pace, explain func(error) error) (*connection, error) {
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment}}
	wire, response, err := websocket.Dial(ctx, endpoint, &websocket.DialOptions{HTTPClient: client})
	if response != nil && response.Body != nil {
		_ = response.Body.Close()
	}
	if err != nil {
		client.CloseIdleConnections()
		return nil, fmt.Errorf("connect: %w", untold(err))
	}
	wire.SetReadLimit(-1) // a body may be large; what we ask for bounds it
	c := &connection{
		pace: p, wire: wire, client: client, explain: explain,
		out: make(chan []byte, 64), events: make(chan *cdp.Event, 256),
		pending: map[int64]chan answer{}, lost: make(chan struct{}),
	}
	c.ctx, c.cancel = context.WithCancel(context.WithoutCancel(ctx))
	c.tasks.Add(3)
	go c.read()
	go c.write() //nolint:contextcheck // it lives as long as the connection
	go c.watch() //nolint:contextcheck // it lives as long as the connection
	return c, nil
}

// Event gives the browser's events; the channel is closed when the connection
// is lost. rod reads it.
func (c *connection) Event() <-chan *cdp.Event { return c.events }

// Call makes one protocol call. It ends by ctx's deadline, or by the
// connection's own limit where ctx has none.
func (c *connection) Call(ctx context.Context, sessionID, method string, params any) ([]byte, error) {
	ctx, cancel := withLimit(ctx, c.pace.call)
	defer cancel()
	id := c.last.Add(1)
	data, err := json.Marshal(&cdp.Request{ID: int(id), SessionID: sessionID, Method: method, Params: params})
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", method, err)
	}
	answers := c.expect(id)
	defer c.forget(id)
	select {
	case c.out <- data:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-c.lost:
		return nil, c.err
	}
	select {
	case a := <-answers:
		return a.result, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-c.lost:
		return nil, c.err
	}
}

func (c *connection) expect(id int64) <-chan answer {
	answers := make(chan answer, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending[id] = answers
	return answers
}

func (c *connection) forget(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pending, id)
}

// read takes messages until the connection ends.
func (c *connection) read() {
	defer c.tasks.Done()
	defer close(c.events)
	for {
		_, data, err := c.wire.Read(c.ctx)
		if err != nil {
			c.lose("browser lost", c.explained(err))
			return
		}
		c.seen.Store(time.Now().UnixNano())
		var m message
		if err := json.Unmarshal(data, &m); err != nil {
			c.lose("browser lost", fmt.Errorf("it sent something that is not the DevTools protocol: %w", err))
			return
		}
		if !c.deliver(&m) {
			return
		}
	}
}

// deliver hands a message to whom it is for; false when the connection ended
// meanwhile.
func (c *connection) deliver(m *message) bool {
	if m.ID == 0 {
		select {
		case c.events <- &cdp.Event{SessionID: m.SessionID, Method: m.Method, Params: m.Params}:
			return true
		case <-c.lost:
			return false
		}
	}
	c.mu.Lock()
	answers := c.pending[m.ID]
	delete(c.pending, m.ID)
	c.mu.Unlock()
	if answers == nil {
		return true // its caller's deadline has passed
	}
	if m.Error != nil {
		answers <- answer{err: m.Error}
	} else {
		answers <- answer{result: m.Result}
	}
	return true
}

// write sends what Call queued. It alone writes: a write that ends by a
// context closes the whole connection, so no caller's deadline may do that.
func (c *connection) write() {
	defer c.tasks.Done()
	for {
		select {
		case <-c.lost:
			return
		case data := <-c.out:
			ctx, cancel := context.WithTimeout(c.ctx, c.pace.write)
			err := c.wire.Write(ctx, websocket.MessageText, data)
			cancel()
			if err != nil {
				c.lose("browser lost", c.explained(err))
				return
			}
		}
	}
}

// watch asks the browser for a sign of life at every beat. It asks by a
// protocol call: a grid's hub answers the socket's own pings for a browser
// that is long gone.
func (c *connection) watch() {
	defer c.tasks.Done()
	for sleep(c.ctx, c.pace.beat) == nil {
		asked := time.Now().UnixNano()
		ctx, cancel := context.WithTimeout(c.ctx, c.pace.patience)
		_, err := c.Call(ctx, "", "Browser.getVersion", nil)
		cancel()
		silent := c.seen.Load() < asked
		if errors.Is(err, context.DeadlineExceeded) && silent {
			c.lose("browser lost", fmt.Errorf("it has not answered for %s", c.pace.patience))
		}
	}
}

func (c *connection) explained(err error) error {
	if c.explain == nil || c.ctx.Err() != nil {
		return err
	}
	return c.explain(err)
}

// lose ends the connection, once, for the reason given.
func (c *connection) lose(reason string, cause error) {
	c.loss.Do(func() {
		c.err = lost(reason, cause)
		close(c.lost)
		c.cancel()
	})
}

// close ends the connection and waits for its goroutines. It may be called
// more than once.
func (c *connection) close() {
	c.lose("browser closed", nil)
	_ = c.wire.CloseNow()
	c.tasks.Wait()
	c.client.CloseIdleConnections()
}
