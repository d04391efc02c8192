package leak

import (
	"net/url"
	"slices"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// canHold says whether a sighting can show what is somebody's alone: content,
// not an error page, to somebody who is signed in, or to a passer-by.
func (c *court) canHold(s *sighting) bool {
	return c.content(s) && (s.viewer == history.Nobody || s.session.signedIn(s.at))
}

// content says that a sighting is no error page and not the same for all by its
// nature.
func (c *court) content(s *sighting) bool {
	if s.body.Hash == "" || !visible(s.surface) && s.surface != history.SurfaceStorage {
		return false
	}
	return s.exchange == nil || (!static(s.exchange) || pictured(s)) && s.exchange.status < 300
}

// rareValue is a random value at its place.
type rareValue struct {
	at    personalSlot
	value string
}

// pictured says that a sighting is a picture. One that a shop has made smaller
// is not the planted one any more; that it is the same for two, at an address
// where each had another, is all that can be said.
func pictured(s *sighting) bool {
	return s.surface == history.SurfaceResponse && isPicture(s.body.Type)
}

// requestOf is an address without its scheme and host.
func requestOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.RequestURI()
}

// rareOf are the random values of a sighting that are nobody's known, and, of
// an answer, those of its headers.
func (c *court) rareOf(s *sighting) []rareValue {
	if pictured(s) {
		return []rareValue{{personalSlot{s.place, s.surface, "the bytes of " + requestOf(s.url)}, s.body.Hash}}
	}
	var all []rareValue
	add := func(on history.Surface, found []candidate) {
		for _, f := range found {
			if key := match.Key(f.value); len(c.own.values[key]) == 0 && !sends(s.url, key) {
				all = append(all, rareValue{personalSlot{s.place, on, f.where}, f.value})
			}
		}
	}
	add(s.surface, s.body.remarks.rare)
	if s.surface == history.SurfaceResponse {
		add(history.SurfaceHeader, c.seen.rare[s.exchange])
	}
	return all
}

// namesThing says that a value names a thing, not a customer: the empty jars
// were shown it before anybody had signed up, or the shop shows it under an
// address of its own.
func (c *court) namesThing(value string) bool {
	known, asked := c.personal.thing[value]
	if asked {
		return known
	}
	known = slices.ContainsFunc(c.tokens.values[value], func(t *token) bool { return len(t.owners) > 1 && c.thing(t) }) || c.inBaseline(value)
	c.personal.thing[value] = known
	return known
}
