package leak

import (
	"fmt"
	"slices"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// mistaken is a wrong answer to another question than the one that was asked: all
// it shows of its owner stands at another place, and nothing of it where it was
// given. Its owner had asked there, and was not given it, but somebody else's, or
// nothing. With a variable or a buffer that two share, the owner is answered
// rightly, or with the same bytes; a cache and a worker answer what is asked.
type mistaken struct {
	*wrong
	asked *exchange // by the owner, for what the wrong answer is the answer to
}

// point is something that a place shows each customer of their own.
type point struct {
	where string
	kind  customer.Kind
}

// outline is what solo showed in answers, by place.
type outline struct {
	at     map[history.Place]map[point]bool // each customer's own
	ever   map[history.Place]map[point]bool // anybody's own, once
	homes  map[point][]history.Place
	visits map[history.Place]map[string]bool // who was answered there
}

const (
	// fewestMistaken is how many questions must have been answered to others:
	// two that are chance make no third.
	fewestMistaken = 3
	// fewestPoints is how many things make an answer one that is known again.
	fewestPoints = 2
	// mostOthers is how many wrong answers of a run stand for each mistaken one,
	// where all are of one fault: of what is handed from one to the next, many are
	// answers to the same question by chance.
	mostOthers = 5
)

// mistakenReplies says of a run that replies were shifted in it, where they were
// answers to other questions.
func (c *court) mistakenReplies() []string {
	if c.clues.mistaken != nil {
		return *c.clues.mistaken
	}
	facts := c.mistakenFacts()
	c.clues.mistaken = &facts
	return facts
}

func (c *court) mistakenFacts() []string {
	strays := c.strays()
	if len(strays) < fewestMistaken {
		return nil
	}
	o := c.outline()
	var all []mistaken
	asked := map[*exchange]bool{}
	for _, w := range strays {
		if e := c.otherQuestion(o, w); e != nil {
			all = append(all, mistaken{w, e})
			asked[e] = true
		}
	}
	if len(asked) < fewestMistaken || mostOthers*len(all) < len(strays) {
		return nil
	}
	return []string{
		fmt.Sprintf("of %d wrong answers in this run, %d are no answers to what was asked, but to what their owners had asked for at other places: %s", len(strays), len(all), questions(all)),
		"nothing of what these show stands where they were given, and none of their owners was given them: each was given somebody else's, or was cut",
	}
}

// outline reads solo's answers.
func (c *court) outline() *outline {
	o := &outline{
		at: map[history.Place]map[point]bool{}, ever: map[history.Place]map[point]bool{},
		homes: map[point][]history.Place{}, visits: map[history.Place]map[string]bool{},
	}
	for at, st := range c.slots.all {
		if at.surface != history.SurfaceResponse || st.own == 0 {
			continue
		}
		p := point{at.where, at.kind}
		note(o.ever, at.place, p)
		if st.established() {
			note(o.at, at.place, p)
			o.homes[p] = append(o.homes[p], at.place)
		}
	}
	for _, x := range c.traffic.customers.all {
		if x.session.solo() {
			note(o.visits, x.place, x.viewer)
		}
	}
	return o
}

func note[T comparable](all map[history.Place]map[T]bool, at history.Place, one T) {
	if all[at] == nil {
		all[at] = map[T]bool{}
	}
	all[at][one] = true
}

// otherQuestion is the request of its owner to which a wrong answer is the
// answer; nil where it is one to what was asked, or that is not certain.
func (c *court) otherQuestion(o *outline, w *wrong) *exchange {
	if len(o.visits[w.x.place]) < 2 {
		return nil // who knows what stands there
	}
	home, ok := o.home(c.pointsOf(w), w.x.place)
	if !ok {
		return nil
	}
	e := c.traffic.lanes[w.victim].latestAt(home, w.x.end)
	if e == nil || w.x.end-e.end > soonAfter || e.body.Hash == w.x.body.Hash {
		return nil
	}
	if whyCut(e) == "" && c.clues.strayed[e] == nil {
		return nil
	}
	return e
}

// pointsOf is what a wrong answer shows of its owner.
func (c *court) pointsOf(w *wrong) map[point]bool {
	all := map[point]bool{}
	for _, p := range c.seen.contentIn(w.x.body).pieces {
		if !p.owned {
			continue
		}
		words := wordsOf(p.text)
		for _, e := range c.own.mask(words, c.own.find(words), w.victim) {
			if e.kind != "" && e.proof {
				all[point{p.where, e.kind}] = true
			}
		}
	}
	return all
}

// home is the one place that shows all of these, and not much else; none of them
// stands at the other one. What many pages have, as a greeting, has no home.
func (o *outline) home(shown map[point]bool, other history.Place) (history.Place, bool) {
	count, known := map[history.Place]int{}, 0
	for p := range shown {
		if o.ever[other][p] {
			return "", false
		}
		if len(o.homes[p]) > 0 {
			known++
		}
		for _, place := range o.homes[p] {
			count[place]++
		}
	}
	var home history.Place
	for place, n := range count {
		if n < known {
			continue
		}
		if home != "" {
			return "", false
		}
		home = place
	}
	return home, known >= fewestPoints && home != "" && 2*known >= len(o.at[home])
}

// latestAt is the latest request of a lane at a place that began before a moment.
func (l *lane) latestAt(place history.Place, until history.Moment) *exchange {
	if l == nil {
		return nil
	}
	for _, e := range slices.Backward(l.around(0, until)) {
		if e.place == place {
			return e
		}
	}
	return nil
}

// questions tells which mistaken answers were given to whom, the first ones.
func questions(all []mistaken) string {
	const named = 3
	var said []string
	for _, m := range all[:min(named, len(all))] {
		said = append(said, fmt.Sprintf("%s's %s (%s) was given the answer to %s's %s (%s)",
			name(m.x.viewer), m.x.id, m.x.place, name(m.victim), m.asked.id, m.asked.place))
	}
	text := strings.Join(said, ", ")
	if len(all) > named {
		text += fmt.Sprintf(", and %d more", len(all)-named)
	}
	return text
}
