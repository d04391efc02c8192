package leak

import (
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// fragments applies the rules "foreign marker" and "predecessor" to beginnings
// and ends of strong markers: a buffer that is used again leaks halves. A part
// proves nothing when anybody else has it in a value of theirs, or when the
// baseline was shown it; what is left proves as much as it carries.
func (c *court) fragments(s *sighting, _ []proof) []proof {
	var proofs []proof
	for _, h := range c.seen.contentOf(s).parts {
		m := c.own.markers[h.marker]
		if m.public || m.earlier != "" || m.Owner == s.viewer {
			continue
		}
		part := h.parts[0]
		strength := partStrength(m.Marker, len(part))
		if strength == customer.Silent || !c.tells(s, h) {
			continue
		}
		rule, weight := foreignRule(s, m.Owner, false)
		if strength == customer.Weak {
			weight = Suspicion
		}
		proofs = append(proofs, proof{
			rule: rule, strength: weight, viewer: s.viewer, victim: m.Owner, kind: string(m.Kind), where: h.where,
			value: m.Value, decoded: asFragment(h.decoded), sighting: s, hit: h,
			note: fmt.Sprintf("%s was shown %d of the %d letters and digits of %s's %s %s, %s: nobody else has a value with them",
				name(s.viewer), len(part), len(match.Key(m.Value)), m.Owner, kindWords(m.Kind), spot(s, h.where), moment(s.at)),
		})
	}
	return proofs
}

// chanceLetters is how many letters of a part may be there by chance: what
// stands behind a shared or plain word goes on like the value for a letter now
// and then.
const chanceLetters = 3

// partStrength is what so many letters of a value prove, some of them being
// there by chance.
func partStrength(m customer.Marker, size int) customer.Strength {
	least := customer.Strong
	for n := max(match.MinKey, size-chanceLetters); n <= size; n++ {
		least = min(least, customer.FragmentStrength(m.Kind, m.Value, n))
	}
	return least
}

// surely is what of a part is there not by chance.
func surely(part, value string) string {
	size := max(min(len(part), match.MinKey), len(part)-chanceLetters)
	if strings.HasPrefix(match.Key(value), part) {
		return part[:size]
	}
	return part[len(part)-size:]
}

// asFragment is how a part was found, with its name at the end.
func asFragment(decoded []string) []string {
	all := append([]string{}, decoded...)
	if !slices.Contains(all, match.DecodedFragment) {
		all = append(all, match.DecodedFragment)
	}
	return all
}

// tells says whether a part can only be its owner's. Where it is not known
// which part was there, all that it can have been must be.
func (c *court) tells(s *sighting, h hit) bool {
	m := c.own.markers[h.marker]
	for _, part := range h.parts {
		sure := surely(part, m.Value)
		if c.own.sharedPart(sure, m.Owner) || c.echoed(s, sure) || c.echoed(s, part) {
			return false
		}
	}
	return true
}

// sharedPart says whether anybody but the owner has a value with this part in
// it, in this run or a remembered one, or the baseline was shown it.
func (o *owners) sharedPart(part, owner string) bool {
	id := owner + "\x00" + part
	shared, known := o.shared[id]
	if known {
		return shared
	}
	shared = o.publicPart(part) || o.othersPart(part, owner)
	o.shared[id] = shared
	return shared
}

func (o *owners) publicPart(part string) bool {
	return slices.ContainsFunc(o.publicParts, func(public string) bool { return strings.Contains(public, part) })
}

func (o *owners) othersPart(part, owner string) bool {
	for key, all := range o.values {
		if strings.Contains(key, part) && slices.ContainsFunc(all, func(v value) bool { return v.owner != owner }) {
			return true
		}
	}
	return slices.ContainsFunc(o.markers, func(m marker) bool {
		return m.earlier != "" && strings.Contains(match.Key(m.Value), part)
	})
}

// publishParts notes the parts of markers that the baseline was shown, before
// anybody had an account.
func (o *owners) publishParts(rec *record, seen *inspection) {
	for _, s := range rec.sightings {
		if !s.session.baseline() {
			continue
		}
		for _, h := range seen.contentOf(s).parts {
			o.publicParts = append(o.publicParts, h.parts...)
		}
	}
	slices.Sort(o.publicParts)
	o.publicParts = slices.Compact(o.publicParts)
}

// partly says whether a content has what a proof was given by, when that was
// not the whole value: a part of it, or a mask.
func (c *court) partly(content *content, p proof) bool {
	for _, h := range content.parts {
		if m := c.own.markers[h.marker]; m.Owner == p.victim && string(m.Kind) == p.kind {
			return true
		}
	}
	return p.rule == RuleMasked && slices.ContainsFunc(content.masks, func(m maskAt) bool {
		return m.fit.sole == p.victim && string(m.fit.kinds[p.victim]) == p.kind
	})
}
