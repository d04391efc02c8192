package leak

import (
	"sort"
	"strings"
)

func sortHappenings(all []happening) {
	sort.SliceStable(all, func(i, k int) bool { return all[i].at < all[k].at })
}

// cause is one row of the table of why a proof could come about. Each has a
// file of its own.
type cause struct {
	name string // from the closed list

	// look answers the facts that make this the cause, as sentences; none when
	// it is not, or not for certain. Then perhaps can name what speaks for it,
	// as the end of "this is consistent with …".
	look func(c *court, q inquiry) (facts []string, perhaps string)
}

// causes are all of them, the one with the narrowest facts first: what a later
// one needs (two requests at one time, one after another) is often there by
// chance while an earlier one's facts are not.
func causes() []cause {
	return []cause{
		// Nothing came over the network, so nobody else can have answered.
		{CauseClientStorage, (*court).fromClient},
		// The answer was not there yet when it was asked for, so it is no copy.
		{CauseCoalesced, (*court).coalesced},
		// This very answer has the marks of a copy, whatever session asked.
		{CauseSharedCache, (*court).fromCache},
		// The jar explains every later answer; nothing else is to be looked for.
		{CauseCachedSetCookie, (*court).cachedCookie},
		{CauseSwappedSession, (*court).swapped},
		// No request was answered: it was sent without being asked for.
		{CauseMailMixUp, (*court).byMail},
		{CauseBroadcast, (*court).broadcast},
		// It was asked for by name, so nothing was mixed up.
		{CauseObjectLevel, (*court).askedFor},
		// One file for two addresses: a race of answers makes no equal files.
		{CauseFileClash, (*court).clashed},
		// A chain of wrong answers. One that a cut request began is a shift; a
		// worker that keeps the request before needs no beginning.
		{CauseShiftedReplies, (*court).shifted},
		// Without any overlap in time. A fault that needs none explains what
		// came with an overlap too, so it stands before the race.
		{CauseWorkerResidue, (*court).residue},
		{CauseRace, (*court).raced},
	}
}

// inquiry is a proof whose cause is looked for.
type inquiry struct {
	proof
	line cookie    // of a cookie: the whole that was set, or was in the jar
	x    *exchange // brought it to the viewer over the network; nil when none is known
	kept *exchange // brought it to the client earlier: for whoever used it before, or into its own cache
}

// inquire finds out how the proof's value came to the client.
func (c *court) inquire(p proof) inquiry {
	if told := c.toldBy(p); told != nil {
		p.sighting = told
	}
	q := inquiry{proof: p, line: c.lineOf(p)}
	if pushed(p.sighting) || stored(p.sighting) {
		return q
	}
	q.x = c.delivery(p)
	if p.rule == RuleSharedToken || q.ofCookie() {
		q.x = c.broughtBy(q, q.x)
	}
	if q.x != nil && q.x.from != "" {
		q.x, q.kept = c.original(q.x), q.x
		if q.x == nil && q.kept.from == serviceWorker {
			q.x = q.kept // it may have asked the shop just then
		}
	}
	if q.x != nil && q.x.session == p.sighting.session && q.x.viewer != p.sighting.viewer {
		if q.kept == nil {
			q.kept = q.x
		}
		q.x = nil
	}
	return q
}

// cause answers why a proof could come about, with the evidence as sentences,
// and its row in the table. What the table is not certain of, the run as a whole
// may tell (see unsigned, and settle).
func (c *court) cause(p proof) (row int, name string, evidence []string) {
	q := c.inquire(p)
	var open []string
	for i, one := range causes() {
		facts, perhaps := one.look(c, q)
		if len(facts) > 0 {
			return i, one.name, facts
		}
		if perhaps != "" {
			open = append(open, perhaps)
		}
	}
	if facts := c.unsigned(q); facts != nil {
		return len(causes()), CauseSharedCache, facts
	}
	if len(open) == 0 {
		return len(causes()) + 1, CauseUnknown, nil
	}
	return len(causes()) + 1, CauseUnknown, []string{notCertain + strings.Join(open, ", or with ")}
}

// notCertain is how the evidence of an unknown cause begins, where causes fit.
const notCertain = "not certain: this is consistent with "

// mostAsked is how many sightings of one finding are asked for their cause.
const mostAsked = 12

// causeOf is the cause of a finding. The first sighting need not be the one
// that tells most, and what is sure of one is likely of its like: the cause
// that stands first in the table counts.
func (c *court) causeOf(group []proof) (string, []string) {
	best, name, evidence := len(causes())+2, CauseUnknown, []string(nil)
	for _, p := range group[:min(len(group), mostAsked)] {
		row, found, why := c.cause(p)
		if row < best || row == best && len(evidence) == 0 {
			best, name, evidence = row, found, why
		}
	}
	return name, evidence
}
