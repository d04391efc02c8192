package leak

import (
	"fmt"

	"crosstalk/harness/history"
)

// comesUncut says that wrong answers come at a place whether or not anything was
// cut or refused lately: whoever has a request cut right before one is there by
// chance. A reply too many is used up soon, and until a request leaves another,
// nobody is given somebody else's.
func (c *court) comesUncut(place history.Place) bool {
	if c.clues.uncut == nil {
		c.clues.uncut = map[history.Place][]*wrong{}
		loose := c.loose()
		for _, w := range c.strays() {
			if !loose.lately(w.x) && markOf(w.x) == "" {
				c.clues.uncut[w.x.place] = append(c.clues.uncut[w.x.place], w)
			}
		}
	}
	return pairsOf(c.clues.uncut[place]) >= fewestAgainst
}

// cutByChance says why a request that was cut began nothing.
func (c *court) cutByChance(cut *exchange, place history.Place) string {
	all := c.clues.uncut[place]
	return fmt.Sprintf("that %s's request %s was cut did not begin it: at %s, %d answers showed another customer's data while nothing had been cut or refused for %s: %s",
		name(cut.viewer), cut.id, place, len(all), length(soonAfter), showings(all))
}

// loose are all requests that can leave a reply too many.
func (c *court) loose() *settingOff {
	c.strays()
	all := &settingOff{kind: "cut or refused"}
	for _, e := range c.traffic.all {
		if failed(e) {
			all.all = append(all.all, e)
		}
	}
	all.sort()
	return all
}
