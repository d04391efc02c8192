package api

import (
	"context"
	"strings"

	"crosstalk/harness/history"
)

// hold is what a request waits for once its connection is there and before its
// first byte is written; nil for one that is not held. Only what a step itself
// sends to the target is: a redirect goes where the request before it was let
// go to, and a stream that opens itself again does so at no step.
func (c *Client) hold(ctx context.Context, out outgoing, x *history.Exchange) func() bool {
	if c.spec.Hold == nil || !out.held || !strings.EqualFold(out.url.Host, c.target) {
		return nil
	}
	step, place := x.Step, x.Place
	return func() bool { return c.spec.Hold(ctx, step, place) }
}
