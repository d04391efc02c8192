package leak

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// another is another customer's value, found where the viewer's own stands.
type another struct {
	kind     customer.Kind
	where    string
	key      string
	victims  []string // all whose value it is, the likeliest first
	text     string
	skeleton string
	unsure   bool // it can be a neighbor of one's own
}

// view is what a body shows a viewer at a place.
type view struct {
	own    map[customer.Kind]bool
	others []another
}

type viewKey struct {
	content *body
	stage   stage
	viewer  string
	typed   string
}

// mostRemembered is how many answers about bodies are kept for those who are
// shown the same again: a run has few bodies that come often, and those that
// come once are not worth their room.
const mostRemembered = 20_000

// remember keeps an answer, and forgets all others when there are too many.
func remember[T any](memo map[viewKey]T, key viewKey, answer T) {
	if len(memo) >= mostRemembered {
		clear(memo)
	}
	memo[key] = answer
}

// view decides what a sighting shows its viewer at the own slots of its place.
func (s *slots) view(v *sighting) view {
	typed := typedAt(v)
	key := viewKey{v.body, stage{v.place, v.surface}, v.viewer, fmt.Sprint(typed)}
	if known, ok := s.memo[key]; ok {
		return known
	}
	seen := view{own: map[customer.Kind]bool{}}
	if s.places[key.stage] {
		for _, p := range s.seen.contentOf(v).pieces {
			if !p.owned {
				continue
			}
			mine, theirs := s.weighPiece(v, p, typed)
			for _, kind := range mine {
				if s.is(v, p.where, kind) {
					seen.own[kind] = true
				}
			}
			kept := s.notNeighbors(v, theirs)
			for _, t := range append(s.unqueued(theirs, kept), kept...) {
				if s.is(v, p.where, t.kind) {
					seen.others = append(seen.others, t)
				}
			}
		}
	}
	remember(s.memo, key, seen)
	return seen
}

func (s *slots) is(v *sighting, where string, kind customer.Kind) bool {
	st := s.all[slot{v.place, v.surface, where, kind}]
	return st != nil && st.established()
}

// weighPiece answers the kinds of the viewer's own that a piece shows where
// they stand, and others' values that stand in such a place instead.
func (s *slots) weighPiece(v *sighting, p piece, typed map[customer.Kind]bool) ([]customer.Kind, []another) {
	words := wordsOf(p.text)
	spans := s.own.find(words)
	viewers := s.own.mask(words, spans, v.viewer)
	mine, known := s.ownKinds(v, p.where, viewers, typed)
	found := map[string]*another{}
	for _, owner := range s.ownersOf(spans, v.viewer) {
		m := s.own.mask(words, spans, owner).with(viewers)
		for i, e := range m {
			if !s.stands(v, p.where, m, i) || s.own.mine[v.viewer][e.key] || known && (isCalled(e.kind) || slices.Contains(mine, e.kind)) || viewers.besideOwn(e) {
				continue
			}
			id := string(e.kind) + "\x00" + e.key
			if found[id] == nil {
				found[id] = &another{kind: e.kind, where: p.where, key: e.key, text: p.text, skeleton: m.skeleton(i)}
			}
			found[id].victims = append(found[id].victims, owner)
		}
	}
	var theirs []another
	for _, id := range sortedKeys(found) {
		theirs = append(theirs, *found[id])
	}
	return mine, theirs
}

// besideOwn says that a text has the viewer's own of a kind, too, wherever it
// stands there: the other is a word like others then. A paper is one text of many
// lines, and to a customer from Reading, whom solo taught us, the reading lamp on
// theirs was their own city; to the next who buys one it is not the first one's.
func (m masked) besideOwn(e element) bool {
	return !isNumber(e.key) && slices.ContainsFunc(m, func(own element) bool { return own.kind == e.kind })
}

// ownKinds are the kinds of the viewer's own values at their slots; known says
// that one of them stands there in a text that solo knows. The text is the
// viewer's then, and names in it are of others who stand beside them; so is what
// else there is of these kinds. Of other kinds something can be another's all the
// same: shops greet who has signed in, and tell of the order that a cache has.
func (s *slots) ownKinds(v *sighting, where string, m masked, typed map[customer.Kind]bool) ([]customer.Kind, bool) {
	var kinds []customer.Kind
	known := false
	for i, e := range m {
		if e.kind == "" || typed[e.kind] {
			continue
		}
		if st := s.all[slot{v.place, v.surface, where, e.kind}]; st != nil {
			kinds = append(kinds, e.kind)
			known = known || st.skeletons[m.skeleton(i)] != nil
		}
	}
	return kinds, known
}

// stands says whether the value at position i stands in a text that solo
// knows for this slot and that nothing else fits.
func (s *slots) stands(v *sighting, where string, m masked, i int) bool {
	if m[i].kind == "" || !m[i].proof || m[i].beside {
		return false
	}
	st := s.all[slot{v.place, v.surface, where, m[i].kind}]
	if st == nil {
		return false
	}
	sh := st.skeletons[m.skeleton(i)]
	return sh != nil && !sh.ambiguous
}

