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
	texts   map[string][]string // of steps that write, by customer
	first   map[string]string   // unknown numbers: who was shown them first
	domains map[string]domainOf // of e-mail addresses
}

// stranger is somebody's value, found where the viewer's own should stand.
type stranger struct {
	kind              customer.Kind
	where, text, line string
}

// learnStrangers learns from solo and the passers-by what else is shown where
// customers' own values stand. It proves nothing yet.
func (c *court) learnStrangers() []proof {
	st := &strangers{
		gaps: map[slot][]gap{}, kinds: map[stage]map[string]int{}, words: map[string]bool{}, fillers: wordSet(fillers),
		public: map[string]bool{}, shapes: map[slot]map[string]bool{}, memo: map[viewKey][]stranger{}, first: map[string]string{}, texts: map[string][]string{},
		domains: map[string]domainOf{},
	}
	c.strangers = st
	st.learnDomains(c.people)
	for at, standing := range c.slots.all {
		if standing.established() && hasForm(at.kind) {
			st.open(at, standing)
		}
	}
	read := map[*body]bool{}
	for _, s := range c.rec.sightings {
		if s.viewer != history.Nobody && !s.session.solo() || s.body.Hash == "" || read[s.body] || s.unowned() {
			continue
		}
		read[s.body] = true
		content := c.seen.contentOf(s)
		st.hear(content, c.own, s.viewer == history.Nobody)
		if s.session.baseline() {
			st.hearDomains(content)
		}
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
	key := viewKey{s.body, on, s.viewer, fmt.Sprint(typed)}
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
	remember(st.memo, key, all)
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
			if kind != customer.Phone {
				text = strings.Trim(text, "()")
			}
			if c.isStranger(s.viewer, kind, text, st.shapes[at]) {
				all = append(all, stranger{kind, p.where, text, p.text})
				break
			}
		}
	}
	return all
}

// nobodys applies the rule "own place, nobody's value". What flashed while a
// page was being built may be half of a value; so may what came until the plan
// cut it.
func (c *court) nobodys(s *sighting, found []proof) []proof {
	mailed := s.surface == history.SurfaceMail // to a mailbox, which nobody signs in to
	if !s.session.round() || s.viewer == history.Nobody || !mailed && (!visible(s.surface) || !s.session.signedIn(s.at)) || s.session.aside(s.at) || s.body.Unseen != "" || s.flash {
		return nil
	}
	var proofs []proof
	for _, a := range c.strangersIn(s) {
		if c.shopsOwn(s, a) || shownAt(found, a.where) || c.viewersOwn(s, a) {
			continue
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

// shopsOwn says that what stands there is the shop's: its words, its address, an
// error.
func (c *court) shopsOwn(s *sighting, a stranger) bool {
	return c.ofShop(a.text) || a.kind == customer.Phone && c.heardNumber(a.text) || a.kind == customer.Email && c.shopsAddress(s, a.text) || c.failed(s)
}

// viewersOwn says that what stands there can be the viewer's: what they wrote,
// an order that nobody remembered, or who stands beside theirs in a queue.
func (c *court) viewersOwn(s *sighting, a stranger) bool {
	key := match.Key(a.text)
	return c.echoed(s, key) || c.slots.neighbor(s, c.slots.ownNumbers(s), a.where, a.kind, key) || c.wrote(s.viewer, key) || a.kind == customer.Order && !c.shownBefore(s.viewer, key)
}

// heardNumber says whether all groups of a number's digits are known from solo
// and passers-by: the number of the shop's service stands on every page.
func (c *court) heardNumber(text string) bool {
	return !slices.ContainsFunc(wordsOf(text), func(w word) bool { return !c.strangers.words[w.key] })
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

// wrote says whether a step of any of the viewer's sessions wrote a value out:
// a profile that a journey changes keeps what it was changed to.
func (c *court) wrote(viewer, key string) bool {
	texts, known := c.strangers.texts[viewer]
	if !known {
		seen := map[string]bool{}
		for _, session := range c.rec.order {
			for _, st := range session.steps {
				writes := st.Op == "fill" || st.Op == "select" || st.Op == "request"
				if writes && !seen[st.Text] && session.user(st.Start) == viewer {
					seen[st.Text] = true
					texts = append(texts, st.Text)
				}
			}
		}
		c.strangers.texts[viewer] = texts
	}
	return slices.ContainsFunc(texts, func(text string) bool { return contains(text, key) })
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
