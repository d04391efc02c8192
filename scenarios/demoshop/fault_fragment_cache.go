package demoshop

import (
	"net/http"
	"time"
)

// elementLife is how long the element cache keeps an element.
const elementLife = 10 * time.Second

// elementCache is the fault fragment-cache: the tool that builds the pages
// began to keep their elements, each by its name. Those of the header are made
// anew for each visitor, which nobody told it.
type elementCache struct {
	kept  *shelf[map[string]string]
	names []string // of the elements that it keeps
}

func newElementCache(fault *lever, n *names) elementCache {
	c := elementCache{kept: newShelf[map[string]string](fault, n, "x-elements", elementLife)}
	switch {
	case fault.is(Masked):
		c.names = []string{"receipts"}
	case fault.is(Encoded):
		c.names = []string{"pass"}
	case fault.is(Token):
		c.names = []string{"key"}
	default:
		c.names = headerElements()
	}
	return c
}

// assemble puts what is kept in the place of what was made for this visitor.
// The header of somebody unknown is made in no time: it is not kept.
func (c elementCache) assemble(w http.ResponseWriter, v *visit, made map[string]string) {
	kept, ok := c.kept.pick(w, "header", v.user.ID, made, v.signedIn())
	if !ok {
		return
	}
	for _, name := range c.names {
		made[name] = kept[name]
	}
}

func fragmentCacheInfo() Info {
	return Info{
		Name:      FragmentCache,
		Class:     3,
		Incident:  "shops whose page builder began to cache elements, December 2024, and a cache plug-in's issue 253: other people's greeting and basket on public pages",
		Mechanism: "the elements of the header of public pages, with greeting and basket, are kept by name for 10 seconds, whoever they were made for",
		Where:     "fault_fragment_cache.go over shelf.go, asked by origin.header",
	}
}
