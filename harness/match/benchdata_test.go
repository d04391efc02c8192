package match

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"sync"
)

// What benchmarks look for: customers as a run has them, twenty values each,
// made from a seed.

const benchSeed = 20261122

// benchPatterns are twenty values of each of n customers. The IDs of a
// customer's are 20*i … 20*i+19.
func benchPatterns(n int) []Pattern {
	r := rand.New(rand.NewPCG(benchSeed, 0))
	patterns := make([]Pattern, 0, 20*n)
	for i := range n {
		for _, p := range benchCustomer(r, i) {
			p.ID = len(patterns)
			patterns = append(patterns, p)
		}
	}
	return patterns
}

// benchCustomer is what one customer types (eleven values) and what a shop
// issues to it (nine).
func benchCustomer(r *rand.Rand, i int) []Pattern {
	first, last, street := pick(r, benchFirst), surname(r), surname(r)+pick(r, []string{"gatan", " Street", "straße", " Śpiewna", "vägen"})
	house := fmt.Sprint(1 + r.IntN(199))
	return []Pattern{
		{Text: first + " " + last, Others: []string{last + " " + first}, Shape: ShapeName, Fragments: true},
		{Text: fmt.Sprintf("%s.%s%s@c%05d.shop-test.example", strings.ToLower(first[:1]), Key(last), spell(r, base36, 3), i), Shape: ShapeEmail, Fragments: true},
		{Text: fmt.Sprintf("070-%03d %02d %02d", r.IntN(1000), i/100%100, i%100), Shape: ShapePhone},
		{Text: street + " " + house, Others: []string{house + " " + street}, Shape: ShapeAddress, Fragments: true},
		{Text: surname(r) + " " + pick(r, []string{"Trading AB", "& Sons Ltd", "GmbH", "Spółka"}), Fragments: true},
		{Text: spell(r, base62, 16), Fragments: true},
		{Text: spell(r, letters, 14), Fragments: true},
		{Text: "Leave it with " + surname(r) + " at the " + surname(r) + " gate", Fragments: true},
		{Text: last + " " + spell(r, letters, 6)},
		{Text: street},
		{Text: fmt.Sprintf("%04d-%02d-%02d", 1940+r.IntN(65), 1+r.IntN(12), 1+r.IntN(28)), Shape: ShapeDate},

		{Text: fmt.Sprintf("ORD-2026-%07d", 1_000_000+17*i)},
		{Text: spell(r, base16, 32), Fragments: true},
		{Text: spell(r, base62, 43), Fragments: true},
		{Text: uuid(r), Fragments: true},
		{Text: uuid(r), Fragments: true},
		{Text: "wc_order_" + spell(r, base62, 13), Fragments: true},
		{Text: spell(r, base16, 40), Fragments: true},
		{Text: "cus_" + spell(r, base62, 14), Fragments: true},
		{Text: fmt.Sprintf("INV/%05d/%s", i, spell(r, base36, 6))},
	}
}

