package browser

import (
	"context"
	"sync"

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
}

// toldPage is what was told on one surface at one address.
type toldPage struct {
	surface history.Surface
	address string
	texts   []history.Segment
	unseen  string // why there was more; empty when there was not
}

type toldText struct {
	surface              history.Surface
	address, where, text string
}

// add keeps a text. What is over the bounds is said to be unseen.
func (p *told) add(surface history.Surface, address, where, text string) {
	if text == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(text) > longestTold {
		text = text[:longestTold]
		p.page(surface, address).unseen = "a text was longer than is kept"
	}
	key := toldText{surface, address, where, text}
	if p.known[key] {
		return
	}
	p.size += len(text)
	if len(p.known) >= mostTold || p.size > mostToldBytes {
		p.lacks(surface, address, "more was told than is kept")
		return
	}
	if p.known == nil {
		p.known = map[toldText]bool{}
	}
	p.known[key] = true
	page := p.page(surface, address)
	page.texts = append(page.texts, history.Segment{Where: where, Text: text})
}

// miss says that something on this surface could not be had.
func (p *told) miss(surface history.Surface, address, reason string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lacks(surface, address, reason)
}

// lacks is miss with p.mu held. Addresses are bounded too.
func (p *told) lacks(surface history.Surface, address, reason string) {
	if len(p.pages) < mostTold {
		p.page(surface, address).unseen = reason
	}
}

// page is where a surface's texts at an address are kept. p.mu must be held.
func (p *told) page(surface history.Surface, address string) *toldPage {
	for i := len(p.pages) - 1; i >= 0; i-- {
		if at := p.pages[i]; at.surface == surface && at.address == address {
			return at
		}
	}
	at := &toldPage{surface: surface, address: address}
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
		if len(at.texts) > 0 && s.sight(at.surface, at.address, at.texts) {
			foreign = true
		}
		if at.unseen != "" {
			missing := s.sighting(at.surface, at.address)
			missing.Body.Unseen = at.unseen
			s.spec.Sink.Sighting(missing, nil)
		}
	}
	if foreign && ctx.Err() == nil {
		s.shoot(ctx)
	}
}
