package demoshop

import (
	"bytes"
	"context"
	"sync"
)

// textBuffers is the fault pooled-buffer: texts that answers are made of (the
// file name of an invoice, the JSON of a call) are put together in buffers from
// a pool. Its rate is the share of the texts that are read from the buffer after
// somebody else's was written into it, of those that could be.
//
// The harm: A's text is put together, and the buffer goes back to the pool,
// though A's answer has still to be sent from it. B is given the same buffer and
// writes into it. A is sent as many bytes as A's text had: the beginning of B's,
// and, where that is the shorter one, what was below it. The pool and the
// buffers are behind a lock: no two write at one time, and yet it is wrong.
type textBuffers struct {
	fault *lever
	store *store
	mu    sync.Mutex
	free  []*textBuffer // the one given back last at the end
}

// textBuffer is a buffer that grows, and is never wiped.
type textBuffer struct {
	bytes []byte
	who   string // wrote into it last
}

// pass puts a text of somebody's through a buffer, and returns what is read
// from there when the answer is sent: in a healthy shop, the text.
func (t *textBuffers) pass(ctx context.Context, kind Variant, who string, text []byte) []byte {
	if t.fault == nil || t.fault.variant != Plain && t.fault.variant != kind {
		return text
	}
	b := t.write(who, text)
	t.store.waitAtLeast(ctx, slowRead) // what is sent with it has to be looked up
	return t.read(b, who, text)
}

// write puts a text into a buffer and gives that back: too early.
func (t *textBuffers) write(who string, text []byte) *textBuffer {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := &textBuffer{}
	if last := len(t.free) - 1; last >= 0 {
		b, t.free = t.free[last], t.free[:last]
	}
	if grow := len(text) - len(b.bytes); grow > 0 {
		b.bytes = append(b.bytes, make([]byte, grow)...)
	}
	copy(b.bytes, text)
	b.who = who
	t.free = append(t.free, b)
	return b
}

func (t *textBuffers) read(b *textBuffer, who string, text []byte) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	if b.who == who || !t.fault.strikes() {
		return text
	}
	return bytes.Clone(b.bytes[:len(text)])
}

func pooledBufferInfo() Info {
	return Info{
		Name:      PooledBuffer,
		Class:     17,
		Incident:  "a web framework, issue 4342: a text still pointed into a buffer that had gone back to the pool, and file names of other people's downloads were sent",
		Mechanism: "the buffer in which an answer's text is put together, the name of an invoice's file or the JSON of a call, goes back to its pool before the answer is sent from it: who writes into it meanwhile shows there, over the rest of what it had",
		Where:     "fault_pooled_buffer.go, asked by origin.sendInvoice, for its name, and origin.replyOwn",
	}
}
