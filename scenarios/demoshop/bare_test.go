package demoshop_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"crosstalk/scenarios/demoshop"
)

func TestABareShopHasNoCacheOfItsOwn(t *testing.T) {
	for _, bare := range []bool{false, true} {
		base := open(t, demoshop.Options{Bare: bare})
		c := newClient(t, base)
		c.get("/products")
		again := c.get("/products")
		assert.Contains(t, again.text(), "All products")
		assert.Equal(t, bare, again.header.Get("X-Cache") == "", "bare %v: %v", bare, again.header)
		assert.Contains(t, again.header.Get("Cache-Control"), "s-maxage", "what a cache in front may keep is said all the same")
	}
}

func TestALenientShopAnswersBelowTheAccountPage(t *testing.T) {
	for _, lenient := range []bool{false, true} {
		base := open(t, demoshop.Options{Lenient: lenient})
		c := newClient(t, base)
		c.signUp(zoe(), portrait(t, 10))
		mine := c.get("/account/logo.css")
		assert.Equal(t, lenient, strings.Contains(mine.body, zoe().email), "lenient %v", lenient)
		assert.Equal(t, "private, no-store", mine.header.Get("Cache-Control"))
		assert.NotContains(t, newClient(t, base).get("/account/logo.css").body, zoe().email, "to its owner alone")
	}
}

func TestTheLatestOrderIsItsOwnersAlone(t *testing.T) {
	base := open(t, demoshop.Options{})
	c := newClient(t, base)
	c.signUp(zoe(), portrait(t, 10))
	assert.Equal(t, "/orders", c.get("/orders/latest").url.Path, "before there is one")
	c.buy(zoe(), nil)
	assert.Contains(t, c.get("/account").follow("Track your latest").body, zoe().email)
	assert.Equal(t, "/sign-in", newClient(t, base).get("/orders/latest").url.Path)
}
