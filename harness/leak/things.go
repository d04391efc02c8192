package leak

import (
	"bytes"

	"crosstalk/harness/history"
)

// thing says that a value in a body names something that is not a customer's:
// a product's variant, whose id also stands in the baskets of those who buy it.
// The empty jars were shown it before anybody had signed up, elsewhere than
// where tokens are given, or there is an address that shows it, and nothing else
// there, to whoever asks. What is named like a secret is none.
func (c *court) thing(t *token) bool {
	if t.source <= inHeader || secret(t.name) {
		return false
	}
	for _, other := range c.tokens.values[t.value] {
		if other != t && len(other.owners) > 1 && len(c.tokens.names[other.name]) == 1 {
			return true
		}
	}
	return !t.givenInBaseline() && c.inBaseline(t.value)
}

// givenInBaseline says that an empty jar was given this very token: then that
// it was shown to one makes nothing public.
func (t *token) givenInBaseline() bool {
	for _, r := range t.owners {
		if r.sighting.session.baseline() {
			return true
		}
	}
	return false
}

// inBaseline says whether the baseline was shown a text, in any response.
func (c *court) inBaseline(text string) bool {
	read := map[*body]bool{}
	for _, s := range c.rec.sightings {
		if !s.session.baseline() || s.surface != history.SurfaceResponse || read[s.body] {
			continue
		}
		read[s.body] = true
		body, err := c.history.Body(s.body.Hash)
		if err == nil && bytes.Contains(body, []byte(text)) {
			return true
		}
	}
	return false
}
