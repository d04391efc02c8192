package leak

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// formedKinds are the kinds of values that can be told by their form alone,
// the most telling first.
func formedKinds() []customer.Kind {
	return []customer.Kind{
		customer.Email, customer.Phone, customer.Address, customer.Name, customer.CardHolder,
		customer.First, customer.Last, customer.Postcode, customer.Order,
	}
}

func hasForm(kind customer.Kind) bool {
	for _, k := range formedKinds() {
		if k == kind {
			return true
		}
	}
	return false
}

// isStranger says whether a text has the form of its kind, and is neither the
// viewer's own in other words, nor what shops show for want of a value.
func (c *court) isStranger(viewer string, kind customer.Kind, text string, shapes map[string]bool) bool {
	words := text
	if kind == customer.Email {
		words, _, _ = strings.Cut(text, "@") // its domain can be called anything
	}
	if strings.ContainsAny(text, "*•…{}<>%$[]#=") || strings.Contains(text, "...") || c.strangers.isFiller(words) {
		return false
	}
	return formed(kind, text, shapes) && !c.resemblesOwn(viewer, kind, text)
}

// shopsAddress says that an e-mail address is the shop's: of a domain that its
// pages are served from, or that the baseline was shown addresses of, and that
// no customer's is of.
func (c *court) shopsAddress(s *sighting, address string) bool {
	_, domain, ok := strings.Cut(strings.ToLower(address), "@")
	if !ok || c.strangers.domains[domain] == customers {
		return false
	}
	u, err := url.Parse(s.url)
	return c.strangers.domains[domain] == shops || err == nil && (within(u.Hostname(), domain) || within(domain, u.Hostname()))
}

// within says whether a host is a domain or belongs to it.
func within(host, domain string) bool {
	return host == domain || strings.Contains(domain, ".") && strings.HasSuffix(host, "."+domain)
}

// Whose addresses are of a domain.
type domainOf int

const (
	unknowns domainOf = iota
	shops
	customers
)

// learnDomains learns which domains customers' addresses are of.
func (st *strangers) learnDomains(people map[string]*customer.Customer) {
	for _, p := range people {
		_, domain, _ := strings.Cut(strings.ToLower(p.Email), "@")
		st.domains[domain] = customers
	}
}

// hearDomains learns of which domains the addresses are that the empty jars of
// the baseline are shown.
func (st *strangers) hearDomains(c *content) {
	for _, p := range c.pieces {
		if !strings.Contains(p.text, "@") {
			continue
		}
		for _, word := range strings.Fields(strings.ToLower(p.text)) {
			_, domain, ok := strings.Cut(strings.Trim(word, ".,;:()<>\"'"), "@")
			if ok && st.domains[domain] == unknowns {
				st.domains[domain] = shops
			}
		}
	}
}

