package leak

import (
	"fmt"
	"strings"

	"crosstalk/harness/history"
	"crosstalk/harness/match"
	"crosstalk/scenarios"
)

// learnMisplaced learns where sessions are shown what they sent, and answers the
// answers that went astray.
func (c *court) learnMisplaced() []proof {
	c.nonces = c.learnNonces()
	return c.astray()
}

// astray applies the rule "misplaced response" to the headers that the shop
// answers as they were sent: an answer with another request's value was meant
// for that one.
func (c *court) astray() []proof {
	var proofs []proof
	for _, name := range c.scenario.Echo {
		proofs = append(proofs, c.astrayBy(name, c.echoes(name))...)
	}
	return proofs
}

// echo is what one exchange sent and was answered under one name.
type echo struct {
	by        *exchange
	sent, got string
}

// echoes reads the journal for a header's values, which are kept nowhere else:
// few runs have them. An error there would have shown when it was read before.
func (c *court) echoes(name string) []echo {
	byID := map[string]echo{}
	for e, err := range c.history.Events() {
		if err != nil {
			break
		}
		if x := e.Exchange; x != nil && c.rec.byID[x.ID] != nil {
			byID[x.ID] = echo{c.rec.byID[x.ID], valueOf(x.RequestHeaders, name), valueOf(x.Headers, name)}
		}
	}
	var all []echo
	for _, x := range c.rec.exchanges { // in order of time, whatever the journal's
		if e, ok := byID[x.id]; ok && e.sent != "" {
			all = append(all, e)
		}
	}
	return all
}

func valueOf(lines []history.Header, name string) string {
	for _, l := range lines {
		if strings.EqualFold(l.Name, name) {
			return strings.TrimSpace(l.Value)
		}
	}
	return ""
}

// fewestEchoes is how often a place must have answered as it was asked, before
// an answer with a value that nobody sent is worth a word.
const fewestEchoes = 3

func (c *court) astrayBy(name string, all []echo) []proof {
	sender, faithful := map[string]*exchange{}, map[history.Place]int{}
	for _, e := range all {
		sender[e.sent] = e.by
		if e.got == e.sent {
			faithful[e.by.place]++
		}
	}
	var proofs []proof
	for _, e := range all {
		if len(faithful) == 0 || !e.isAnother() {
			continue
		}
		if meant := sender[e.got]; c.wentAstray(e, meant, faithful[e.by.place]) {
			proofs = append(proofs, c.astrayProof(name, e, meant))
		}
	}
	return proofs
}

// isAnother says that the shop itself answered, in this run, with another value
// than it was sent.
func (e echo) isAnother() bool {
	return e.got != "" && e.got != e.sent && !static(e.by) && e.by.from == "" && !e.by.session.before()
}

// wentAstray says whether an answer was meant for somebody else: for the request
// that sent its value, or, where answers with somebody's data had their own
// request's value often enough, for one that is not of this run.
func (c *court) wentAstray(e echo, meant *exchange, faithful int) bool {
	if meant != nil {
		return !c.everybodys(meant, e.by)
	}
	personal := c.slots.places[stage{e.by.place, history.SurfaceResponse}]
	return personal && e.by.status < 400 && faithful >= fewestEchoes
}

// everybodys says that an answer is a stored copy of one that had nobody's data:
// a public page from a cache tells whose request had filled it, no more. That the
// headers in question are alike is what is to be explained, and so no sign.
func (c *court) everybodys(first, x *exchange) bool {
	_, stored := sameAnswer(first, x)
	stored = stored && first.url == x.url && first.method == x.method && first.start < x.start
	if !stored {
		return false
	}
	content := c.seen.contentIn(x.body)
	for _, p := range content.pieces {
		if p.owned {
			return false
		}
	}
	return len(content.hits) == 0
}

func (c *court) astrayProof(name string, e echo, meant *exchange) proof {
	where := strings.ToLower(name)
	p := proof{
		rule: RuleMisplaced, strength: Suspicion, viewer: e.by.viewer, victim: history.Nobody, kind: scenarios.NonceField, where: where,
		value: e.got, decoded: []string{}, sighting: c.tokens.shownBy(e.by, history.SurfaceHeader), snippet: oneLine(where + ": " + e.got),
	}
	if meant == nil {
		p.note = fmt.Sprintf("%s was sent with %s %s and answered with one that no request of this run had: the answer was meant for somebody else",
			requestWords(e.by), name, e.sent)
		return p
	}
	p.victim, p.meant = meant.viewer, meant
	p.note = fmt.Sprintf("%s was answered with the %s of %s, which began %s", requestWords(e.by), name, requestWords(meant), apartWords(meant, e.by))
	return p
}

