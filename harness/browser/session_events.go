package browser

import (
	"context"

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
	t.track(m)
	switch m.Method {
	case "Target.attachedToTarget", "Target.detachedFromTarget", "Target.targetInfoChanged", "Inspector.targetCrashed":
		s.changed(t, m)
	case "Page.frameStartedNavigating", "Page.frameAttached", "Page.frameNavigated":
		s.wentSomewhere(t, m)
		s.watch.handle(t, m)
	case "Page.javascriptDialogOpening":
		s.answerDialog(t, m)
	case "Fetch.requestPaused":
		s.checkRequest(t, m)
	case "Debugger.resumed":
		s.leaveWorker(t)
	case "Debugger.paused":
		s.beginWorker(t)
	case "Runtime.bindingCalled":
		s.flashed(t, m)
	case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "BackgroundService.backgroundServiceEventReceived":
		s.noticed(t, m)
	case "DOMStorage.domStorageItemAdded", "DOMStorage.domStorageItemUpdated", "DOMStorage.domStorageItemRemoved", "DOMStorage.domStorageItemsCleared",
		"Storage.indexedDBContentUpdated", "Storage.indexedDBListUpdated", "Storage.cacheStorageContentUpdated", "Storage.cacheStorageListUpdated",
		"ServiceWorker.workerRegistrationUpdated", "ServiceWorker.workerVersionUpdated":
		s.stored(t, m)
	case "Browser.downloadWillBegin", "Browser.downloadProgress":
		s.downloadEvent(m)
	default:
		s.watch.handle(t, m)
	}
}

// changed follows which targets the session has.
func (s *Session) changed(t *target, m *rod.Message) {
	switch m.Method {
	case "Target.attachedToTarget":
		s.attached(m)
	case "Target.detachedFromTarget":
		s.detached(m)
	case "Target.targetInfoChanged":
		s.retold(m)
	case "Inspector.targetCrashed":
		s.crashed(t)
	}
}

// wentSomewhere follows where pages and their frames go.
func (s *Session) wentSomewhere(t *target, m *rod.Message) {
	switch m.Method {
	case "Page.frameStartedNavigating":
		s.setOut(t, m)
	case "Page.frameAttached":
		handled(m, func(e *proto.PageFrameAttached) { s.watch.ownFrame(e.FrameID) })
	case "Page.frameNavigated":
		s.arrivedAt(t, m)
	}
}

func (s *Session) target(id proto.TargetSessionID) *target {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.targets[id]
}

// attached takes a new tab, page, frame or worker of this session, or lets it
// go where there are too many already.
func (s *Session) attached(m *rod.Message) {
	var e proto.TargetAttachedToTarget
	if !load(m, &e) {
		return
	}
	t := newTarget(s.driver.browser.conn, &e)
	t.tab = m.SessionID
	if s.tooMany(m.SessionID, t, &e) || s.toldTwice(t) {
		return
	}
	s.adopt(t)
}

// adopt makes a target ready and lets it run.
func (s *Session) adopt(t *target) {
	s.mu.Lock()
	s.attachedSoFar++
	t.serial = s.attachedSoFar
	s.targets[t.channel] = t
	first := s.main == nil && t.page()
	if first {
		s.main = t
	}
	s.mu.Unlock()
	s.watch.ownFrame(t.frame())
	s.preparing.Add(1)
	s.spawn(openLimit, func(ctx context.Context) {
		defer s.preparing.Add(-1)
		err := s.prepare(ctx, t)
		switch {
		case first && err != nil:
			s.lose("tab", "the page could not be prepared: "+err.Error())
		case first:
			close(s.ready)
		}
	})
}

// detached forgets a target. The session's own page may go because another
// takes its place; without a tab, or without that other, the session is lost.
func (s *Session) detached(m *rod.Message) {
	var e proto.TargetDetachedFromTarget
	if !load(m, &e) {
		return
	}
	s.mu.Lock()
	t := s.targets[e.SessionID]
	delete(s.targets, e.SessionID)
	isMain := t != nil && t == s.main
	closed := t != nil && t.kind == kindTab && s.main != nil && t.channel == s.main.tab
	s.mu.Unlock()
	switch {
	case isMain:
		s.awaitHeir(t)
	case closed:
		s.lose("tab", "the page was closed")
	}
}

func (s *Session) crashed(t *target) {
	if t != nil && t == s.front() {
		s.lose("tab", "the page's renderer crashed")
	}
}

// pages are the session's pages: its own, and the pop-ups it opened. What is
// made ready in case somebody goes there is not shown yet.
func (s *Session) pages() []*target {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*target
	for _, t := range s.targets {
		if t.page() && !t.hidden.Load() {
			all = append(all, t)
		}
	}
	return all
}
