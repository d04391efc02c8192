package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// wire is a channel to one target, as rod's generated calls want it.
type wire struct {
	conn    *connection
	ctx     context.Context
	channel proto.TargetSessionID
}

// Call makes one protocol call.
func (w wire) Call(ctx context.Context, id, method string, params any) ([]byte, error) {
	return w.conn.Call(ctx, id, method, params)
}

// GetSessionID is the channel's name.
func (w wire) GetSessionID() proto.TargetSessionID { return w.channel }

// GetContext bounds the call.
func (w wire) GetContext() context.Context { return w.ctx }

// callOn makes one protocol call that may be repeated, and decodes its answer
// into result unless that is nil.
func callOn(ctx context.Context, b *connection, id proto.TargetSessionID, request proto.Request, result any) error {
	return do(ctx, request.ProtoReq(), once(b, id, request, result))
}

// callOnceOn is callOn for what must not happen twice.
func callOnceOn(ctx context.Context, b *connection, id proto.TargetSessionID, request proto.Request, result any) error {
	return doOnce(ctx, request.ProtoReq(), once(b, id, request, result))
}

func once(b *connection, id proto.TargetSessionID, request proto.Request, result any) func(context.Context) error {
	return func(ctx context.Context) error {
		answer, err := b.Call(ctx, string(id), request.ProtoReq(), request)
		if err != nil || result == nil {
			return err
		}
		return json.Unmarshal(answer, result)
	}
}

// maxQueue is how many events may wait for a session before those are dropped
// that only tell what a page does over and over.
const maxQueue = 20_000

// inbox is a queue with one reader: whoever writes never waits, so that a slow
// session does not hold up the others. It is bounded as far as a session can
// do without an event: see mayBeDropped.
type inbox struct {
	mu      sync.Mutex
	queue   []*rod.Message
	dropped int
	signal  chan struct{}
}

func newInbox() *inbox { return &inbox{signal: make(chan struct{}, 1)} }

func (b *inbox) put(m *rod.Message) {
	b.mu.Lock()
	if len(b.queue) >= maxQueue && mayBeDropped(m.Method) {
		b.dropped++
		b.mu.Unlock()
		return
	}
	b.queue = append(b.queue, m)
	b.mu.Unlock()
	select {
	case b.signal <- struct{}{}:
	default:
	}
}

// lost is how many events were dropped.
func (b *inbox) lost() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dropped
}

// mayBeDropped reports whether a session can go on without an event: what it
// told is unseen then, and nothing waits for it.
func mayBeDropped(method string) bool {
	switch method {
	case "Network.dataReceived", "Network.webSocketFrameReceived", "Network.webSocketFrameSent", "Network.eventSourceMessageReceived",
		"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Runtime.bindingCalled", "Log.entryAdded":
		return true
	}
	return strings.HasPrefix(method, "DOMStorage.")
}

// take answers everything that is there, in order.
func (b *inbox) take() []*rod.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.queue
	b.queue = nil
	return all
}

// posted is a call on its way.
type posted struct {
	method  string
	answers <-chan answer
	forget  func()
}

// post sends a call and does not wait for its answer. What one goroutine
// posts arrives in that order: a target that is held answers nothing before
// it is let go, and must be guarded before that.
func (c *connection) post(ctx context.Context, id proto.TargetSessionID, method string, params any) (posted, error) {
	n := c.last.Add(1)
	data, err := json.Marshal(&cdp.Request{ID: int(n), SessionID: string(id), Method: method, Params: params})
	if err != nil {
		return posted{}, fmt.Errorf("encode %s: %w", method, err)
	}
	p := posted{method: method, answers: c.expect(n), forget: func() { c.forget(n) }}
	select {
	case c.out <- data:
		return p, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-c.lost:
		err = c.err
	}
	p.forget()
	return posted{}, err
}

// wait waits for the answer of a posted call.
func (c *connection) wait(ctx context.Context, p posted) error {
	defer p.forget()
	return doOnce(ctx, p.method, func(ctx context.Context) error {
		select {
		case a := <-p.answers:
			return a.err
		case <-ctx.Done():
			return ctx.Err()
		case <-c.lost:
			return c.err
		}
	})
}
