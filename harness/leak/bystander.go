package leak

import (
	"fmt"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/scenarios"
)

// posted is what is known of the mails of a run, to tell what reached somebody
// who did nothing from what everybody is sent.
type posted struct {
	walked  history.Moment            // the first walk of anybody; before it all mail is of signing up
	cleaned map[string]history.Moment // when each customer's account began to be removed
	signUp  map[history.Place]int     // mails of signing up: the most that anybody was sent
	all     map[history.Place]map[string]int
	most    int                              // mails of signing up that anybody was sent in all
	so      map[history.Place]map[string]int // to bystanders, so far
	total   map[string]int                   // likewise, of all places
}

// learnPosted learns what signing up brings, and what everybody is sent. It
// proves nothing yet.
func (c *court) learnPosted() []proof {
	if len(c.rec.bystanders) == 0 {
		return nil
	}
	m := &posted{
		walked: c.rec.begun(func(s *session) bool { return s.solo() || s.round() })[""], cleaned: c.rec.begun(func(s *session) bool { return s.Phase == history.PhaseCleanUp }),
		signUp: map[history.Place]int{}, all: map[history.Place]map[string]int{}, so: map[history.Place]map[string]int{}, total: map[string]int{},
	}
	c.posted = m
	all := map[string]int{}
	early := map[history.Place]map[string]int{}
	for _, s := range c.rec.sightings {
		if s.surface != history.SurfaceMail || s.viewer == history.Nobody || m.leaving(s) {
			continue
		}
		add(m.all, s)
		if m.walked == 0 || s.at < m.walked {
			add(early, s)
			all[s.viewer]++
			m.most = max(m.most, all[s.viewer])
		}
	}
	for place, by := range early {
		for _, n := range by {
			m.signUp[place] = max(m.signUp[place], n)
		}
	}
	return nil
}

func add(counts map[history.Place]map[string]int, s *sighting) int {
	if counts[s.place] == nil {
		counts[s.place] = map[string]int{}
	}
	counts[s.place][s.viewer]++
	return counts[s.place][s.viewer]
}

// begun is when each customer's first session of a kind did anything, and under
// "" when anybody's did.
func (r *record) begun(of func(*session) bool) map[string]history.Moment {
	first := map[string]history.Moment{}
	for _, s := range r.order {
		if s.mailbox() || !of(s) {
			continue
		}
		for _, at := range s.beginnings() {
			earliest(first, s.Customer, at)
			earliest(first, "", at)
		}
	}
	return first
}

// beginnings are the moments at which the session's first request and its first
// step began.
func (s *session) beginnings() []history.Moment {
	var all []history.Moment
	if len(s.exchanges) > 0 {
		all = append(all, s.exchanges[0].start)
	}
	if len(s.steps) > 0 {
		all = append(all, s.steps[0].Start)
	}
	return all
}

// leaving says that a mail came when the customer's account was being removed:
// who goes is told so.
func (m *posted) leaving(s *sighting) bool {
	at, ok := m.cleaned[s.viewer]
	return ok && s.at >= at
}

// everybodys says that all customers, or all of the receiver's language, were
// sent as many mails with such a subject, whatever they did: a welcome that came
// late, or news for all.
func (m *posted) everybodys(s *sighting, people map[string]*customer.Customer) bool {
	speaks := func(id string) bool { return people[id].Locale == people[s.viewer].Locale }
	return m.same(s, people, func(string) bool { return true }) || m.same(s, people, speaks)
}

// same says that some others, and all of those who are asked about, were sent as
// many mails with such a subject as the receiver.
func (m *posted) same(s *sighting, people map[string]*customer.Customer, asked func(id string) bool) bool {
	others := 0
	for id := range people {
		if id == s.viewer || !asked(id) {
			continue
		}
		if others++; m.all[s.place][id] != m.all[s.place][s.viewer] {
			return false
		}
	}
	return others > 0
}

// lone says that nobody else was ever sent mail with such a subject, and that
// the receiver was not sent more than signing up brings: who alone has a
// language is welcomed in words that nobody else is.
func (m *posted) lone(s *sighting) bool {
	return len(m.all[s.place]) == 1 && m.total[s.viewer] <= m.most
}

// idle applies the rule "mail to a bystander": who did nothing is sent nothing
// that signing up does not bring. Mail with another customer's value in it is a
// foreign marker, and not said twice.
func (c *court) idle(s *sighting, found []proof) []proof {
	m := c.posted
	if m == nil || s.surface != history.SurfaceMail || !c.rec.bystanders[s.viewer] || m.leaving(s) {
		return nil
	}
	nth, usual := add(m.so, s), m.signUp[s.place]
	m.total[s.viewer]++
	if nth <= usual || len(found) > 0 || m.everybodys(s, c.people) || m.lone(s) {
		return nil
	}
	subject := strings.TrimPrefix(string(s.place), "MAIL ")
	note := fmt.Sprintf("%s signed up and has done nothing since; %s they were sent a mail (%q) that signing up brings nobody", s.viewer, moment(s.at), subject)
	if usual > 0 {
		note = fmt.Sprintf("%s signed up and has done nothing since; %s they were sent their mail number %d with the subject %q, of which signing up brings %d", s.viewer, moment(s.at), nth, subject, usual)
	}
	return []proof{{
		rule: RuleBystander, strength: Suspicion, viewer: s.viewer, kind: scenarios.MailKind, sighting: s,
		snippet: oneLine(subject), decoded: []string{}, note: note,
	}}
}
