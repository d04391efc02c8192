package leak

import (
	"fmt"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// variantSlot is where a place speaks a language or shows a currency. What is
// shown to those who are signed in is kept apart from what is shown to others:
// a page that forgot who is asking falls back on a language of its own, and
// that is not another customer's.
type variantSlot struct {
	slot
	own bool // the same sight shows the viewer's own values
}

// variantStanding is what solo saw there.
type variantStanding struct {
	customers map[string]bool
	values    map[string]bool
	journeys  map[string]bool // of the sessions: another client may ask for no language at all
	alien     bool            // somebody was shown one that is not theirs
}

// established says that solo showed customers of two languages or currencies
// each their own. In a shop that has only one, it never is.
func (v *variantStanding) established() bool {
	return v != nil && !v.alien && len(v.customers) >= 2 && len(v.values) >= 2
}

// learnVariants learns from solo where customers are shown their own language
// and currency. It proves nothing yet.
func (c *court) learnVariants() []proof {
	c.variants = map[variantSlot]*variantStanding{}
	c.fallbacks = fallbacks{}
	for _, s := range c.rec.sightings {
		switch {
		case s.session.baseline() && speech(s):
			for _, v := range c.variantsOf(s) {
				c.fallbacks.learn(v)
			}
		case s.session.solo() && c.speaks(s) && !storedFor(s):
			for _, v := range c.variantsOf(s) {
				c.standingOf(v.at).learn(v, s, c.people[s.viewer])
			}
		}
	}
	return nil
}

// storedFor says that a sighting is of a stored copy. What that says is not made
// for who asks: a cache that is wrong from the first day on gives its copies in
// solo too, and must not make the place one that speaks to all alike.
func storedFor(s *sighting) bool {
	x := s.exchange
	if x == nil {
		x = documentOf(s)
	}
	return x != nil && markOf(x) != ""
}

func peopleOf(rec *record) map[string]*customer.Customer {
	people := map[string]*customer.Customer{}
	for i := range rec.customers {
		people[rec.customers[i].ID] = &rec.customers[i]
	}
	return people
}

func (c *court) standingOf(at variantSlot) *variantStanding {
	st := c.variants[at]
	if st == nil {
		st = &variantStanding{customers: map[string]bool{}, values: map[string]bool{}, journeys: map[string]bool{}}
		c.variants[at] = st
	}
	return st
}

func (v *variantStanding) learn(a shownVariant, s *sighting, who *customer.Customer) {
	v.customers[who.ID], v.values[a.value], v.journeys[s.session.Journey] = true, true, true
	v.alien = v.alien || !a.suits(who.Locale, who.Currency)
}

// speaks says whether a sighting is one of a page or an answer, to a customer,
// that can be in the wrong language: not an error, nor one file for everyone.
func (c *court) speaks(s *sighting) bool {
	return c.people[s.viewer] != nil && speech(s)
}

func speech(s *sighting) bool {
	if s.body.Hash == "" || s.surface == history.SurfaceField || !visible(s.surface) {
		return false
	}
	return s.exchange == nil || !static(s.exchange) && s.exchange.status < 300
}

// shownVariant is a variant at its slot.
type shownVariant struct {
	variant
	at variantSlot
}

// variantsOf are the languages and currencies of a sighting and, of an answer,
// of its header.
func (c *court) variantsOf(s *sighting) []shownVariant {
	found := s.body.remarks.variants
	language := ""
	if s.surface == history.SurfaceResponse && s.exchange != nil {
		language = s.exchange.language
	}
	if len(found) == 0 && language == "" {
		return nil
	}
	own := len(c.slots.view(s).own) > 0
	all := make([]shownVariant, 0, len(found)+1)
	for _, v := range found {
		all = append(all, shownVariant{v, variantSlot{slot{s.place, s.surface, v.where, v.kind}, own}})
	}
	if language != "" {
		v := variant{customer.Locale, "content-language", language}
		all = append(all, shownVariant{v, variantSlot{slot{s.place, history.SurfaceHeader, v.where, v.kind}, own}})
	}
	return all
}

// wrongVariant applies the rule "wrong variant". What is shown of another
// customer there says more, and is not said twice.
func (c *court) wrongVariant(s *sighting, found []proof) []proof {
	if len(found) > 0 || !s.session.round() || !c.speaks(s) {
		return nil
	}
	first := map[customer.Kind]shownVariant{} // a page of many prices is one finding
	who := c.people[s.viewer]
	for _, v := range c.variantsOf(s) {
		st := c.variants[v.at]
		if c.leftVariant(s, v) || !st.established() || !st.journeys[s.session.Journey] || v.suits(who.Locale, who.Currency) || c.fallbacks.has(v) || c.asked(s, v.value) {
			continue
		}
		if known, some := first[v.kind]; !some || v.where+v.value < known.where+known.value {
			first[v.kind] = v
		}
	}
	var proofs []proof
	for _, kind := range []customer.Kind{customer.Locale, customer.Currency} {
		if v, some := first[kind]; some {
			proofs = append(proofs, c.variantProof(s, v, who))
		}
	}
	return proofs
}

// leftVariant says that a language or currency is that of a customer who had
// used the client before: a browser and its cookies keep what was chosen.
func (c *court) leftVariant(s *sighting, v shownVariant) bool {
	for who := range s.session.predecessors(s.at) {
		if one := c.people[who]; one != nil && v.suits(one.Locale, one.Currency) {
			return true
		}
	}
	return false
}

// asked says whether the session had asked for that language or currency.
func (c *court) asked(s *sighting, value string) bool {
	language, _, _ := strings.Cut(value, "-")
	for _, word := range append(strings.Fields(value), language) {
		if sends(s.url, word) || c.echoed(s, word) {
			return true
		}
	}
	return false
}

func (c *court) variantProof(s *sighting, v shownVariant, who *customer.Customer) proof {
	if v.at.surface != s.surface {
		s = onSurface(s, v.at.surface)
	}
	own := map[customer.Kind]string{customer.Locale: who.Locale, customer.Currency: who.Currency}[v.kind]
	victim, like := c.soleSpeaker(v)
	return proof{
		rule: RuleVariant, strength: Suspicion, viewer: s.viewer, victim: victim, kind: string(v.kind), where: v.where,
		sighting: s, value: v.value, snippet: oneLine(placeWithin(v.where) + ": " + spoken(v.variant)), decoded: []string{},
		note: fmt.Sprintf("solo showed each session its own %s at %s of %s; here %s, whose own is %s, was shown %s%s",
			kindWords(v.kind), placeWithin(v.where), s.place, s.viewer, own, spoken(v.variant), like),
	}
}

// soleSpeaker is the one customer whose own the variant is; "" when that fits
// several or none. In words, it says whose it can be.
func (c *court) soleSpeaker(v shownVariant) (string, string) {
	var all []string
	for _, id := range sortedKeys(c.people) {
		if p := c.people[id]; v.suits(p.Locale, p.Currency) {
			all = append(all, id)
		}
	}
	switch len(all) {
	case 0:
		return "", ", which is nobody's here"
	case 1:
		return all[0], ", which is " + all[0] + "'s"
	}
	return "", fmt.Sprintf(", which is that of %d other customers", len(all))
}

// spoken is a variant in words: "SEK", "DKK or SEK", "sv".
func spoken(v variant) string {
	if v.kind == customer.Currency {
		all := strings.Fields(strings.ToUpper(v.value))
		last := len(all) - 1
		return strings.TrimPrefix(strings.Join(all[:last], ", ")+" or "+all[last], " or ")
	}
	language, country, some := strings.Cut(v.value, "-")
	if some {
		return language + "-" + strings.ToUpper(country)
	}
	return language
}
