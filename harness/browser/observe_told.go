package browser

import (
	"context"
	"sync"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

const (
	// mostTold and mostToldBytes bound what a session is told between two
	// looks, of its flashes and of its notices each.
	mostTold      = 8000
	mostToldBytes = 8 << 20
	// longestTold is how much of one text is kept, in bytes.
	longestTold = 64 << 10
)

// told keeps what targets tell on their own until the next look takes it:
// each text once, in order, apart by surface and address.
type told struct {
	mu    sync.Mutex
	pages []*toldPage
	known map[toldText]bool
	size  int
	whose func() string // who uses the session; set once, before the first text; nil: it is not asked
}

// toldPage is what was told on one surface at one address.
type toldPage struct {
	frame   proto.PageFrameID // empty for the session's own page, and for workers
	surface history.Surface
	address string
	texts   []history.Segment
	viewer  string // who used the session when it was told
	unseen  string // why there was more; empty when there was not
}

type toldText struct {
	frame                        proto.PageFrameID
	surface                      history.Surface
	viewer, address, where, text string
}

func (p *told) viewer() string {
	if p.whose == nil {
		return ""
	}
	return p.whose()
}

// add keeps a text. What is over the bounds is said to be unseen.
func (p *told) add(frame proto.PageFrameID, surface history.Surface, address, where, text string) {
	p.addFor(p.viewer(), frame, surface, address, where, text)
}

// addFor is add for what was told to one who may use the session no more.
func (p *told) addFor(viewer string, frame proto.PageFrameID, surface history.Surface, address, where, text string) {
	if text == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(text) > longestTold {
		text = text[:longestTold]
		p.page(viewer, frame, surface, address).unseen = "a text was longer than is kept"
	}
	key := toldText{frame, surface, viewer, address, where, text}
	if p.known[key] {
		return
	}
	p.size += len(text)
	if len(p.known) >= mostTold || p.size > mostToldBytes {
		p.lacks(viewer, frame, surface, address, "more was told than is kept")
		return
	}
	if p.known == nil {
		p.known = map[toldText]bool{}
	}
	p.known[key] = true
	page := p.page(viewer, frame, surface, address)
	page.texts = append(page.texts, history.Segment{Where: where, Text: text})
}

// miss says that something on this surface could not be had.
func (p *told) miss(frame proto.PageFrameID, surface history.Surface, address, reason string) {
	viewer := p.viewer()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lacks(viewer, frame, surface, address, reason)
}

// lacks is miss with p.mu held. Addresses are bounded too.
func (p *told) lacks(viewer string, frame proto.PageFrameID, surface history.Surface, address, reason string) {
	if len(p.pages) < mostTold {
		p.page(viewer, frame, surface, address).unseen = reason
	}
}

// page is where a surface's texts at an address are kept. p.mu must be held.
func (p *told) page(viewer string, frame proto.PageFrameID, surface history.Surface, address string) *toldPage {
	for i := len(p.pages) - 1; i >= 0; i-- {
		if at := p.pages[i]; at.viewer == viewer && at.frame == frame && at.surface == surface && at.address == address {
			return at
		}
	}
	at := &toldPage{viewer: viewer, frame: frame, surface: surface, address: address}
	p.pages = append(p.pages, at)
	return at
}

// take answers what was told since the last take.
func (p *told) take() []*toldPage {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.pages
	p.pages, p.known, p.size = nil, nil, 0
	return all
}

// recordTold pours what was told since the last look into the sink.
func (s *Session) recordTold(ctx context.Context, p *told) {
	foreign := false
	for _, at := range p.take() {
		frame := ""
		if at.frame != "" {
			frame = s.frames.name(string(at.frame))
		}
		if len(at.texts) > 0 && s.sightFlash(frame, at) {
			foreign = true
		}
		if at.unseen != "" {
			s.unseenBy(at.viewer, frame, at.surface, at.address, at.unseen)
		}
	}
	if foreign && ctx.Err() == nil {
		s.shoot(ctx)
	}
}

// inFrame is how told knows a frame: the session's own page has no name.
func (s *Session) inFrame(t *target, frame proto.PageFrameID) proto.PageFrameID {
	if frame == "" {
		frame = t.frame()
	}
	if main := s.front(); main == nil || frame == main.frame() || !t.page() && t.kind != iframeTarget {
		return ""
	}
	return frame
}
