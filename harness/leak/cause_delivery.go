package leak

import (
	"slices"
	"sort"

	"crosstalk/harness/history"
)

// pushed says that something was sent to the viewer without being asked for.
func pushed(s *sighting) bool {
	return s.surface == history.SurfaceSocket || s.surface == history.SurfaceMail
}

// stored says that something was read out of the client's own storage.
func stored(s *sighting) bool { return s.surface == history.SurfaceStorage }

// delivery is the exchange that brought what a proof shows: its own, or, for
// a rendered page, the latest response of the session that has the same value.
func (c *court) delivery(p proof) *exchange {
	s := p.sighting
	if s.exchange != nil && s.exchange.session != nil {
		return s.exchange
	}
	var document, theirs *exchange
	all := s.session.exchanges
	end := sort.Search(len(all), func(i int) bool { return all[i].start > s.at })
	for i := end - 1; i >= max(0, end-mostCopies); i-- {
		x := all[i]
		if x.body.Hash == "" || static(x) {
			continue
		}
		if c.carries(x, p) {
			return x
		}
		if theirs == nil && c.holdsOf(x, p.victim) {
			theirs = x
		}
		if document == nil && x.resource == "document" && path(x.url) == path(s.url) {
			document = x
		}
	}
	if theirs != nil {
		return theirs // a page puts together what it fetched: first and last name
	}
	return document
}

// serviceWorker is the cache of a client that may ask the shop as well.
const serviceWorker = "service-worker"

// original is the exchange whose answer a client took out of its own cache:
// the latest before it, over the network, with the same address, bytes and
// marks. It is nil when the record has none.
func (c *court) original(x *exchange) *exchange {
	all := x.session.exchanges
	for i := len(all) - 1; i >= 0; i-- {
		e := all[i]
		if e.start < x.start && e.from == "" && e.url == x.url && e.body.Hash != "" && e.body.Hash == x.body.Hash &&
			e.copy.date == x.copy.date && e.copy.age == x.copy.age && e.copy.hit() == x.copy.hit() {
			return e
		}
	}
	return nil
}

// holdsOf says whether a response has any strong marker of the customer's.
func (c *court) holdsOf(x *exchange, who string) bool {
	content := c.seen.contentIn(x.body)
	return slices.ContainsFunc(content.hits, func(h hit) bool {
		m := c.own.markers[h.marker]
		return who == m.Owner || who == "" && !m.public
	})
}

// carries says whether a response has the proof's value.
func (c *court) carries(x *exchange, p proof) bool {
	content := c.seen.contentIn(x.body)
	for _, h := range content.hits {
		if m := c.own.markers[h.marker]; m.Owner == p.victim && string(m.Kind) == p.kind {
			return true
		}
	}
	return c.partly(content, p) || hidden(content, p) || c.seen.has(content, keyOfValue(p)) || p.kind == KindIdentifier && hasKey(x.body, p.value)
}

// hasKey says that a key stands in a body.
func hasKey(b *body, key string) bool {
	return slices.ContainsFunc(b.remarks.rare, func(f candidate) bool { return f.value == key })
}

// broughtBy is the exchange that brought a shared token or a cookie; for one that
// was found in a jar, the session's Set-Cookie line that put it there.
func (c *court) broughtBy(q inquiry, x *exchange) *exchange {
	if x != nil && (!q.ofCookie() || slices.Contains(x.cookies, q.line)) {
		return x
	}
	for _, e := range c.traffic.set[q.line] {
		if e.session == q.sighting.session && e.start <= q.sighting.at {
			return e
		}
	}
	return nil
}
