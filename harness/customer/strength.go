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

// Rating says what a kind of value can prove, and why.
type Rating struct {
	Kind     Kind
	Strength Strength
	Bits     float64 // how hard it is to meet by chance: log2 of how many such values there are to choose from, at least
	Typed    bool    // counts only in a typed place, or beside another
	Shape    match.Shape
	Words    bool   // made of words that others have too: whole words of it (a first name, a street) prove nothing alone
	Masked   string // what shops usually leave of it; "" when they do not mask it
	Why      string // where Bits comes from
}

// Ratings is the one table of what each planted kind can prove, in the order
// in which reports list kinds. Bits are those of the locale that has the
// fewest; a test counts them in the pools.
//
// Strong kinds carry about 40 bits. Names and addresses come near it from
// below; what makes them proof all the same is that they are unique in the run
// and contain composed words that no page has by chance.
func Ratings() []Rating {
	const text, date = match.ShapeText, match.ShapeDate
	return []Rating{
		{First, Weak, 7, true, text, true, "the initial", "one of some 180 real first names"},
		{Last, Weak, 28, true, text, true, "the initial", "a real last name (7) and a composed one (21); relatives and firms can have it too"},
		{Name, Strong, 36, false, match.ShapeName, true, "both initials", "first (7) and last (28) name"},
		{Email, Strong, 45, false, match.ShapeEmail, false, "first and last character, the domain", "a composed stem (20) and five random characters (25); the domain counts nothing"},
		{Phone, Strong, 33, false, match.ShapePhone, false, "the last two to four digits", "ten digits; weak outside of ranges reserved for fiction, where it can be somebody's"},
		{Street, Weak, 28, true, text, true, "", "a composed name (25) and an ending (3); a street has many houses"},
		{House, Weak, 8, true, text, false, "", "101 to 999"},
		{Address, Strong, 36, false, match.ShapeAddress, true, "the first letters", "street (28) and house number (8)"},
		{Postcode, Weak, 10, true, text, false, "the first or last two digits", "24 towns with a hundred codes or more each"},
		{City, Weak, 3, true, text, true, "", "one of 24 towns, and big ones: anybody lives there"},
		{Country, Silent, 2, true, text, true, "", "five countries, shared by design"},
		{Birthday, Weak, 14, true, date, false, "the year, or day and month", "20,000 days"},
		{Company, Strong, 36, false, text, true, "the first letters", "a composed name (25), a real one (7) and a trade (4)"},
		{Password, Strong, 80, false, text, false, "nothing", "twelve of 61 characters and one of each class; it must be shown nowhere at all"},
		{CardHolder, Strong, 36, false, match.ShapeName, true, "both initials", "the name in capitals: Markers leaves out what says the same"},
		{CardExpiry, Weak, 7, true, text, false, "nothing", "180 months"},
		{Gift, Strong, 46, false, text, false, "", "eight syllables of 15 consonants and five vowels (6 each)"},
		{Avatar, Strong, 64, false, text, false, "", "32 cells of four shades, found by their hash"},
		{Locale, Silent, 2, true, text, true, "", "five locales, shared by design"},
		{Currency, Silent, 2, true, text, true, "", "five currencies, shared by design"},
	}
}

// LearnedRatings is the same for what shops issue: what such values usually
// prove. What one of them proves is LearnedStrength's answer, by its text.
func LearnedRatings() []Rating {
	return []Rating{
		{Order, Weak, 17, true, match.ShapeText, false, "the last digits", "counted up from some number: the neighbor's is easy to guess"},
		{Total, Weak, 12, true, match.ShapeMoney, false, "", "a few thousand sums are usual; two can pay the same"},
		{Token, Strong, learnedBits, false, match.ShapeText, false, "the first or last characters", "drawn at random by the shop, or it would be no credential"},
	}
}

// StrengthOf says what a planted value of this kind can prove alone, and the
// bits behind it. Unknown kinds are silent.
func StrengthOf(kind Kind) (Strength, float64) {
	r, _ := ratingOf(kind)
	return r.Strength, r.Bits
}

// ratingOf is the row of a planted kind; false for other kinds.
func ratingOf(kind Kind) (Rating, bool) {
	for _, r := range Ratings() {
		if r.Kind == kind {
			return r, true
		}
	}
	return Rating{}, false
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
