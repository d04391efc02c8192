package scenarios

import (
	"fmt"
	"strconv"
	"strings"

	"crosstalk/harness/customer"
)

// Fields resolves the {{fields}} of a step for one session.
type Fields struct {
	Customer *customer.Customer       // nil for a passer-by
	Learned  map[customer.Kind]string // what `remember` steps of this session read
	Target   string                   // the shop's base address, for relative URLs
	// Nonce answers the value of {{nonce}}, the same one as often as this step
	// asks for it; nil where there is none.
	Nonce func() string
}

// NonceField is the field that is another in every session and step: what is
// sent with it can be told from everything else that was ever sent.
const NonceField = "nonce"

// MailKind is what a finding shows that is about a mail as such, whatever stands
// in it: in allowances, a kind like the others.
const MailKind = "mail"

// planted are the fields every customer has, in the order in which a person
// would list them.
var planted = []struct {
	name string
	get  func(*customer.Customer) string
}{
	{"first", func(c *customer.Customer) string { return c.First }},
	{"last", func(c *customer.Customer) string { return c.Last }},
	{"name", func(c *customer.Customer) string { return c.First + " " + c.Last }},
	{"email", func(c *customer.Customer) string { return c.Email }},
	{"phone", func(c *customer.Customer) string { return c.Phone }},
	{"street", func(c *customer.Customer) string { return c.Street }},
	{"house", func(c *customer.Customer) string { return c.House }},
	{"address", func(c *customer.Customer) string { return c.Address }},
	{"postcode", func(c *customer.Customer) string { return c.Postcode }},
	{"city", func(c *customer.Customer) string { return c.City }},
	{"country", func(c *customer.Customer) string { return c.Country }},
	{"country_name", func(c *customer.Customer) string { return c.CountryName }},
	{"birthday", func(c *customer.Customer) string { return c.Birthday }},
	{"company", func(c *customer.Customer) string { return c.Company }},
	{"password", func(c *customer.Customer) string { return c.Password }},
	{"card", func(c *customer.Customer) string { return c.Card }},
	{"card_cvc", func(c *customer.Customer) string { return c.CardCVC }},
	{"card_holder", func(c *customer.Customer) string { return c.CardHolder }},
	{"card_expiry", func(c *customer.Customer) string { return c.CardExpiry }},
	{"gift", func(c *customer.Customer) string { return c.Gift }},
	{"gift_note", func(c *customer.Customer) string { return c.GiftNote }},
	{"avatar", func(c *customer.Customer) string { return string(c.Avatar) }},
	{"locale", func(c *customer.Customer) string { return c.Locale }},
	{"currency", func(c *customer.Customer) string { return c.Currency }},
}

func plantedNames() []string {
	names := make([]string, len(planted))
	for i, p := range planted {
		names[i] = p.name
	}
	return names
}

func isPlanted(name string) bool {
	for _, p := range planted {
		if p.name == name {
			return true
		}
	}
	return false
}

// Value is one field's value: a planted one by its snake_case name ("email",
// "basket.0.quantity"; "avatar" gives the picture's bytes), or a remembered
// one by its kind. It fails for names that nobody planted or remembered, and
// for every planted one where there is no customer.
func (f Fields) Value(name string) (string, error) {
	if v, ok := f.Learned[customer.Kind(name)]; ok {
		return v, nil
	}
	if name == NonceField && f.Nonce != nil {
		return f.Nonce(), nil
	}
	line, part, inBasket := basketField(name)
	if !inBasket && !isPlanted(name) {
		return "", fmt.Errorf("resolve field %q: nothing was remembered under this name", name)
	}
	if f.Customer == nil {
		return "", fmt.Errorf("resolve field %q: a passer-by is no customer and has none", name)
	}
	if inBasket {
		return f.fromBasket(line, part)
	}
	for _, p := range planted {
		if p.name == name {
			return p.get(f.Customer), nil
		}
	}
	return "", nil
}

func (f Fields) fromBasket(line int, part string) (string, error) {
	basket := f.Customer.Basket
	if line >= len(basket) {
		return "", fmt.Errorf("resolve field \"basket.%d.%s\": the basket of %s has %d lines", line, part, f.Customer.ID, len(basket))
	}
	if part == "product" {
		return strconv.Itoa(basket[line].Product), nil
	}
	return strconv.Itoa(basket[line].Quantity), nil
}

// basketField splits "basket.0.product"; ok is false for any other name.
func basketField(name string) (line int, part string, ok bool) {
	rest, ok := strings.CutPrefix(name, "basket.")
	if !ok {
		return 0, "", false
	}
	number, part, _ := strings.Cut(rest, ".")
	line, err := strconv.Atoi(number)
	if err != nil || line < 0 || (part != "product" && part != "quantity") {
		return 0, "", false
	}
	return line, part, true
}
