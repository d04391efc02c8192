package leak

import (
	"fmt"
	"sync"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// learnedWatch are the learned values, in indexes that grow: each new one is
// small, and takes in those before it that are not larger. So a value is
// indexed again only as often as their number doubles, and few indexes are to
// be searched.
type learnedWatch struct {
	mu      sync.RWMutex
	markers []customer.Marker
	lookFor []match.Pattern // as each is searched
	kinds   map[customer.Kind]*kindLearned
	layers  []layer // the largest, and oldest, first
	public  []*match.Reading
}

// layer is an index of some learned values, by their position among all.
type layer struct {
	from, to int
	index    *match.Index
}

func (y layer) size() int { return y.to - y.from }

// kindLearned is what customers said of one kind.
type kindLearned struct {
	owner  map[string]string // folded value → who claims it
	owners map[string]bool
	asked  int  // values looked for in what is public
	shared bool // two claimed one value, or everybody is shown one
}

func (l *learnedWatch) speaks(kind customer.Kind) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	k := l.kinds[kind]
	return k != nil && len(k.owners) >= 2 && !k.shared
}

func (l *learnedWatch) learn(markers []customer.Marker) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := len(l.markers)
	for _, m := range markers {
		m.Learned = true
		p, ok := learnedPattern(m, len(l.markers))
		if ok && m.Strength == customer.Strong && l.claim(m) {
			p.Fragments = false
			l.markers, l.lookFor = append(l.markers, m), append(l.lookFor, p)
		}
	}
	if len(l.markers) == before {
		return nil
	}
	from, keep := before, len(l.layers)
	for keep > 0 && l.layers[keep-1].size() <= len(l.markers)-from {
		keep--
		from = l.layers[keep].from
	}
	fresh, err := l.indexed(before)
	if err == nil {
		l.checkPublic(fresh, before)
	}
	index := fresh
	if err == nil && from < before {
		index, err = l.indexed(from)
	}
	if err != nil {
		l.markers, l.lookFor = l.markers[:before], l.lookFor[:before]
		return err
	}
	l.layers = append(l.layers[:keep], layer{from, len(l.markers), index})
	return nil
}

func (l *learnedWatch) publish(r *match.Reading) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.public = append(l.public, r)
}

// enoughAsked is how many values of a kind are looked for in what is public:
// the first tell what sort of kind it is.
const enoughAsked = 3

// checkPublic silences the kinds of new values that everybody is shown.
func (l *learnedWatch) checkPublic(fresh *match.Index, before int) {
	ask := false
	for _, m := range l.markers[before:] {
		k := l.kinds[m.Kind]
		k.asked++
		ask = ask || k.asked <= enoughAsked
	}
	if !ask {
		return
	}
	for _, r := range l.public {
		for _, h := range fresh.Find(r) {
			l.kinds[l.markers[h.ID].Kind].shared = true
		}
	}
}

// claim notes who says that a value is theirs; true when nobody said so before.
func (l *learnedWatch) claim(m customer.Marker) bool {
	k := l.kinds[m.Kind]
	if k == nil {
		k = &kindLearned{owner: map[string]string{}, owners: map[string]bool{}}
		l.kinds[m.Kind] = k
	}
	key := match.Key(m.Value)
	owner, known := k.owner[key]
	if known {
		k.shared = k.shared || owner != m.Owner
		return false
	}
	k.owner[key] = m.Owner
	k.owners[m.Owner] = true
	return true
}

// indexed are the values from a position on.
func (l *learnedWatch) indexed(from int) (*match.Index, error) {
	index, err := match.New(l.lookFor[from:])
	if err != nil {
		return nil, fmt.Errorf("index learned values: %w", err)
	}
	return index, nil
}

// find adds what was learned after the first so many and stands in a body.
func (l *learnedWatch) find(r *match.Reading, since int, g *glimpses) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, part := range l.layers {
		if part.to <= since {
			continue
		}
		for _, h := range part.index.Find(r) {
			if h.ID >= since {
				g.add(l.markers[h.ID], h.Where)
			}
		}
	}
}
