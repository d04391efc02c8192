package mailbox

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Owners makes an Options.Owner of the customers' addresses, by customer ID.
// It finds an address in any case, with a display name or in angle brackets,
// with its domain in letters or in Punycode, and with a +tag that the customer
// did not have. Of customers who share an address, the first by ID owns it.
func Owners(addresses map[string]string) func(address string) string {
	owners := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(addresses)) {
		a := canonical(addresses[id])
		if _, taken := owners[a]; !taken && a != "" {
			owners[a] = id
		}
	}
	return func(address string) string {
		a := canonical(address)
		if id, ok := owners[a]; ok {
			return id
		}
		return owners[untagged(a)]
	}
}

// canonical is the one spelling of an address: bare, in lower case, composed,
// its domain in ASCII.
func canonical(address string) string {
	address = bare(address)
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return fold(address)
	}
	local := address[:at]
	if len(local) >= 2 && local[0] == '"' && local[len(local)-1] == '"' {
		local = strings.ReplaceAll(local[1:len(local)-1], `\`, "")
	}
	domain := strings.TrimSuffix(fold(address[at+1:]), ".")
	// Lenient on purpose: staging domains have underscores and the like.
	profile := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))
	if ascii, err := profile.ToASCII(domain); err == nil {
		domain = ascii
	}
	return fold(local) + "@" + domain
}

func fold(s string) string { return strings.ToLower(norm.NFC.String(s)) }

// bare cuts off a display name and brackets.
func bare(address string) string {
	if open := strings.LastIndexByte(address, '<'); open >= 0 {
		inside, _, _ := strings.Cut(address[open+1:], ">")
		address = inside
	}
	return strings.TrimSpace(address)
}

// untagged drops what stands between the first + and the @: shop+news@… is
// read by shop@….
func untagged(address string) string {
	at := strings.LastIndexByte(address, '@')
	if plus := strings.IndexByte(address, '+'); plus > 0 && plus < at {
		return address[:plus] + address[at:]
	}
	return address
}
