package leak

import (
	"slices"
	"sort"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// Limits of what a target's addresses can make grow.
const (
	mostNeverOwn = 200
	mostPlain    = 10_000 // places that are kept in mind
)

// plainPlaces are where customers were while they were signed in, and which of
// these places ever showed anybody own data.
type plainPlaces struct {
	visits map[history.Place]map[history.Surface]int
	own    map[history.Place]bool
}

func newPlainPlaces() *plainPlaces {
	return &plainPlaces{visits: map[history.Place]map[history.Surface]int{}, own: map[history.Place]bool{}}
}

// visit notes that a customer came to a document, or asked for data. An error
// is nobody's page, and what has no content shows nothing by its nature.
func (p *plainPlaces) visit(s *sighting) {
	if s.viewer == history.Nobody || !s.session.signedIn(s.at) || s.surface == history.SurfaceField {
		return
	}
	if x := s.exchange; x != nil && (x.status >= 300 || bodiless(x.status)) {
		return
	}
	at := p.visits[s.place]
	if at == nil && len(p.visits) >= mostPlain {
		return
	}
	if at == nil {
		at = map[history.Surface]int{}
		p.visits[s.place] = at
	}
	at[s.surface]++
}

// show notes that a place showed its viewer something of their own. Of weak
// values it asks where solo found such, and nowhere else: a word of the shop can
// be somebody's first name.
func (p *plainPlaces) show(c *court, s *sighting) {
	if p.own[s.place] || s.viewer == history.Nobody {
		return
	}
	if c.slots.places[stage{s.place, s.surface}] {
		p.own[s.place] = true
		return
	}
	for _, h := range c.seen.hitsOf(s) {
		if m := c.own.markers[h.marker]; m.Owner == s.viewer && !m.public && m.Strength == customer.Strong {
			p.own[s.place] = true
			return
		}
	}
	p.own[s.place] = c.showsOwnMask(s)
}

// showsOwnMask says whether a sighting showed its viewer a mask that fits a
// value of theirs, and of nobody else.
func (c *court) showsOwnMask(s *sighting) bool {
	return showsMasks(s) && slices.ContainsFunc(c.seen.contentOf(s).masks, func(m maskAt) bool { return m.fit.sole == s.viewer })
}

// keyed notes the places where each customer was shown a key of their own: what
// went astray there would be seen.
func (p *plainPlaces) keyed(k *keys) {
	for at := range k.slots {
		p.own[at.place] = true
	}
}

// neverOwn are the places that never did, the most visited first. A document
// and what was rendered of it are one place, listed as what a person sees.
func (p *plainPlaces) neverOwn() []NeverOwn {
	all := []NeverOwn{}
	for place, by := range p.visits {
		if p.own[place] {
			continue
		}
		one := NeverOwn{Place: place, Surface: history.SurfacePage, Visits: by[history.SurfacePage]}
		if one.Visits == 0 {
			one.Surface, one.Visits = history.SurfaceResponse, by[history.SurfaceResponse]
		}
		all = append(all, one)
	}
	sort.Slice(all, func(i, k int) bool {
		if all[i].Visits != all[k].Visits {
			return all[i].Visits > all[k].Visits
		}
		return all[i].Place < all[k].Place
	})
	return all[:min(len(all), mostNeverOwn)]
}
