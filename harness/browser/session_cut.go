package browser

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// stopLimit is how long stopping a page, or closing it, may take.
	stopLimit = time.Second
	// brokenLimit is how long the browser may take to tell which requests a stop
	// has ended.
	brokenLimit = 500 * time.Millisecond
	// lookStopped is how long recording what a stopped page shows may take.
	lookStopped = 3 * time.Second
)

// isStopped and isLeft report whether the plan ended a step.
func isStopped(ctx context.Context) bool { return errors.Is(context.Cause(ctx), history.ErrStopped) }
func isLeft(ctx context.Context) bool    { return errors.Is(context.Cause(ctx), history.ErrLeft) }

// stopLoading presses stop: what is on its way breaks off, and what has come
// stays.
func (s *Session) stopLoading(ctx context.Context) {
	s.watch.cutNow(ctx)
	s.stop(ctx)
	limit := time.Now().Add(brokenLimit)
	for s.watch.breaking() && time.Now().Before(limit) {
		if sleep(ctx, 5*time.Millisecond) != nil {
			break
		}
	}
	for _, f := range s.watch.cutDone() {
		s.watch.endCut(ctx, f)
	}
	s.endHanging(ctx, time.Second) // the walk goes on, from this page
}

// leave closes the tab in the midst of what it does, and with it everything that
// the session has open. Only Close can follow.
func (s *Session) leave(ctx context.Context) history.Outcome {
	out := history.Outcome{Outcome: history.StepCut, URL: s.watch.address()}
	if s.left.Swap(true) {
		return out
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	s.watch.cutNow(ctx)
	var sent []posted
	for _, t := range s.pages() {
		p, err := s.driver.browser.conn.post(ctx, "", "Target.closeTarget", proto.TargetCloseTarget{TargetID: t.targetID})
		if err == nil {
			sent = append(sent, p)
		}
	}
	s.watch.letAllGo()
	for _, p := range sent {
		_ = s.driver.browser.conn.wait(ctx, p) // one that cannot be closed ends with its context
	}
	s.front().bequeath(nil)
	s.watch.admitUnread()
	return out
}

// admitUnread says of a page that came in the last step that nobody read it.
func (o *observer) admitUnread() {
	o.mu.Lock()
	came := len(o.steps) > 0 && o.page.committed.After(o.steps[len(o.steps)-1].wall)
	address := o.page.address
	o.mu.Unlock()
	if came && hasAddress(address) && o.s.watches(partPages) {
		o.s.unseen("", history.SurfacePage, address, history.UnseenAborted)
	}
}

// seeOffLeft records what is still on its way after the tab was closed: the
// browser says with its last word of the tab that nothing more comes of it.
func (s *Session) seeOffLeft(ctx context.Context) {
	limit := time.Now().Add(brokenLimit)
	for len(s.pages()) > 0 && time.Now().Before(limit) {
		if sleep(ctx, 5*time.Millisecond) != nil {
			return
		}
	}
}

// cutNow notes that what is on its way is cut by the plan, and has the browser
// hand over what came of it so far: it keeps nothing of what breaks off. A page
// that does not say so at once is cut all the same.
func (o *observer) cutNow(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, o.s.options.handOut)
	defer cancel()
	var all sync.WaitGroup
	for _, f := range o.cutting() {
		all.Go(func() { o.ask(ctx, f) })
	}
	all.Wait()
}

// cutting marks what is on its way as cut, and answers what of it has begun to
// come.
func (o *observer) cutting() (come []*flight) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.flights {
		f.cut = !f.ended
		events := f.kind == proto.NetworkResourceTypeEventSource // recorded as they come
		if len(come) < keptStreams && !events && o.s.watches(partBodies) && f.isStream(true) {
			f.stream.asked = true
			come = append(come, f)
		}
	}
	return come
}

// breaking reports whether something that was cut has not broken off yet.
func (o *observer) breaking() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.flights {
		if f.cut && !f.ended && len(f.hops) > 0 && !f.hasPage() {
			return true
		}
	}
	return false
}

// hasPage reports whether a page or frame was made of an answer, that goes on
// being loaded.
func (f *flight) hasPage() bool {
	return f.kind == proto.NetworkResourceTypeDocument && f.last().answered
}

// cutDone notes that what goes on all the same was not cut: a request may
// outlive its page's loading. It answers the documents that have begun to come:
// of their end the browser tells nobody.
func (o *observer) cutDone() (broken []*flight) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for id, f := range o.flights {
		if id == o.page.request && f.cut {
			o.page.navigating = false // it never came, and never will
		}
		switch {
		case f.ended || !f.cut:
		case len(f.hops) > 0 && f.hasPage():
			broken = append(broken, f)
		default:
			f.cut = false
		}
	}
	o.page.parsing = false
	return broken
}

// endCut records a document that broke off, with what had come of it.
func (o *observer) endCut(ctx context.Context, f *flight) {
	o.mu.Lock()
	again := !f.stream.asked && o.s.watches(partBodies)
	o.mu.Unlock()
	if again {
		o.ask(ctx, f)
	}
	o.mu.Lock()
	defer o.release()
	if f.ended {
		return // after all
	}
	o.end(f, o.s.spec.Sink.Now())
	h := f.last()
	h.x.Failed, h.x.Body.Unseen = aborted, history.UnseenAborted
	h.body, _ = f.stream.whole()
	o.record(f)
}
