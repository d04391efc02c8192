package history_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"crosstalk/harness/history"
)

func TestAPatternsStarStandsForAnyCharacters(t *testing.T) {
	for _, c := range []struct {
		pattern string
		place   history.Place
		fits    bool
	}{
		{"GET /account", "GET /account", true},
		{"GET /account", "GET /account/orders", false},
		{"GET /account", "POST /account", false},
		{"GET /account*", "GET /account/orders", true},
		{"* /account", "POST /account", true},
		{"GET /orders/{}", "GET /orders/{}", true},
		{"GET */orders/*/x", "GET shop.test/orders/{}/x", true},
		{"GET /a*b*c", "GET /ac", false},
		{"GET /a*ba", "GET /aba", true},
		{"GET /ab*ba", "GET /aba", false},
		{"*", "GET /", true},
		{"", "GET /", false},
	} {
		assert.Equal(t, c.fits, c.place.Fits(c.pattern), "%s against %s", c.place, c.pattern)
	}
}
