package harness

import "context"

// provoked performs the journey's provocations if they come before this step,
// and reports whether they did: the walk then ends.
func (p *walker) provoked(_ context.Context, _ int) bool { return false }
