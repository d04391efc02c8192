package leak_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"

	"crosstalk/harness/customer"
)

// matrixKind is a row's subject: one kind of value that customers own.
type matrixKind struct {
	kind     customer.Kind
	strength customer.Strength // what the table of strengths must say of it
	unlooked string            // why its value alone is not looked for; empty when it is

	as customer.Kind // the kind it is found as; empty for itself

	// issue makes the value that the shop issued to the customer at position
	// i; nil for what we planted.
	issue func(r *rand.Rand, i int, c *customer.Customer) string

	// parts are kinds whose value stands in this one: found as well.
	parts []customer.Kind
}

// matrixKinds is the table of kinds. Every kind that customer.Ratings knows
// stands here, also those whose value is too common to be looked for.
func matrixKinds() []matrixKind {
	const short = "too short and too common: it counts at the places where such a value stands"
	return []matrixKind{
		{kind: customer.Name, strength: customer.Strong, parts: []customer.Kind{customer.Last}},
		{kind: customer.Email, strength: customer.Strong},
		{kind: customer.Phone, strength: customer.Strong},
		{kind: customer.Address, strength: customer.Strong, parts: []customer.Kind{customer.Street}},
		{kind: customer.Company, strength: customer.Strong},
		{kind: customer.Password, strength: customer.Strong},
		{kind: customer.CardHolder, strength: customer.Strong, as: customer.Name, parts: []customer.Kind{customer.Last}},
		{kind: customer.Gift, strength: customer.Strong},
		{kind: customer.Avatar, strength: customer.Strong},
		{kind: customer.Last, strength: customer.Weak},
		{kind: customer.Street, strength: customer.Weak},
		{kind: customer.Birthday, strength: customer.Weak},
		{kind: customer.First, strength: customer.Weak, unlooked: short},
		{kind: customer.House, strength: customer.Weak, unlooked: short},
		{kind: customer.Postcode, strength: customer.Weak, unlooked: short},
		{kind: customer.City, strength: customer.Weak, unlooked: short},
		{kind: customer.CardExpiry, strength: customer.Weak, unlooked: short},
		{kind: customer.Country, strength: customer.Silent, unlooked: "shared by everyone of the country"},
		{kind: customer.Locale, strength: customer.Silent, unlooked: "shared by everyone of the country"},
		{kind: customer.Currency, strength: customer.Silent, unlooked: "shared by everyone of the country"},
		{kind: customer.Order, strength: customer.Strong, issue: matrixOrder},
		{kind: customer.Token, strength: customer.Strong, issue: matrixToken},
		{kind: "cart", strength: customer.Strong, issue: matrixCart},
		{kind: "customer_id", strength: customer.Strong, issue: matrixUUID},
		{kind: "download_key", strength: customer.Strong, issue: matrixKey},
		{kind: "total", strength: customer.Weak, issue: matrixTotal},
	}
}

// matrixOrder is an order number as shops draw it, with no counter in it.
func matrixOrder(r *rand.Rand, _ int, _ *customer.Customer) string {
	drawn := ""
	for range 6 {
		drawn += matrixDrawn(r, "ABCDEFGHJKLMNPQRSTVWXYZ", 1) + matrixDrawn(r, "23456789", 1)
	}
	return "SO-" + drawn[:6] + "-" + drawn[6:]
}

// matrixToken is a session's key.
func matrixToken(r *rand.Rand, _ int, _ *customer.Customer) string {
	return matrixDrawn(r, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 32)
}

// matrixCart is an object's global name, with slashes.
func matrixCart(r *rand.Rand, _ int, _ *customer.Customer) string {
	return "gid://shop/Cart/" + matrixDrawn(r, "abcdefghijkmnpqrstuvwxyz23456789", 20)
}

func matrixUUID(r *rand.Rand, _ int, _ *customer.Customer) string {
	h := hex.EncodeToString(matrixBytes(r, 16))
	return fmt.Sprintf("%s-%s-4%s-a%s-%s", h[:8], h[8:12], h[13:16], h[17:20], h[20:])
}

// matrixKey is bytes in base64, as signed addresses have them.
func matrixKey(r *rand.Rand, _ int, _ *customer.Customer) string {
	return base64.URLEncoding.EncodeToString(matrixBytes(r, 24))
}

// matrixTotal is what the customer's order costs, as the country writes it; no
// two customers pay the same, and no product costs as much.
func matrixTotal(_ *rand.Rand, i int, c *customer.Customer) string {
	return matrixMoney(c.Locale, 120_007+2_311*i)
}

// matrixMoney writes an amount of minor units as a locale does.
func matrixMoney(locale string, minor int) string {
	thousands, units, cents := minor/100_000, minor/100%1000, minor%100
	group := func(gap string) string {
		if thousands == 0 {
			return fmt.Sprint(units)
		}
		return fmt.Sprintf("%d%s%03d", thousands, gap, units)
	}
	switch locale {
	case "sv-SE":
		return fmt.Sprintf("%s,%02d kr", group("\u00a0"), cents)
	case "de-DE":
		return fmt.Sprintf("%s,%02d €", group("."), cents)
	case "en-GB":
		return fmt.Sprintf("£%s.%02d", group(","), cents)
	case "pl-PL":
		return fmt.Sprintf("%s,%02d zł", group(" "), cents)
	}
	return fmt.Sprintf("$%s.%02d", group(","), cents)
}

func matrixDrawn(r *rand.Rand, alphabet string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[r.IntN(len(alphabet))])
	}
	return b.String()
}

func matrixBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}
