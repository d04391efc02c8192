package demoshop

import (
	"slices"
	"sync"
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
	e.signed(len(out))
	return out
}

// signed counts what so many customers have signed, on a page that is kept for
// everybody: one of two is another, whoever reads it.
func (e *extras) signed(people int) {
	if people > 1 {
		e.gave(Reviews)
	}
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

// visitorBook has the first names of who came by last, the latest first.
type visitorBook struct {
	mu    *sync.Mutex
	names *[]string
}

func newVisitorBook() visitorBook { return visitorBook{&sync.Mutex{}, &[]string{}} }

func (b visitorBook) enter(first string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	others := slices.DeleteFunc(slices.Clone(*b.names), func(name string) bool { return name == first })
	*b.names = append([]string{first}, others[:min(len(others), latestVisitors-1)]...)
}

func (b visitorBook) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	*b.names = nil
}

// Visitors are the first names of who signed in last, whoever asks.
func (e *extras) Visitors() []string {
	e.book.mu.Lock()
	defer e.book.mu.Unlock()
	e.signed(len(*e.book.names))
	return slices.Clone(*e.book.names)
}

func reviewsDecoy() Decoy {
	return Decoy{
		Name:  Reviews,
		Row:   1,
		Looks: "on the pages of products everybody reads first names and cities of other customers",
		Is:    "reviews, signed by whoever bought the thing, and the first names of who came by last: written to be read",
	}
}
