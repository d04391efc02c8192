package browser

import (
	"context"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
)

// listen handles the session's events in order until it ends. Whatever has to
// wait for an answer of the page is spawned, never done here.
func (s *Session) listen() {
	defer s.tasks.Done()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.driver.browser.Lost():
			s.lose("browser", describeLoss(s.driver.browser.Err()))
			return
		case <-s.inbox.signal:
			for _, m := range s.inbox.take() {
				s.handle(m)
			}
		}
	}
}

func (s *Session) handle(m *rod.Message) {
	t := s.target(m.SessionID)
	switch m.Method {
	case "Target.attachedToTarget":
		s.attached(m)
	case "Target.detachedFromTarget":
		s.detached(m)
	case "Inspector.targetCrashed":
		s.crashed(t)
	case "Page.javascriptDialogOpening":
		s.answerDialog(t, m)
	case "Fetch.requestPaused":
		s.checkRequest(t, m)
	case "Browser.downloadWillBegin", "Browser.downloadProgress":
		s.downloadEvent(m)
	default:
		s.watch.handle(t, m)
	}
}

func (s *Session) target(id proto.TargetSessionID) *target {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.targets[id]
}

// attached takes a new page, frame or worker of this session.
func (s *Session) attached(m *rod.Message) {
	var e proto.TargetAttachedToTarget
	if !load(m, &e) {
		return
	}
	t := &target{
		conn: s.driver.browser.conn, channel: e.SessionID,
		targetID: e.TargetInfo.TargetID, kind: e.TargetInfo.Type, opener: e.TargetInfo.OpenerID,
	}
	s.mu.Lock()
	s.targets[t.channel] = t
	first := s.main == nil && t.page()
	if first {
		s.main = t
	}
	s.mu.Unlock()
	s.spawn(openLimit, func(ctx context.Context) {
		err := s.prepare(ctx, t)
		switch {
		case first && err != nil:
			s.lose("tab", "the page could not be prepared: "+err.Error())
		case first:
			close(s.ready)
		}
	})
}

// detached forgets a target; without its main page the session is lost.
func (s *Session) detached(m *rod.Message) {
	var e proto.TargetDetachedFromTarget
	if !load(m, &e) {
		return
	}
	s.mu.Lock()
	t := s.targets[e.SessionID]
	delete(s.targets, e.SessionID)
	isMain := t != nil && t == s.main
	s.mu.Unlock()
	if isMain {
		s.lose("tab", "the page was closed")
	}
}

func (s *Session) crashed(t *target) {
	if t != nil && t == s.main {
		s.lose("tab", "the page's renderer crashed")
	}
}

// prepare puts guard and observation on a target and then lets it run. What
// only a page knows is not asked of frames and workers, and a worker is not
// waited for: it answers only once it runs.
func (s *Session) prepare(ctx context.Context, t *target) error {
	defer func() {
		_ = t.call(ctx, proto.RuntimeRunIfWaitingForDebugger{}, nil) // refused where nothing waits
	}()
	if !t.page() && t.kind != "iframe" {
		ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		defer cancel()
		_ = s.enableNetwork(ctx, t) // answered only when the worker runs
		return nil
	}
	for _, step := range []func(context.Context, *target) error{
		s.enableNetwork, s.enablePage, s.enableGuard, s.attachBelow,
	} {
		if err := step(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// enablePage turns on page events and makes the tab behave as if somebody
// looked at it: a page in the background gets no focus and few frames.
func (s *Session) enablePage(ctx context.Context, t *target) error {
	for _, r := range []proto.Request{
		proto.PageEnable{}, proto.InspectorEnable{},
		proto.PageSetLifecycleEventsEnabled{Enabled: true},
	} {
		if err := t.call(ctx, r, nil); err != nil {
			return err
		}
	}
	if !t.page() {
		return nil
	}
	if err := t.call(ctx, proto.EmulationSetFocusEmulationEnabled{Enabled: true}, nil); err != nil {
		return err
	}
	return t.call(ctx, proto.EmulationSetDeviceMetricsOverride{Width: 1280, Height: 900, DeviceScaleFactor: 1}, nil)
}

// attachBelow makes frames of other sites and workers report to this session.
func (s *Session) attachBelow(ctx context.Context, t *target) error {
	return t.call(ctx, proto.TargetSetAutoAttach{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: true}, nil)
}

// pages are the session's pages: its own, and the pop-ups it opened.
func (s *Session) pages() []*target {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*target
	for _, t := range s.targets {
		if t.page() {
			all = append(all, t)
		}
	}
	return all
}
