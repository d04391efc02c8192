package demoshop

import (
	"slices"
	"strings"
	"time"
)

// contact is how to reach and to deliver to somebody.
type contact struct {
	First, Last, Email, Phone     string
	Street, House, Postcode, City string
	Country                       string // ISO 3166-1 alpha-2
}

// Name is first and last name.
func (c contact) Name() string { return strings.TrimSpace(c.First + " " + c.Last) }

// Address is the street line, in the order of the country.
func (c contact) Address() string {
	if c.Country == "GB" || c.Country == "US" {
		return strings.TrimSpace(c.House + " " + c.Street)
	}
	return strings.TrimSpace(c.Street + " " + c.House)
}

// Place is the line below the street.
func (c contact) Place() string {
	if c.Country == "GB" || c.Country == "US" {
		return strings.TrimSpace(c.City + ", " + c.Postcode)
	}
	return strings.TrimSpace(c.Postcode + " " + c.City)
}

// CountryName is the country as the shop's lists have it.
func (c contact) CountryName() string { return countryName(c.Country) }

// account is a customer of the shop. Accounts are handed around by value, so
// that no two requests share one.
type account struct {
	contact
	parts
	ID       string // random
	Birthday string
	Company  string
	Password []byte // salted hash
	Salt     []byte
	Picture  []byte // PNG; nil when none was uploaded. Never written to.
}

// line is one line of a basket.
type line struct {
	Item     item
	Quantity int
}

// order is a placed order. Orders do not change once they are placed.
type order struct {
	parts
	Key      string // random; in addresses
	Number   int    // sequential; for people
	Account  string // id; empty for a guest's
	Contact  contact
	Lines    []line
	Market   market
	GiftNote string
	Payment  payment
	Placed   time.Time
}

// toSend is an order as it is sent to its customer, by mail or to a page that
// listens: a guest is no member, and their key is that of the one order.
func (o order) toSend() order {
	if o.Account == "" {
		o.Member = ""
	}
	return o
}

// payment is how an order is paid: by a card, of which the shop keeps this, or
// on account.
type payment struct {
	Last4  string // of the card; empty: on account
	Holder string // of the card, or of the account
}

// OnAccount says that there is no card.
func (p payment) OnAccount() bool { return p.Last4 == "" }

// Total is what the order costs, in hundredths of its market's currency.
func (o order) Total() int { return total(o.Lines, o.Market) }

func total(lines []line, m market) int {
	sum := 0
	for _, l := range lines {
		sum += m.price(l.Item.Cents) * l.Quantity
	}
	return sum
}

func count(lines []line) int {
	n := 0
	for _, l := range lines {
		n += l.Quantity
	}
	return n
}

// withLine adds a quantity of an item to a basket and leaves the old one as it
// was: other requests may be reading it.
func withLine(lines []line, it item, quantity int) []line {
	lines = slices.Clone(lines)
	for i := range lines {
		if lines[i].Item.ID == it.ID {
			lines[i].Quantity = min(lines[i].Quantity+quantity, maxQuantity)
			return lines
		}
	}
	return append(lines, line{it, quantity})
}

func withoutItem(lines []line, id int) []line {
	return slices.DeleteFunc(slices.Clone(lines), func(l line) bool { return l.Item.ID == id })
}

const maxQuantity = 99

// country is a country the shop delivers to.
type country struct{ Code, Name string }

func countries() []country {
	return []country{
		{"AT", "Austria"}, {"BE", "Belgium"}, {"CA", "Canada"}, {"CZ", "Czechia"},
		{"DK", "Denmark"}, {"FI", "Finland"}, {"FR", "France"}, {"DE", "Germany"},
		{"IE", "Ireland"}, {"IT", "Italy"}, {"NL", "Netherlands"}, {"NO", "Norway"},
		{"PL", "Poland"}, {"ES", "Spain"}, {"SE", "Sweden"}, {"CH", "Switzerland"},
		{"GB", "United Kingdom"}, {"US", "United States"},
	}
}

func countryName(code string) string {
	for _, c := range countries() {
		if c.Code == code {
			return c.Name
		}
	}
	return ""
}
