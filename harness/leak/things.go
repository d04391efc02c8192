package leak

import (
	"bytes"

	"crosstalk/harness/history"
)

// thing says that a value in a body names something that is not a customer's:
// a product's variant, whose id also stands in the baskets of those who buy it.
// The empty jars were shown it before anybody had signed up, or there is an
// address that shows it, and nothing else there, to whoever asks.
func (c *court) thing(t *token) bool {
	if t.cookie {
		return false
	}
	for _, other := range c.tokens.values[t.value] {
		if other != t && len(other.owners) > 1 && len(c.tokens.names[other.name]) == 1 {
			return true
		}
	}
	return c.inBaseline(t.value)
}

// inBaseline says whether the baseline was shown a text, in any response.
func (c *court) inBaseline(text string) bool {
	read := map[contentKey]bool{}
	for _, s := range c.rec.sightings {
		if !s.session.baseline() || s.surface != history.SurfaceResponse || read[keyOf(s)] {
			continue
		}
		read[keyOf(s)] = true
		body, err := c.history.Body(s.body.Hash)
		if err == nil && bytes.Contains(body, []byte(text)) {
			return true
		}
	}
	return false
}

// common says that a value is what many have by default (the digest of an
// empty basket): most owners were given it, and each freshly. A cached
// credential reaches many as well, but as a stored copy.
func (l *ledger) common(t *token, holders int) bool {
	if len(t.owners) <= 2 || 4*len(t.owners) <= holders {
		return false
	}
	for _, r := range t.owners[1:] {
		if l.storedCopy(t, r) {
			return false
		}
	}
	return true
}
