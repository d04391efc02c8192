package api

import (
	"context"
	"strings"
)

// wire is what notes one request on its way, and holds it where it is to be
// held: once its connection is there and before its first byte is written.
//
// Only what a step itself sends to the target is held: a redirect goes where the
// request before it was let go to, and a stream that opens itself again does so
// at no step.
func (c *Client) wire(ctx context.Context, out outgoing, a *answer) *wire {
	w := &wire{}
	if c.spec.Hold == nil || !out.held || !strings.EqualFold(out.url.Host, c.target) {
		return w
	}
	step, place := a.exchange.Step, a.exchange.Place
	w.hold = func() bool { return c.spec.Hold(ctx, step, place) }
	w.over = func() bool { return ctx.Err() != nil && c.transport.prior == nil }
	return w
}
