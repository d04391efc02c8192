package leak

import (
	"fmt"
	"slices"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// guestKeys knows the keys that last a session: where members stand with the key
// of their account, a guest stands with one of the visit, or of the one order.
// Nobody is shown it again and again in several visits. But each session has one
// of its own, which stands at more places there than anywhere else. Who was shown
// another session's, and has one of their own at a place where that one has its,
// was shown what was not meant for them.
//
// What all guests have by default is none: nobody has it in the place where
// others have their own. Nor is what one chooses, for then one has sent it.
type guestKeys struct {
	slots  map[personalSlot]guestSlot
	shown  map[string]map[guestSession]*guestKey
	of     map[string]*guestKey // by value: where it is the session's own
	had    map[guestSession][]*guestKey
	owners map[string]map[string]bool // by kind: customers with such a key
}

// guestKey is a value as one session was shown it.
type guestKey struct {
	value, viewer string
	in            guestSession
	sites         []int // slots, each once
	last          history.Moment
}

// guestSlot is a slot by its number, and what stands at slots of its kind: a
// member's key.
type guestSlot struct {
	number int
	kind   string
}

type guestSession struct {
	session *session
	kind    string
}

// learnGuests learns which session's own a key is, where members have theirs. A
// copy is not made for who is given it.
func (c *court) learnGuests() {
	g := &guestKeys{
		slots: map[personalSlot]guestSlot{}, shown: map[string]map[guestSession]*guestKey{}, of: map[string]*guestKey{},
		had: map[guestSession][]*guestKey{}, owners: map[string]map[string]bool{},
	}
	c.keys.guests = g
	for at, slot := range c.keys.slots {
		if owners := sortedKeys(slot.own); len(owners) > 0 {
			g.slots[at] = guestSlot{len(g.slots), slot.own[owners[0]]}
		}
	}
	for _, s := range c.rec.sightings {
		if !c.guestly(s) || s.exchange != nil && markOf(s.exchange) != "" {
			continue
		}
		for _, v := range c.rareOf(s) {
			slot, known := g.slots[v.at]
			if owner := c.keys.owner(v.value); known && (owner == "" || owner == s.viewer) {
				g.note(v.value, s, slot)
			}
		}
	}
	for value, sessions := range g.shown {
		g.settle(sessions, c.keys.owner(value) != "")
	}
	g.shown = nil
	g.count()
}

// guestly says that a sighting can show a customer a key of their session's. What
// a client shows that several used says little of whose it is.
func (c *court) guestly(s *sighting) bool {
	return s.viewer != history.Nobody && (s.session.solo() || s.session.round()) && !s.session.heirs() && c.content(s)
}

func (g *guestKeys) note(value string, s *sighting, at guestSlot) {
	in := guestSession{s.session, at.kind}
	if g.shown[value] == nil {
		g.shown[value] = map[guestSession]*guestKey{}
	}
	key := g.shown[value][in]
	if key == nil {
		key = &guestKey{value: value, viewer: s.viewer, in: in}
		g.shown[value][in] = key
	}
	if !slices.Contains(key.sites, at.number) {
		key.sites = append(key.sites, at.number)
	}
	key.last = max(key.last, s.at)
}

// settle says whose own a value is: the session's that was shown it at the most
// places. In what race there was, it need not have been the first. A member's is
// theirs in each session.
func (g *guestKeys) settle(sessions map[guestSession]*guestKey, members bool) {
	var most *guestKey
	rival := 0
	for in, key := range sessions {
		switch {
		case members:
			g.had[in] = append(g.had[in], key)
		case most == nil || len(key.sites) > len(most.sites) || len(key.sites) == len(most.sites) && in.session.ID < most.in.session.ID:
			most = key
		}
	}
	for _, key := range sessions {
		if most != nil && key.viewer != most.viewer {
			rival = max(rival, len(key.sites))
		}
	}
	if most != nil && len(most.sites) > rival {
		g.of[most.value] = most
		g.had[most.in] = append(g.had[most.in], most)
	}
}

func (g *guestKeys) count() {
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
	kind := g.slots[v.at].kind
	theirs, own = g.of[v.value], g.sole(guestSession{s.session, kind})
	switch {
	case theirs == nil || own == nil || theirs == own || theirs.viewer == s.viewer || theirs.in.kind != kind:
		return nil, nil
	case g.sole(theirs.in) == nil || len(g.owners[kind]) < keyOwners:
		return nil, nil
	}
	if !slices.ContainsFunc(own.sites, func(at int) bool { return slices.Contains(theirs.sites, at) }) {
		return nil, nil
	}
	return theirs, own
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
		p.note = fmt.Sprintf("at %s of %s each has a key of their own, a guest one for each session: %s was shown the one that is %s's in session %s, and has another, %s",
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
