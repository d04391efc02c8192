package demoshop

import (
	"net/http"
	"time"
)

// pageLife is how long the page cache keeps a page.
const pageLife = 30 * time.Second

// pageCache is the fault prefilled-checkout: a cache for the pages of visitors
// without an account, whom it takes to be all alike. The checkout is one of
// those pages that must be left out, and was; then it remembered its guests.
// A form with nothing filled in is made in no time: it is not kept. In the
// variants it keeps only the part of the page that says how receipts are sent.
type pageCache struct {
	kept *shelf[page]
}

func newPageCache(fault *lever, n *names) pageCache {
	return pageCache{newShelf[page](fault, n, "x-page-cache", pageLife)}
}

// page is the page that this visitor is shown. Form tokens are put into kept
// pages anew, as such caches do: else nobody could order.
func (c pageCache) page(w http.ResponseWriter, r *http.Request, v *visit, made *page) *page {
	if v.signedIn() {
		return made
	}
	kept, ok := c.kept.pick(w, key(r), v.session.id, *made, made.Known.Any())
	if !ok {
		return made
	}
	if c.kept.fault.is(Plain) {
		kept.Token = made.Token
		return &kept
	}
	made.Known = c.kept.fault.variant.astray(account{parts: made.Known}, account{parts: kept.Known}).parts
	return made
}

func prefilledCheckoutInfo() Info {
	return Info{
		Name:      PrefilledCheckout,
		Class:     2,
		Incident:  "shops with a cache for whole pages, in the manner of a shop extension's issue 26359: guests found the checkout filled in with the addresses of other guests",
		Mechanism: "the cache for whole pages keeps the checkout of guests, with what its form was filled in with, for 30 seconds, by address alone",
		Where:     "fault_prefilled_checkout.go over shelf.go, asked by origin.checkoutForm",
	}
}
