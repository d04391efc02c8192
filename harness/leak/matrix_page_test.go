package leak_test

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"unicode"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
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
free delivery above fifty returns within thirty days size medium color forest stock reviews rating favorite compare basket`)
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

// matrixAround is a page with a slot, and what is found in it besides.
type matrixAround struct {
	text  string
	found [2]map[string]int // whole values and proofs; and weaker parts of values too
}

// around is a page with a slot; half of the customers, those of the other
// parity, are shown in it.
func (m *matrix) around(s matrixSurface, people *matrixPeople, parity, size int) *matrixAround {
	key := fmt.Sprint(s.name, people == m.ours, parity, size)
	m.mu.Lock()
	defer m.mu.Unlock()
	if a, ok := m.pages[key]; ok {
		return a
	}
	p := matrixPage{people: people, size: size, seed: matrixSeed}
	for i := 1 - parity; i < len(people.customers); i += 2 {
		p.shown = append(p.shown, i)
	}
	a := &matrixAround{text: s.page(p)}
	body, _ := m.body(&matrixCell{}, s, a.text, matrixMade{raw: "0"})
	for _, parts := range []bool{false, true} {
		a.found[matrixBit(parts)] = m.tally(s, match.Read(s.mediaType, body), parts)
	}
	m.pages[key] = a
	return a
}

// body is a page with a value in its slot, and whether that stands there as the
// page has it.
func (m *matrix) body(c *matrixCell, s matrixSurface, page string, made matrixMade) ([]byte, bool) {
	written, core := made.raw, made.heart()
	if c.row.lang == "" || c.row.lang != s.lang {
		written, _ = s.write(made.raw)
		core, _ = s.write(core)
	}
	text := strings.Replace(page, matrixSlot, written, 1)
	if s.wrap == nil {
		return []byte(text), true
	}
	body := s.wrap(text)
	return body, !s.always && (s.plainly || bytes.Contains(body, []byte(core)))
}

// heart is what of a written value tells how it was written: signs at its end
// say nothing, neither of base64 nor of a password.
func (m matrixMade) heart() string {
	return strings.TrimRightFunc(cmp.Or(m.core, m.raw), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// write escapes a text as the surface does, and says what undoes that,
// outermost first. A plus for a space is no escape but another sign.
func (s matrixSurface) write(text string) (string, []string) {
	var undone []string
	plain := text
	for _, e := range s.escape {
		if s.plus {
			plain = strings.ReplaceAll(plain, " ", "")
		}
		if after := e.apply(plain); after != plain && e.undone != "" {
			plain, undone = after, append([]string{e.undone}, undone...)
		}
		text = e.apply(text)
	}
	return text, undone
}
