package leak

import (
	"fmt"
	"slices"

	"crosstalk/harness/history"
)

// strayCookie is the cause "swapped session" for a cookie that is not the
// session's own, but says something of a customer: an answer that is the
// viewer's in all else set what only the other had been given, by another
// answer, and no cache had stored that. So it is with the session's own, where
// nothing personal was visited since: otherwise what is shown then says whether
// it is one (see swapped).
func (c *court) strayCookie(q inquiry) []string {
	if !q.ofCookie() || q.x == nil || markOf(q.x) != "" || c.holdsOf(q.x, q.victim) || c.handedOn() != nil {
		return nil // where whole answers are handed on, their cookies are: see shifted
	}
	e := c.gaveBefore(q)
	if e == nil {
		return nil
	}
	if q.cookieToken() {
		theirs, own := c.lives(q.sighting.session, arrival(q.x), q.victim)
		if theirs > 0 || own > 0 && sessionName.MatchString(q.line.name) || own == 0 && !c.holdsOf(q.x, q.viewer) {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s (%s) set the cookie %s that %s had been given %s before (%s, %s), has no sign of a stored copy, and has nothing else of theirs",
		q.x.id, q.x.place, q.line.name, name(q.victim), length(q.x.start-arrival(e)), e.id, e.place)}
}

// gaveBefore is the latest answer before q.x that had set the cookie for its
// owner, and of which q.x is no copy.
func (c *court) gaveBefore(q inquiry) *exchange {
	var latest *exchange
	for _, e := range c.traffic.set[q.line] {
		if e.viewer != q.victim || sameAsker(e, q.x) || arrival(e) > q.x.start {
			continue
		}
		if _, isCopy := copied(e, q.x); isCopy {
			return nil
		}
		if latest == nil || arrival(e) > arrival(latest) {
			latest = e
		}
	}
	return latest
}

// fromJar says that what a page shows stands in a cookie that had been handed to
// its client.
func (c *court) fromJar(p proof) bool {
	return slices.ContainsFunc(c.handed[p.viewer], func(h handed) bool { return h.proof.rule != RuleSharedToken && c.rendered(h.proof, p) })
}

// rendered says that a page shows what its client was given in a cookie, and
// that no answer brought there: a script reads it.
func (c *court) rendered(set, p proof) bool {
	switch p.sighting.surface {
	case history.SurfacePage, history.SurfaceField, history.SurfaceMarkup, history.SurfaceNotice, history.SurfaceCookie:
	default:
		return false
	}
	if set.victim != p.victim || set.kind != p.kind || set.sighting.session != p.sighting.session || set.sighting.at > p.sighting.at {
		return false
	}
	x := c.delivery(p)
	return p.sighting.exchange == nil && (x == nil || !c.carries(x, p))
}
