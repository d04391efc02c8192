package leak

import (
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// strangers serves to tell a value that belongs to no one we know from all the
// other things that a shop shows where a customer's own should stand.
type strangers struct {
	gaps    map[slot][]gap           // the texts around the value, of own slots
	kinds   map[stage]map[string]int // where such slots are: how many
	strays  map[slot]bool            // slots at which solo showed strangers too
	words   map[string]bool          // words of the shop, as solo and passers-by saw them
	fillers map[string]bool          // words for want of a value
	public  map[string]bool          // what passers-by were shown there, by where and folded text
	shapes  map[slot]map[string]bool // of the values in solo, where a shape says much
	memo    map[viewKey][]stranger
	first   map[string]string // unknown numbers: who was shown them first
}

// stranger is somebody's value, found where the viewer's own should stand.
type stranger struct {
	kind              customer.Kind
	where, text, line string
}

// gap is a skeleton taken apart: the words before and behind a value.
type gap struct{ left, right []string }

// gapOf takes a skeleton apart; ok is false when the kind stands in it twice.
func gapOf(skeleton string, kind customer.Kind) (gap, bool) {
	words := strings.Split(skeleton, " ")
	mark := "⟨" + string(kind) + "⟩"
	i := slices.Index(words, mark)
	if i < 0 || slices.Contains(words[i+1:], mark) {
		return gap{}, false
	}
	return gap{words[:i], words[i+1:]}, true
}

// mostValueWords is how many words a value has at most, an e-mail address
// with a long domain included.
const mostValueWords = 10

// fill answers which words of a text stand in the gap. What is shorter than
// the window of a skeleton is the text's beginning or end.
func (g gap) fill(m masked) (int, int, bool) {
	for from := len(g.left); from < len(m); from++ {
		if !g.begins(m, from) {
			if len(g.left) < around {
				return 0, 0, false
			}
			continue
		}
		for to := from + 1; to <= min(len(m), from+mostValueWords); to++ {
			if g.ends(m, to) {
				return from, to, true
			}
		}
	}
	return 0, 0, false
}

func (g gap) begins(m masked, at int) bool {
	if len(g.left) < around && at != len(g.left) {
		return false
	}
	return like(m[at-len(g.left):at], g.left)
}

func (g gap) ends(m masked, at int) bool {
	if len(g.right) < around && len(m)-at != len(g.right) {
		return false
	}
	return len(m)-at >= len(g.right) && like(m[at:at+len(g.right)], g.right)
}

// like compares words; where solo had another value of the viewer's, any one
// word may stand: it can be a stranger's too.
func like(m masked, words []string) bool {
	for i, w := range words {
		if m[i].shape != w && !strings.HasPrefix(w, "⟨") {
			return false
		}
	}
	return true
}

// learnStrangers learns from solo and the passers-by what else is shown where
// customers' own values stand. It proves nothing yet.
func (c *court) learnStrangers() []proof {
	st := &strangers{
		gaps: map[slot][]gap{}, kinds: map[stage]map[string]int{}, words: map[string]bool{}, fillers: wordSet(fillers),
		public: map[string]bool{}, shapes: map[slot]map[string]bool{}, memo: map[viewKey][]stranger{}, first: map[string]string{},
	}
	c.strangers = st
	for at, standing := range c.slots.all {
		if standing.established() && hasForm(at.kind) {
			st.open(at, standing)
		}
	}
	read := map[contentKey]bool{}
	for _, s := range c.rec.sightings {
		if s.viewer != history.Nobody && !s.session.solo() || s.body.Hash == "" || read[keyOf(s)] {
			continue
		}
		read[keyOf(s)] = true
		st.hear(c.seen.contentOf(s), c.own, s.viewer == history.Nobody)
	}
	strays := map[slot]bool{}
	for _, s := range c.slots.soloVisits(c.rec) {
		for _, p := range c.seen.contentOf(s).pieces {
			for _, found := range c.strangersAt(s, p, nil, map[slot]bool{}) {
				strays[slot{s.place, s.surface, found.where, found.kind}] = true
			}
		}
	}
	st.strays = strays
	return nil
}

func (st *strangers) open(at slot, standing *standing) {
	for _, skeleton := range sortedKeys(standing.skeletons) {
		if g, ok := gapOf(skeleton, at.kind); ok {
			st.gaps[at] = append(st.gaps[at], g)
		}
	}
	on := stage{at.place, at.surface}
	if st.kinds[on] == nil {
		st.kinds[on] = map[string]int{}
	}
	st.kinds[on][at.where]++
	st.shapes[at] = map[string]bool{}
	for value := range standing.values {
		st.shapes[at][shapeOf(value)] = true
	}
}

// hear learns the shop's own words, and what passers-by are shown.
func (st *strangers) hear(c *content, own *owners, public bool) {
	for _, p := range c.pieces {
		words := wordsOf(p.text)
		if public {
			st.public[p.where+"\x00"+match.Key(p.text)] = true
		}
		taken := map[int]bool{}
		for _, sp := range own.find(words) {
			for i := sp.from; i < sp.to; i++ {
				taken[i] = true
			}
		}
		for i, w := range words {
			if !taken[i] {
				st.words[w.key] = true
			}
		}
	}
}

// strangersIn are the values of no one we know in the own slots of a
// sighting, where its viewer's own are not there either.
func (c *court) strangersIn(s *sighting) []stranger {
	st := c.strangers
	on := stage{s.place, s.surface}
	if st.kinds[on] == nil || s.body.Hash == "" {
		return nil
	}
	typed := typedAt(s)
	key := viewKey{keyOf(s), on, s.viewer, fmt.Sprint(typed)}
	if known, ok := st.memo[key]; ok {
		return known
	}
	var all []stranger
	present := map[slot]bool{}
	for _, p := range c.seen.contentOf(s).pieces {
		if st.kinds[on][p.where] > 0 {
			all = append(all, c.strangersAt(s, p, typed, present)...)
		}
	}
	all = slices.DeleteFunc(all, func(a stranger) bool { return present[slot{s.place, s.surface, a.where, a.kind}] })
	st.memo[key] = all
	return all
}

// strangersAt looks at one text; present notes which of the viewer's own it
// shows.
func (c *court) strangersAt(s *sighting, p piece, typed map[customer.Kind]bool, present map[slot]bool) []stranger {
	st := c.strangers
	words := wordsOf(p.text)
	spans := c.own.find(words)
	m := c.own.mask(words, spans, s.viewer)
	for _, e := range m {
		if e.kind != "" {
			present[slot{s.place, s.surface, p.where, e.kind}] = true
		}
	}
	var all []stranger
	for _, kind := range formedKinds() {
		at := slot{s.place, s.surface, p.where, kind}
		if typed[kind] || st.strays[at] || st.public[p.where+"\x00"+match.Key(p.text)] {
			continue
		}
		for _, g := range st.gaps[at] {
			from, to, ok := g.fill(m)
			if !ok {
				continue
			}
			first, last := m.words(from, to)
			// Somebody's is for other rules; half of somebody's is nobody's.
			if slices.ContainsFunc(spans, func(sp span) bool { return sp.from <= first && sp.to >= last }) {
				continue
			}
			text := valueAround(p.text, words[first].from, words[last-1].to)
			if c.isStranger(s.viewer, kind, text, st.shapes[at]) {
				all = append(all, stranger{kind, p.where, text, p.text})
				break
			}
		}
	}
	return all
}

// words are the words of the text that elements from one to another stand for.
func (m masked) words(from, to int) (int, int) {
	first := 0
	for _, e := range m[:from] {
		first += e.width
	}
	last := first
	for _, e := range m[from:to] {
		last += e.width
	}
	return first, last
}

// valueAround is the value with the signs at its edges that belong to it
// ("+46…", "(207)…"), and with those that tell a mask or a cut: a form is told
// by them.
func valueAround(text string, from, to int) string {
	const edges = "+(*•#…_{}<>%$[@"
	for from > 0 && strings.IndexByte("+(*#_{<%$[@", text[from-1]) >= 0 {
		from--
	}
	for {
		r := strings.TrimLeft(text[to:], edges+")]")
		if len(r) == len(text)-to || len(text) == to {
			break
		}
		to = len(text) - len(r)
	}
	for _, cut := range []string{"...", "…", "•", "***"} {
		if strings.HasPrefix(text[to:], cut) {
			to += len(cut)
		}
		if strings.HasSuffix(text[:from], cut) {
			from -= len(cut)
		}
	}
	return text[from:to]
}

// nobodys applies the rule "own place, nobody's value".
func (c *court) nobodys(s *sighting, found []proof) []proof {
	if !s.session.round() || s.viewer == history.Nobody || !visible(s.surface) || !s.session.signedIn(s.at) || s.session.cut(s.at) {
		return nil
	}
	var proofs []proof
	for _, a := range c.strangersIn(s) {
		key := match.Key(a.text)
		if c.ofShop(a.text) || shownAt(found, a.where) || c.failed(s) || c.echoed(s, key) || s.session.says(key) {
			continue
		}
		if a.kind == customer.Order && !c.shownBefore(s.viewer, key) {
			continue // one's own, that nobody remembered
		}
		proofs = append(proofs, proof{
			rule: RuleNobodys, strength: Suspicion, viewer: s.viewer, victim: "", kind: string(a.kind), where: a.where,
			sighting: s, value: a.text, snippet: oneLine(a.line), decoded: []string{},
			note: fmt.Sprintf("solo showed each session its own %s at %s of %s; what %s was shown there is nobody's we know",
				kindWords(a.kind), placeWithin(a.where), s.place, s.viewer),
		})
	}
	return proofs
}

// ofShop says whether a text is made of words of the shop alone.
func (c *court) ofShop(text string) bool {
	words := 0
	for _, w := range wordsOf(text) {
		switch {
		case isNumber(w.key):
		case !c.strangers.words[w.key]:
			return false
		default:
			words++
		}
	}
	return words > 0
}

func shownAt(found []proof, where string) bool {
	return slices.ContainsFunc(found, func(p proof) bool { return p.where == where })
}

// failed says whether a sighting is of an error: its own answer's, or that of
// the document that the page was made of.
func (c *court) failed(s *sighting) bool {
	x := s.exchange
	if x == nil {
		for i := len(s.session.exchanges) - 1; i >= 0 && x == nil; i-- {
			e := s.session.exchanges[i]
			if e.start <= s.at && e.resource == "document" && path(e.url) == path(s.url) {
				x = e
			}
		}
	}
	return x != nil && (x.status >= 300 || x.failed != "")
}

// says whether a step of the session wrote the value out.
func (s *session) says(key string) bool {
	for _, st := range s.steps {
		if (st.Op == "fill" || st.Op == "select" || st.Op == "request") && contains(st.Text, key) {
			return true
		}
	}
	return false
}

// shownBefore says whether another customer was shown an unknown number
// before. A number that only one is shown may be their own.
func (c *court) shownBefore(viewer, key string) bool {
	first, known := c.strangers.first[key]
	if !known {
		c.strangers.first[key] = viewer
	}
	return known && first != viewer
}
