package leak_test

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strings"

	"crosstalk/harness/customer"
)

// matrixPage is what stands around a value: a shop's page, full of other
// people's data and of words that are nobody's.
type matrixPage struct {
	people *matrixPeople
	shown  []int // whose data
	size   int   // bytes, roughly
	seed   uint64
}

// texts are other people's values as a list shows them, and prose up to the
// page's size.
func (p matrixPage) texts() []string {
	var texts []string
	for _, i := range p.shown {
		texts = append(texts, p.record(i)...)
	}
	return append(texts, p.prose(p.size)...)
}

// record is one other customer's row.
func (p matrixPage) record(i int) []string {
	c, v := &p.people.customers[i], p.people.values[i]
	return []string{
		c.Name(), c.Email, c.Phone, c.Address, c.Postcode + " " + c.City, c.Company, c.Birthday, c.Gift,
		v[customer.Order].text, v[customer.Token].text, v["cart"].text, v["total"].text,
	}
}

// prose are sentences and prices that are nobody's.
func (p matrixPage) prose(size int) []string {
	words := strings.Fields(`the order is packed and leaves tomorrow vielen Dank für Ihre Bestellung tack för din beställning
dziękujemy za zamówienie cotton shirt with long sleeves Kaffeebohnen kräftig geröstet varm tröja av ull płaszcz zimowy
free delivery above fifty returns within thirty days size medium color forest stock reviews rating favourite compare basket`)
	r := rand.New(rand.NewPCG(p.seed, 7))
	var all []string
	for total := 0; total < size; {
		var b strings.Builder
		for range 6 + r.IntN(12) {
			b.WriteString(words[r.IntN(len(words))] + " ")
		}
		fmt.Fprintf(&b, "%d,%02d € (SKU %05d-%d)", r.IntN(500), r.IntN(100), r.IntN(100_000), r.IntN(10))
		all = append(all, b.String())
		total += b.Len() + 30
	}
	return all
}

func (p matrixPage) lines(write func(string) string) string { return matrixLines(p.texts(), write) }

// few are as many lines as a document of a page or two has.
func (p matrixPage) few(write func(string) string) string {
	var texts []string
	for _, i := range p.shown[:min(len(p.shown), 4)] {
		texts = append(texts, p.record(i)...)
	}
	return matrixLines(append(texts, p.prose(1500)...), write)
}

func matrixLines(texts []string, write func(string) string) string {
	var b strings.Builder
	for _, text := range texts {
		b.WriteString(write(text) + "\n")
	}
	return b.String()
}

// html is a page with a slot in it.
func (p matrixPage) html(slot string) string {
	texts := p.texts()
	half := len(texts) / 2
	row := func(s string) string { return `<li class="other">` + html.EscapeString(s) + `</li>` }
	return `<!doctype html><html lang="en"><head><title>Shop</title><style>li.other{color:#333}</style></head><body><nav><a href="/">Home</a></nav><main><ul>` +
		matrixLines(texts[:half], row) + `</ul>` + slot + `<ul>` + matrixLines(texts[half:], row) + `</ul></main></body></html>`
}

// json is an answer with a customer in it.
func (p matrixPage) json(customer string) string {
	texts := p.texts()
	half := len(texts) / 2
	row := func(s string) string { return `{"text":` + matrixQuote(s) + `},` }
	return `{"first":[` + matrixLines(texts[:half], row) + `{}],"customer":` + customer + `,"rest":[` + matrixLines(texts[half:], row) + `null]}`
}
