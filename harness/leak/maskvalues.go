package leak

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// maskedValue is a value that a mask may have been made from.
type maskedValue struct {
	owner int // of the record's customers
	kind  customer.Kind
	text  string
}

func (v maskedValue) fits(m match.Mask) bool { return m.Fits(v.text, shapeOfMasked(v.kind)) }

func shapeOfMasked(kind customer.Kind) match.Shape {
	switch kind {
	case customer.Email:
		return match.ShapeEmail
	case customer.Phone:
		return match.ShapePhone
	default:
		return match.ShapeName
	}
}

// maskedValues are the values of all customers that shops mask, filed by what
// a mask usually shows of them: of thousands, few need to be compared. Cards
// are apart: everybody pays with the same test cards, so a mask of one says
// nothing of anybody.
type maskedValues struct {
	emails, phones, names filed
	cards                 []string
	domains               map[string]int // of e-mail addresses, and how many have them
}

// filed are values under what they begin or end with, and all of them.
type filed struct {
	all []maskedValue
	by  map[string][]maskedValue
}

func (f *filed) add(v maskedValue, under ...string) {
	f.all = append(f.all, v)
	for _, key := range under {
		if !slices.Contains(f.by[key], v) {
			f.by[key] = append(f.by[key], v)
		}
	}
}

// under are the values filed there, or all when that is not known.
func (f *filed) under(key string) []maskedValue {
	if key == "" {
		return f.all
	}
	return f.by[key]
}

func newMaskedValues(customers []customer.Customer) *maskedValues {
	file := func() filed { return filed{by: map[string][]maskedValue{}} }
	all := &maskedValues{emails: file(), phones: file(), names: file(), domains: map[string]int{}}
	for i := range customers {
		all.add(i, &customers[i])
	}
	return all
}

func (a *maskedValues) add(i int, c *customer.Customer) {
	if c.Email != "" {
		a.emails.add(maskedValue{i, customer.Email, c.Email}, begins(c.Email))
		_, domain, _ := strings.Cut(c.Email, "@")
		a.domains[domain]++
	}
	if c.Phone != "" {
		a.phones.add(maskedValue{i, customer.Phone, c.Phone}, lastTwo(match.Digits(c.Phone)))
	}
	a.addName(maskedValue{i, customer.Name, c.Name()})
	if match.Key(c.CardHolder) != match.Key(c.Name()) {
		a.addName(maskedValue{i, customer.CardHolder, c.CardHolder})
	}
	if c.Card != "" && !slices.Contains(a.cards, c.Card) {
		a.cards = append(a.cards, c.Card)
	}
}

// addName files a name under the initials of its words: some write the last
// name first.
func (a *maskedValues) addName(v maskedValue) {
	var initials []string
	for _, word := range strings.Fields(v.text) {
		initials = append(initials, begins(word))
	}
	if initials != nil {
		a.names.add(v, initials...)
	}
}

// candidates are the values that a mask can have been made from, kind after
// kind.
func (a *maskedValues) candidates(m match.Mask) []maskedValue {
	if strings.Contains(m.Text, "@") {
		return a.emails.under(begins(m.Text))
	}
	found := slices.Clip(a.phones.under(lastTwo(m.Text)))
	if strings.ContainsFunc(m.Text, unicode.IsLetter) {
		found = append(found, a.names.under(begins(m.Text))...)
	}
	return found
}

// begins is the folded first letter or digit of a text that begins with one;
// "" for an x, which may be there to hide another.
func begins(text string) string {
	_, size := utf8.DecodeRuneInString(text)
	key := match.Key(text[:size])
	if key == "" || key == "x" {
		return ""
	}
	return key[:1]
}

// lastTwo are the last two characters of a text when they are digits.
func lastTwo(text string) string {
	if len(text) < 2 || !isNumber(text[len(text)-2:]) {
		return ""
	}
	return text[len(text)-2:]
}
