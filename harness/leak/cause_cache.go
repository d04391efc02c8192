package leak

import (
	"fmt"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"time"
)

// fromCache is the cause "shared cache": the answer is a stored copy of one
// that another was given, by headers that only copies have and by its content.
func (c *court) fromCache(q inquiry) ([]string, string) {
	switch {
	case q.x == nil || c.byCookie(q):
		return nil, "" // of cookies, see cachedCookie
	case q.rule == RuleEarlierRun:
		return c.outlived(q)
	case q.rule == RuleSharedToken:
		if facts := copiedToken(q); facts != nil {
			return facts, ""
		}
	}
	if best, signs := c.copyOf(q); best != nil {
		same := "with the same value in it"
		if best.body.Hash == q.x.body.Hash {
			same = "same bytes"
		}
		return []string{answered(q.x, best) + ": " + same + ", " + strings.Join(signs, ", ")}, ""
	}
	if e := c.sameBytes(q); e != nil {
		return []string{fmt.Sprintf("%s (%s) was answered with the bytes that %s's own request for the same path (%s, with another query) had been given %s before, and is marked as a copy: %s",
			q.x.id, name(q.x.viewer), name(e.viewer), e.id, length(q.x.start-arrival(e)), markOf(q.x))}, ""
	}
	if facts := c.refreshed(q); facts != nil {
		return facts, ""
	}
	if facts := c.renewed(q); facts != nil {
		return facts, ""
	}
	if e := c.unmarked(q.x); e != nil && (e.viewer == q.victim || c.carries(e, q.proof)) {
		return nil, fmt.Sprintf("a cache that leaves no sign (%s had been given the same bytes by the same URL, %s, %s before)",
			name(e.viewer), e.id, length(q.x.start-arrival(e)))
	}
	if mark := markOf(q.x); mark != "" {
		return nil, fmt.Sprintf("a shared cache (%s is marked as a copy: %s; the record does not have what it is a copy of)", q.x.id, mark)
	}
	return nil, ""
}

// byCookie says that a cookie is what came to the viewer, or what a page shows.
func (c *court) byCookie(q inquiry) bool {
	return q.cookieToken() || q.ofCookie() && c.firstSet(q) != nil || c.fromJar(q.proof)
}

// markOf is what calls an answer a copy, whatever of: a hit, or an age.
func markOf(x *exchange) string {
	if hit := x.copy.hit(); hit != "" {
		return hit
	}
	if seconds, err := strconv.Atoi(x.copy.age); err == nil && seconds > 0 {
		return "Age: " + x.copy.age
	}
	return ""
}

// sameBytes is the victim's earlier request for the same path, with another
// query, that was answered with the bytes of an answer marked as a copy: a
// cache need not look at the whole address.
func (c *court) sameBytes(q inquiry) *exchange {
	l := c.traffic.lanes[q.victim]
	if l == nil || markOf(q.x) == "" || q.x.body.Hash == "" {
		return nil
	}
	end := sort.Search(len(l.all), func(i int) bool { return l.all[i].start >= q.x.start })
	for i := end - 1; i >= max(0, end-mostCopies); i-- {
		e := l.all[i]
		if e.body.Hash == q.x.body.Hash && e.method == q.x.method && path(e.url) == path(q.x.url) && arrival(e) <= q.x.start {
			return e
		}
	}
	return nil
}

func answered(x, e *exchange) string {
	return fmt.Sprintf("%s (%s) was answered %s after %s's own request for the same URL (%s)",
		x.id, name(x.viewer), length(x.start-e.start), name(e.viewer), e.id)
}

// mostCopies is how many earlier answers of an address are compared with one:
// all that a cache can have stored lately.
const mostCopies = 1024

// copyOf finds the answer that q.x is a stored copy of: the victim's own, if
// there is one, or the latest to anybody.
func (c *court) copyOf(q inquiry) (best *exchange, signs []string) {
	all := c.rec.byURL[q.x.url]
	end := sort.Search(len(all), func(i int) bool { return all[i].start >= q.x.start })
	for i := end - 1; i >= max(0, end-mostCopies); i-- {
		e := all[i]
		theirs, same := e.viewer == q.victim, e.body.Hash == q.x.body.Hash
		if e.from != "" || e.body.Hash == "" || !theirs && (best != nil || !same) || sameAsker(e, q.x) {
			continue
		}
		found, ok := copied(e, q.x)
		if ok && q.rule == RuleMisplaced {
			found, ok = sameAnswer(e, q.x) // that an id is the same is what is to be explained
		}
		switch {
		case !ok:
		case theirs && (same || c.carries(e, q.proof)):
			return e, found
		case same:
			best, signs = e, found
		}
	}
	return best, signs
}

// copiedToken says that the answer that brought a token is a copy of the one
// that had brought it to its owner. Of those who asked at once either may have
// been given the copy: whose it is was told by less than what the cache says.
func copiedToken(q inquiry) []string {
	e := q.from.setBy
	if e == nil {
		return nil
	}
	if signs, ok := copied(e, q.x); ok {
		return []string{answered(q.x, e) + ": " + strings.Join(signs, ", ")}
	}
	if e == q.x || e.url != q.x.url || e.method != q.x.method || e.start >= arrival(q.x) || q.x.start >= arrival(e) {
		return nil
	}
	signs, ok := sameAnswer(e, q.x)
	if !ok {
		signs, ok = sameAnswer(q.x, e)
	}
	if !ok {
		return nil
	}
	return []string{fmt.Sprintf("%s (%s) and %s (%s) asked for the same URL at one time, and one was answered with a copy: %s",
		e.id, name(e.viewer), q.x.id, name(q.x.viewer), strings.Join(signs, ", "))}
}

// outlived says that an answer with a value of an earlier run is a copy made
// before this run began. Its own age, or date, must say so; that a cache calls
// it a hit will do, for what was stored in this run was not of that one.
func (c *court) outlived(q inquiry) ([]string, string) {
	var signs []string
	if seconds, err := strconv.ParseFloat(q.x.copy.age, 64); err == nil && seconds*1e6 > float64(q.x.start) {
		signs = append(signs, fmt.Sprintf("Age: %s, and this run began %.1f s before", q.x.copy.age, float64(q.x.start)/1e6))
	}
	began, err := time.Parse(time.RFC3339, c.rec.run.Started)
	if made, bad := http.ParseTime(q.x.copy.date); err == nil && bad == nil && began.Sub(made) > time.Second {
		signs = append(signs, fmt.Sprintf("Date: %s, %.0f s before this run began", q.x.copy.date, began.Sub(made).Seconds()))
	}
	if hit := q.x.copy.hit(); hit != "" {
		signs = append(signs, hit)
	}
	if len(signs) == 0 {
		return nil, "a copy that outlived that run, or with what the shop itself kept of it: the answer does not say how old it is"
	}
	return []string{fmt.Sprintf("%s (%s) was answered with what was stored before this run: %s", q.x.id, name(q.x.viewer), strings.Join(signs, "; "))}, ""
}
