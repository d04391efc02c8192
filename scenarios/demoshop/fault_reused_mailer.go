package demoshop

import "sync"

// mailObjects is the fault reused-mailer: there is one mail object for each way
// to pay, made once and used for every confirmation, and what was put into it for
// one order is not taken out before the next. The object for cards adds its
// recipient to those it has, so the customer before is sent this one's mail; the
// object for payment on account keeps the order it was given first, so this
// customer is sent the confirmation of the one before. Who pays in the same way
// next is what counts, not who pays at the same time.
//
// The fault's rate is the share of confirmations whose object still holds
// another customer's that are spoiled by it. In the variants that let one part
// go astray, the object keeps that part alone, whichever way is paid.
type mailObjects struct {
	fault *lever
	mu    sync.Mutex
	held  map[bool]letter // what was put in last, by whether it was on account
}

func newMailObjects(fault *lever) mailObjects {
	return mailObjects{fault: fault, held: map[bool]letter{}}
}

// fill puts a mail about an order into the object for its way to pay, and
// answers what the object then holds.
func (m *mailObjects) fill(l letter) letter {
	if m.fault == nil || !l.Ordered() {
		return l
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	way := l.Order.Payment.OnAccount()
	before, used := m.held[way]
	m.held[way] = l
	switch {
	case !used || before.Contact.Email == l.Contact.Email || before.Order.Member == "" && m.fault.is(Token):
		return l // nothing of another's is left in it
	case !m.fault.strikes():
		return l
	case !m.fault.is(Plain):
		l.Order = m.fault.variant.astrayOrder(l.Order, before.Order)
		return l
	case way:
		before.To = []contact{l.Contact}
		return before
	}
	l.To = []contact{before.Contact, l.Contact}
	return l
}

func (m *mailObjects) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.held)
}

func reusedMailerInfo() Info {
	return Info{
		Name:      ReusedMailer,
		Class:     21,
		Incident:  "a shop system, issue 3221: the confirmation of an earlier order, paid in another way, was sent to the next customer; and mailers that keep the recipients of the mail before",
		Mechanism: "one mail object for each way to pay is used again: the one for cards keeps the recipient of before, the one for payment on account the order of before",
		Where:     "fault_reused_mailer.go, asked by outbox.run",
	}
}
