package demoshop

import "sync/atomic"

// given counts by decoy what it gave out that looks like a leak. A decoy that
// nobody meets, or that resembles nobody, proves nothing of whoever keeps silent
// about it.
type given map[string]*atomic.Int64

func newGiven(on []string) given {
	g := given{}
	for _, name := range on {
		g[name] = &atomic.Int64{}
	}
	return g
}

// gave counts one piece of a decoy. What the shop does not have counts nothing.
func (e *extras) gave(name string) {
	if n := e.given[name]; n != nil {
		n.Add(1)
	}
}

func (e *extras) served() map[string]int {
	out := map[string]int{}
	if e == nil {
		return out
	}
	for name, n := range e.given {
		out[name] = int(n.Load())
	}
	return out
}
