package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

//go:embed observe_flash.js
var flashPiece string

//go:embed observe_hooks.js
var hooksPiece string

//go:embed observe_hooks_page.js
var hooksPageEnd string

//go:embed observe_hooks_worker.js
var hooksWorkerEnd string

// tellBinding is what our scripts tell through: in pages, in our own world
// alone; in workers, until our script has taken it away.
const tellBinding = "__crosstalkTell"

// flashScript watches a document in our world, and hooksScript what only the
// page's own world knows; each is an expression.
func flashScript(eager bool) string {
	return strict(fmt.Sprintf("const EAGER = %t;\n", eager) + pathPiece + flashPiece)
}

func hooksScript(end string) string { return strict(hooksPiece + end) }

func strict(pieces string) string { return "(() => { \"use strict\";\n" + pieces + "\n})()" }

// flashes are texts that pages showed, or drew, and may have taken away again
// before anybody looked.
type flashes struct{ told }

// flashMessage is what a document tells.
type flashMessage struct {
	URL    string            `json:"url"`
	Page   []history.Segment `json:"page"`
	Field  []history.Segment `json:"field"`
	Notice []history.Segment `json:"notice"`
	Cut    string            `json:"cut"`    // why there is more; empty when there is not
	Handed bool              `json:"handed"` // at a handover: it has told everything

	Kind string `json:"kind"` // of a worker: what it drew ("canvas"), or what part of a notification
	Text string `json:"text"`
}

// flashOrders has a target tell what its documents show from before their
// first script on. Our world's script comes first: the other looks for it.
func (s *Session) flashOrders(t *target) []order {
	if !t.page() && t.kind != "iframe" {
		if t.kind == "worker" {
			return nil // to hold many of these at their first line crashes the renderer
		}
		// A worker that waits has no functions to stand in for yet: it is held
		// once more, before its script's first line.
		return []order{
			orderOf(proto.RuntimeAddBinding{Name: tellBinding}),
			orderOf(proto.DebuggerEnable{}),
			orderOf(proto.DebuggerSetInstrumentationBreakpoint{Instrumentation: proto.DebuggerSetInstrumentationBreakpointInstrumentationBeforeScriptExecution}),
		}
	}
	// The runtime comes first: a world that was made before it would never get
	// the binding, and a pop-up's first worlds are those of its next document.
	//
	// What closes a pop-up, or takes out a frame in a process of its own, ends
	// it before it could tell what it showed.
	eager := t != s.front()
	return []order{
		orderOf(proto.RuntimeEnable{}),
		bindingOrder(),
		orderOf(proto.PageAddScriptToEvaluateOnNewDocument{Source: flashScript(eager), WorldName: worldName, RunImmediately: true}),
		orderOf(proto.PageAddScriptToEvaluateOnNewDocument{Source: hooksScript(hooksPageEnd), RunImmediately: true}),
	}
}

// bindingOrder gives our scripts in pages and frames their way to tell.
func bindingOrder() order {
	return orderOf(proto.RuntimeAddBinding{Name: tellBinding, ExecutionContextName: worldName})
}

// beginWorker puts our script before that of a worker, and lets it run.
func (s *Session) beginWorker(t *target) {
	if t == nil {
		return
	}
	s.spawn(openLimit, func(ctx context.Context) {
		// What cannot be told is not told; the worker must run.
		_, _ = t.postAll(ctx, []order{
			orderOf(proto.RuntimeEvaluate{Expression: hooksScript(hooksWorkerEnd), Silent: true}),
			orderOf(proto.DebuggerResume{}),
		})
	})
}

// leaveWorker holds a worker that has gone on no more. The debugger stays: to
// take it away so early ends the renderer, where the worker's script is empty.
func (s *Session) leaveWorker(t *target) {
	if t == nil {
		return
	}
	s.spawn(openLimit, func(ctx context.Context) {
		_, _ = t.postAll(ctx, []order{orderOf(proto.DebuggerSetSkipAllPauses{Skip: true})}) // it may be gone
	})
}

// flashed takes what a document or worker told.
func (s *Session) flashed(t *target, m *rod.Message) {
	var e proto.RuntimeBindingCalled
	if t != nil && load(m, &e) && e.Name == tellBinding {
		s.takeFlash(t, t.home(e.ExecutionContextID), []byte(e.Payload))
	}
}

// takeFlash takes one message of a script of ours; one that is none is left.
func (s *Session) takeFlash(t *target, from proto.PageFrameID, payload []byte) {
	var said flashMessage
	if json.Unmarshal(payload, &said) != nil {
		return
	}
	if said.Handed {
		select {
		case s.handed <- struct{}{}:
		default: // nobody waits
		}
		return
	}
	if said.Kind != "" {
		s.saidByWorker(t, said.Kind, said.Text)
		return
	}
	frame := s.inFrame(t, from)
	for _, x := range said.Page {
		s.flashes.add(frame, history.SurfacePage, said.URL, x.Where, x.Text)
	}
	for _, x := range said.Field {
		s.flashes.add(frame, history.SurfaceField, said.URL, x.Where, x.Text)
	}
	for _, x := range said.Notice {
		s.notices.add(frame, history.SurfaceNotice, said.URL, x.Where, x.Text)
	}
	if said.Cut != "" {
		s.flashes.miss(frame, history.SurfacePage, said.URL, said.Cut)
	}
}

func (s *Session) saidByWorker(t *target, kind, text string) {
	if kind == "canvas" {
		s.flashes.add("", history.SurfacePage, t.address, kind, text)
		return
	}
	s.notices.add("", history.SurfaceNotice, t.address, kind, text)
}

// partingLimit is how long a page or frame has to tell what it shows before it
// is closed.
const partingLimit = 300 * time.Millisecond

// part has the session's pages and frames tell what they show and no look has
// read, several at once. What they say comes as flashes, at the latest when
// the session's events have ended.
func (s *Session) part(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, partingLimit)
	defer cancel()
	s.askAll(ctx, "parting", nil)
}

// askAll asks all pages and frames but one for something, several at once.
func (s *Session) askAll(ctx context.Context, function string, but *target) {
	slots := make(chan struct{}, looksAtOnce)
	var all sync.WaitGroup
	for _, t := range s.viewed() {
		if t == but {
			continue
		}
		slots <- struct{}{}
		all.Go(func() {
			_ = t.ask(ctx, nil, function) // one that does not answer showed it to the look before, or was said to be unseen
			<-slots
		})
	}
	all.Wait()
}

// recordFlashes pours what was told since the last look into the sink.
func (s *Session) recordFlashes(ctx context.Context) { s.recordTold(ctx, &s.flashes.told) }
