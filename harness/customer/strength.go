package customer

import (
	"slices"

	"crosstalk/harness/match"
)

// minStrongKey is the shortest folded form, in bytes, of a strong value.
// Constraints (a short MaxName, say) can make values shorter; those are weak.
const minStrongKey = 12

// minPhoneDigits is the same for phone numbers, in digits.
const minPhoneDigits = 9

// Rating says what a kind of planted value can prove.
type Rating struct {
	Kind     Kind
	Strength Strength
	Bits     float64 // log2 of how many such values Allocate chooses from, at least
	Typed    bool    // counts only in a typed place, or beside another
}

// Ratings is the one table of what each planted kind can prove, in the order
// in which reports list kinds.
//
// Strong kinds carry about 40 bits. Names and addresses come near it from
// below; what makes them proof all the same is that they are unique in the run
// and contain composed words that no page has by chance.
func Ratings() []Rating {
	return []Rating{
		{First, Weak, 7, true},
		{Last, Weak, 28, true}, // unusual, but relatives and companies have it too
		{Name, Strong, 36, false},
		{Email, Strong, 45, false},
		{Phone, Strong, 33, false}, // its digits; weak outside of ranges reserved for fiction
		{Street, Weak, 28, true},
		{House, Weak, 8, true},
		{Address, Strong, 36, false},
		{Postcode, Weak, 10, true},
		{City, Weak, 3, true},
		{Country, Silent, 2, true},
		{Birthday, Weak, 14, true},
		{Company, Strong, 36, false},
		{Password, Strong, 80, false},
		{CardHolder, Strong, 36, false}, // the name in capitals: Markers leaves out what says the same
		{CardExpiry, Weak, 7, true},
		{Gift, Strong, 46, false},
		{Avatar, Strong, 64, false},
		{Locale, Silent, 2, true},
		{Currency, Silent, 2, true},
	}
}

// StrengthOf says what a planted value of this kind can prove alone, and the
// bits behind it. Unknown kinds are silent.
func StrengthOf(kind Kind) (Strength, float64) {
	for _, r := range Ratings() {
		if r.Kind == kind {
			return r.Strength, r.Bits
		}
	}
	return Silent, 0
}

// Markers are the customer's planted values, in the order of Ratings, with
// what each can prove in this run. Values that other customers have too are
// among them, as Silent. A value that says the same as one before it (the card
// holder is the name) is left out.
func (c *Customer) Markers() []Marker {
	markers := make([]Marker, 0, len(Ratings()))
	seen := map[string]bool{}
	for _, r := range Ratings() {
		value := c.value(r.Kind)
		key := match.Key(value)
		if key == "" || seen[key] {
			continue
		}
		seen[key] = true
		markers = append(markers, Marker{Owner: c.ID, Kind: r.Kind, Value: value, Strength: c.strength(r, key)})
	}
	return markers
}

// strength is a rating as it holds for this customer's own value.
func (c *Customer) strength(r Rating, key string) Strength {
	if slices.Contains(c.Shared, r.Kind) {
		return Silent
	}
	if r.Strength != Strong {
		return r.Strength
	}
	if slices.Contains(c.Pooled, r.Kind) {
		return Weak
	}
	if r.Kind == Phone {
		if !c.PhoneFictional || len(match.Digits(c.Phone)) < minPhoneDigits {
			return Weak
		}
		return Strong
	}
	if len(key) < minStrongKey {
		return Weak
	}
	return Strong
}

// Spellings are the ways in which shops write a value: itself, and for a name
// or an address line the other order too. Allocate keeps all of them unique.
func (c *Customer) Spellings(kind Kind) []string {
	switch value := c.value(kind); {
	case value == "":
		return nil
	case kind == Name:
		return []string{value, c.Last + " " + c.First}
	case kind == Address && value == c.Street+" "+c.House:
		return []string{value, c.House + " " + c.Street}
	case kind == Address:
		return []string{value, c.Street + " " + c.House}
	default:
		return []string{value}
	}
}
