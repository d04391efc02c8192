package demoshop

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"sync/atomic"
)

// Renamed lists the written names that have another form in this shop.
func (s *Shop) Renamed() []string { return s.names.renamed() }

// InvoiceForTest is an invoice to that person.
func InvoiceForTest(first, last, street, note string) ([]byte, error) {
	return invoicePDF(order{
		Number: 10042, Contact: contact{First: first, Last: last, Street: street, House: "7", Country: "PL"},
		Lines: []line{{catalog()[0], 2}}, Market: marketOf("PL"), GiftNote: note,
		Payment: payment{Last4: "4242", Holder: first + " " + last},
	})
}

// ForgetfulMailer makes the shop's mailer keep its recipients from mail to
// mail, as reused mailer objects do.
func (s *Shop) ForgetfulMailer() { s.mail.mailer.forget = true }

// HubForTest is a hub, with orders of customers who are numbered from 1.
type HubForTest struct{ hub *hub }

// NewHubForTest opens a hub of a shop with that fault, whose broker takes as
// long as carry does.
func NewHubForTest(f Fault, carry func(context.Context)) (HubForTest, error) {
	awake := &atomic.Bool{}
	awake.Store(true)
	l, err := newLevers([]Fault{f}, 1, awake)
	if err != nil {
		return HubForTest{}, err
	}
	h := newHub(l)
	h.shared.carry = carry
	return HubForTest{h}, nil
}

// Counts are how often the hub's fault could have struck, and did.
func (h HubForTest) Counts() Count {
	return levers{WrongRoom: h.hub.shared.fault}.counts()[WrongRoom]
}

// numbered is an order of a customer.
func (HubForTest) numbered(customer int) order {
	n := strconv.Itoa(customer)
	c := contact{First: "First" + n, Last: "Last" + n, Email: n + "@mail" + n + ".example", Phone: "000" + n}
	return order{Key: "order-" + n, Number: customer, Contact: c, parts: partsOf(c, "member-"+n)}
}

// Secrets are the four parts of a customer: plain, masked, encoded, a key.
func (h HubForTest) Secrets(customer int) [4]string {
	o := h.numbered(customer)
	return [4]string{o.Contact.Name(), o.Wallet.Receipts, o.Passport, o.Member}
}

// Join listens to a customer's order: what it is told so far is what read
// answers.
func (h HubForTest) Join(customer int) (read func() []string, leave func()) {
	e := h.hub.join(h.numbered(customer).Key)
	return func() []string {
		var out []string
		for {
			select {
			case n := <-e.news:
				text, _ := json.Marshal(n.json())
				out = append(out, string(text))
			default:
				return out
			}
		}
	}, func() { h.hub.leave(e) }
}

// Publish tells a customer's order that it has that state.
func (h HubForTest) Publish(ctx context.Context, customer int, state string) {
	o := h.numbered(customer)
	h.hub.publish(ctx, news{o, status{state: state, text: "for " + o.Contact.Name()}})
}

// Workers is how many serve the shop.
const Workers = workers

// WorkerOf is which of them serves a client's address.
func WorkerOf(address string) int { return workerOf(&http.Request{RemoteAddr: address}) }
