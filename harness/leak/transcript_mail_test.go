package leak_test

import (
	"fmt"
	"regexp"
	"strings"

	"crosstalk/harness/history"
)

var postedLine = regexp.MustCompile(`^posted (\S+) (\S+) "([^"]*)" (.*)$`)

// mail handles "bystanders c04…" and "posted PHASE WHO|ADDRESS "SUBJECT" text…":
// a mail in the mailbox of a customer, or at an address that is nobody's.
func (tr *transcript) mail(line string, words []string) error {
	if words[0] == "bystanders" {
		tr.bystander = map[string]bool{}
		for _, id := range words[1:] {
			tr.bystander[id] = true
		}
		return nil
	}
	m := postedLine.FindStringSubmatch(line)
	if m == nil {
		return fmt.Errorf(`write posted PHASE WHO "SUBJECT" TEXT`)
	}
	if m[2] == "each" {
		for _, c := range tr.customers {
			if err := tr.mail(strings.Replace(line, " each ", " "+c.ID+" ", 1), words); err != nil {
				return err
			}
		}
		return nil
	}
	phase, who, to := m[1], m[2], m[2]
	place := history.Place("MAIL " + m[3])
	if strings.Contains(who, "@") {
		to, who = tr.fill("c01", to), history.Nobody
		place += history.Place(" to " + to)
	}
	raw := fmt.Sprintf("From: shop@shop.test\r\nTo: %s\r\nSubject: %s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
		to, strings.ReplaceAll(m[3], "{}", "4711"), tr.fill(who, m[4]))
	tr.id++
	tr.add(history.Event{Sighting: &history.Sighting{
		ID: fmt.Sprintf("v%02d", tr.id), Session: tr.mailbox(phase, who), Viewer: who, Surface: history.SurfaceMail, Place: place, URL: "mailto:" + to,
		Body: history.Body{Hash: tr.bodies.Put([]byte(raw)), Size: int64(len(raw)), Type: "message/rfc822"},
	}})
	tr.now += tick
	return nil
}

// mailbox is the session of somebody's mail in a phase.
func (tr *transcript) mailbox(phase, who string) string {
	id := fmt.Sprintf("m-%s-%s-%d", who, phase, tr.walk)
	if !tr.boxes[id] {
		if tr.boxes == nil {
			tr.boxes = map[string]bool{}
		}
		tr.boxes[id] = true
		tr.add(history.Event{Session: &history.Session{
			ID: id, Client: history.ClientMailbox, Journey: history.JourneyMailbox, Customer: who, Phase: phase, Round: tr.walk,
		}})
		tr.add(history.Event{Closed: &history.Closed{Session: id}})
	}
	return id
}
