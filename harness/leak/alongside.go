package leak

import (
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// alongside says which weak values of the victim's stand in the same body as a
// proof: alone they are nothing, beside it they say that it is the victim's
// record and not a stray value. It answers no sentence, or one.
func (c *court) alongside(p proof) []string {
	told := p.told || p.rule == RuleMasked && p.strength == Proof // by what stands beside it, and its note says so
	if told || p.rule != RuleForeignMarker && p.rule != RulePredecessor && p.rule != RuleMasked {
		return nil
	}
	kinds := map[customer.Kind]bool{}
	content := c.seen.contentOf(p.sighting)
	for _, h := range content.weak {
		m := c.own.markers[h.marker]
		if m.Owner == p.victim && !c.own.mine[p.sighting.viewer][match.Key(m.Value)] {
			kinds[m.Kind] = true
		}
	}
	for _, piece := range content.pieces {
		if !piece.owned {
			continue
		}
		for _, kind := range c.weakIn(p.sighting, piece, p.victim) {
			kinds[kind] = true
		}
	}
	delete(kinds, customer.Kind(p.kind))
	c.dropParts(kinds, p)
	if len(kinds) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("the same %s has %s's %s", bodyWords(p.sighting), p.victim, listKinds(kinds))}
}

// dropParts leaves out what is only a part of a proof of its own: the first
// name in a whole one.
func (c *court) dropParts(kinds map[customer.Kind]bool, p proof) {
	whole := map[customer.Kind][]customer.Kind{
		customer.Name: {customer.First, customer.Last}, customer.Address: {customer.Street},
	}
	for _, part := range whole[customer.Kind(p.kind)] {
		delete(kinds, part)
	}
	for _, h := range c.seen.hitsOf(p.sighting) {
		if m := c.own.markers[h.marker]; m.Owner == p.victim {
			for _, part := range whole[m.Kind] {
				delete(kinds, part)
			}
		}
	}
}

// bodyWords is what a sighting's content is, in a sentence.
func bodyWords(s *sighting) string {
	words := surfaceWords(s.surface)
	for _, in := range []string{"on the ", "in the ", "in a ", "on "} {
		words = strings.TrimPrefix(words, in)
	}
	return words
}

func listKinds(kinds map[customer.Kind]bool) string {
	var names []string
	for _, r := range customer.Ratings() {
		if kinds[r.Kind] {
			names = append(names, kindWords(r.Kind))
			delete(kinds, r.Kind)
		}
	}
	for _, learned := range sortedNames(kinds) {
		names = append(names, kindWords(learned))
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func sortedNames(kinds map[customer.Kind]bool) []customer.Kind {
	var all []customer.Kind
	for kind := range kinds {
		all = append(all, kind)
	}
	slices.Sort(all)
	return all
}
