package leak

import (
	"fmt"
	"math"
	"sort"

	"crosstalk/harness/history"
)

// swapped is the cause "swapped session": a session cookie that the shop had
// given to one came to another, not as a copy and not while it was made, and
// from then on that session was shown nothing but the other's data. A cookie
// that changes nothing is not a session's.
func (c *court) swapped(q inquiry) ([]string, string) {
	if c.handedOn() != nil {
		return nil, "" // cookies come with whole answers: see shifted
	}
	for _, look := range []func(inquiry) []string{c.madeTwice, c.strayCookie} {
		if facts := look(q); facts != nil {
			return facts, ""
		}
	}
	if !q.cookieToken() {
		return c.since(q.proof, CauseSwappedSession), ""
	}
	if q.from.sighting.session == q.sighting.session {
		return nil, ""
	}
	if q.x != nil && q.from.setBy != nil && arrival(q.from.setBy) > q.x.start {
		return nil, "" // both were in flight: see coalesced and raced
	}
	how := fmt.Sprintf("the cookie %s was in %s's jar, and no answer in the record had put it there", q.where, name(q.viewer))
	if q.x != nil {
		how = fmt.Sprintf("%s (%s) set the cookie %s that %s had been given %s before, and has no sign of a stored copy",
			q.x.id, q.x.place, q.where, name(q.victim), length(q.x.start-q.from.at))
	}
	return c.becomes(q, how)
}

// becomes says whose session a session was, from when it had been given a cookie.
func (c *court) becomes(q inquiry, how string) ([]string, string) {
	after := q.sighting.at
	if q.x != nil {
		after = arrival(q.x)
	}
	theirs, own := c.lives(q.sighting.session, after, q.victim)
	// Where one id was made for two sign-ins, it is the first whose session the
	// second one's became.
	back, kept := c.lives(q.from.sighting.session, after, q.viewer)
	switch {
	case theirs > 0 && own == 0:
		return []string{how, livesAs(q.sighting.session, q.victim, theirs)}, ""
	case back > 0 && kept == 0:
		return []string{how, livesAs(q.from.sighting.session, q.viewer, back)}, ""
	case own > 0:
		if facts := c.untilReplaced(q, after); facts != nil {
			return append([]string{how}, facts...), ""
		}
	}
	if own+kept == 0 {
		return nil, fmt.Sprintf("a swapped session (%s, but nothing personal was visited since)", how)
	}
	return nil, ""
}

// untilReplaced says that a session was shown only the other's data until it
// was given another cookie of that name: whoever signs in once more is
// themselves again.
func (c *court) untilReplaced(q inquiry, after history.Moment) []string {
	by := q.sighting.session.replaced(q.line, after)
	if by == nil {
		return nil
	}
	theirs, own := c.livesUntil(q.sighting.session, after, by.start, q.victim)
	if theirs == 0 || own > 0 {
		return nil
	}
	return []string{fmt.Sprintf("from then on session %s was shown %s's data %s, and never its own customer's, until %s (%s) set another %s",
		q.sighting.session.ID, name(q.victim), count(theirs, "time", "times"), by.id, by.place, q.line.name)}
}

// replaced is the first request of a session after a moment that was answered
// with another cookie of this one's name.
func (s *session) replaced(line cookie, after history.Moment) *exchange {
	for _, x := range s.exchanges {
		if x.start < after {
			continue
		}
		for _, other := range x.cookies {
			if other.name == line.name && other.value != line.value {
				return x
			}
		}
	}
	return nil
}

func livesAs(s *session, who string, times int) string {
	return fmt.Sprintf("from then on session %s was shown %s's data %s, and never its own customer's", s.ID, name(who), count(times, "time", "times"))
}

// lives counts how often a session was shown this customer's data, and how
// often its own customer's, from a moment on. What the client itself keeps of
// its customer, beside the session's cookie, says nothing of what it is shown.
func (c *court) lives(s *session, after history.Moment, as string) (theirs, own int) {
	return c.livesUntil(s, after, math.MaxInt64, as)
}

// ofClient says that a sighting is of what the client itself has: its jar, and
// fields, into which it types what is its customer's.
func ofClient(one *sighting) bool {
	return one.surface == history.SurfaceCookie || one.surface == history.SurfaceField
}

// askedBefore says that what is shown had been asked for by then: the page of
// the very answer that set a cookie says nothing of that, nor does the file that
// came with it.
func askedBefore(one *sighting, moment history.Moment) bool {
	x := one.exchange
	switch {
	case x != nil:
	case one.surface == history.SurfaceDownload:
		x = fileOf(one)
	case visible(one.surface) || one.surface == history.SurfaceNotice || one.surface == history.SurfaceConsole:
		x = documentOf(one)
	}
	return x != nil && x.start < moment
}

// fileOf is the answer that a session's downloaded file came with: the latest of
// that place.
func fileOf(one *sighting) *exchange {
	all := one.session.exchanges
	end := sort.Search(len(all), func(i int) bool { return all[i].start > one.at })
	for i := end - 1; i >= max(0, end-mostCopies); i-- {
		if all[i].place == one.place {
			return all[i]
		}
	}
	return nil
}

// livesUntil counts so up to a moment.
func (c *court) livesUntil(s *session, after, until history.Moment, as string) (theirs, own int) {
	for _, one := range c.shownIn(s) {
		if one.at < after || one.at >= until || askedBefore(one, after) || pushed(one) || stored(one) || ofClient(one) || s.predecessors(one.at)[as] {
			continue
		}
		switch hits, seen := c.seen.hitsOf(one), c.slots.view(one); {
		case c.anyOf(hits, one.viewer) || len(seen.own) > 0:
			own++
		case c.anyOf(hits, as) || anyVictim(seen, as):
			theirs++
		}
	}
	return theirs, own
}

func (c *court) anyOf(hits []hit, who string) bool {
	for _, h := range hits {
		if m := c.own.markers[h.marker]; m.Owner == who && !m.public {
			return true
		}
	}
	return false
}

func anyVictim(v view, who string) bool {
	for _, a := range v.others {
		for _, victim := range a.victims {
			if victim == who {
				return true
			}
		}
	}
	return false
}

// shownIn are the sightings of a session, in order.
func (c *court) shownIn(s *session) []*sighting {
	if c.clues.bySession == nil {
		c.clues.bySession = map[*session][]*sighting{}
		for _, one := range c.rec.sightings {
			c.clues.bySession[one.session] = append(c.clues.bySession[one.session], one)
		}
	}
	return c.clues.bySession[s]
}
