package browser

import (
	"strings"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
)

// mostHomes bounds the documents of a target whose address is remembered.
const mostHomes = 2000

// homes know where a target's documents and scripts stand. Only the event
// loop uses them.
type homes struct {
	frames    map[proto.RuntimeExecutionContextID]proto.PageFrameID
	addresses map[proto.PageFrameID]string
}

// track follows the target's documents as they come and go.
func (t *target) track(m *rod.Message) {
	if t == nil {
		return
	}
	switch m.Method {
	case "Runtime.executionContextCreated":
		handled(m, t.born)
	case "Runtime.executionContextDestroyed":
		handled(m, func(e *proto.RuntimeExecutionContextDestroyed) { delete(t.homes.frames, e.ExecutionContextID) })
	case "Page.frameNavigated":
		handled(m, func(e *proto.PageFrameNavigated) { t.moved(e.Frame.ID, e.Frame.URL) })
	case "Page.navigatedWithinDocument":
		handled(m, func(e *proto.PageNavigatedWithinDocument) { t.moved(e.FrameID, e.URL) })
	case "Page.frameDetached":
		handled(m, func(e *proto.PageFrameDetached) { delete(t.homes.addresses, e.FrameID) })
	}
}

func (t *target) born(e *proto.RuntimeExecutionContextCreated) {
	if e.Context == nil {
		return
	}
	if frame, ok := e.Context.AuxData["frameId"]; ok {
		if t.homes.frames == nil || len(t.homes.frames) >= mostHomes {
			t.homes.frames = map[proto.RuntimeExecutionContextID]proto.PageFrameID{}
		}
		t.homes.frames[e.Context.ID] = proto.PageFrameID(frame.Str())
	}
}

func (t *target) moved(frame proto.PageFrameID, address string) {
	if t.homes.addresses == nil || len(t.homes.addresses) >= mostHomes {
		t.homes.addresses = map[proto.PageFrameID]string{}
	}
	t.homes.addresses[frame] = address
}

// home is the frame a script runs in; empty for a worker's, and for those of
// documents that were there before the target was watched.
func (t *target) home(script proto.RuntimeExecutionContextID) proto.PageFrameID {
	return t.homes.frames[script]
}

// standsAt is the address of a frame's document. One without an address of its
// own stands at the target's.
func (t *target) standsAt(frame proto.PageFrameID) string {
	for _, address := range []string{t.homes.addresses[frame], t.homes.addresses[t.frame()]} {
		if address != "" && !strings.HasPrefix(address, "about:") {
			return address
		}
	}
	return t.address
}
