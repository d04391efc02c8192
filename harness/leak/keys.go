package leak

import (
	"fmt"

	"crosstalk/harness/history"
)

// keys knows the random values by which a shop tells its customers apart: a
// member's number, the key of a basket, whatever they are called. That a value
// is one, the run shows: one customer was shown it again and again, at several
// places, and hardly anybody else; and where it stands, each customer was shown
// one of their own. An id of a thing that customers own fails one of these: two
// can own the same, or one several.
type keys struct {
	seen  map[string]map[string]map[string]bool // value → viewer → sessions
	sites map[string]map[personalSlot]bool      // value → where
	at    map[personalSlot]map[string]map[string]int
	slots map[personalSlot]*keySlot
	last  map[string]map[string]history.Moment // value → viewer → when it was shown last
	clean map[string]string                    // value → viewer, of places that tell each viewer one, and nobody another's
	solo  map[personalSlot]map[string]string   // in solo: viewer → value; "" for several

	sent   *sentKeys
	guests *guestKeys
	copied copiedKeys
}

// keySlot is where customers stand with a key of their own each.
type keySlot struct {
	own map[string]string // by viewer
}

// Of a value's owner, and of a place where keys stand. Two sessions each, so
// that what one visit makes up is none.
const (
	keySessions   = 2         // of the owner that were shown it
	keyPlaces     = 2         // at which it was shown
	keyShare      = 2.0 / 3.0 // of the sessions that were shown it, the owner's
	keyOwners     = 3         // customers with a key of their own at the place
	keyOwnShare   = 0.5       // of the sights of keys there, those of one's own, unless solo showed nothing else
	keySoloOwners = 2         // customers to whom solo showed so
)

// learnKeys learns whose keys there are, and where they stand. It proves
// nothing yet.
func (c *court) learnKeys() []proof {
	k := &keys{
		seen: map[string]map[string]map[string]bool{}, sites: map[string]map[personalSlot]bool{},
		at: map[personalSlot]map[string]map[string]int{}, slots: map[personalSlot]*keySlot{},
		last: map[string]map[string]history.Moment{}, clean: map[string]string{},
		solo: map[personalSlot]map[string]string{}, copied: copiedKeys{},
	}
	c.keys = k
	for _, s := range c.rec.sightings {
		if s.viewer == history.Nobody || !s.session.solo() && !s.session.round() || !c.canHold(s) {
			continue
		}
		if s.exchange != nil && markOf(s.exchange) != "" {
			continue // a copy says nothing of whose it is: more may be given it than its owner asked
		}
		for _, v := range c.rareOf(s) {
			if s.session.heirs() { // what one client showed two customers says little of whose it is
				k.again(v, s)
				continue
			}
			k.note(v, s)
		}
	}
	for _, viewers := range k.at {
		k.learnClean(viewers)
	}
	for at, viewers := range k.at {
		if slot := k.slot(at, viewers); slot != nil {
			k.slots[at] = slot
		}
	}
	k.at = nil
	c.learnSent()
	c.learnGuests()
	return nil
}

func (k *keys) note(v rareValue, s *sighting) {
	if k.seen[v.value] == nil {
		k.seen[v.value], k.sites[v.value] = map[string]map[string]bool{}, map[personalSlot]bool{}
		k.last[v.value] = map[string]history.Moment{}
	}
	if k.seen[v.value][s.viewer] == nil {
		k.seen[v.value][s.viewer] = map[string]bool{}
	}
	k.seen[v.value][s.viewer][s.session.ID], k.sites[v.value][v.at] = true, true
	k.last[v.value][s.viewer] = max(k.last[v.value][s.viewer], s.at)
	if k.at[v.at] == nil {
		k.at[v.at] = map[string]map[string]int{}
	}
	if k.at[v.at][s.viewer] == nil {
		k.at[v.at][s.viewer] = map[string]int{}
	}
	k.at[v.at][s.viewer][v.value]++
	if s.session.solo() {
		k.noteSolo(v, s.viewer)
	}
}

func (k *keys) noteSolo(v rareValue, viewer string) {
	if k.solo[v.at] == nil {
		k.solo[v.at] = map[string]string{}
	}
	if known, again := k.solo[v.at][viewer]; again && known != v.value {
		k.solo[v.at][viewer] = ""
		return
	}
	k.solo[v.at][viewer] = v.value
}

// learnClean learns whose a key is from a place where nothing went astray: each
// viewer was told one value there, and nobody another's. A place that leaks a
// lot says less, so it need not be asked.
func (k *keys) learnClean(viewers map[string]map[string]int) {
	holder := map[string]string{}
	for viewer, values := range viewers {
		for value := range values {
			if len(values) > 1 || holder[value] != "" {
				return
			}
			holder[value] = viewer
		}
	}
	if len(holder) < keyOwners {
		return
	}
	for value, viewer := range holder {
		if known, other := k.clean[value]; other && known != viewer {
			viewer = "" // nobody's after all
		}
		k.clean[value] = viewer
	}
}

