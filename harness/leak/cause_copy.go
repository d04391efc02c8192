package leak

import (
	"sort"
	"strconv"

	"crosstalk/harness/history"
)

// copied says whether x shows signs of being a stored copy of the answer e,
// which has the same address, was asked for earlier and came no later. (It
// need not have ended: a cache has an answer before a busy client has read it
// to its end.) The bodies being alike is the caller's business. No sign is
// trusted that an origin gives as well: Age is 0 on many misses, and two
// answers of one second share a Date.
func copied(e, x *exchange) ([]string, bool) {
	if e == x || e.start >= x.start || arrival(e) > arrival(x) || e.url != x.url || e.method != x.method {
		return nil, false
	}
	signs, proven := sameAnswer(e, x)
	for _, name := range sortedKeys(x.copy.ids) {
		if x.copy.ids[name] == e.copy.ids[name] {
			signs = append(signs, name+" the same")
			proven = true
		}
	}
	return signs, proven
}

// sameAnswer says what the usual headers of caches tell.
func sameAnswer(e, x *exchange) ([]string, bool) {
	var signs []string
	proven := false
	if x.copy.date != "" && x.copy.date == e.copy.date {
		signs = append(signs, "Date: "+x.copy.date)
		proven = proven || x.start-arrival(e) > 1_000_000
	}
	if x.copy.age != "" {
		signs = append(signs, "Age: "+x.copy.age)
		seconds, err := strconv.Atoi(x.copy.age)
		proven = proven || err == nil && seconds > 0 || e.copy.age == ""
	}
	if hit := x.copy.hit(); hit != "" {
		signs = append(signs, hit)
		proven = proven || e.copy.hit() == ""
		proven = proven || x.copy.object != "" && x.copy.object == e.copy.object
		proven = proven || x.copy.etag != "" && x.copy.etag == e.copy.etag
	}
	return signs, proven
}

// storable says that a cache may keep the answers to a method.
func storable(method string) bool { return method == "GET" || method == "HEAD" }

// mostAnswers is how many answers of one address are looked at, from the
// latest on: enough for all that are in flight together.
const mostAnswers = 64

// unmarked is the earlier answer to another that x could be a copy of although
// no header says so: the latest that its address had given, byte for byte the
// same. Where this shop's caches mark their copies, none is without a mark;
// and a copy of an older answer would have been given to those in between.
func (c *court) unmarked(x *exchange) *exchange {
	if !storable(x.method) || x.body.Hash == "" || c.traffic.marks {
		return nil
	}
	all := c.rec.byURL[x.url]
	var latest *exchange
	end := sort.Search(len(all), func(i int) bool { return all[i].start >= x.start })
	for i := end - 1; i >= max(0, end-mostAnswers); i-- {
		e := all[i]
		if e.method != x.method || e.from != "" || e.body.Hash == "" || arrival(e) > x.start || sameAsker(e, x) && e.body.Hash == x.body.Hash {
			continue
		}
		if latest == nil || arrival(e) > arrival(latest) {
			latest = e
		}
	}
	if latest == nil || latest.body.Hash != x.body.Hash {
		return nil
	}
	return latest
}

func sameAsker(a, b *exchange) bool {
	return ownerOf(a.viewer, a.session.ID) == ownerOf(b.viewer, b.session.ID)
}

// distance is the time between two moments.
func distance(a, b history.Moment) history.Moment { return max(a, b) - min(a, b) }
