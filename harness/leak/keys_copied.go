package leak

import (
	"fmt"
	"sort"
	"strings"

	"crosstalk/harness/history"
)

// copiedKeys are the addresses of which copies were asked for whose key they
// hold, by address and where in the answer.
type copiedKeys map[[2]string]*originals

// originals are the answers of an address that were no copies, as far as they
// show a key at one place.
type originals struct {
	sessions map[string]map[string]bool // viewer → those in which they were shown their own
	all      int                        // how many sessions
	mixed    bool                       // somebody was shown another's, or one that is nobody's
	kept     bool                       // some may well be kept for all
}

// keyCopySessions is in how many sessions an address must have answered with the
// key of who asked, and never with another's, for that to be no chance.
const keyCopySessions = 3

// copiedKey proves that a viewer was given a copy of the answer that another
// customer was given, with a key of that one's: a cache that hands on one answer
// from solo on shows nobody else their own, so that no place of theirs is known.
// But each who was not given a copy was shown their own there, and the viewer has
// one of the same kind elsewhere.
func (c *court) copiedKey(v rareValue, s *sighting) (proof, bool) {
	x := s.exchange
	if x == nil || s.surface != history.SurfaceResponse || v.at.surface != s.surface || c.keys.slots[v.at] != nil || s.viewer == history.Nobody {
		return proof{}, false
	}
	owner := c.keys.owner(v.value)
	if owner == "" || owner == s.viewer || c.keys.beside(v.value, owner, s.viewer) == "" || !c.copyOfTheirs(x, owner) {
		return proof{}, false
	}
	o := c.originalsOf(x, v.at.where)
	if o.mixed || len(o.sessions[owner]) == 0 || o.all < keySessions {
		return proof{}, false
	}
	p := c.keyProof(s, v, owner)
	p.note = fmt.Sprintf("%s shows who asks a key of their own at %s where it gives no copy, in %d sessions of %s; %s, who has another, was given a copy of what %s was shown, %s",
		s.place, placeWithin(v.at.where), o.all, strings.Join(sortedKeys(o.sessions), ", "), name(s.viewer), owner, moment(s.at))
	if doubt := o.doubt(); doubt != "" {
		p.strength = Suspicion
		p.note += doubt
	}
	return p, true
}

// doubt is what else can be so. Pages for all are filled by chance, and those who
// have just written there, by them: what says that an answer is for one alone,
// the page of a shop often says as well, but not to who shows a credential of
// their own with each request.
func (o *originals) doubt() string {
	switch {
	case o.all < keyCopySessions:
		return "; not certain: that it was their own each time can be chance"
	case len(o.sessions) < keySoloOwners && o.kept:
		return "; not certain: nobody else was given any but copies, so that it can be a page for all that names this one"
	}
	return ""
}

// copyOfTheirs says that an answer is, by its signs and to the byte, a copy of
// one that its owner was given before.
func (c *court) copyOfTheirs(x *exchange, owner string) bool {
	all := c.rec.byURL[x.url]
	end := sort.Search(len(all), func(i int) bool { return all[i].start >= x.start })
	for i := end - 1; i >= max(0, end-mostCopies); i-- {
		e := all[i]
		if e.viewer != owner || e.body.Hash != x.body.Hash || !original(e) || !storable(e.method) {
			continue
		}
		if _, ok := copied(e, x); ok {
			return true
		}
	}
	return false
}

func (c *court) originalsOf(x *exchange, where string) *originals {
	at := [2]string{x.url, where}
	known := c.keys.copied[at]
	if known == nil {
		known = c.readOriginals(x.url, where)
		c.keys.copied[at] = known
	}
	return known
}

func (c *court) readOriginals(address, where string) *originals {
	o := &originals{sessions: map[string]map[string]bool{}}
	for _, e := range c.rec.byURL[address] {
		if !original(e) || e.session.heirs() {
			continue
		}
		for _, r := range e.body.remarks.rare {
			switch {
			case r.where != where:
			case c.keys.owner(r.value) != e.viewer:
				o.mixed = true
			default:
				o.note(e)
			}
		}
	}
	return o
}

func (o *originals) note(e *exchange) {
	if o.sessions[e.viewer] == nil {
		o.sessions[e.viewer] = map[string]bool{}
	}
	if !o.sessions[e.viewer][e.session.ID] {
		o.sessions[e.viewer][e.session.ID] = true
		o.all++
	}
	o.kept = o.kept || !e.guarded
}

// guarded says that no cache may keep the answer to a request for others: who
// asks says who they are in so many words, and the answer that it is theirs.
// Either alone is said of much that is for all.
func guarded(asked, answered []history.Header) bool {
	return headerHas(asked, "authorization", "") && (headerHas(answered, "cache-control", "private") || headerHas(answered, "cache-control", "no-store"))
}

func headerHas(lines []history.Header, called, word string) bool {
	for _, l := range lines {
		if strings.EqualFold(l.Name, called) && strings.Contains(strings.ToLower(l.Value), word) {
			return true
		}
	}
	return false
}
