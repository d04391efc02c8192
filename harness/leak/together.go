package leak

import (
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// Weak values that stand together are as rare as all their bits: first and last
// name are the whole name, whatever stands between them.
const (
	wholeRecord = 35.0 // bits from which they prove as much as a whole name does
	leastRecord = 20.0 // bits below which prose can have them, as an imprint has a usual first name and a town's postcode
	orderBits   = 17.0 // of a number that is counted up; see customer.LearnedRatings
	sameRecord  = 3    // segments within which two fields of a list's records are one record's
)

// weakAt is a weak value in a body that only one customer has.
type weakAt struct {
	victim, key, where, text string
	kind                     customer.Kind
	nth                      int32
}

// weakly is what was gathered so far.
type weakly struct {
	in     map[*body][][]weakAt // by body: of customers with two kinds there
	before map[string]bool      // folded values that the baseline was shown; nil before it is asked for
}

// sideBySide applies the rule "foreign marker" to weak values. One is anybody's;
// two that say different things of one customer, in one object, form or
// paragraph, are a record of theirs. Where solo did not lead, nothing else
// would see it.
func (c *court) sideBySide(s *sighting, found []proof) []proof {
	if s.body.Hash == "" || !showsMasks(s) && !showsRecords(s.surface) {
		return nil
	}
	var proofs []proof
	for _, group := range c.weaklyIn(s) {
		victim := group[0].victim
		if victim == s.viewer || proven(found, victim) {
			continue
		}
		p, ok := c.weighTogether(s, c.newsTo(s, group))
		if ok && (p.strength == Proof || !shows(found, victim)) {
			proofs = append(proofs, p)
		}
	}
	return proofs
}

// showsRecords are the surfaces, beside those that a person reads, on which
// objects with somebody's data are met: all of an answer, a page's inline state,
// what it logs, and what it keeps.
func showsRecords(s history.Surface) bool {
	switch s {
	case history.SurfaceResponse, history.SurfaceStorage, history.SurfaceMarkup, history.SurfaceConsole:
		return true
	default:
		return false
	}
}

func proven(found []proof, victim string) bool {
	return slices.ContainsFunc(found, func(p proof) bool { return p.victim == victim && p.strength == Proof })
}

// weaklyIn are the weak values of a body that only one customer has, for each
// customer who has two kinds of them there. Bodies are gone through once.
func (c *court) weaklyIn(s *sighting) [][]weakAt {
	key := s.body
	known, ok := c.weakly.in[key]
	if ok {
		return known
	}
	of := map[string][]weakAt{}
	for _, p := range c.seen.contentOf(s).pieces {
		if p.owned {
			c.gather(of, p)
		}
	}
	var all [][]weakAt
	for _, victim := range sortedKeys(of) {
		if different(of[victim]) {
			all = append(all, of[victim])
		}
	}
	if c.weakly.in == nil || len(c.weakly.in) >= mostRemembered {
		c.weakly.in = map[*body][][]weakAt{}
	}
	c.weakly.in[key] = all
	return all
}

func (c *court) gather(of map[string][]weakAt, p piece) {
	words := wordsOf(p.text)
	reach := 0 // of what is longer: a name in an e-mail address says no more than that
	for _, sp := range c.own.find(words) {
		owners := c.own.values[sp.key]
		v, ok := c.own.reading(sp.key, owners[0].owner, sp.to-sp.from)
		inside := sp.to <= reach
		reach = max(reach, sp.to)
		if ok && !inside && v.proof && recorded(v.kind, sp.key) && soleOwner(owners) && !bareEntry(p.where) {
			text := p.text[words[sp.from].from:words[sp.to-1].to]
			of[v.owner] = append(of[v.owner], weakAt{v.owner, sp.key, p.where, strings.Clone(text), v.kind, p.nth})
		}
	}
}

// recorded says whether a value can be a part of somebody's record: what stands
// beside masks, or an order number that is no small number.
func recorded(kind customer.Kind, key string) bool {
	return supports(kind) || kind == customer.Order && len(key) >= smallNumber
}

// bareEntry says that a place is an entry of a list of texts: what people may
// choose from.
func bareEntry(where string) bool {
	return strings.HasSuffix(where, "[*]") || strings.HasSuffix(where, "li") || strings.HasSuffix(where, "option")
}

// fact is what a kind tells of a customer. A street is in one town and has its
// postcode: the two are one fact.
func fact(kind customer.Kind) customer.Kind {
	if kind == customer.Street {
		return customer.Postcode
	}
	return kind
}

func different(all []weakAt) bool {
	return len(all) > 0 && slices.ContainsFunc(all, func(w weakAt) bool { return fact(w.kind) != fact(all[0].kind) })
}

// newsTo leaves out what is the viewer's too, what they had asked for, and what
// anybody was shown before the first sign-up.
func (c *court) newsTo(s *sighting, group []weakAt) []weakAt {
	var all []weakAt
	for _, w := range group {
		if !c.own.mine[s.viewer][w.key] && !c.echoed(s, w.key) && !c.publicWeak(w.key) {
			all = append(all, w)
		}
	}
	return all
}

// publicWeak says whether the baseline was shown a weak value.
func (c *court) publicWeak(key string) bool {
	if c.weakly.before == nil {
		c.weakly.before = map[string]bool{}
		for _, s := range c.rec.sightings {
			if !s.session.baseline() {
				continue
			}
			for _, p := range c.seen.contentOf(s).pieces {
				for _, sp := range c.own.find(wordsOf(p.text)) {
					c.weakly.before[sp.key] = true
				}
			}
		}
	}
	return c.weakly.before[key]
}

// weighTogether weighs the record that tells most of a customer. What a list of
// records, or an element of a page, has together is a suspicion: lists of
// people are mixed.
func (c *court) weighTogether(s *sighting, all []weakAt) (proof, bool) {
	var best []weakAt
	most := 0.0
	for _, w := range all {
		record := recordOf(s, w, all)
		bits := bitsTogether(record)
		if bits > most || bits == most && namesFields(s, record) && !namesFields(s, best) {
			best, most = record, bits
		}
	}
	fields := namesFields(s, best)
	if most < leastRecord && !fields || !different(best) || c.chance(most) > chanceProof {
		return proof{}, false
	}
	rule, strength := foreignRule(s, best[0].victim, false)
	if most < wholeRecord || !fields {
		strength = Suspicion
	}
	first := best[0]
	for _, w := range best[1:] {
		if bitsTogether([]weakAt{w}) > bitsTogether([]weakAt{first}) {
			first = w
		}
	}
	return proof{
		rule: rule, strength: strength, viewer: s.viewer, victim: first.victim, kind: string(first.kind), where: first.where,
		value: first.text, decoded: []string{}, sighting: s, snippet: snippetTogether(best), told: true,
		note: fmt.Sprintf("%s was shown %s's %s side by side, %s, %s: each is weak alone, and no other customer has both",
			name(s.viewer), first.victim, kindsTogether(best), spot(s, first.where), moment(s.at)),
	}, true
}

// recordOf are the values that stand in one container with w, one of each kind.
func recordOf(s *sighting, w weakAt, all []weakAt) []weakAt {
	record := []weakAt{w}
	for _, o := range all {
		listed := strings.Contains(container(w.where), "[*]") && (o.nth-w.nth > sameRecord || w.nth-o.nth > sameRecord)
		listed = listed || namesFields(s, record) && !namesFields(s, []weakAt{o}) // the script's text, that holds the object
		known := slices.ContainsFunc(record, func(r weakAt) bool { return r.kind == o.kind })
		if !known && !listed && oneContainer(w.where, w.nth, o.where, o.nth) {
			record = append(record, o)
		}
	}
	return record
}

// bitsTogether is what values of different kinds carry: of two that are one
// fact, the rarer.
func bitsTogether(record []weakAt) float64 {
	facts := map[customer.Kind]float64{}
	for _, w := range record {
		_, bits := customer.StrengthOf(w.kind)
		if w.kind == customer.Order {
			bits = orderBits
		}
		facts[fact(w.kind)] = max(facts[fact(w.kind)], bits)
	}
	sum := 0.0
	for _, bits := range facts {
		sum += bits
	}
	return sum
}

// namesFields says that the values are the fields of one object or form.
func namesFields(s *sighting, record []weakAt) bool {
	for _, w := range record {
		if s.surface != history.SurfaceField && !strings.Contains(w.where, "$") || strings.Contains(w.where, "[*]") {
			return false
		}
	}
	return true
}

func kindsTogether(record []weakAt) string {
	kinds := map[customer.Kind]bool{}
	for _, w := range record {
		kinds[w.kind] = true
	}
	return listKinds(kinds)
}

func snippetTogether(record []weakAt) string {
	sorted := slices.Clone(record)
	slices.SortStableFunc(sorted, func(a, b weakAt) int { return int(a.nth - b.nth) })
	texts := make([]string, len(sorted))
	for i, w := range sorted {
		texts[i] = w.text
	}
	return oneLine(strings.Join(texts, " … "))
}
