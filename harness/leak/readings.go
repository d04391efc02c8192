package leak

import (
	"strconv"
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

// birthdays are the usual ways to write an ISO 8601 date: as numbers, with the
// month's name in the languages of the customers, and as seconds or
// milliseconds of midnight.
func birthdays(iso string) []string {
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return []string{iso}
	}
	var all []string
	for _, layout := range []string{
		time.DateOnly, "02.01.2006", "2.1.2006", "01/02/2006", "1/2/2006", "02/01/2006", "2/1/2006", "20060102",
		"2006-01-02T00:00:00Z", "2006-01-02T00:00:00.000Z", "2006-01-02 00:00:00",
	} {
		all = append(all, day.Format(layout))
	}
	for _, month := range monthNames(day.Month()) {
		all = append(all, day.Format("2 ")+month+day.Format(" 2006"), day.Format("02 ")+month+day.Format(" 2006"),
			month+day.Format(" 2, 2006"))
	}
	return append(all, strconv.FormatInt(day.Unix(), 10), strconv.FormatInt(day.UnixMilli(), 10))
}

// Months as dates have them, in the languages of the customers.
const (
	swedishMonths = "januari februari mars april maj juni juli augusti september oktober november december"
	germanMonths  = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
	polishMonths  = "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
	polishShort   = "sty lut mar kwi maj cze lip sie wrz paź lis gru"
)

// monthNames are a month's names, long and short; names that two languages
// share stand once for each.
func monthNames(m time.Month) []string {
	all := []string{m.String(), m.String()[:3]}
	for _, names := range []string{swedishMonths, germanMonths, polishMonths} {
		all = append(all, strings.Fields(names)[m-1])
	}
	for _, names := range []string{swedishMonths, germanMonths} {
		all = append(all, string([]rune(strings.Fields(names)[m-1])[:3]))
	}
	return append(all, strings.Fields(polishShort)[m-1])
}
