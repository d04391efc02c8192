package demoshop

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// invoice sends an order's invoice as a file to keep.
func (o *origin) invoice(w http.ResponseWriter, r *http.Request, v *visit) {
	found, ok := o.findOrder(w, r, v)
	if !ok {
		return
	}
	if o.sendInvoice(w, r, found) != nil {
		o.problem(w, v, http.StatusInternalServerError, "The invoice could not be made", "Please try again.")
	}
}

// sendInvoice sends an invoice under a name that tells it from others. On an
// error nothing has been sent.
func (o *origin) sendInvoice(w http.ResponseWriter, r *http.Request, found order) error {
	pdf, err := o.papers.paper(invoicePaper(), found.whose(), func() ([]byte, error) { return invoicePDF(found) })
	if err != nil {
		return err
	}
	name := o.buffers.pass(r.Context(), Plain, found.whose(), []byte(fileName(found)))
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": string(name)}))
	send(w, pdf)
	return nil
}

// invoicePDF sets an invoice on one A4 page. The Go fonts have every letter of
// the countries the shop delivers to.
func invoicePDF(o order) ([]byte, error) {
	f := fpdf.New("P", "mm", "A4", "")
	f.AddUTF8FontFromBytes("go", "", goregular.TTF)
	f.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	f.SetTitle("Invoice "+strconv.Itoa(o.Number), true)
	f.SetCreationDate(o.Placed)
	f.SetMargins(24, 24, 24)
	f.AddPage()
	s := sheet{f}
	s.head(o)
	s.address(o.Contact)
	s.lines(o)
	s.foot(o)
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return nil, fmt.Errorf("set invoice: %w", err)
	}
	return b.Bytes(), nil
}

// sheet writes the parts of an invoice from top to bottom.
type sheet struct{ *fpdf.Fpdf }

func (s sheet) style(weight string, size float64) { s.SetFont("go", weight, size) }

func (s sheet) line(text string) { s.CellFormat(0, 6, text, "", 1, "L", false, 0, "") }

func (s sheet) head(o order) {
	s.SetTextColor(47, 93, 80)
	s.style("B", 20)
	s.CellFormat(0, 10, "Northlight", "", 1, "L", false, 0, "")
	s.SetTextColor(34, 48, 44)
	s.Ln(14)
	s.style("B", 14)
	s.CellFormat(0, 9, "Invoice for order "+strconv.Itoa(o.Number), "", 1, "L", false, 0, "")
	s.style("", 10)
	s.line(o.Date())
	s.Ln(8)
}

func (s sheet) address(c contact) {
	for _, text := range []string{c.Name(), c.Address(), c.Place(), c.CountryName(), c.Email} {
		s.line(text)
	}
	s.Ln(12)
}

func (s sheet) lines(o order) {
	s.style("B", 10)
	s.row("Article", "Quantity", "Price")
	s.style("", 10)
	for _, l := range o.Lines {
		s.row(l.Item.Name, strconv.Itoa(l.Quantity), o.Market.show(o.Market.price(l.Item.Cents)*l.Quantity))
	}
	s.style("B", 10)
	s.row("Total, delivery included", "", o.TotalText())
	s.Ln(10)
}

func (s sheet) row(article, quantity, amount string) {
	s.CellFormat(96, 9, article, "B", 0, "L", false, 0, "")
	s.CellFormat(26, 9, quantity, "B", 0, "R", false, 0, "")
	s.CellFormat(40, 9, amount, "B", 1, "R", false, 0, "")
}

func (s sheet) foot(o order) {
	s.style("", 10)
	paid := "Paid by card ending in " + o.Payment.Last4
	if o.Payment.OnAccount() {
		paid = "Paid on account"
	}
	s.line(paid + ", " + o.Payment.Holder)
	if o.GiftNote != "" {
		s.MultiCell(0, 6, "Gift note: "+o.GiftNote, "", "L", false)
	}
	s.Ln(8)
	for _, text := range []string{
		"Receipts to " + o.Wallet.Receipts + ", texts to " + o.Wallet.Phone + ", holder " + o.Wallet.Holder,
		"Member key " + o.Member, "Reference " + o.Passport,
	} {
		fit(s.Fpdf, text, 8)
		s.line(text)
	}
}
