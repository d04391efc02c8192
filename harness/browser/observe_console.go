package browser

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// mostLines is how many lines a target may write to its console between
	// two looks; the browser is told to send no more.
	mostLines = 2000
	// mostLogged is how many logged objects of a target are read between two
	// looks; of others, what the browser writes of them in short is kept.
	mostLogged = 200
	// releaseAfter is how many lines with objects make us let go of those that
	// the browser holds for us.
	releaseAfter = 100
	// loggedLimit is how long reading one line's objects may take.
	loggedLimit = 3 * time.Second
)

// logging is what a target has written to its console since the last look.
type logging struct {
	lines   atomic.Int64 // since the last look
	objects atomic.Int64 // read since the last look
	held    atomic.Int64 // lines with objects since the last release
	silent  atomic.Bool  // the browser was told to send no more
}

// noticed takes what a target wrote to its console.
func (s *Session) noticed(t *target, m *rod.Message) {
	if t == nil {
		return
	}
	if n := t.logging.lines.Add(1); n > mostLines {
		if !t.logging.silent.Swap(true) {
			s.silence(t)
		}
		return
	}
	switch m.Method {
	case "Runtime.consoleAPICalled":
		handled(m, func(e *proto.RuntimeConsoleAPICalled) { s.logged(t, e) })
	case "Runtime.exceptionThrown":
		handled(m, func(e *proto.RuntimeExceptionThrown) { s.threw(t, e.ExceptionDetails) })
	case "Log.entryAdded":
		handled(m, func(e *proto.LogEntryAdded) {
			if e.Entry != nil && e.Entry.Source != proto.LogLogEntrySourceWorker { // workers tell themselves
				s.wrote(t, t.frame(), string(e.Entry.Level), e.Entry.Text)
			}
		})
	}
}

// silence stops a flood until the next look.
func (s *Session) silence(t *target) {
	frame, at := s.inFrame(t, ""), t.standsAt(t.frame())
	s.notices.miss(frame, history.SurfaceConsole, at, "more was written to the console than is kept")
	if s.watches(partFlashes) && hasDocuments(t) { // no document that comes now gets a way to tell
		s.flashes.miss(frame, history.SurfacePage, at, "new documents were not watched until the next look: too much was written to the console")
	}
	s.spawn(loggedLimit, func(ctx context.Context) {
		// What does not end now ends with the page.
		_, _ = t.postAll(ctx, []order{orderOf(proto.RuntimeDisable{}), orderOf(proto.LogDisable{}), orderOf(proto.RuntimeReleaseObjectGroup{ObjectGroup: consoleGroup})})
	})
}

// hasDocuments reports whether a target has documents, as workers have not.
func hasDocuments(t *target) bool { return t.page() || t.kind == iframeTarget }

// consoleGroup is what the browser calls the objects that a console was given.
const consoleGroup = "console"

func (s *Session) wrote(t *target, frame proto.PageFrameID, where, text string) {
	s.notices.add(s.inFrame(t, frame), history.SurfaceConsole, t.standsAt(frame), where, text)
}

func (s *Session) threw(t *target, d *proto.RuntimeExceptionDetails) {
	if d == nil {
		return
	}
	text := d.Text
	if d.Exception != nil {
		text += " " + cmp.Or(d.Exception.Description, primitive(d.Exception))
	}
	s.wrote(t, t.home(d.ExecutionContextID), "exception", text)
	s.readLogged(t, t.home(d.ExecutionContextID), "exception", []*proto.RuntimeRemoteObject{d.Exception})
}

func (s *Session) logged(t *target, e *proto.RuntimeConsoleAPICalled) {
	frame := t.home(e.ExecutionContextID)
	var line []string
	for _, a := range e.Args {
		line = append(line, inShort(a))
	}
	s.wrote(t, frame, string(e.Type), strings.Join(line, " "))
	s.readLogged(t, frame, string(e.Type), e.Args)
}

// readLogged reads the objects of a line whole, beside the event loop, and
// lets go of them. No script of the page's runs: getters stay unread.
func (s *Session) readLogged(t *target, frame proto.PageFrameID, where string, args []*proto.RuntimeRemoteObject) {
	var objects []*proto.RuntimeRemoteObject
	for _, a := range args {
		if worthReading(a) {
			objects = append(objects, a)
		}
	}
	if t.logging.held.Add(1) >= releaseAfter {
		t.logging.held.Store(0)
		s.spawn(loggedLimit, func(ctx context.Context) { s.release(ctx, t) })
	}
	if len(objects) == 0 {
		return
	}
	at := t.standsAt(frame)
	if t.logging.objects.Add(int64(len(objects))) > mostLogged {
		s.notices.miss(s.inFrame(t, frame), history.SurfaceConsole, at, "more objects were written to the console than are read")
		return
	}
	name, viewer := s.inFrame(t, frame), s.turns.now()
	s.spawn(loggedLimit, func(ctx context.Context) {
		for _, a := range objects {
			r := inspection{target: t, left: mostProperties}
			text := r.object(ctx, a, 0)
			s.notices.addFor(viewer, name, history.SurfaceConsole, at, where, text)
			if r.cut {
				s.notices.miss(name, history.SurfaceConsole, at, "an object written to the console holds more than is read")
			}
		}
	})
}

// release lets go of the objects that the browser holds because they were
// written to the console.
func (s *Session) release(ctx context.Context, t *target) {
	// A target that is gone holds nothing any more.
	_ = t.callOnce(ctx, proto.RuntimeReleaseObjectGroup{ObjectGroup: consoleGroup}, nil)
}

// hearAgain makes room for what the targets write from now on. A target that
// was silenced is told to go on before the next step begins; the browser has
// forgotten our binding meanwhile, and gives it to no new document.
func (s *Session) hearAgain(ctx context.Context) {
	for _, t := range s.everyTarget() {
		t.logging.lines.Store(0)
		t.logging.objects.Store(0)
		if t.logging.silent.Swap(false) {
			orders := []order{orderOf(proto.RuntimeDiscardConsoleEntries{}), orderOf(proto.LogClear{})}
			orders = append(orders, s.noticeOrders(t)...)
			if s.watches(partFlashes) && hasDocuments(t) {
				orders = append(orders, bindingOrder())
			}
			_, _ = t.postAll(ctx, orders) // a target that is gone writes no more
			continue
		}
		if t.logging.held.Swap(0) > 0 {
			s.spawn(loggedLimit, func(ctx context.Context) { s.release(ctx, t) })
		}
	}
}

func (s *Session) everyTarget() []*target {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.targets))
}
