package scenarios

import (
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Bounds of what a scenario declares about caches: a follower that waits longer
// than a run takes proves nothing, and each lifetime is a wait of its own.
const (
	leastLifetime = time.Second
	mostLifetimes = 8
)

// lifetimes reads how long caches keep a copy: 1 s to 1 h each.
func (r *reader) lifetimes(n ast.Node) []time.Duration {
	var all []time.Duration
	items := r.items(n, "lifetimes")
	if _, isList := n.(*ast.SequenceNode); isList && len(items) == 0 {
		r.fail(posOf(n), "such as [5s, 1m]", "lifetimes is empty")
	}
	for _, item := range items {
		d := r.duration(item, "a lifetime")
		switch {
		case d == 0: // said already, or a variable that an old run had
			continue
		case d < leastLifetime:
			r.fail(posOf(item), "write it as 5s or 1m, from 1s to 1h", "a lifetime is %s", d)
		case slices.Contains(all, d):
			r.fail(posOf(item), "", "%s is named twice", d)
		}
		all = append(all, d)
	}
	if len(items) > mostLifetimes {
		r.fail(posOf(items[mostLifetimes]), "choose those of the caches in front of personal pages", "lifetimes has more than %d", mostLifetimes)
	}
	return all
}
