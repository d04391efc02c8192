package leak

import (
	"fmt"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// mostMasks is how many masks of one body are kept.
const mostMasks = 500

// maskAt is a mask in a body, made from a value of somebody's as it seems.
type maskAt struct {
	where, around string
	nth           int32 // of the body's segments
	fit           *fit
}

// showsMasks says whether masks are looked for in a sighting: where a person
// reads, and in the answers that pages are made of. Code and style have
// asterisks of their own.
func showsMasks(s *sighting) bool {
	switch s.surface {
	case history.SurfacePage, history.SurfaceField, history.SurfaceDownload, history.SurfaceMail, history.SurfaceSocket, history.SurfaceNotice, history.SurfaceCookie:
		return true
	case history.SurfaceResponse:
		return !static(s.exchange)
	default:
		return false
	}
}

// masks keeps the masks of a segment that fit somebody.
func (in *inspection) masks(c *content, s match.Segment, nth int32) {
	if isCode(s.Where) {
		return
	}
	for _, m := range match.Masks(s.Text) {
		if len(c.masks) >= mostMasks {
			return
		}
		where := in.name(s.Where)
		if f := in.fit(m); f != nil {
			c.masks = append(c.masks, maskAt{where, snippetOf(s.Text, m.Start, m.End), nth, f})
		} else {
			c.strange(where)
		}
	}
}

// strange counts a mask that fits nobody.
func (c *content) strange(where string) {
	if c.strangeMasks == nil {
		c.strangeMasks = map[string]int{}
	}
	c.strangeMasks[where]++
}

// A mask says little: two letters fit one in some hundreds of values. It is
// taken for a customer's when, of so many customers, one would fit by chance
// less often than this; and for proven, with what stands beside it, when that
// is rarer still.
const (
	chanceAlone = 1.0 / 8
	chanceProof = 1.0 / 64
)

// maskedMarkers applies the rule "masked marker": a mask that fits exactly one
// customer, and nothing of the viewer's own. Alone it is a suspicion; with
// another mask or weak value of the same customer in the same container it is
// proof (see oneContainer). A mask that fits nobody, or several, is nothing.
func (c *court) maskedMarkers(s *sighting, found []proof) []proof {
	if !showsMasks(s) {
		return nil
	}
	var proofs []proof
	for _, m := range c.seen.contentOf(s).masks {
		victim := m.fit.sole
		if victim == "" || !c.suspect(s, m.fit, victim) || told(append(found, proofs...), victim, m) {
			continue
		}
		p, ok := c.weighMask(s, m, victim)
		if ok {
			proofs = append(proofs, p)
		}
	}
	return proofs
}

// suspect says whether a mask can be the victim's data in the viewer's sight:
// the viewer's own does not fit, and it was not there for all to see.
func (c *court) suspect(s *sighting, f *fit, victim string) bool {
	return victim != s.viewer && !c.seen.ownMask(f, s.viewer) && !c.publicMask(f, victim, s)
}

// told says whether a stronger rule, or this one, has said so already.
func told(found []proof, victim string, m maskAt) bool {
	for _, p := range found {
		if p.victim == victim && (p.where == m.where || p.kind == string(m.fit.kinds[victim])) {
			return true
		}
	}
	return false
}

func (c *court) weighMask(s *sighting, m maskAt, victim string) (proof, bool) {
	kind := m.fit.kinds[victim]
	note := fmt.Sprintf("%s was shown %q %s, %s: of all customers only %s's %s fits it, and nothing of the viewer's own",
		name(s.viewer), oneLine(m.fit.text), spot(s, m.where), moment(s.at), victim, kindWords(kind))
	strength := Suspicion
	// Where strangers' masks stand too, as of those who wrote reviews, each could
	// have fitted.
	many := float64(1 + c.seen.contentOf(s).strangeMasks[m.where])
	if words, bits := c.beside(s, m, victim); words != "" && many*c.chance(m.fit.bits+bits) <= chanceProof {
		strength, note = Proof, note+"; beside it stands "+words
		if s.inherited(victim) || s.kept() && s.session.predecessors(s.at)[victim] {
			strength = Suspicion // the client still shows, or keeps, whoever used it before
		}
	} else if many*c.chance(m.fit.bits) > chanceAlone {
		return proof{}, false
	}
	return proof{
		rule: RuleMasked, strength: strength, viewer: s.viewer, victim: victim, kind: string(kind), where: m.where,
		value: c.valueOf(victim, kind), decoded: []string{match.DecodedMasked}, sighting: s, snippet: m.around, note: note,
	}, true
}

// chance is how often one of the customers fits, of what carries so many bits.
func (c *court) chance(bits float64) float64 { return chanceOf(len(c.rec.customers), bits) }

// beside is what else of the victim's stands with a mask, in words, and what
// it carries: another mask of another kind, or a weak value in plain text.
func (c *court) beside(s *sighting, m maskAt, victim string) (string, float64) {
	content := c.seen.contentOf(s)
	for _, other := range content.masks {
		kind, fits := other.fit.kinds[victim]
		if fits && kind != m.fit.kinds[victim] && oneContainer(m.where, m.nth, other.where, other.nth) && c.suspect(s, other.fit, victim) {
			return fmt.Sprintf("%q, which fits the same customer's %s", oneLine(other.fit.text), kindWords(kind)), other.fit.bits
		}
	}
	for _, p := range content.pieces {
		if !p.owned || !oneContainer(m.where, m.nth, p.where, p.nth) {
			continue
		}
		for _, kind := range c.weakIn(s, outside(p, m), victim) {
			_, bits := customer.StrengthOf(kind)
			return fmt.Sprintf("the same customer's %s", kindWords(kind)), bits
		}
	}
	return "", 0
}

// outside is a piece without the mask, if that stands in it: what a mask shows
// in full ("Hazel T***") is a part of it.
func outside(p piece, m maskAt) piece {
	if p.where == m.where && p.nth == m.nth {
		p.text = strings.ReplaceAll(p.text, m.fit.text, " | ")
	}
	return p
}

// supports says whether a weak kind stands beside a mask as evidence: a city
// or a house number is anybody's.
func supports(kind customer.Kind) bool {
	switch kind {
	case customer.First, customer.Last, customer.Street, customer.Postcode, customer.Birthday:
		return true
	default:
		return false
	}
}

// weakIn are the kinds of the weak values in a piece that are the victim's
// alone. What is a part of a longer value of theirs, a name in an e-mail
// address, says nothing more than that.
func (c *court) weakIn(s *sighting, p piece, victim string) []customer.Kind {
	var kinds []customer.Kind
	words := wordsOf(p.text)
	reach := 0 // of the victim's values so far; spans come in order, the longest first
	for _, sp := range c.own.find(words) {
		owners := c.own.values[sp.key]
		v, ok := c.own.reading(sp.key, victim, sp.to-sp.from)
		inside := sp.to <= reach
		if ok {
			reach = max(reach, sp.to)
		}
		if ok && !inside && supports(v.kind) && soleOwner(owners) && !c.own.mine[s.viewer][sp.key] && !c.echoed(s, sp.key) {
			kinds = append(kinds, v.kind)
		}
	}
	return kinds
}

func soleOwner(all []value) bool {
	for _, v := range all[1:] {
		if v.owner != all[0].owner {
			return false
		}
	}
	return true
}

func (c *court) valueOf(who string, kind customer.Kind) string {
	for i := range c.rec.customers {
		if c.rec.customers[i].ID == who {
			v, _ := c.rec.customers[i].Field(string(kind))
			return v
		}
	}
	return ""
}
