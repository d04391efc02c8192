package demoshop

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// What the shop knows of a customer it shows in four ways, each at places of
// its own: in plain words, masked, encoded, and by a key that says nothing at
// all. Real leaks come in each of these (the app of 2021 showed masked card
// numbers; a cached cookie says nothing), so each fault can be told which of
// them goes astray: its variant.

// parts are the three ways beside plain words.
type parts struct {
	Wallet   wallet
	Passport string // the contact as base64url of JSON, as pages keep state and apps keep profiles
	Member   string // the member key: 96 random bits, that say nothing
}

// Any says whether there is any of them.
func (p parts) Any() bool { return p != parts{} }

// wallet is how receipts are sent, masked.
type wallet struct {
	Receipts string // q****7@mail.example
	Phone    string // •••• 0635
	Holder   string // Z** L****
}

// partsOf makes the parts of a contact.
func partsOf(c contact, member string) parts {
	return parts{Wallet: walletOf(c), Passport: passportOf(c), Member: member}
}

func walletOf(c contact) wallet {
	w := wallet{Receipts: maskEmail(c.Email), Holder: strings.TrimSpace(maskWord(c.First) + " " + maskWord(c.Last))}
	if digits := digitsOf(c.Phone); len(digits) >= 4 {
		w.Phone = "•••• " + digits[len(digits)-4:]
	}
	return w
}

// maskEmail leaves the first and the last letter of the local part, and the domain.
func maskEmail(email string) string {
	local, domain, ok := strings.Cut(email, "@")
	letters := []rune(local)
	if !ok || len(letters) == 0 {
		return ""
	}
	return string(letters[0]) + "****" + string(letters[len(letters)-1]) + "@" + domain
}

// maskWord leaves the first letter, and tells the length.
func maskWord(word string) string {
	letters := []rune(word)
	if len(letters) == 0 {
		return ""
	}
	return string(letters[0]) + strings.Repeat("*", max(2, len(letters)-1))
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

func passportOf(c contact) string {
	b, err := json.Marshal(map[string]string{"n": c.Name(), "m": c.Email, "a": c.Address(), "z": c.Postcode})
	if err != nil {
		return "" // strings always marshal
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