// ownersOf are the customers other than the viewer who own a value in these
// stretches, those who own most of them first.
func (s *slots) ownersOf(spans []span, viewer string) []string {
	count := map[string]int{}
	for _, sp := range spans {
		for _, v := range s.own.values[sp.key] {
			if v.owner != viewer {
				count[v.owner]++
			}
		}
	}
	all := sortedKeys(count)
	sort.SliceStable(all, func(i, k int) bool { return count[all[i]] > count[all[k]] })
	return all
}

// anothers applies the rule "own place, another's value", and "predecessor" to
// the value of who had the client before.
func (c *court) anothers(s *sighting, strong []proof) []proof {
	if !slotted(s.surface) || s.body.Hash == "" || !c.slots.places[stage{s.place, s.surface}] {
		return nil
	}
	var proofs []proof
	seen := c.slots.view(s)
	others := c.corroborated(s, seen.others, strong)
	for _, a := range others {
		victim := c.likeliest(s, a)
		if reported(strong, victim, a) || c.echoed(s, a.key) {
			continue
		}
		rule, strength := RuleOwnPlace, Proof
		if s.session.predecessors(s.at)[victim] {
			rule, strength = foreignRule(s, victim, false)
		}
		if a.unsure {
			strength = Suspicion
		}
		proofs = append(proofs, proof{
			rule: rule, strength: strength, viewer: s.viewer, victim: victim, kind: string(a.kind), where: a.where,
			sighting: s, value: valueText(a), snippet: oneLine(a.text), decoded: []string{}, note: ownNote(s, a, victim),
		})
	}
	return proofs
}

func reported(strong []proof, victim string, a another) bool {
	for _, p := range strong {
		if p.victim == victim && p.where == a.where {
			return true
		}
	}
	return false
}

// smallNumber is how many digits a number must have to mean something by
// itself in a page's text, where tables put counts and prices beside it.
const smallNumber = 5

// corroborated leaves out small numbers in running pages unless something
// else of the same customer's stands there too. Fields and JSON name what
// they hold; a path of elements does not.
func (c *court) corroborated(s *sighting, others []another, strong []proof) []another {
	support := map[string]map[customer.Kind]bool{}
	note := func(victim string, kind customer.Kind) {
		if support[victim] == nil {
			support[victim] = map[customer.Kind]bool{}
		}
		support[victim][kind] = true
	}
	for _, a := range others {
		for _, v := range a.victims {
			note(v, a.kind)
		}
	}
	for _, p := range strong {
		note(p.victim, customer.Kind(p.kind))
	}
	var kept []another
	for _, a := range others {
		small := isNumber(a.key) && len(a.key) < smallNumber
		named := s.surface == history.SurfaceField || strings.HasPrefix(a.where, "$") || a.kind == customer.Order && worded(a.skeleton)
		if !small || named || len(support[a.victims[0]]) > 1 {
			kept = append(kept, a)
		}
	}
	return kept
}

// worded says that a text around a value has words, and does not leave it alone.
func worded(skeleton string) bool {
	return slices.ContainsFunc(strings.Fields(skeleton), func(w string) bool {
		return !strings.HasPrefix(w, "⟨") && strings.ContainsFunc(w, unicode.IsLetter)
	})
}

// likeliest is the victim when several customers own the value: the one of
// whom the body shows most.
func (c *court) likeliest(s *sighting, a another) string {
	if len(a.victims) == 1 {
		return a.victims[0]
	}
	count := map[string]int{}
	for _, p := range c.seen.contentOf(s).pieces {
		words := wordsOf(p.text)
		for _, sp := range c.own.find(words) {
			for _, v := range c.own.values[sp.key] {
				count[v.owner]++
			}
		}
	}
	best := a.victims[0]
	for _, v := range a.victims[1:] {
		if count[v] > count[best] {
			best = v
		}
	}
	return best
}

func ownNote(s *sighting, a another, victim string) string {
	note := fmt.Sprintf("solo showed each session its own %s at %s of %s; here %s was shown %s's", kindWords(a.kind), placeWithin(a.where), s.place, name(s.viewer), victim)
	if len(a.victims) > 1 {
		note += fmt.Sprintf(" (the value is also %s's)", strings.Join(without(a.victims, victim), "'s, "))
	}
	if a.unsure {
		note += "; it is the number before or behind one of their own: where the shop means to show it, allow it"
	}
	return note
}

func valueText(a another) string {
	words := wordsOf(a.text)
	joined, starts := join(words)
	for i := range words {
		for k := i + 1; k <= len(words); k++ {
			if joined[starts[i]:starts[k]] == a.key {
				return a.text[words[i].from:words[k-1].to]
			}
		}
	}
	return a.key
}
