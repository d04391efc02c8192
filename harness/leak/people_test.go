package leak_test

import (
	"iter"
	"strconv"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
)

// people are customers whom a reader of the transcripts can tell apart.
func people(n int) []customer.Customer {
	all := []customer.Customer{
		{First: "Zoë", Last: "Lindqvist", Street: "Björkhagsstigen", House: "3", Postcode: "113 45", City: "Uppsala", Birthday: "1984-03-07", Company: "Norrskensverket", Gift: "tavimulorenasko", Country: "SE", CountryName: "Sweden", Locale: "sv-SE", Currency: "SEK", Phone: "070-174 06 35"},
		{First: "Jürgen", Last: "Haverkamp", Street: "Lindenblütenweg", House: "27", Postcode: "50667", City: "Köln", Birthday: "1971-11-23", Company: "Haverkampwerke", Gift: "bolikaderunasti", Country: "DE", CountryName: "Germany", Locale: "de-DE", Currency: "EUR", Phone: "0171 3920012"},
		{First: "Hazel", Last: "Thistlewood", Street: "Copperbeech Crescent", House: "118", Postcode: "LS1 4AB", City: "Leeds", Birthday: "1990-07-15", Company: "Thistledown Bindery", Gift: "corimapelunavo", Country: "GB", CountryName: "United Kingdom", Locale: "en-GB", Currency: "GBP", Phone: "07700 900123"},
		{First: "Marlowe", Last: "Pennington", Street: "Quarryridge Avenue", House: "4521", Postcode: "04101", City: "Portland", Birthday: "1966-01-30", Company: "Pennington Sailworks", Gift: "dasuvernikolepa", Country: "US", CountryName: "United States", Locale: "en-US", Currency: "USD", Phone: "(207) 555-0147"},
		{First: "Żaneta", Last: "Wiśniowska", Street: "Jarzębinowa", House: "9", Postcode: "31-154", City: "Kraków", Birthday: "1979-09-09", Company: "Wiśniowy Sad", Gift: "emotirasavulenko", Country: "PL", CountryName: "Poland", Locale: "pl-PL", Currency: "PLN", Phone: "501 234 567"},
		{First: "Ásta", Last: "Mårtensdotter", Street: "Sjövägskroken", House: "64", Postcode: "754 20", City: "Uppsala", Birthday: "1995-05-05", Company: "Öresundsglaset", Gift: "fanelurikamosti", Country: "SE", CountryName: "Sweden", Locale: "sv-SE", Currency: "SEK", Phone: "070-174 06 36"},
	}[:n]
	for i := range all {
		c := &all[i]
		number := strconv.Itoa(i + 1)
		c.ID = "c0" + number
		c.Email = []string{"zoe.lindqvist", "j.haverkamp", "hazel.t", "m.pennington", "zaneta.w", "asta.m"}[i] + "@" + c.ID + ".shop-test.example"
		c.Address = c.Street + " " + c.House
		c.CardHolder = c.First + " " + c.Last
		c.CardExpiry = "0" + number + "/29"
		c.Password = "Vexing-Lantern-" + number + "7Qz!"
		c.GiftNote = "All the best, " + c.Gift
		c.PhoneFictional = true
	}
	return all
}

// bodied is a history whose bodies are another's.
type bodied struct {
	*history.Memory
	bodies *history.Memory
}

func withBodies(events, bodies *history.Memory) bodied { return bodied{events, bodies} }

func (b bodied) Events() iter.Seq2[history.Event, error] { return b.Memory.Events() }
func (b bodied) Body(hash string) ([]byte, error)        { return b.bodies.Body(hash) }