var (
	emailForm = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[\pL]{2,}$`)
	phoneForm = regexp.MustCompile(`^[+(]?[0-9][0-9 ()/.\x{a0}-]*[0-9]$`)
)

// formed says whether a text has the form of a kind of values.
func formed(kind customer.Kind, text string, shapes map[string]bool) bool {
	switch kind {
	case customer.Email:
		return emailForm.MatchString(text)
	case customer.Phone:
		digits := match.Digits(text)
		return phoneForm.MatchString(text) && len(digits) >= 7 && len(digits) <= 15 && !isCounted(digits)
	case customer.First, customer.Last:
		return isNameOf(text, 1, 2)
	case customer.Name, customer.CardHolder:
		return isNameOf(text, 2, 4)
	case customer.Address:
		return isStreetLine(text)
	case customer.Postcode, customer.Order:
		// "12 345" and "12345" are one shape, and one digit alone is no shape.
		digits := match.Digits(text)
		return shapes[shapeOf(match.Key(text))] && len(digits) >= 2 && !isCounted(digits)
	default:
		return false
	}
}

// isNameOf says whether a text is so many words, each with a capital, of
// letters alone, and long enough not to be initials.
func isNameOf(text string, fewest, most int) bool {
	words := strings.Fields(text)
	if len(words) < fewest || len(words) > most {
		return false
	}
	long := false
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(first) || strings.ContainsFunc(w, notOfName) {
			return false
		}
		long = long || utf8.RuneCountInString(w) > 2
	}
	return long
}

func notOfName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && r != '-' && r != '\'' && r != '’'
}

// isStreetLine says whether a text has a word with a capital, long enough to
// be a street's, and a number of at most five digits, with a letter perhaps.
func isStreetLine(text string) bool {
	street, house := false, false
	words := strings.Fields(text)
	for _, w := range words {
		w = strings.Trim(w, ",.")
		first, _ := utf8.DecodeRuneInString(w)
		digits := len(match.Digits(w))
		house = house || digits > 0 && digits <= 5 && utf8.RuneCountInString(w) <= digits+2
		street = street || unicode.IsUpper(first) && digits == 0 && utf8.RuneCountInString(w) >= 4
	}
	return street && house && len(words) <= 6
}

// shapeOf is a folded value with a sign for each kind of character.
func shapeOf(key string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsDigit(r):
			return '#'
		case unicode.IsLetter(r):
			return 'a'
		}
		return r
	}, key)
}

// isCounted says that digits are one repeated, or counted up: "00000", "12345".
func isCounted(digits string) bool {
	return strings.Count(digits, digits[:1]) == len(digits) || strings.Contains("01234567890123456789", digits)
}

// sharedStart is how many characters two names have in common that are forms
// of one: "Zoë" and "Zoë-Maria", "Wilhelm" and "Willy".
const sharedStart = 3

// resemblesOwn says whether a text can be the viewer's own in other words: cut,
// without its ends, or under an alias.
func (c *court) resemblesOwn(viewer string, kind customer.Kind, text string) bool {
	who := c.people[viewer]
	if who == nil {
		return true
	}
	if kind == customer.Phone || kind == customer.Postcode || kind == customer.Order {
		return c.resemblesNumber(viewer, match.Digits(text))
	}
	key := match.Key(text)
	for own := range c.own.mine[viewer] {
		if len(own) >= sharedStart && (strings.Contains(key, own) || strings.Contains(own, key)) && !isNumber(own) {
			return true
		}
	}
	switch kind {
	case customer.First, customer.Last, customer.Name, customer.CardHolder:
		return beginsLikeName(text, who)
	case customer.Email:
		return isAlias(text, who.Email)
	default:
		return false
	}
}

// beginsLikeName says whether a word of a text begins like one of somebody's
// names.
func beginsLikeName(text string, who *customer.Customer) bool {
	first, last := match.Key(who.First), match.Key(who.Last)
	return slices.ContainsFunc(wordsOf(text), func(w word) bool {
		return max(sameStart(w.key, first), sameStart(w.key, last)) >= sharedStart
	})
}

// isAlias says whether an address differs from another by what follows a plus,
// or by its domain, or names nobody.
func isAlias(address, of string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	plain, _, _ := strings.Cut(local, "+")
	mine, _, _ := strings.Cut(strings.ToLower(of), "@")
	return plain == mine || isRole(plain)
}

// resemblesNumber says whether digits end like one of the viewer's own numbers,
// or are part of one.
func (c *court) resemblesNumber(viewer, digits string) bool {
	for own := range c.own.mine[viewer] {
		if isNumber(own) && len(own) >= 4 && (strings.Contains(own, digits) || strings.Contains(digits, own)) {
			return true
		}
	}
	return false
}

func sameStart(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// isRole says that an address's local part names nobody.
func isRole(local string) bool {
	switch strings.NewReplacer("-", "", ".", "", "_", "").Replace(local) {
	case "noreply", "donotreply", "info", "support", "help", "hello", "contact", "service", "kundservice", "kundenservice",
		"sales", "orders", "shop", "team", "privacy", "admin", "postmaster", "example", "name", "yourname", "your", "you",
		"email", "mail", "user", "username", "guest", "test", "customer", "someone", "firstnamelastname", "janedoe", "johndoe":
		return true
	}
	return false
}

// fillers are words that shops show for want of a value: while it loads, when
// there is none, to those who are not signed in, and what a template says when
// it goes wrong. English, Swedish, German, Polish and what programs say.
const fillers = `guest gast gaest gosc customer kund kunde klient client user anvandare benutzer uzytkownik visitor besucher
besokare member medlem mitglied friend stranger there you anonymous anonym anonymer anonymt anonimowy unknown okand unbekannt
nieznany loading laddar ladt laden wczytywanie ladowanie wait vanta warten warte czekaj please bitte moment undefined null nil
none nan nobody ingen keine niemand brak na tba tbd todo test example demo placeholder lorem ipsum name first last firstname
lastname fullname username email mail phone address street postcode namn vorname nachname fornamn efternamn imie nazwisko error
fehler fel blad failed unavailable missing empty deleted removed hidden redacted protected pending processing not available set
sign log in out login logout signed logga anmelden einloggen zaloguj my mein mina mitt moje account konto profile profil basket
cart varukorg warenkorb koszyk checkout kassa kasse orders order menu meny home start welcome valkommen willkommen witaj hello hi
hej hallo czesc back again object true false yes no mr mrs ms herr frau pan pani dear sorry oops session expired timeout offline
retry try service temporarily maintenance busy overloaded internal server bad gateway request forbidden unauthorized`

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(text) {
		set[w] = true
	}
	return set
}

// isFiller says whether a text has a word that stands for a missing value.
func (st *strangers) isFiller(text string) bool {
	for _, w := range wordsOf(text) {
		if st.fillers[w.key] {
			return true
		}
	}
	return false
}
