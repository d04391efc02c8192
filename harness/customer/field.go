package customer

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Field is the value of a {{field}}: every kind of planted value, and "card",
// "card_cvc", "gift_note", "country_name", "id", "phone_fictional",
// "basket.0.product", "basket.0.quantity" and so on. The avatar's value is
// the SHA-256 of its bytes, in hexadecimal.
func (c *Customer) Field(name string) (string, bool) {
	switch name {
	case "id":
		return c.ID, true
	case "card":
		return c.Card, true
	case "card_cvc":
		return c.CardCVC, true
	case "gift_note":
		return c.GiftNote, true
	case "country_name":
		return c.CountryName, true
	case "phone_fictional":
		return strconv.FormatBool(c.PhoneFictional), true
	}
	if line, ok := strings.CutPrefix(name, "basket."); ok {
		return c.basketField(line)
	}
	for _, r := range Ratings() {
		if string(r.Kind) == name {
			return c.value(r.Kind), true
		}
	}
	return "", false
}

// IsField says whether a {{field}} of this name exists for every customer.
// Basket lines beyond the first do not exist for everyone.
func IsField(name string) bool {
	c := Customer{Basket: make([]Line, 1)}
	_, ok := c.Field(name)
	return ok
}

// FieldNames are the names that Field knows, in the order of Ratings, then
// those that are no kinds.
func FieldNames() []string {
	var names []string
	for _, r := range Ratings() {
		names = append(names, string(r.Kind))
	}
	return append(names, "id", "card", "card_cvc", "gift_note", "country_name", "phone_fictional",
		"basket.0.product", "basket.0.quantity")
}

// basketField is "0.product" or "0.quantity" of the basket.
func (c *Customer) basketField(name string) (string, bool) {
	position, what, _ := strings.Cut(name, ".")
	i, err := strconv.Atoi(position)
	if err != nil || i < 0 || i >= len(c.Basket) {
		return "", false
	}
	switch what {
	case "product":
		return strconv.Itoa(c.Basket[i].Product), true
	case "quantity":
		return strconv.Itoa(c.Basket[i].Quantity), true
	}
	return "", false
}

// Name is first and last name, as forms with one field want them.
func (c *Customer) Name() string { return strings.TrimSpace(c.First + " " + c.Last) }

// value is the customer's value of a planted kind; empty for other kinds.
func (c *Customer) value(kind Kind) string {
	switch kind {
	case First:
		return c.First
	case Last:
		return c.Last
	case Name:
		return c.Name()
	case Email:
		return c.Email
	case Phone:
		return c.Phone
	case Street:
		return c.Street
	case House:
		return c.House
	case Address:
		return c.Address
	case Postcode:
		return c.Postcode
	case City:
		return c.City
	case Country:
		return c.Country
	case Birthday:
		return c.Birthday
	case Company:
		return c.Company
	default:
		return c.otherValue(kind)
	}
}

func (c *Customer) otherValue(kind Kind) string {
	switch kind {
	case Password:
		return c.Password
	case CardHolder:
		return c.CardHolder
	case CardExpiry:
		return c.CardExpiry
	case Gift:
		return c.Gift
	case Avatar:
		return AvatarHash(c.Avatar)
	case Locale:
		return c.Locale
	case Currency:
		return c.Currency
	default:
		return ""
	}
}

// AvatarHash is how a picture is known when it is shown: the SHA-256 of its
// bytes in hexadecimal; empty for no bytes.
func AvatarHash(png []byte) string {
	if len(png) == 0 {
		return ""
	}
	sum := sha256.Sum256(png)
	return hex.EncodeToString(sum[:])
}
