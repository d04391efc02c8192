package leak

import (
	"slices"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
	"crosstalk/scenarios"
)

// Watch matches strong markers while a run goes on: for screenshots, the live
// view and --fail-fast. Planted ones it knows from the start, learned ones
// from when it is told. The last word is Judge's. It is safe for concurrent
// use.
type Watch struct {
	planted []customer.Marker
	avatars map[string]int
	index   *match.Index
	learned learnedWatch
	allowed []scenarios.Allowance
}

// Glimpse is a strong marker that was shown to someone else.
type Glimpse struct {
	Victim  string
	Kind    customer.Kind
	Where   string
	Learned bool // the shop issued it: see Speaks
}

// NewWatch makes a watch over these customers' strong planted markers, which is
// silent where a scenario allows them. An error means that they could not be
// indexed.
func NewWatch(customers []customer.Customer, allowed ...scenarios.Allowance) (*Watch, error) {
	markers, index, err := Lookout(customers)
	if err != nil {
		return nil, err
	}
	w := &Watch{planted: markers, avatars: map[string]int{}, index: index, allowed: allowed}
	for i, m := range markers {
		if m.Kind == customer.Avatar {
			w.avatars[m.Value] = i
		}
	}
	w.learned.kinds = map[customer.Kind]*kindLearned{}
	return w, nil
}

// Learn adds values that the shop issued, to be matched in what comes from now
// on. Weak ones are passed over. An error means that they could not be indexed;
// what was learned before stays.
func (w *Watch) Learn(markers []customer.Marker) error { return w.learned.learn(markers) }

// Speaks says whether a glimpse at a place is worth an alarm: not what the scenario
// allows there. Of learned values only those of some kinds are: once two customers
// have had values of their own of a kind, and until two claim one value. It then
// names no customer (the token of the one test card), or the judge must say whose
// it is.
func (w *Watch) Speaks(at history.Place, g Glimpse) bool {
	covers := func(a scenarios.Allowance) bool { return allows(a, at, string(g.Kind)) }
	return !slices.ContainsFunc(w.allowed, covers) && (!g.Learned || w.learned.speaks(g.Kind))
}

// Learned is how many values the watch has learned so far: what a body shows
// of those that came later, ForeignSince answers.
func (w *Watch) Learned() int {
	w.learned.mu.RLock()
	defer w.learned.mu.RUnlock()
	return len(w.learned.markers)
}

// Public tells of a body that anybody is shown. A kind of learned values that
// stand in one names things and not customers; it never speaks.
func (w *Watch) Public(mediaType string, body []byte) {
	if !pixels(mediaType, body) {
		w.learned.publish(match.Read(mediaType, body))
	}
}

// Foreign answers what a body shows its viewer of other customers, one glimpse
// for each victim, kind and place within it. The viewer may be nobody; "" is
// nobody's eyes, and everybody's markers are answered. It
// remembers nothing: a caller who meets one body often keeps its answers.
func (w *Watch) Foreign(viewer, mediaType string, body []byte) []Glimpse {
	g := glimpses{viewer: viewer, seen: map[Glimpse]bool{}}
	avatarsIn(w.avatars, body, func(id int, _ []string) { g.add(w.planted[id], "") })
	if pixels(mediaType, body) {
		return g.all
	}
	reading := match.Read(mediaType, body)
	for _, h := range w.index.Find(reading) {
		if h.Fragment == 0 {
			g.add(w.planted[h.ID], h.Where)
		}
	}
	w.learned.find(reading, 0, &g)
	return g.all
}

// ForeignSince is Foreign of the values alone that were learned after the
// first so many.
func (w *Watch) ForeignSince(learned int, viewer, mediaType string, body []byte) []Glimpse {
	g := glimpses{viewer: viewer, seen: map[Glimpse]bool{}}
	if w.Learned() > learned && !pixels(mediaType, body) {
		w.learned.find(match.Read(mediaType, body), learned, &g)
	}
	return g.all
}

// glimpses are gathered, each once.
type glimpses struct {
	viewer string
	all    []Glimpse
	seen   map[Glimpse]bool
}

func (g *glimpses) add(m customer.Marker, where string) {
	one := Glimpse{m.Owner, m.Kind, where, m.Learned}
	if m.Owner != g.viewer && !g.seen[one] {
		g.seen[one] = true
		g.all = append(g.all, one)
	}
}
