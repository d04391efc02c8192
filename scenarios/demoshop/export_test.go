package demoshop

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
