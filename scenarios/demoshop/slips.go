package demoshop

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
)

// Beside the invoice an app can have three slips of its last order, to print:
// each shows one part of the customer's data, and nothing else of them.

// paper is one kind of file that the shop makes of an order.
type paper struct {
	name    string
	variant Variant // of what it shows
}

func invoicePaper() paper { return paper{"invoice", Plain} }

// slip is a small paper: a headline, and a line.
type slip struct {
	paper
	headline string
	line     func(order) string
}

func walletSlip() slip {
	return slip{paper{"receipt", Masked}, "Receipt slip", func(o order) string {
		return "Receipts to " + o.Wallet.Receipts + ", texts to " + o.Wallet.Phone
	}}
}

func passportSlip() slip {
	return slip{paper{"delivery", Encoded}, "Delivery slip", func(o order) string { return o.Passport }}
}

func memberSlip() slip {
	return slip{paper{"member", Token}, "Member slip", func(o order) string { return "Member key " + o.Member }}
}

// slipRoutes names the calls for an order's papers.
func (o *origin) slipRoutes() {
	o.handle("GET /~api/~invoice", o.reader(o.apiInvoice))
	o.handle("GET /~api/~invoice/~wallet", o.reader(o.apiSlip(walletSlip())))
	o.handle("GET /~api/~invoice/~passport", o.reader(o.apiSlip(passportSlip())))
	o.handle("GET /~api/~invoice/~member", o.reader(o.apiSlip(memberSlip())))
}

// apiInvoice sends an app the invoice of its customer's last order.
func (o *origin) apiInvoice(w http.ResponseWriter, r *http.Request, v *visit) {
	last, ok := o.lastOrder(w, v)
	if ok && o.sendInvoice(w, r, last) != nil {
		o.reply(w, http.StatusInternalServerError, obj{"error": "the invoice could not be made"})
	}
}

func (o *origin) apiSlip(s slip) visitHandler {
	return func(w http.ResponseWriter, _ *http.Request, v *visit) {
		last, ok := o.lastOrder(w, v)
		if !ok {
			return
		}
		pdf, err := o.papers.paper(s.paper, last.whose(), func() ([]byte, error) { return s.pdf(last) })
		if err != nil {
			o.reply(w, http.StatusInternalServerError, obj{"error": "the slip could not be made"})
			return
		}
		w.Header().Set("Content-Type", "application/pdf")
		send(w, pdf)
	}
}

func (o *origin) lastOrder(w http.ResponseWriter, v *visit) (order, bool) {
	all := o.store.ordersOf(v.user.ID)
	if len(all) == 0 {
		o.reply(w, http.StatusNotFound, obj{"error": "nothing was ordered yet"})
		return order{}, false
	}
	return all[0], true
}

// whose is the customer that an order belongs to: a guest has no other.
func (o order) whose() string {
	if o.Account != "" {
		return o.Account
	}
	return o.Key
}

// pdf sets a slip. It has no letters that every reader's own fonts lack, so it
// is small and quickly made.
func (s slip) pdf(o order) ([]byte, error) {
	f := fpdf.New("L", "mm", "A6", "")
	f.SetCreationDate(o.Placed)
	f.AddPage()
	text := f.UnicodeTranslatorFromDescriptor("")
	f.SetFont("Helvetica", "B", 14)
	f.CellFormat(0, 10, s.headline, "", 1, "L", false, 0, "")
	line := text(s.line(o))
	f.SetFont("Helvetica", "", 10)
	fit(f, line, 10)
	f.CellFormat(0, 8, line, "", 1, "L", false, 0, "")
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return nil, fmt.Errorf("set slip: %w", err)
	}
	return b.Bytes(), nil
}

// fit makes the letters as small as a line needs, from that size down.
func fit(f *fpdf.Fpdf, line string, size float64) {
	width, _ := f.GetPageSize()
	left, _, right, _ := f.GetMargins()
	f.SetFontSize(size)
	if wide := f.GetStringWidth(line); wide > width-left-right-3 {
		f.SetFontSize(size * (width - left - right - 3) / wide)
	}
}

// fileName is what an invoice is called, in letters of any language.
func fileName(o order) string {
	return "Invoice-" + strconv.Itoa(o.Number) + "-" + o.Contact.First + "-" + o.Contact.Last + ".pdf"
}