// requestWords names a request: "x12 (c02, session s03, GET /api/me)".
func requestWords(x *exchange) string {
	return fmt.Sprintf("%s (%s, session %s, %s)", x.id, name(x.viewer), x.session.ID, x.place)
}

func apartWords(meant, x *exchange) string {
	if meant.start <= x.start {
		return length(x.start-meant.start) + " earlier"
	}
	return length(meant.start-x.start) + " later"
}

// nonces are the values that steps were given for this alone: each one session
// sent, once.
type nonces struct {
	sent  map[string]learned           // by folded value
	by    map[string][]learned         // by session, in order of time
	slots map[nonceSlot]*nonceStanding // where solo was shown them
}

type nonceSlot struct {
	stage
	where string
}

type nonceStanding struct {
	own    map[string]bool // sessions that were shown theirs
	others int             // sightings that showed another session's and not theirs
}

// learnNonces learns from solo where each session is shown what it sent itself.
func (c *court) learnNonces() *nonces {
	n := &nonces{sent: map[string]learned{}, by: map[string][]learned{}, slots: map[nonceSlot]*nonceStanding{}}
	for _, l := range c.rec.learned {
		if l.Kind == scenarios.NonceField {
			n.sent[match.Key(l.Value)] = l
			n.by[l.Session] = append(n.by[l.Session], l)
		}
	}
	if len(n.sent) == 0 {
		return n
	}
	for _, s := range c.rec.sightings {
		if !s.session.solo() {
			continue
		}
		for where, shown := range n.in(c, s) {
			st := n.slots[nonceSlot{stage{s.place, s.surface}, where}]
			if st == nil {
				st = &nonceStanding{own: map[string]bool{}}
				n.slots[nonceSlot{stage{s.place, s.surface}, where}] = st
			}
			if sentBy(shown, s.session.ID) {
				st.own[s.session.ID] = true
			} else {
				st.others++
			}
		}
	}
	return n
}

// in are the nonces that a sighting shows, by where in it.
func (n *nonces) in(c *court, s *sighting) map[string][]learned {
	var found map[string][]learned
	for _, h := range c.seen.hitsOf(s) {
		m := c.own.markers[h.marker]
		if m.Kind != scenarios.NonceField {
			continue
		}
		if l, ok := n.sent[match.Key(m.Value)]; ok {
			if found == nil {
				found = map[string][]learned{}
			}
			found[h.where] = append(found[h.where], l)
		}
	}
	return found
}

func sentBy(shown []learned, session string) bool {
	for _, l := range shown {
		if l.Session == session {
			return true
		}
	}
	return false
}

// anotherSessions applies the rule "misplaced response" to what the journey
// submits: where solo showed each session what it had sent, one is shown what
// the same customer had sent in an earlier session, and not what it sent itself.
// (Another customer's is a foreign marker.)
func (c *court) anotherSessions(s *sighting, _ []proof) []proof {
	if len(c.nonces.sent) == 0 || !s.session.round() {
		return nil
	}
	var proofs []proof
	found := c.nonces.in(c, s)
	for _, where := range sortedKeys(found) {
		shown := found[where]
		st := c.nonces.slots[nonceSlot{stage{s.place, s.surface}, where}]
		if st == nil || len(st.own) < 2 || st.others > 0 || sentBy(shown, s.session.ID) {
			continue
		}
		own, sent := c.submitted(s)
		l := shown[0]
		earlier := c.rec.session(l.Session)
		if !sent || l.Customer != s.viewer || earlier.last >= own.at || c.echoed(s, match.Key(l.Value)) {
			continue
		}
		proofs = append(proofs, proof{
			rule: RuleMisplaced, strength: Suspicion, viewer: s.viewer, victim: l.Customer, kind: scenarios.NonceField, where: where,
			value: l.Value, decoded: []string{}, sighting: s, snippet: oneLine(l.Value),
			note: fmt.Sprintf("session %s had sent %s, and was shown %s %s: what %s sent in session %s, which was over before",
				s.session.ID, own.Value, l.Value, spot(s, where), name(l.Customer), l.Session),
		})
	}
	return proofs
}

// submitted is the latest nonce of its own that a session had sent to the shop
// and had an answer to, before it was shown s.
func (c *court) submitted(s *sighting) (learned, bool) {
	mine := c.nonces.by[s.session.ID]
	for i := len(mine) - 1; i >= 0; i-- {
		key := match.Key(mine[i].Value)
		for _, x := range s.session.exchanges {
			if x.start >= mine[i].at && arrival(x) <= s.at && c.echoed(&sighting{scene: x.scene, exchange: x}, key) {
				return mine[i], true
			}
		}
	}
	return learned{}, false
}
