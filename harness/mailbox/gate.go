package mailbox

import (
	"context"
	"fmt"
	"io"
)

// gate is where mails leave: one at a time, and none once it is shut.
type gate struct {
	options Options
	turn    chan struct{} // holds one token while nobody delivers; a mutex that can be waited for with a deadline
	shut    bool          // guarded by turn
}

func newGate(o Options) *gate {
	g := &gate{options: o, turn: make(chan struct{}, 1)}
	g.turn <- struct{}{}
	return g
}

// pass hands a mail on, after completing what follows from its address and
// header. It answers false when the gate is shut.
func (g *gate) pass(m Mail) bool {
	<-g.turn
	defer func() { g.turn <- struct{}{} }()
	if g.shut {
		return false
	}
	if g.options.Owner != nil {
		m.Owner = g.options.Owner(m.To)
	}
	m.Place = PlaceOf(m.Subject, g.options.Blank)
	g.options.Deliver(m)
	return true
}

// close waits for the delivery under way, and lets no more pass.
func (g *gate) close(ctx context.Context) error {
	select {
	case <-g.turn:
		g.shut = true
		g.turn <- struct{}{}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("deliver last mail: %w", context.Cause(ctx))
	}
}

// logf writes a line for people.
func (g *gate) logf(format string, args ...any) {
	if g.options.Log != nil {
		_, _ = fmt.Fprintf(g.options.Log, "mailbox: "+format+"\n", args...) // a log that cannot be written is no reason to lose mail
	}
}

// log is where a library writes.
func (g *gate) log() io.Writer {
	if g.options.Log == nil {
		return io.Discard
	}
	return g.options.Log
}
