package browser

import (
	"context"
	"time"

	"crosstalk/scenarios"
)

const (
	// lookInAll is how long recording what is shown after a step may take,
	// where the step left it so much of its own time. A page that does not
	// answer must not hold up the session step after step.
	lookInAll = 6 * time.Second
	// lookBeyond is how long it may go on after the step's own time is over.
	lookBeyond = 2 * time.Second
)

// afterwards bounds what is done when a step has been performed: mending and
// recording. A step that was stopped by plan is looked at all the same.
func afterwards(ctx, step context.Context) (context.Context, context.CancelFunc) {
	limit := lookInAll
	if end, ok := step.Deadline(); ok {
		limit = min(limit, max(time.Until(end), 0)+lookBeyond)
	}
	if isStopped(ctx) {
		limit = lookStopped
	}
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	stop := context.AfterFunc(ctx, func() {
		if !isStopped(ctx) {
			cancel()
		}
	})
	return after, func() { stop(); cancel() }
}

// most gives a part of what has to be done in ctx most of the time that is
// left: three quarters. Who comes after it must have some too.
func most(ctx context.Context) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(end)*3/4)
}

// The parts of observation. One at a time can be left out, to measure what it
// costs: see history.SessionSpec.
const (
	partBodies  = "bodies"
	partPages   = "pages"
	partMarkup  = "markup"
	partFlashes = "flashes"
	partNotices = "notices"
	partCookies = "cookies"
	partStorage = "storage"
	partStreams = "streams"
)

// Parts are the parts of observation, each of which SessionSpec.Without can
// name.
func Parts() []string {
	return []string{partBodies, partPages, partMarkup, partFlashes, partNotices, partCookies, partStorage, partStreams}
}

// watches reports whether a part of observation is on.
func (s *Session) watches(part string) bool { return s.spec.Observe && s.spec.Without != part }

// look records what the session is shown after a step, surface by surface. No
// surface may hold up the next for longer than its own limit.
func (s *Session) look(ctx context.Context, after scenarios.Op) {
	if !s.spec.Observe || ctx.Err() != nil || s.loss() != nil {
		return
	}
	if s.watches(partFlashes) {
		s.recordFlashes(ctx) // they came before what stands now
	}
	if s.watches(partPages) {
		s.lookAround(ctx)
	}
	s.recordPushed(ctx)
	if changesJar(after) {
		s.storage.whole = after == scenarios.SignOut // the last chance to see it as it was
		s.recordKept(ctx)
	}
}

func (s *Session) lookAround(ctx context.Context) {
	ctx, cancel := most(ctx)
	defer cancel()
	s.recordPages(ctx)
}

// recordPushed records what came by itself since the last look.
func (s *Session) recordPushed(ctx context.Context) {
	if s.watches(partFlashes) {
		s.recordFlashes(ctx)
	}
	if s.watches(partNotices) {
		s.recordNotices(ctx)
	}
	if s.watches(partStreams) {
		s.watch.recordStreams(ctx)
	}
}

// recordKept records what is kept in the client.
func (s *Session) recordKept(ctx context.Context) {
	if s.watches(partCookies) {
		s.recordCookies(ctx)
	}
	if s.watches(partStorage) {
		s.recordStorage(ctx)
	}
}

// lastLook records what came after the last step's look, when the session
// ends: what has been pushed or kept since.
func (s *Session) lastLook(ctx context.Context) {
	if !s.spec.Observe || s.loss() != nil {
		return
	}
	s.watch.lastCall()
	if s.watches(partFlashes) {
		s.part(ctx)
	}
	s.recordPushed(ctx)
	s.storage.whole = true
	s.recordKept(ctx)
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
