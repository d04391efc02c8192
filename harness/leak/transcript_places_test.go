package leak_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"crosstalk/harness/customer"
)

// keyOf is what {key:label} stands for: a random-looking value that depends on
// the label and on whose it is, in every walk the same.
func keyOf(owner, label string) string {
	sum := sha256.Sum256([]byte("key of " + owner + " " + label))
	return hex.EncodeToString(sum[:12])
}

// amountOf is what {amount:cents} stands for: an amount as shops write it for
// this customer.
func amountOf(c *customer.Customer, cents string) string {
	whole, part := cents[:len(cents)-2], cents[len(cents)-2:]
	switch c.Currency {
	case "SEK":
		return fmt.Sprintf("%s,%s\u00a0kr", whole, part)
	case "GBP":
		return fmt.Sprintf("£%s.%s", whole, part)
	case "USD":
		return fmt.Sprintf("$%s.%s", whole, part)
	case "PLN":
		return fmt.Sprintf("%s,%s\u00a0zł", whole, part)
	}
	return fmt.Sprintf("%s,%s\u00a0€", whole, part)
}