// soloOwn says that solo showed each of several customers their own key at a
// place, and nobody another's.
func (k *keys) soloOwn(at personalSlot) bool {
	for viewer, value := range k.solo[at] {
		if value == "" || k.owner(value) != viewer {
			return false
		}
	}
	return len(k.solo[at]) >= keySoloOwners
}

// again notes that a viewer is shown what they were shown in a client of their
// own before: it is theirs still.
func (k *keys) again(v rareValue, s *sighting) {
	if k.seen[v.value][s.viewer] != nil {
		k.last[v.value][s.viewer] = max(k.last[v.value][s.viewer], s.at)
	}
}

// owner is whose key a value is; "" when it is nobody's.
func (k *keys) owner(value string) string {
	if len(k.sites[value]) < keyPlaces {
		return ""
	}
	if viewer, known := k.clean[value]; known {
		if len(k.seen[value][viewer]) < keySessions {
			return ""
		}
		return viewer
	}
	owner, most, all := "", 0, 0
	for viewer, sessions := range k.seen[value] {
		all += len(sessions)
		if len(sessions) > most {
			owner, most = viewer, len(sessions)
		}
	}
	if most < keySessions || float64(most) < keyShare*float64(all) {
		return ""
	}
	return owner
}

// slot is a place where each customer was shown a key of their own, one each;
// nil when it is none.
func (k *keys) slot(at personalSlot, viewers map[string]map[string]int) *keySlot {
	slot := &keySlot{own: map[string]string{}}
	mine, all := 0, 0
	for viewer, values := range viewers {
		for value, times := range values {
			owner := k.owner(value)
			if owner == "" {
				continue
			}
			all += times
			if owner != viewer {
				continue
			}
			if slot.own[viewer] != "" {
				return nil // several of one kind: what one owns, not who one is
			}
			slot.own[viewer] = value
			mine += times
		}
	}
	if k.soloOwn(at) || len(slot.own) >= keyOwners && float64(mine) >= keyOwnShare*float64(all) {
		return slot
	}
	return nil
}

// anothersKey applies the rule "own place, another's value" to keys: where each
// customer stands with one of their own, a viewer who has one there was shown
// another customer's.
func (c *court) anothersKey(s *sighting, found []proof) []proof {
	switch {
	case !s.session.round() && !s.session.solo() || len(c.keys.slots) == 0 || s.body.Hash == "":
		return nil
	case sent(s.surface):
		return c.sentAnothersKey(s, found)
	case !c.content(s):
		return nil
	}
	rare := c.rareOf(s)
	proofs := c.anothersGuestKey(s, rare, found)
	for _, v := range rare {
		if p, ok := c.keyAstray(v, s); ok && !shows(found, p.victim) && !c.nobodysOwn(s, v.value) {
			proofs = append(proofs, p)
		}
	}
	return proofs
}

// keyAstray proves that a random value is another's key, at a place of keys or in
// a copy of what its owner was shown.
func (c *court) keyAstray(v rareValue, s *sighting) (proof, bool) {
	owner, own := c.keys.astray(v, s.viewer)
	if owner == "" {
		return c.copiedKey(v, s)
	}
	p := c.keyProof(s, v, owner)
	if own != "" && c.keys.last[own][s.viewer] <= s.at {
		p.strength = Suspicion // it may have become theirs
	}
	return p, true
}

// astray is whose key stands where the viewer's own should, and that one; no
// owner when it is nobody else's, or the viewer has none there.
func (k *keys) astray(v rareValue, viewer string) (owner, own string) {
	slot := k.slots[v.at]
	if slot == nil {
		return "", ""
	}
	owner, own = k.owner(v.value), slot.own[viewer]
	if owner == "" || owner == viewer || slot.own[owner] != "" && slot.own[owner] != v.value {
		return "", ""
	}
	if own == "" {
		own = k.beside(v.value, owner, viewer) // a place that leaks to all may show them nothing else
	}
	if own == "" && viewer != history.Nobody {
		return "", ""
	}
	return owner, own
}

// beside is what a viewer has where another has their key: the viewer's own of
// the same kind.
func (k *keys) beside(value, owner, viewer string) string {
	found := ""
	for _, slot := range k.slots {
		theirs := slot.own[viewer]
		if slot.own[owner] == value && theirs != "" && len(slot.own) >= keyOwners && (found == "" || theirs < found) {
			found = theirs // the same whatever the order
		}
	}
	return found
}

func (c *court) keyProof(s *sighting, v rareValue, owner string) proof {
	if v.at.surface != s.surface {
		s = onSurface(s, v.at.surface)
	}
	rule, strength := foreignRule(s, owner, true)
	if rule == RuleForeignMarker {
		rule = RuleOwnPlace
	}
	return proof{
		rule: rule, strength: strength, viewer: s.viewer, victim: owner, kind: KindIdentifier, where: v.at.where,
		sighting: s, value: v.value, snippet: oneLine(placeWithin(v.at.where) + ": " + v.value), decoded: []string{},
		note: fmt.Sprintf("at %s of %s each customer has a key of their own: %s was shown the one of %s, who was shown it in %d sessions, %s",
			placeWithin(v.at.where), s.place, name(s.viewer), owner, len(c.keys.seen[v.value][owner]), moment(s.at)),
	}
}
