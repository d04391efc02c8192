package leak

import (
	"fmt"
	"slices"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// guestKeys knows the keys of customers who are not signed in: where members
// stand with the key of their account, a guest stands with one of the session,
// or of the one order. It lasts too short to be seen again and again. But each
// session has one of its own, in one and the same place, and who is shown that
// of another's and then, in this place, their own, was shown what was not meant
// for them.
//
// What all guests have by default is none: nobody has it in the place where
// others have their own. Nor is what one chooses, for then one has sent it.
type guestKeys struct {
	kinds  map[personalSlot]string // what stands at slots of one kind: a member's key
	of     map[string]*guestKey    // by value
	had    map[guestSession][]*guestKey
	owners map[string]map[string]bool // by kind: customers with a guest's key
}

// guestKey is a value, and the session that was shown it before all others.
type guestKey struct {
	value, viewer string
	in            guestSession
	sites         map[personalSlot]bool // where that session was shown it
	from, last    history.Moment        // when
}

type guestSession struct {
	session *session
	kind    string
}

// learnGuests learns which session was shown a key first, where members have
// theirs. A copy is not made for who is given it.
func (c *court) learnGuests() {
	g := &guestKeys{
		kinds: map[personalSlot]string{}, of: map[string]*guestKey{}, had: map[guestSession][]*guestKey{},
		owners: map[string]map[string]bool{},
	}
	c.keys.guests = g
	for at, slot := range c.keys.slots {
		if owners := sortedKeys(slot.own); len(owners) > 0 {
			g.kinds[at] = slot.own[owners[0]]
		}
	}
	for _, s := range c.rec.sightings {
		if !c.guestly(s) || s.exchange != nil && markOf(s.exchange) != "" {
			continue
		}
		for _, v := range c.rareOf(s) {
			if kind := g.kinds[v.at]; kind != "" && c.keys.owner(v.value) == "" {
				g.note(v, s, kind)
			}
		}
	}
	for in, all := range g.had {
		if len(all) != 1 {
			continue
		}
		if g.owners[in.kind] == nil {
			g.owners[in.kind] = map[string]bool{}
		}
		g.owners[in.kind][all[0].viewer] = true
	}
}

// guestly says that a sighting can show a customer a key of their session's. What
// a client shows that several used says little of whose it is.
func (c *court) guestly(s *sighting) bool {
	return s.viewer != history.Nobody && (s.session.solo() || s.session.round()) && !s.session.heirs() && c.content(s)
}

func (g *guestKeys) note(v rareValue, s *sighting, kind string) {
	in := guestSession{s.session, kind}
	key := g.of[v.value]
	if key == nil {
		key = &guestKey{value: v.value, viewer: s.viewer, in: in, sites: map[personalSlot]bool{}, from: s.at}
		g.of[v.value] = key
		g.had[in] = append(g.had[in], key)
	}
	if key.in == in {
		key.sites[v.at] = true
		key.last = max(key.last, s.at)
	}
}

// sole is the one key of a session; nil when it had none, or several, so that
// they are what it looked at and not who looked.
func (g *guestKeys) sole(in guestSession) *guestKey {
	if all := g.had[in]; len(all) == 1 {
		return all[0]
	}
	return nil
}

// astray is whose session's key stands at a place, and the viewer's own.
func (g *guestKeys) astray(v rareValue, s *sighting) (theirs, own *guestKey) {
	kind := g.kinds[v.at]
	theirs, own = g.of[v.value], g.sole(guestSession{s.session, kind})
	switch {
	case theirs == nil || own == nil || theirs == own || theirs.viewer == s.viewer || theirs.in.kind != kind:
		return nil, nil
	case g.sole(theirs.in) == nil || len(g.owners[kind]) < keyOwners:
		return nil, nil
	}
	for at := range own.sites {
		if theirs.sites[at] {
			return theirs, own
		}
	}
	return nil, nil
}

// anothersGuestKey applies the rule "own place, another's value" to the keys of
// guests.
func (c *court) anothersGuestKey(s *sighting, rare []rareValue, found []proof) []proof {
	if !c.guestly(s) {
		return nil
	}
	var proofs []proof
	for _, v := range rare {
		theirs, own := c.keys.guests.astray(v, s)
		if theirs == nil || shows(found, theirs.viewer) || c.nobodysOwn(s, v.value) || c.gave(s.session, v.value, s.at) {
			continue
		}
		p := c.keyProof(s, v, theirs.viewer)
		if own.last <= s.at {
			p.strength = Suspicion // it may have become theirs
		}
		p.note = fmt.Sprintf("at %s of %s each has a key of their own, a guest one for each session: %s was shown the one that %s had first (session %s), and had another, %s",
			placeWithin(v.at.where), s.place, s.viewer, theirs.viewer, theirs.in.session.ID, moment(s.at))
		proofs = append(proofs, p)
	}
	return proofs
}

// gave says that a session sent a value by itself before.
func (c *court) gave(by *session, value string, before history.Moment) bool {
	key := match.Key(value)
	return slices.ContainsFunc(by.exchanges, func(x *exchange) bool {
		if x.start > before {
			return false
		}
		if sends(x.url, key) || x.request.Hash == "" {
			return sends(x.url, key)
		}
		body, err := c.history.Body(x.request.Hash)
		return err == nil && (contains(plainForm(string(body)), key) || contains(string(body), key))
	})
}
