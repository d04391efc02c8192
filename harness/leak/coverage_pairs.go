package leak

import (
	"crosstalk/harness/history"
)

// presence says when each customer was last at a place, as visits come by in
// the order of time.
type presence struct {
	last  string // the customer who was here last, if any
	there map[string]history.Moment
	edges map[string]map[string]history.Moment // the same by who answered
	pairs map[[2]string]bool
	same  map[[2]string]bool // of the pairs: those that met at one and the same edge
	by    map[string]*metBy  // schedule
}

// metBy is what one schedule made of a place.
type metBy struct {
	exposures int
	pairs     map[[2]string]bool
}

func newPresence() presence {
	return presence{
		there: map[string]history.Moment{}, edges: map[string]map[string]history.Moment{},
		pairs: map[[2]string]bool{}, same: map[[2]string]bool{}, by: map[string]*metBy{},
	}
}

// expose counts the visit as an exposure when another customer was there last
// and not longer ago than the window of the visit's round, and the pairs it
// makes with everyone who was there within it: the last copy in a cache need
// not be the last visitor's. Who was there without being known to the shop left
// nothing that could be shown to the next.
func (p *presence) expose(v *stay, window history.Moment) (exposed bool) {
	s := v.first
	if p.last != "" && s.viewer != p.last && s.at-p.there[p.last] <= window {
		exposed = true
		p.meet(v, window)
	}
	if s.viewer == history.Nobody || !v.signed && !v.own {
		return exposed
	}
	p.last, p.there[s.viewer] = s.viewer, v.last
	if edge := v.edge(); edge != "" && edge != otherEdges {
		if p.edges[edge] == nil {
			p.edges[edge] = map[string]history.Moment{}
		}
		p.edges[edge][s.viewer] = v.last
	}
	return exposed
}

func (p *presence) meet(v *stay, window history.Moment) {
	s := v.first
	met := p.by[s.session.Phase]
	if met == nil {
		met = &metBy{pairs: map[[2]string]bool{}}
		p.by[s.session.Phase] = met
	}
	met.exposures++
	if s.viewer == history.Nobody {
		return
	}
	for who, when := range p.there {
		if pair := ([2]string{who, s.viewer}); who != s.viewer && s.at-when <= window {
			p.pairs[pair], met.pairs[pair] = true, true
		}
	}
	for who, when := range p.edges[v.edge()] {
		if who != s.viewer && s.at-when <= window {
			p.same[[2]string{who, s.viewer}] = true
		}
	}
}

// schedules are what each schedule made of the place.
func (p *presence) schedules() map[string]Met {
	all := map[string]Met{}
	for name, met := range p.by {
		all[name] = Met{Exposures: met.exposures, Pairs: len(met.pairs)}
	}
	return all
}