const (
	letters = "abcdefghijklmnopqrstuvwxyz"
	base16  = "0123456789abcdef"
	base36  = "0123456789" + letters
	base62  = base36 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

func spell(r *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

func uuid(r *rand.Rand) string {
	t := spell(r, base16, 32)
	return t[:8] + "-" + t[8:12] + "-4" + t[13:16] + "-a" + t[17:20] + "-" + t[20:]
}

func pick(r *rand.Rand, of []string) string { return of[r.IntN(len(of))] }

// surname is a composed name, as the product's own customers have.
func surname(r *rand.Rand) string {
	s := pick(r, benchSyllables) + pick(r, benchSyllables) + pick(r, benchSyllables) + pick(r, benchEndings)
	return strings.ToUpper(s[:1]) + s[1:]
}

//nolint:gochecknoglobals // tables
var (
	benchFirst = strings.Fields("Anna Björn Cecilia David Elżbieta Fredrik Greta Hans Ingrid Jürgen Karin Łukasz Maria Nils Olga Paweł " +
		"Robert Zoë Stefan Tomasz Ursula Viktor Wanda Yvonne Alexandra Benjamin Christopher Dorothea Emmanuel Florence")
	benchSyllables = strings.Fields("tre mba kel vor sun dal mik nes pol rav sti gor han lem bru wek zal fri osk und er an il ka to ve sö by lån grø szy ber")
	benchEndings   = strings.Fields("czyk ström wright berg son sen ska mann dottir feld quist ham ton ley")
	benchWords     = strings.Fields("account address afternoon available basket because before billing blue bottle cart checkout hue " +
		"confirm contact continue cotton customer delivery detail discount each every express favorite for free from guarantee " +
		"hello help history home information international invoice item kitchen large leather login make medium more name newsletter " +
		"offer order our page password payment please price privacy product quantity quick recommended return review save search " +
		"select shipping shop sign size small standard stock summer support terms thank that the this total track under update " +
		"value view warranty welcome where which winter wishlist with wool you your zip åtgärd köp für Größe świat zamówienie")
)

// benchPages are at least 16 MB of pages and answers of 5 to 500 KB; in every
// second stands one value of somebody's, in one of the ways shops write it.
//
//nolint:gochecknoglobals // made once for all benchmarks
var benchPages = sync.OnceValue(func() []page {
	r := rand.New(rand.NewPCG(benchSeed, 1))
	values := benchPatterns(100)
	var pages []page
	for total := 0; total < 16<<20; {
		size := 5 << 10 << r.IntN(7)
		size += r.IntN(size / 2)
		planted := ""
		if len(pages)%4 > 1 {
			planted = values[r.IntN(len(values))].Text
		}
		p := htmlPage(r, size, planted)
		if len(pages)%2 == 1 {
			p = jsonPage(r, size, planted)
		}
		pages, total = append(pages, p), total+len(p.body)
	}
	return pages
})

type page struct {
	mediaType string
	body      []byte
}

func htmlPage(r *rand.Rand, size int, planted string) page {
	var b strings.Builder
	b.WriteString("<!doctype html><html lang=\"en\"><head><title>Orders</title><link rel=\"stylesheet\" href=\"/assets/main.8f3a.css\"></head><body>\n")
	for b.Len() < size {
		fmt.Fprintf(&b, `<tr class="order-row line-item" data-id="%d"><td><a href="/products/%s-%s?ref=%s&amp;page=%d">%s</a></td>`,
			r.IntN(100_000), pick(r, benchWords), pick(r, benchWords), spell(r, base62, 8), r.IntN(90), html.EscapeString(sentence(r, 8)))
		fmt.Fprintf(&b, `<td class="price">%d,%02d&nbsp;kr</td><td>2026-%02d-%02d</td><td>%s</td></tr>`+"\n",
			r.IntN(1000), r.IntN(100), 1+r.IntN(12), 1+r.IntN(28), sentence(r, 14))
		if r.IntN(8) == 0 {
			fmt.Fprintf(&b, "<blockquote>%s <cite>%s %s</cite></blockquote>\n", sentence(r, 30), pick(r, benchFirst), surname(r))
		}
		if planted != "" && b.Len() > size/2 {
			fmt.Fprintf(&b, "<p>Thank you, <b>%s</b>!</p>\n", html.EscapeString(planted))
			planted = ""
		}
	}
	b.WriteString("</body></html>")
	return page{"text/html; charset=utf-8", []byte(b.String())}
}

func jsonPage(r *rand.Rand, size int, planted string) page {
	var b strings.Builder
	b.WriteString(`{"items":[`)
	for b.Len() < size {
		fmt.Fprintf(&b, `{"id":"%s","sku":"SKU-%06d","title":%q,"price":{"amount":%d,"currency":"SEK"},"url":"https:\/\/shop.example\/p\/%s","etag":"%s","note":null},`,
			uuid(r), r.IntN(1e6), sentence(r, 9), r.IntN(100_000), pick(r, benchWords), base64.StdEncoding.EncodeToString([]byte(spell(r, base62, 12))))
		if planted != "" && b.Len() > size/2 {
			fmt.Fprintf(&b, `{"customer":{"value":%q,"hash":"%s"}},`, planted, hex.EncodeToString([]byte(spell(r, base62, 10))))
			planted = ""
		}
	}
	b.WriteString(`{}]}`)
	return page{"application/json", []byte(b.String())}
}

func sentence(r *rand.Rand, words int) string {
	s := make([]string, words)
	for i := range s {
		s[i] = pick(r, benchWords)
	}
	return strings.Join(s, " ")
}
