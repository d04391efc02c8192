package leak

import (
	"fmt"

	"crosstalk/harness/history"
)

// sentKeys is what was seen of keys in what is sent to a customer, and is no
// page: mail, messages, papers. They say nothing of whose a key is, for few of
// them come and each to one. But whose it is, pages and answers told; and where
// others are sent their own, another's has gone astray.
type sentKeys struct {
	at    map[personalSlot]map[keySight]int // a mail's also by its surface alone
	known map[sentKey]sentStanding          // asked for so far
}

// keySight is a customer's sight of a key of somebody's.
type keySight struct {
	viewer, value, owner string
	solo                 bool
}

type sentKey struct {
	at    personalSlot
	value string
}

// sentStanding is what a place shows of keys of one kind.
type sentStanding struct {
	own       map[string]bool // customers who were sent their own there
	soloOwn   map[string]bool // in solo
	soloOther bool            // solo showed somebody another's
	mine, all int             // sights
}

// sent says that something came to a customer that is no page and no answer to
// a page's script. What a client keeps and what its jar holds, other rules ask.
func sent(s history.Surface) bool { return slotted(s) && !visible(s) }

// learnSent counts the keys with an owner in what was sent.
func (c *court) learnSent() {
	k := c.keys
	k.sent = &sentKeys{at: map[personalSlot]map[keySight]int{}, known: map[sentKey]sentStanding{}}
	for _, s := range c.rec.sightings {
		if s.viewer == history.Nobody || !sent(s.surface) || s.body.Hash == "" || !s.session.solo() && !s.session.round() {
			continue
		}
		for _, v := range c.rareOf(s) {
			if owner := k.owner(v.value); owner != "" {
				k.sent.note(v.at, keySight{s.viewer, v.value, owner, s.session.solo()})
			}
		}
	}
}

func (k *sentKeys) note(at personalSlot, sight keySight) {
	places := []personalSlot{at}
	if at.surface == history.SurfaceMail {
		places = append(places, anyMail(at)) // the subject is in each customer's language
	}
	for _, p := range places {
		if k.at[p] == nil {
			k.at[p] = map[keySight]int{}
		}
		k.at[p][sight]++
	}
}

// anyMail is a place within a mail, whatever the mail is about.
func anyMail(at personalSlot) personalSlot { return personalSlot{"", at.surface, at.where} }

// standing is who was sent what at a place, of keys of one value's kind.
func (k *keys) standing(at personalSlot, value, owner string) sentStanding {
	key := sentKey{at, value}
	if known, asked := k.sent.known[key]; asked {
		return known
	}
	st := sentStanding{own: map[string]bool{}, soloOwn: map[string]bool{}}
	for sight, times := range k.sent.at[at] {
		if sight.value != value && k.beside(value, owner, sight.owner) != sight.value {
			continue
		}
		st.all += times
		switch {
		case sight.viewer == sight.owner:
			st.mine += times
			st.own[sight.viewer] = true
			if sight.solo {
				st.soloOwn[sight.viewer] = true
			}
		case sight.solo:
			st.soloOther = true
		}
	}
	k.sent.known[key] = st
	return st
}

// told says that a place tells each customer their own key.
func (st sentStanding) told() bool {
	return !st.soloOther && len(st.soloOwn) >= keySoloOwners ||
		len(st.own) >= keyOwners && float64(st.mine) >= keyOwnShare*float64(st.all)
}

// sentKey says how certain it is that a key went astray; "" when a place does
// not tell its viewers their own.
//
// A mail is for one, so that some who were sent their own in the like are
// enough, also where it mixes up nearly all. Where nobody ever was under such a
// subject, it can be one about somebody else: a friend's recommendation. A
// message can be for many: what people write to each other has the key of who
// wrote it, and most are sent more of others'.
func (k *keys) sentStrength(at personalSlot, value, owner string) string {
	st := k.standing(at, value, owner)
	if at.surface == history.SurfaceMail {
		if len(st.own) > 0 && len(k.standing(anyMail(at), value, owner).own) >= keyOwners {
			return Proof
		}
		return Suspicion
	}
	switch {
	case st.told():
		return Proof
	case len(st.own) >= keyOwners:
		return Suspicion
	}
	return ""
}

// sentAnothersKey applies the rule "own place, another's value" to keys in what
// was sent. Its viewer has an own one of the same kind.
func (c *court) sentAnothersKey(s *sighting, found []proof) []proof {
	var proofs []proof
	for _, v := range c.rareOf(s) {
		owner := c.keys.owner(v.value)
		if owner == "" || owner == s.viewer || shows(found, owner) {
			continue
		}
		own := c.keys.beside(v.value, owner, s.viewer)
		strength := c.keys.sentStrength(v.at, v.value, owner)
		if strength == "" || own == "" && s.viewer != history.Nobody || c.nobodysOwn(s, v.value) {
			continue
		}
		p := c.keyProof(s, v, owner)
		if strength == Suspicion || own != "" && c.keys.last[own][s.viewer] <= s.at {
			p.strength = Suspicion
		}
		if own != "" {
			p.note = fmt.Sprintf("%s was sent %s's key %s, %s: %s was shown it in %d sessions, and %s has another of the kind",
				s.viewer, owner, spot(s, v.at.where), moment(s.at), owner, len(c.keys.seen[v.value][owner]), s.viewer)
		}
		proofs = append(proofs, p)
	}
	return proofs
}
