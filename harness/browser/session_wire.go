package browser

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/go-rod/rod"
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

// inbox is an unbounded queue with one reader: whoever writes never waits, so
// that a slow session does not hold up the others.
type inbox struct {
	mu     sync.Mutex
	queue  []*rod.Message
	signal chan struct{}
}

func newInbox() *inbox { return &inbox{signal: make(chan struct{}, 1)} }

func (b *inbox) put(m *rod.Message) {
	b.mu.Lock()
	b.queue = append(b.queue, m)
	b.mu.Unlock()
	select {
	case b.signal <- struct{}{}:
	default:
	}
}

// take answers everything that is there, in order.
func (b *inbox) take() []*rod.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.queue
	b.queue = nil
	return all
}
