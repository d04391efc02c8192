package demoshop

import (
	"slices"
	"time"
)

// review is what a customer says of a product, to be read by everybody.
type review struct {
	Stars       int
	Text        string
	First, City string
}

// Bounds of what is shown of others.
const (
	latestReviews  = 5
	latestVisitors = 4
	visiting       = 10 * time.Minute // so long ago somebody may have come by last
)

// Reviews are the latest of a product: of each order of somebody with an
// account there is one.
func (e *extras) Reviews(it item) []review {
	texts := []string{
		"Does what it should, and looks well while it does.", "Came well packed. I would buy it again.",
		"A little smaller than I thought, and better for it.", "It was a present, and it was kept.",
	}
	var out []review
	for _, o := range e.store.bought(it.ID, latestReviews) {
		out = append(out, review{3 + o.Number%3, texts[o.Number%len(texts)], o.Contact.First, o.Contact.City})
	}
	return out
}

// bought are the latest orders with an item by customers with an account, one
// of each, the newest first.
func (s *store) bought(id, most int) []order {
	s.mu.Lock()
	defer s.mu.Unlock()
	newest := map[string]order{}
	for _, o := range s.orders {
		has := slices.ContainsFunc(o.Lines, func(l line) bool { return l.Item.ID == id })
		if o.Account != "" && has && o.Number > newest[o.Account].Number {
			newest[o.Account] = o
		}
	}
	var out []order
	for _, o := range newest {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b order) int { return b.Number - a.Number })
	return out[:min(len(out), most)]
}

// Visitors are the first names of who came by last, whoever asks.
func (e *extras) Visitors() []string { return e.store.lately(latestVisitors) }

func (s *store) lately(most int) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := map[string]time.Time{}
	for _, se := range s.sessions {
		if se.account != "" && time.Since(se.seen) < visiting && se.seen.After(last[se.account]) {
			last[se.account] = se.seen
		}
	}
	var ids []string
	for id := range last {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return last[b].Compare(last[a]) })
	var out []string
	for _, id := range ids[:min(len(ids), most)] {
		out = append(out, s.accounts[id].First)
	}
	return out
}

func reviewsDecoy() Decoy {
	return Decoy{
		Name:  Reviews,
		Row:   1,
		Looks: "on the pages of products everybody reads first names and cities of other customers",
		Is:    "reviews, signed by whoever bought the thing, and the first names of who came by last: written to be read",
	}
}
