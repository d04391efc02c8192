package leak

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"crosstalk/harness/history"
)

// byMail is the cause "mail mix-up": what reaches a mailbox, the shop has sent
// there by itself. The evidence is what was asked for before it came.
func (c *court) byMail(q inquiry) ([]string, string) {
	s := q.sighting
	if s.surface != history.SurfaceMail {
		return nil, ""
	}
	facts := []string{fmt.Sprintf("the mail %s reached %s's mailbox%s", s.id, name(q.viewer), c.askedBefore(s.at, q.victim, q.viewer))}
	if same := c.sameFrame(s); len(same) > 0 {
		facts = append(facts, "the same mail reached "+receivers(same, s))
	}
	return facts, ""
}

// askedBefore says what each of them had asked the shop to do before.
func (c *court) askedBefore(at history.Moment, who ...string) string {
	var text strings.Builder
	for _, one := range who {
		if one == "" {
			continue // nobody whom one knows
		}
		x := c.lastOrder(c.traffic.lanes[one], at)
		if x == nil {
			fmt.Fprintf(&text, "; %s had asked for nothing before", name(one))
			continue
		}
		fmt.Fprintf(&text, "; %s's %s (%s) was %s before", name(one), x.id, x.place, length(at-x.start))
	}
	return text.String()
}

// lastOrder is the latest request of a lane before a moment that asked for
// more than a look, or the latest at all.
func (c *court) lastOrder(l *lane, at history.Moment) *exchange {
	if l == nil {
		return nil
	}
	var latest *exchange
	looked := 0
	for i := len(l.all) - 1; i >= 0 && looked < mostCopies; i-- {
		x := l.all[i]
		if x.start > at {
			continue
		}
		looked++
		if !storable(x.method) {
			return x
		}
		if latest == nil {
			latest = x
		}
	}
	return latest
}

// oneFrame is within which time a message that several were sent reaches them.
const oneFrame = history.Moment(2_000_000)

// broadcast is the cause "broadcast": what was sent to the viewer unasked was
// sent to others as well. To the wrong one alone it can have been by a race.
func (c *court) broadcast(q inquiry) ([]string, string) {
	s := q.sighting
	if s.surface != history.SurfaceSocket {
		return nil, ""
	}
	others, what := c.sameFrame(s), "the same frame reached "
	if len(others) == 0 {
		others, what = c.sameNews(q), "the same value was sent to "
	}
	if len(others) == 0 {
		return nil, fmt.Sprintf("a broadcast (%s was sent to session %s unasked; no other session in the record was sent the same)", s.id, s.session.ID)
	}
	return []string{fmt.Sprintf("%s was sent to session %s unasked", s.id, s.session.ID), what + receivers(others, s)}, ""
}

// receivers names the sessions that were sent the same, and when.
func receivers(others []*sighting, s *sighting) string {
	const named = 4
	var all []string
	seen := map[*session]bool{}
	for _, o := range others {
		if seen[o.session] {
			continue
		}
		seen[o.session] = true
		all = append(all, fmt.Sprintf("%s's session %s (%s, %s)", name(o.viewer), o.session.ID, o.id, earlier(o.at, s.at)))
	}
	text := strings.Join(all[:min(named, len(all))], ", ")
	if len(all) > named {
		text += fmt.Sprintf(" and %d more", len(all)-named)
	}
	return text
}

func earlier(a, b history.Moment) string {
	if a <= b {
		return length(b-a) + " before"
	}
	return length(a-b) + " after"
}

// sameFrame are the other customers' sightings of the very same bytes on the
// same surface.
func (c *court) sameFrame(s *sighting) []*sighting {
	var same []*sighting
	for _, o := range c.pushes()[s.body.Hash] {
		if o.surface == s.surface && ownerOf(o.viewer, o.session.ID) != ownerOf(s.viewer, s.session.ID) {
			same = append(same, o)
		}
	}
	return same
}

// sameNews are others' frames at the same place and time with the same value:
// each may have been packed for its receiver.
func (c *court) sameNews(q inquiry) []*sighting {
	all := c.clues.pushedAt[q.sighting.place]
	from, _ := slices.BinarySearchFunc(all, q.sighting.at-oneFrame, func(o *sighting, at history.Moment) int { return int(o.at - at) })
	var same []*sighting
	for _, o := range all[from:] {
		if o.at > q.sighting.at+oneFrame {
			break
		}
		if o.surface == q.sighting.surface && ownerOf(o.viewer, o.session.ID) != ownerOf(q.viewer, q.sighting.session.ID) && c.repeats(o, q.proof) {
			same = append(same, o)
		}
	}
	return same
}

// repeats says whether a sighting has the proof's very value.
func (c *court) repeats(s *sighting, p proof) bool {
	for _, h := range c.seen.hitsOf(s) {
		if m := c.own.markers[h.marker]; m.Owner == p.victim && string(m.Kind) == p.kind {
			return true
		}
	}
	content := c.seen.contentOf(s)
	return hidden(content, p) || c.seen.has(content, keyOfValue(p)) || p.kind == KindIdentifier && hasKey(s.body, p.value)
}

// hidden says whether bytes have a mask of the value that a proof by a mask is
// of, which stands nowhere in plain text.
func hidden(content *content, p proof) bool {
	return p.rule == RuleMasked && slices.ContainsFunc(content.masks, func(m maskAt) bool {
		return m.fit.sole == p.victim && string(m.fit.kinds[p.victim]) == p.kind
	})
}

// toldBy is the message that brought what a page shows: the latest to the viewer
// with the same value, where no answer that they had in this session has it. A
// page that shows what it was sent shows what no request of its own brought.
func (c *court) toldBy(p proof) *sighting {
	s := p.sighting
	if s.surface != history.SurfacePage && s.surface != history.SurfaceMarkup && s.surface != history.SurfaceField {
		return nil
	}
	c.pushes()
	all := c.clues.pushedTo[s.session]
	for i := len(all) - 1; i >= max(0, len(all)-mostCopies); i-- {
		told := all[i]
		if told.surface == history.SurfaceSocket && told.viewer == s.viewer && told.at <= s.at && c.repeats(told, p) {
			if c.answered(s, p) {
				return nil
			}
			return told
		}
	}
	return nil
}

// answered says whether one of the latest answers to a sighting's session has
// the proof's value.
func (c *court) answered(s *sighting, p proof) bool {
	all := s.session.exchanges
	end := sort.Search(len(all), func(i int) bool { return all[i].start > s.at })
	for i := end - 1; i >= max(0, end-mostCopies); i-- {
		if x := all[i]; x.body.Hash != "" && !static(x) && x.resource != "websocket" && c.carries(x, p) {
			return true
		}
	}
	return false
}

// pushes are all mails and frames, by their bytes; on the way they are sorted
// by place, in order of time.
func (c *court) pushes() map[string][]*sighting {
	if c.clues.pushedAs == nil {
		c.clues.pushedAs, c.clues.pushedAt, c.clues.pushedTo = map[string][]*sighting{}, map[history.Place][]*sighting{}, map[*session][]*sighting{}
		for _, s := range c.rec.sightings {
			if pushed(s) && s.body.Hash != "" {
				c.clues.pushedAs[s.body.Hash] = append(c.clues.pushedAs[s.body.Hash], s)
				c.clues.pushedAt[s.place] = append(c.clues.pushedAt[s.place], s)
				c.clues.pushedTo[s.session] = append(c.clues.pushedTo[s.session], s)
			}
		}
	}
	return c.clues.pushedAs
}
