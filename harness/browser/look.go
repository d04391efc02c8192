package browser

import (
	"context"
	"time"

	"crosstalk/scenarios"
)

// lookInAll is how long recording what is shown after a step may take. A page
// that does not answer must not hold up the session step after step.
const lookInAll = 5 * time.Second

// look records what the session is shown after a step, surface by surface. No
// surface may hold up the next for longer than its own limit.
func (s *Session) look(ctx context.Context, after scenarios.Op) {
	if !s.spec.Observe || ctx.Err() != nil || s.loss() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookInAll)
	defer cancel()
	s.recordPages(ctx)
	s.recordFlashes(ctx)
	s.recordNotices(ctx)
	s.watch.recordStreams(ctx)
	if changesJar(after) {
		s.recordCookies(ctx)
		s.recordStorage(ctx)
	}
}

// lastLook records what came after the last step's look, when the session
// ends: what has been pushed or kept since.
func (s *Session) lastLook(ctx context.Context) {
	if !s.spec.Observe || s.loss() != nil {
		return
	}
	s.recordFlashes(ctx)
	s.recordNotices(ctx)
	s.watch.recordStreams(ctx)
	s.recordCookies(ctx)
	s.recordStorage(ctx)
}

// changesPage says after which steps there is something new to see.
func changesPage(op scenarios.Op) bool {
	switch op {
	case scenarios.Meet, scenarios.Remember:
		return false
	default:
		return true
	}
}

// changesJar says after which steps cookies and storage are read: filling in a
// form sends nothing, and the step that submits it follows.
func changesJar(op scenarios.Op) bool {
	switch op {
	case scenarios.Fill, scenarios.Select, scenarios.Check, scenarios.Upload:
		return false
	default:
		return true
	}
}
