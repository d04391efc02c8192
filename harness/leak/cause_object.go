package leak

import (
	"fmt"
	"strconv"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// askedFor is the cause "object-level authorization": the viewer's own request
// named a thing of the victim's, and the shop answered it. It is not certain
// where a cache could have given the same bytes.
func (c *court) askedFor(q inquiry) ([]string, string) {
	if q.x == nil || q.x.status >= 400 || q.rule == RuleSharedToken {
		return nil, ""
	}
	id, ok := c.named(q.x, q.victim)
	if !ok || match.Key(id.Value) == keyOfValue(q.proof) {
		return nil, ""
	}
	asked := fmt.Sprintf("%s's own request %s asked for %s's %s %s, and was answered", name(q.viewer), q.x.id, name(q.victim), kindWords(id.Kind), id.Value)
	if e := c.unmarked(q.x); e != nil {
		return nil, fmt.Sprintf("object-level authorization (%s)", asked)
	}
	facts := []string{asked}
	if how := c.cameBy(q, id); how != "" {
		facts = append(facts, how)
	}
	return facts, ""
}

// named is the thing of the customer's, issued by the shop, that a request
// names in its address or its body.
func (c *court) named(x *exchange, who string) (customer.Marker, bool) {
	for _, m := range c.issued()[who] {
		if match.Key(m.Value) != "" && c.sent(x, match.Key(m.Value)) {
			return m, true
		}
	}
	return customer.Marker{}, false
}

func (c *court) sent(x *exchange, key string) bool {
	return sends(x.url, key) || x.request.Hash != "" && c.echoed(&sighting{scene: x.scene, exchange: x}, key)
}

// issued are the values that the shop issued to each customer.
func (c *court) issued() map[string][]customer.Marker {
	if c.clues.things == nil {
		c.clues.things = map[string][]customer.Marker{}
		for _, m := range c.own.markers {
			if m.Learned && !m.public {
				c.clues.things[m.Owner] = append(c.clues.things[m.Owner], m.Marker)
			}
		}
	}
	return c.clues.things
}

// closeBy is how far apart numbers are that one can guess from another.
const closeBy = 10

// cameBy says how the viewer can have come by the victim's id.
func (c *court) cameBy(q inquiry, id customer.Marker) string {
	key := match.Key(id.Value)
	for _, e := range q.x.session.exchanges {
		if e.start >= q.x.start {
			break
		}
		content := c.seen.contentIn(e.body)
		if arrival(e) <= q.x.start && c.seen.has(content, key) {
			return fmt.Sprintf("it had been shown that by %s (%s), %s before", e.id, e.place, length(q.x.start-e.start))
		}
	}
	for _, own := range c.issued()[q.viewer] {
		a, err := strconv.ParseInt(own.Value, 10, 64)
		b, bad := strconv.ParseInt(id.Value, 10, 64)
		if err == nil && bad == nil && own.Kind == id.Kind && max(a, b)-min(a, b) <= closeBy {
			return fmt.Sprintf("%s's own is %s, a number close by", name(q.viewer), own.Value)
		}
	}
	if q.viewer == history.Nobody {
		return "nobody was signed in"
	}
	return ""
}
