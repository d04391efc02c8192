package demoshop

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	texttemplate "text/template"
	"time"

	"github.com/emersion/go-message/mail"
)

// letter is a mail to be written: to whom, about what.
type letter struct {
	Contact contact
	Order   order     // its Key is empty for a welcome
	Base    string    // address of the shop, such as "http://127.0.0.1:8080"
	To      []contact // whom it goes to; empty: Contact
}

// receivers are whom the mail goes to.
func (l letter) receivers() []contact {
	if len(l.To) > 0 {
		return l.To
	}
	return []contact{l.Contact}
}

// Ordered says that the mail is about an order.
func (l letter) Ordered() bool { return l.Order.Key != "" }

// stationery writes mails: it knows the templates and how this shop puts
// things.
type stationery struct {
	names  *names
	extras *extras
	html   *htmltemplate.Template
	text   *texttemplate.Template
}

func newStationery(n *names) (*stationery, error) {
	s := &stationery{names: n}
	html, err := fs.ReadFile(mails, "mails/letter.html")
	if err != nil {
		return nil, fmt.Errorf("read mail templates: %w", err)
	}
	text, err := fs.ReadFile(mails, "mails/letter.txt")
	if err != nil {
		return nil, fmt.Errorf("read mail templates: %w", err)
	}
	if s.html, err = htmltemplate.New("html").Parse(string(html)); err != nil {
		return nil, fmt.Errorf("read mail templates: %w", err)
	}
	if s.text, err = texttemplate.New("text").Parse(string(text)); err != nil {
		return nil, fmt.Errorf("read mail templates: %w", err)
	}
	return s, nil
}

// mailPage is what the templates of mails are given.
type mailPage struct {
	letter
	extras   *extras
	Language string
	Link     string
	words    phrases
	style    int // which of the wordings
	fill     *strings.Replacer
}

// Say is one of the mail's texts.
func (p *mailPage) Say(key string) string { return p.fill.Replace(p.words[key][p.style]) }

// Subject is the mail's subject.
func (p *mailPage) Subject() string { return p.Say("subject") }

// Sum is what a line costs, as text.
func (p *mailPage) Sum(l line) string {
	return p.Order.Market.show(p.Order.Market.price(l.Item.Cents) * l.Quantity)
}

// fact is one thing that we know of a customer or order.
type fact struct {
	Name  string
	Lines []string
}

// Facts lists what we know, in the order in which it is read.
func (p *mailPage) Facts() []fact {
	c := p.Contact
	home := []string{c.Name(), c.Address(), c.Place(), c.CountryName()}
	if !p.Ordered() {
		return p.known(
			fact{p.Say("name"), home[:1]}, fact{p.Say("address"), home[1:]},
			fact{p.Say("email"), []string{c.Email}}, fact{p.Say("phone"), []string{c.Phone}})
	}
	return p.known(append(p.extras.deskFact(p.letter),
		fact{p.Say("deliver"), home}, fact{p.Say("email"), []string{c.Email}},
		fact{p.Say("paid"), []string{p.paid(), p.Order.Payment.Holder}},
		fact{p.Say("gift"), []string{p.Order.GiftNote}},
		fact{p.Say("receipts"), known(p.Order.Wallet.Receipts, p.Order.Wallet.Phone, p.Order.Wallet.Holder)},
		fact{p.Say("member"), []string{p.Order.Member}})...)
}

func (p *mailPage) paid() string {
	if p.Order.Payment.OnAccount() {
		return p.Say("account")
	}
	return p.Say("card")
}

// known are the texts that are not empty.
func known(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

func (p *mailPage) known(facts ...fact) []fact {
	var out []fact
	for _, f := range facts {
		if strings.Join(f.Lines, "") != "" {
			out = append(out, f)
		}
	}
	return out
}

func (s *stationery) page(l letter) *mailPage {
	t := tongueOf(l.Contact.Country)
	p := &mailPage{letter: l, extras: s.extras, Language: t.code, words: phrases{}, style: s.names.style()}
	kind, path := t.welcome, "/~account"
	if l.Ordered() {
		kind, path = t.order, "/~orders/"+l.Order.Key+"?~passport="+l.Order.Passport // so that the page knows who comes by it
	}
	for _, from := range []phrases{t.common, kind} {
		for key, w := range from {
			p.words[key] = w
		}
	}
	p.Link = l.Base + s.names.text(path)
	p.fill = strings.NewReplacer("{first}", l.Contact.First, "{number}", strconv.Itoa(l.Order.Number), "{last4}", l.Order.Payment.Last4)
	return p
}

// sender is whom mails come from.
func sender() *mail.Address {
	return &mail.Address{Name: "Northlight", Address: "shop@northlight.example"}
}

// addresses are the receivers, as a mail names them.
func (l letter) addresses() []*mail.Address {
	var out []*mail.Address
	for _, c := range l.receivers() {
		out = append(out, &mail.Address{Name: c.Name(), Address: c.Email})
	}
	return out
}

// write sets a mail: text and HTML, and with an order its invoice.
func (s *stationery) write(l letter, now time.Time) ([]byte, error) {
	p := s.page(l)
	var h mail.Header
	h.SetDate(now)
	h.SetAddressList("From", []*mail.Address{sender()})
	h.SetAddressList("To", l.addresses())
	h.SetSubject(p.Subject())
	h.SetMessageID(randomID() + "@northlight.example")
	h.Set("Content-Language", p.Language)
	h.Set("Auto-Submitted", "auto-generated")
	var b bytes.Buffer
	w, err := mail.CreateWriter(&b, h)
	if err != nil {
		return nil, fmt.Errorf("write mail: %w", err)
	}
	err = s.texts(w, p)
	if err == nil && l.Ordered() {
		err = attachInvoice(w, p)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("write mail: %w", err)
	}
	return b.Bytes(), nil
}

// texts writes what is read, for readers with and without HTML.
func (s *stationery) texts(w *mail.Writer, p *mailPage) error {
	both, err := w.CreateInline()
	if err != nil {
		return fmt.Errorf("begin text: %w", err)
	}
	for _, part := range []struct {
		mediaType string
		render    func(io.Writer, any) error
	}{{"text/plain", s.text.Execute}, {"text/html", s.html.Execute}} {
		var h mail.InlineHeader
		h.SetContentType(part.mediaType, map[string]string{"charset": "utf-8"})
		h.Set("Content-Transfer-Encoding", "quoted-printable")
		body, err := both.CreatePart(h)
		if err != nil {
			return fmt.Errorf("begin %s: %w", part.mediaType, err)
		}
		if err := part.render(body, p); err != nil {
			return fmt.Errorf("render %s: %w", part.mediaType, err)
		}
		if err := body.Close(); err != nil {
			return fmt.Errorf("end %s: %w", part.mediaType, err)
		}
	}
	if err := both.Close(); err != nil {
		return fmt.Errorf("end text: %w", err)
	}
	return nil
}

func attachInvoice(w *mail.Writer, p *mailPage) error {
	pdf, err := invoicePDF(p.Order)
	if err != nil {
		return err
	}
	var h mail.AttachmentHeader
	h.SetContentType("application/pdf", nil)
	h.SetFilename(p.Say("invoice") + ".pdf")
	h.Set("Content-Transfer-Encoding", "base64")
	body, err := w.CreateAttachment(h)
	if err != nil {
		return fmt.Errorf("begin invoice: %w", err)
	}
	if _, err := body.Write(pdf); err != nil {
		return fmt.Errorf("attach invoice: %w", err)
	}
	if err := body.Close(); err != nil {
		return fmt.Errorf("end invoice: %w", err)
	}
	return nil
}
