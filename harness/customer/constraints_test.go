package customer_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

func TestConstraintsAreHonoured(t *testing.T) {
	c := customer.Constraints{
		Locales: []string{"pl-PL", "de-de"}, EmailDomain: "Staging.Shop.example", ASCII: true, MaxName: 10,
		Phones: []string{"0301234560", "0301234561"}, Postcodes: []string{"10115", "10117"}, Cities: []string{"Berlin"},
		Streets: []string{"Hauptstraße", "Ringweg"}, Cards: []string{"4000 0000 0000 0002", "3782 822463 10005"}, Products: 2,
	}
	for i, got := range allocate(t, 42, 60, c) {
		assert.Equal(t, []string{"pl-PL", "de-DE"}[i%2], got.Locale)
		assert.True(t, strings.HasSuffix(got.Email, "@staging.shop.example"), got.Email)
		assert.Equal(t, got.Name(), asciiOnly(got.Name()))
		assert.LessOrEqual(t, utf8.RuneCountInString(got.First), 10)
		assert.LessOrEqual(t, utf8.RuneCountInString(got.Last), 10)
		assert.Contains(t, c.Phones, got.Phone)
		assert.Contains(t, c.Postcodes, got.Postcode)
		assert.Equal(t, "Berlin", got.City)
		assert.Contains(t, c.Streets, got.Street)
		assert.Equal(t, c.Cards[i%2], got.Card)
		assert.Equal(t, []string{"123", "1234"}[i%2], got.CardCVC)
		for _, line := range got.Basket {
			assert.Less(t, line.Product, 2)
		}
		strength := strengths(got)
		assert.Equal(t, customer.Silent, strength[customer.Phone])
		assert.Equal(t, customer.Silent, strength[customer.City])
		assert.Equal(t, customer.Weak, strength[customer.Address], "a street of the shop's pool may stand anywhere")
		assert.Equal(t, customer.Strong, strength[customer.Email])
	}
}

func strengths(c customer.Customer) map[customer.Kind]customer.Strength {
	strength := map[customer.Kind]customer.Strength{}
	for _, m := range c.Markers() {
		strength[m.Kind] = m.Strength
	}
	return strength
}

func TestVeryShortNamesBecomeWeakRatherThanWrong(t *testing.T) {
	for _, c := range allocate(t, 42, 50, customer.Constraints{MaxName: 5}) {
		assert.LessOrEqual(t, utf8.RuneCountInString(c.First), 5)
		assert.LessOrEqual(t, utf8.RuneCountInString(c.Last), 5)
		assert.NotEqual(t, customer.Strong, strengths(c)[customer.Name])
	}
}

func TestWhatIsAvoidedIsNobodys(t *testing.T) {
	before := allocate(t, 42, 40, customer.Constraints{})
	var avoid []string
	for i := range before {
		c := &before[i]
		avoid = append(avoid, strings.ToUpper(c.First), c.Last, c.Email, "tel:"+c.Phone, c.Street, c.Company, c.Gift, c.Postcode, c.Birthday)
	}
	barred := map[string]bool{}
	for _, a := range avoid {
		barred[match.Key(a)] = true
	}
	after := allocate(t, 42, 40, customer.Constraints{Avoid: avoid})
	for i := range after {
		for _, m := range after[i].Markers() {
			assert.False(t, barred[match.Key(m.Value)], "%s %s", m.Kind, m.Value)
		}
		assert.NotEqual(t, before[i].Phone, after[i].Phone)
		assert.Equal(t, before[i].Password, after[i].Password, "what is not avoided stays")
	}
}

func TestAPoolThatMustBeAvoidedMakesItsKindSilent(t *testing.T) {
	c := customer.Constraints{
		Phones: []string{"0123456789"}, Cities: []string{"Oz"}, Postcodes: []string{"12345"}, Streets: []string{"Elm Road"},
		Avoid: []string{"+1 123456789", "0123 456789", "OZ", "123 45", "elm road"},
	}
	got := allocate(t, 1, 1, c)[0]
	assert.Equal(t, "0123456789 Oz 12345 Elm Road", strings.Join([]string{got.Phone, got.City, got.Postcode, got.Street}, " "))
	for _, kind := range []customer.Kind{customer.Phone, customer.City, customer.Postcode, customer.Street, customer.Address} {
		assert.Equal(t, customer.Silent, strengths(got)[kind], kind)
	}
}

func TestWordsOfTheShopAreNoNames(t *testing.T) {
	for _, c := range allocate(t, 5, 3000, customer.Constraints{Locales: []string{"en-US"}}) {
		assert.NotContains(t, []string{"grace", "rose", "mark", "art", "price", "page", "case"}, match.Key(c.First))
	}
}

func TestAllocateRefusesWhatMakesNoSense(t *testing.T) {
	for want, f := range map[string]func() error{
		"0 is not between": func() error { _, err := customer.Allocate(1, 0, customer.Constraints{}); return err },
		"-1 is not":        func() error { _, err := customer.Allocate(1, -1, customer.Constraints{}); return err },
		"50001 is not": func() error {
			_, err := customer.Allocate(1, customer.MaxCustomers+1, customer.Constraints{})
			return err
		},
		`unknown locale "xx"`: func() error { return customer.Constraints{Locales: []string{"xx"}}.Check() },
		"email_domain":        func() error { return customer.Constraints{EmailDomain: "a b"}.Check() },
		"max_name":            func() error { return customer.Constraints{MaxName: 2}.Check() },
		"products":            func() error { return customer.Constraints{Products: -1}.Check() },
	} {
		assert.ErrorContains(t, f(), want)
	}
	assert.NoError(t, customer.Constraints{}.Check())
}
