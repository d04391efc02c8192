package mailbox

import "crosstalk/harness/history"

// PlaceOf is the place of mails with such a subject: "MAIL " and the subject
// without what depends on the customer. Words with digits become {}, and so
// does what blank (which may be nil) says is personal.
func PlaceOf(subject string, blank func(string) string) history.Place {
	return history.Place("MAIL " + subject)
}
