package leak

import (
	"maps"
	"net/http"
	"strings"

	"crosstalk/harness/history"
)

// maskedPast is who was shown which mask when, and who was where. Shops show
// masks that are nobody's data: a support number, an example in a form.
type maskedPast struct {
	came   map[string]history.Moment           // by customer: first sent the shop anything; else, first seen in the run
	shown  map[*fit]map[string]history.Moment  // by viewer: first shown the mask
	visits map[stage]map[string]history.Moment // by viewer: first there
	solo   map[stage]map[string]bool           // customers whom solo led there
	inSolo map[fitAt]map[string]bool           // customers to whom solo showed the mask there
	there  map[fitAt]map[string]history.Moment // by viewer: first shown it there
}

type fitAt struct {
	fit *fit
	at  stage
}

func (c *court) readMaskedPast() *maskedPast {
	p := &maskedPast{
		came: map[string]history.Moment{}, shown: map[*fit]map[string]history.Moment{}, visits: map[stage]map[string]history.Moment{},
		solo: map[stage]map[string]bool{}, inSolo: map[fitAt]map[string]bool{}, there: map[fitAt]map[string]history.Moment{},
	}
	sent := map[string]history.Moment{}
	for _, x := range c.rec.exchanges {
		earliest(p.came, x.viewer, x.start)
		if x.method != http.MethodGet && x.method != http.MethodHead {
			earliest(sent, x.viewer, x.start)
		}
	}
	for _, s := range c.rec.sightings {
		earliest(p.came, s.viewer, s.at)
		at := stage{s.place, s.surface}
		for _, m := range c.seen.contentOf(s).masks {
			p.note(s, fitAt{m.fit, at})
		}
	}
	maps.Copy(p.came, sent) // what a shop knows of somebody, it has been sent
	for _, s := range c.rec.sightings {
		at := stage{s.place, s.surface}
		if p.visits[at] == nil {
			continue
		}
		earliest(p.visits[at], s.viewer, s.at)
		if s.session.solo() && s.viewer != history.Nobody {
			p.solo[at][s.viewer] = true
		}
	}
	return p
}

func (p *maskedPast) note(s *sighting, f fitAt) {
	if p.visits[f.at] == nil {
		p.visits[f.at], p.solo[f.at] = map[string]history.Moment{}, map[string]bool{}
	}
	if p.shown[f.fit] == nil {
		p.shown[f.fit] = map[string]history.Moment{}
	}
	if p.there[f] == nil {
		p.there[f], p.inSolo[f] = map[string]history.Moment{}, map[string]bool{}
	}
	earliest(p.shown[f.fit], s.viewer, s.at)
	earliest(p.there[f], s.viewer, s.at)
	if s.session.solo() {
		p.inSolo[f][s.viewer] = true
	}
}

func earliest(all map[string]history.Moment, who string, at history.Moment) {
	if was, ok := all[who]; !ok || at < was {
		all[who] = at
	}
}

// publicMask says whether a mask cannot be the victim's data: somebody was
// shown it before the victim came, or at this place solo showed it to
// everyone, to others before the victim was ever there. A copy of the victim's
// own page in a cache does neither.
func (c *court) publicMask(f *fit, victim string, s *sighting) bool {
	if c.masked == nil {
		c.masked = c.readMaskedPast()
	}
	came, ever := c.masked.came[victim]
	if !ever || c.masked.before(c.masked.shown[f], victim, came) {
		return true
	}
	at := fitAt{f, stage{s.place, s.surface}}
	first, been := c.masked.visits[at.at][victim]
	if been && !c.masked.before(c.masked.there[at], victim, first) {
		return false
	}
	return c.masked.everyone(at, victim)
}

// before says whether anybody but the victim was shown it before a moment.
func (p *maskedPast) before(shown map[string]history.Moment, victim string, moment history.Moment) bool {
	for viewer, at := range shown {
		if viewer != victim && at < moment {
			return true
		}
	}
	return false
}

// everyone says whether solo showed a mask to each customer whom it led to
// the place, and to two besides the victim.
func (p *maskedPast) everyone(f fitAt, victim string) bool {
	others := 0
	for who := range p.solo[f.at] {
		if !p.inSolo[f][who] {
			return false
		}
		if who != victim {
			others++
		}
	}
	return others >= 2
}

// near is how many segments may stand between two values of one container.
const near = 8

// oneContainer says whether two values of a body stand in one container, not far
// from each other: in the same JSON object or the same element, or one of them
// in an object or element directly within the other's. The body as a whole is
// no such container for what lies deeper: lists of people are bodies.
func oneContainer(a string, i int32, b string, k int32) bool {
	if i-k > near || k-i > near {
		return false
	}
	x, y := container(a), container(b)
	return x == y || x == container(y) && !topmost(x) || y == container(x) && !topmost(y)
}

func topmost(container string) bool {
	return container == "" || strings.HasSuffix(container, "$") || strings.HasSuffix(container, "›")
}

// container is the object or element that a value stands in: of
// "$.user.email" it is "$.user", of "main>dl>dd" it is "main>dl", of
// "head>script$.user.email" in a page "head>script$.user".
func container(where string) string {
	from := strings.LastIndex(where, "›")
	if from >= 0 {
		from += len("›")
	}
	inner := where[max(0, from):]
	outer := where[:max(0, from)]
	cut := strings.LastIndexByte(inner, '>')
	if strings.Contains(inner, "$") {
		cut = strings.LastIndexAny(inner, ".[")
	}
	return outer + inner[:max(0, cut)]
}
