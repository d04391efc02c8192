package leak

import (
	"fmt"
	"sort"
)

// refreshed says that an answer is a copy of one that nobody was given: a cache
// that hands out an old copy while it fetches a new one asks the shop with the
// credentials of whoever came just then, gives them the old copy, and stores
// what is theirs for the next.
func (c *court) refreshed(q inquiry) []string {
	mark := markOf(q.x)
	if mark == "" || !storable(q.x.method) {
		return nil
	}
	all := c.rec.byURL[q.x.url]
	end := sort.Search(len(all), func(i int) bool { return all[i].start >= q.x.start })
	for i := end - 1; i >= max(0, end-mostCopies); i-- {
		e := all[i]
		if e.viewer != q.victim || e.method != q.x.method || sameAsker(e, q.x) || arrival(e) > arrival(q.x) {
			continue
		}
		if !refreshes(e, q.x) {
			return nil
		}
		return []string{fmt.Sprintf("%s (%s) is marked as a copy: %s; when %s had asked for the same URL %s before (%s), they were given an old copy while a new one was fetched for the cache, as them",
			q.x.id, name(q.x.viewer), mark, name(e.viewer), length(q.x.start-e.start), e.id)}
	}
	return nil
}

// refreshes says that e was given an old copy while a new one was fetched, of
// which x can be a copy.
func refreshes(e, x *exchange) bool {
	for _, word := range e.copy.says {
		if old(word) {
			return true
		}
	}
	return e.copy.object != "" && x.copy.object != "" && e.copy.object != x.copy.object
}
