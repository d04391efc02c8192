package leak

import (
	"strings"
	"time"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

// reading is one way in which a shop writes a customer's value.
type reading struct {
	kind  customer.Kind
	text  string
	rank  int
	loose bool // people group its parts as they like: "123 45", "12345"
}

// rankLearned is behind all planted kinds.
const rankLearned = 1000

// readings are the usual ways to write what a customer owns. They serve to
// know a stretch of text as the viewer's own, and as somebody's at an
// own place; what the matcher finds anywhere is its own business.
func readings(c *customer.Customer) []reading {
	all := []reading{
		{kind: customer.First, text: c.First}, {kind: customer.Last, text: c.Last},
		{kind: customer.Name, text: c.First + " " + c.Last}, {kind: customer.Name, text: c.Last + " " + c.First},
		{kind: customer.Email, text: c.Email}, {kind: customer.Street, text: c.Street},
		{kind: customer.House, text: c.House}, {kind: customer.Address, text: c.Address},
		{kind: customer.Address, text: c.Street + " " + c.House}, {kind: customer.Address, text: c.House + " " + c.Street},
		{kind: customer.Postcode, text: c.Postcode, loose: true}, {kind: customer.City, text: c.City},
		{kind: customer.Country, text: c.CountryName}, {kind: customer.Company, text: c.Company},
		{kind: customer.CardHolder, text: c.CardHolder}, {kind: customer.CardExpiry, text: c.CardExpiry},
		{kind: customer.Gift, text: c.GiftNote}, {kind: customer.Gift, text: c.Gift},
	}
	for _, p := range phones(c) {
		all = append(all, reading{kind: customer.Phone, text: p, loose: true})
	}
	for _, b := range birthdays(c.Birthday) {
		all = append(all, reading{kind: customer.Birthday, text: b})
	}
	for i := range all {
		all[i].rank = i
	}
	return all
}

// callingCodes of the countries that customers come from.
func callingCode(country string) string {
	switch strings.ToUpper(country) {
	case "SE":
		return "46"
	case "DE":
		return "49"
	case "GB":
		return "44"
	case "US":
		return "1"
	case "PL":
		return "48"
	}
	return ""
}

// phones are a number's national and international forms, digits alone.
func phones(c *customer.Customer) []string {
	digits := match.Digits(c.Phone)
	if len(digits) < 7 {
		return nil
	}
	forms := []string{digits}
	code := callingCode(c.Country)
	if code == "" {
		return forms
	}
	national := strings.TrimPrefix(strings.TrimPrefix(digits, "00"), code)
	if !strings.HasPrefix(strings.TrimSpace(c.Phone), "+") && !strings.HasPrefix(digits, "00") {
		national = digits
	}
	national = strings.TrimPrefix(national, "0")
	return append(forms, national, "0"+national, code+national, "00"+code+national, code+"0"+national)
}

// birthdays are the usual ways to write an ISO 8601 date.
func birthdays(iso string) []string {
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return []string{iso}
	}
	var all []string
	for _, layout := range []string{
		time.DateOnly, "02.01.2006", "2.1.2006", "01/02/2006", "1/2/2006", "02/01/2006", "2/1/2006",
		"2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006", "20060102",
	} {
		all = append(all, day.Format(layout))
	}
	return all
}
