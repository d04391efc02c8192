package leak

import (
	"fmt"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// KindIdentifier is the kind, in findings, of a value of which one knows only
// that it was a customer's own.
const KindIdentifier = "identifier"

// personal knows the places at which solo showed every customer a random value
// of their own.
type personal struct {
	places   map[personalSlot]*personalStanding
	reported map[string]bool            // values that the token ledger reports
	heard    map[heard]bool             // of headers, in solo
	early    map[string]map[string]bool // by value: customers to whom solo showed it, anywhere, and not as a copy
	repeated map[string]bool            // headers that said the same to a customer twice
	thing    map[string]bool            // values that name things; asked for so far
}

// heard is what a header said to a customer, wherever.
type heard struct{ name, viewer, value string }

// personalSlot is a place, and where in it.
type personalSlot struct {
	place   history.Place
	surface history.Surface
	where   string
}

// personalStanding is what was seen at such a place.
type personalStanding struct {
	values  map[string]*holding       // solo's, then also the rounds'
	solo    map[string]map[string]int // by customer: the values, and how often
	holders map[string]bool
	turns   []turn // each value's first time with each customer, in order of time
	chosen  bool   // from a stock, for each visit anew
}

// holding is who was shown a value, the first first.
type holding struct {
	first string // a passer-by's is public
	who   map[string]bool
	early bool // solo showed it
}

// A value of one's own is shown to three customers at least before one
// believes that it is; see also the token ledger.
const (
	personalCustomers = 3
	personalValues    = 3
	personalRepeats   = 2 // customers to whom the same value came twice
	fewValues         = 2 // holders for each value, at the least, where there are few
)

// learnPersonal learns from solo which places are personal. It proves nothing
// yet.
func (c *court) learnPersonal() []proof {
	c.personal = &personal{
		places: map[personalSlot]*personalStanding{}, reported: map[string]bool{}, thing: map[string]bool{},
		heard: map[heard]bool{}, repeated: map[string]bool{}, early: map[string]map[string]bool{},
	}
	for _, p := range c.proofs {
		if p.rule == RuleSharedToken {
			c.personal.reported[p.value] = true
		}
	}
	for _, s := range c.rec.sightings {
		if !s.session.solo() || !c.canHold(s) {
			continue
		}
		for _, v := range c.rareOf(s) {
			c.personal.learn(v, s)
		}
	}
	c.choosePlaces()
	c.holdRounds()
	for _, st := range c.personal.places {
		st.chosen = st.changes() && fromStock(st.turns) || st.few()
	}
	return nil
}

// holdRounds notes who was shown what at such places later on.
func (c *court) holdRounds() {
	for _, s := range c.rec.sightings {
		if len(c.personal.places) == 0 || !s.session.round() || !c.canHold(s) {
			continue
		}
		for _, v := range c.rareOf(s) {
			if st := c.personal.places[v.at]; st != nil {
				st.hold(v.value, s)
			}
		}
	}
}

// choosePlaces keeps the places that are personal.
func (c *court) choosePlaces() {
	for at, st := range c.personal.places {
		lasting := at.surface != history.SurfaceHeader || c.personal.repeated[at.where]
		if !lasting || !st.personal(c.isOwnPlace(at.place)) || c.personal.several(st) {
			delete(c.personal.places, at)
		}
	}
}

func (p *personal) learn(v rareValue, s *sighting) {
	viewer := s.viewer
	st := p.places[v.at]
	if st == nil {
		st = &personalStanding{values: map[string]*holding{}, solo: map[string]map[string]int{}, holders: map[string]bool{}}
		p.places[v.at] = st
	}
	st.hold(v.value, s).early = true
	if viewer == history.Nobody {
		return
	}
	if st.solo[viewer] == nil {
		st.solo[viewer] = map[string]int{}
	}
	st.solo[viewer][v.value]++
	if s.exchange == nil || markOf(s.exchange) == "" {
		p.meet(v.value, viewer)
	}
	if h := (heard{v.at.where, viewer, v.value}); v.at.surface == history.SurfaceHeader {
		p.repeated[h.name] = p.repeated[h.name] || p.heard[h]
		p.heard[h] = true
	}
}

func (p *personal) meet(value, viewer string) {
	if p.early[value] == nil {
		p.early[value] = map[string]bool{}
	}
	p.early[value][viewer] = true
}

// several says that solo showed each value of a place to several customers, at
// one place or another: it is by chance that they differ at this one.
func (p *personal) several(st *personalStanding) bool {
	for value := range st.values {
		if len(p.early[value]) < 2 {
			return false
		}
	}
	return true
}

// changes says that customers were shown new values all the time, that nobody
// had been shown before.
func (st *personalStanding) changes() bool {
	firsts, owners := map[string]int{}, 0
	for _, h := range st.values {
		if firsts[h.first]++; firsts[h.first] == 2 {
			owners++
		}
	}
	return owners >= renewing
}

// few says that there are hardly any values for many customers, each of whom is
// shown now this one and now that one: the arms of an experiment, of which solo
// had met one for each by chance. What is one's own is as many values as
// customers, also where some are shown each other's.
func (st *personalStanding) few() bool {
	for _, h := range st.values {
		if len(h.who) < personalCustomers {
			return false
		}
	}
	return fewValues*len(st.values) <= len(st.holders)
}

func (st *personalStanding) hold(value string, s *sighting) *holding {
	h, who := st.values[value], s.viewer
	if h == nil {
		h = &holding{first: who, who: map[string]bool{}}
		st.values[value] = h
	}
	if !h.who[who] {
		st.turns = append(st.turns, turn{value, who, s.at})
	}
	h.who[who], st.holders[who] = true, true
	return h
}

// personal says whether solo's values differed for every customer, and did so
// because of who asked: each was shown one, at a place that shows its viewer's
// own data, or again and again. What is new in each answer (a nonce, the number
// of a request) is the answer's, and a cache that hands it on does nobody harm.
func (st *personalStanding) personal(ownPlace bool) bool {
	if len(st.solo) < personalCustomers || len(st.values) < personalValues {
		return false
	}
	for _, h := range st.values {
		if len(h.who) > 1 {
			return false
		}
	}
	again := 0
	for _, values := range st.solo {
		if len(values) > 1 {
			return false
		}
		for _, times := range values {
			again += min(times-1, 1)
		}
	}
	return ownPlace || again >= personalRepeats
}

func (c *court) isOwnPlace(place history.Place) bool {
	return c.slots.places[stage{place, history.SurfaceResponse}] || c.slots.places[stage{place, history.SurfacePage}]
}

// shared applies the rule "personal place, shared value". What is shown of
// another customer at the same spot says more, and is not said twice.
func (c *court) shared(s *sighting, found []proof) []proof {
	if !s.session.round() || !c.canHold(s) || len(c.personal.places) == 0 {
		return nil
	}
	var proofs []proof
	for _, v := range c.rareOf(s) {
		st := c.personal.places[v.at]
		if st == nil || st.chosen || c.personal.reported[v.value] {
			continue
		}
		h := st.values[v.value]
		if h.first == s.viewer || h.first == history.Nobody || s.session.predecessors(s.at)[h.first] || st.common(h, v.at.where) || shows(found, h.first) {
			continue
		}
		if !c.public(s, v.value) && c.turns(v.value) != goes {
			proofs = append(proofs, c.sharedProof(s, v, h.first))
		}
	}
	return proofs
}

// nobodysOwn says that a random value says nothing of a customer: it is public,
// or it turns with time, as it seems.
func (c *court) nobodysOwn(s *sighting, value string) bool {
	return c.public(s, value) || c.turns(value) != stays
}

// public says that a value names a thing, or that the session had sent it itself.
func (c *court) public(s *sighting, value string) bool {
	return c.namesThing(value) || c.echoed(s, match.Key(value))
}

// common says that a value of the rounds is what many have by default (the
// digest of an empty page): more than two do, or it came in place of what its
// first holder had for their own. Where everybody is given new ones all the
// time (a number of the session) the latter says nothing, unless it is a digest
// of what is shown.
func (st *personalStanding) common(h *holding, where string) bool {
	if h.early {
		return false
	}
	renewed := len(st.values) >= 2*len(st.holders) && where != "etag"
	return len(h.who) > 2 && 4*len(h.who) > len(st.holders) || st.solo[h.first] != nil && !renewed
}

func shows(found []proof, victim string) bool {
	for _, p := range found {
		if p.victim == victim {
			return true
		}
	}
	return false
}

func (c *court) sharedProof(s *sighting, v rareValue, first string) proof {
	if v.at.surface != s.surface {
		s = onSurface(s, v.at.surface)
	}
	return proof{
		rule: RulePersonalPlace, strength: Suspicion, viewer: s.viewer, victim: first, kind: KindIdentifier, where: v.at.where,
		sighting: s, value: v.value, snippet: oneLine(placeWithin(v.at.where) + ": " + v.value), decoded: []string{},
		note: fmt.Sprintf("solo showed every customer another value at %s of %s; here %s was shown the one that %s had been shown first",
			placeWithin(v.at.where), s.place, name(s.viewer), name(first)),
	}
}

// onSurface is a sighting as one of another surface: of an answer, its header.
func onSurface(s *sighting, on history.Surface) *sighting {
	other, scene := *s, *s.scene
	scene.surface = on
	other.scene = &scene
	return &other
}
