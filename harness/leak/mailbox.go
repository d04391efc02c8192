package leak

import (
	"sort"
	"strings"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// Stray is mail to an address that is nobody's.
type Stray struct {
	To      string `json:"to"`
	Subject string `json:"subject"`           // without what differs from mail to mail
	Count   int    `json:"count"`             // mails with such a subject
	Earlier string `json:"earlier,omitempty"` // the customer of a remembered run whose address it is: "c03 of RUN"
}

// mostStrays is how many of them a judgement lists.
const mostStrays = 200

// mailbox says that the session is none that walked: it is what was sent to
// one address.
func (s *session) mailbox() bool { return s.Client == history.ClientMailbox }

// unowned says that a sighting is mail to an address that is nobody's: a copy
// for the staff, a typing mistake, or somebody of an earlier run. Nobody passed
// by to be shown it.
func (s *sighting) unowned() bool {
	return s.surface == history.SurfaceMail && s.viewer == history.Nobody && s.session.mailbox()
}

func (s *sighting) address() string { return strings.TrimPrefix(s.url, "mailto:") }

// unaddressed are the proofs in mail to nobody's address. Shops send copies to
// their staff: a person decides whether this address may have them. That an
// earlier run's customer is sent what is their own is right, and another's is
// not: that is a customer too.
func (c *court) unaddressed(s *sighting, found []proof) []proof {
	if !s.unowned() || len(found) == 0 {
		return found
	}
	addressee := c.rec.earlierAt(s.address())
	var kept []proof
	for _, p := range found {
		if addressee != "" && p.victim == addressee {
			continue
		}
		if addressee == "" && p.rule != RuleEarlierRun {
			p.strength = Suspicion
		}
		p.viewer = addressee
		if p.viewer == "" {
			p.viewer = s.address()
		}
		p.note = strings.Replace(p.note, name(history.Nobody), p.viewer, 1)
		kept = append(kept, p)
	}
	return kept
}

// earlierAt is the customer of a remembered run who had this e-mail address;
// "" when none had.
func (r *record) earlierAt(address string) string {
	if r.addresses == nil {
		r.addresses = map[string]string{}
		for _, e := range r.earlier {
			for _, v := range e.Markers {
				if v.Kind == string(customer.Email) {
					r.addresses[match.Key(v.Value)] = e.Customer + " of " + e.Run
				}
			}
		}
	}
	return r.addresses[match.Key(address)]
}

// mails counts what reached mailboxes, and lists what reached nobody's.
func (c *court) mails() (int, []Stray) {
	received, at := 0, map[[2]string]*Stray{}
	for _, s := range c.rec.sightings {
		if s.surface != history.SurfaceMail {
			continue
		}
		received++
		if !s.unowned() {
			continue
		}
		subject := strings.TrimPrefix(strings.TrimSuffix(string(s.place), " to "+s.address()), "MAIL ")
		key := [2]string{s.address(), subject}
		if at[key] == nil {
			at[key] = &Stray{To: s.address(), Subject: subject, Earlier: c.rec.earlierAt(s.address())}
		}
		at[key].Count++
	}
	all := make([]Stray, 0, len(at))
	for _, stray := range at {
		all = append(all, *stray)
	}
	sort.Slice(all, func(i, k int) bool {
		a, b := all[i], all[k]
		if a.Count != b.Count {
			return a.Count > b.Count
		}
		return a.To+"\x00"+a.Subject < b.To+"\x00"+b.Subject
	})
	return received, all[:min(len(all), mostStrays)]
}
