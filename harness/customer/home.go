package customer

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// phone draws a number of the shop's pool or of the country's ranges. When
// they are used up it is one that somebody else has.
func (d *draw) phone() error {
	r := d.random(Phone)
	number := d.rangedPhone
	d.c.PhoneFictional = d.l.fictional
	if pool := d.a.c.Phones; len(pool) > 0 {
		number = func(r *rand.Rand) string { return pick(r, pool) }
		d.c.PhoneFictional = false // whose they are, only the shop knows
	}
	for try := range d.tries(Phone) {
		d.c.Phone = number(r)
		if left := maskedPhone(d.c.Phone); d.apart(Phone, left, try) && d.a.ledger.takePhone(d.c.Phone) {
			d.leave(Phone, left)
			return nil
		}
	}
	return d.anyPhone(r)
}

// rangedPhone is a number of one of the country's ranges, each number equally
// likely.
func (d *draw) rangedPhone(r *rand.Rand) string {
	total := 0
	for _, p := range d.l.phones {
		total += p.high - p.low + 1
	}
	n := r.IntN(total)
	for _, p := range d.l.phones {
		size := p.high - p.low + 1
		if n < size {
			return fillNumber(p.pattern, p.low+n)
		}
		n -= size
	}
	return ""
}

// anyPhone takes the first number from a random place on that is free, else
// one that is shared.
func (d *draw) anyPhone(r *rand.Rand) error {
	all := d.a.c.Phones
	if len(all) == 0 {
		all = d.l.allPhones()
	}
	l := d.a.ledger
	at := d.pickFrom(Phone, r, len(all), func(i int) answer {
		switch {
		case l.takePhone(all[i]):
			return claimed
		case l.barredPhone(all[i]):
			return barred
		}
		return shared
	})
	d.c.Phone = all[at]
	return nil
}

// allPhones are the numbers of the small ranges, those of fiction.
func (l *locale) allPhones() []string {
	const small = 1000
	var all []string
	for _, p := range l.phones {
		for n := p.low; n <= p.high && n < p.low+small; n++ {
			all = append(all, fillNumber(p.pattern, n))
		}
	}
	return all
}

// town draws city and postcode, distinct while there are any left.
func (d *draw) town() error {
	r := d.random(City)
	cities := d.l.cities
	if len(d.a.c.Cities) > 0 {
		cities = nil
		for _, name := range d.a.c.Cities {
			cities = append(cities, city{name, pick(r, d.l.cities).postcodes})
		}
	}
	town := cities[d.choose(City, r, len(cities), func(i int) string { return cities[i].name })]
	d.c.City = town.name
	return d.postcode(town)
}

func (d *draw) postcode(town city) error {
	r := d.random(Postcode)
	if pool := d.a.c.Postcodes; len(pool) > 0 {
		d.c.Postcode = pool[d.choose(Postcode, r, len(pool), func(i int) string { return pool[i] })]
		return nil
	}
	for range 20 {
		d.c.Postcode = fill(r, town.postcodes)
		if d.a.ledger.take(Postcode, d.c.Postcode) {
			return nil
		}
	}
	if d.a.ledger.avoided(d.c.Postcode) {
		d.c.Shared = append(d.c.Shared, Postcode)
	}
	return nil
}

// address draws street and house number: a composed street, or one of the
// shop's pool.
func (d *draw) address() error {
	r := d.random(Address)
	pool := d.a.c.Streets
	if len(pool) > 0 {
		d.c.Pooled = append(d.c.Pooled, Address)
	}
	house := d.house()
	for range tries {
		street := d.l.street(r)
		if len(pool) > 0 {
			street = pick(r, pool)
		} else if d.a.c.ASCII {
			street = ascii(street)
		}
		if d.takeAddress(street, house, len(pool) > 0) {
			return nil
		}
	}
	if len(pool) > 0 { // with somebody else
		d.live(pick(r, pool), house)
		d.c.Shared = append(d.c.Shared, Street, Address)
		return nil
	}
	return fmt.Errorf("draw an address: %w", errDry)
}

// house draws a house number. All have three digits, so that no address line
// is part of another.
func (d *draw) house() string {
	const low, high = 101, 999
	number := func(i int) string { return strconv.Itoa(low + i) }
	return number(d.choose(House, d.random(House), high-low+1, number))
}

// takeAddress claims an address line, in both orders. Streets of a pool may
// be shared.
func (d *draw) takeAddress(street, house string, pooled bool) bool {
	l := d.a.ledger
	if l.avoided(street) || !pooled && !l.free(Street, street) {
		return false
	}
	if !l.takeStrong(street+" "+house, house+" "+street) {
		return false
	}
	l.take(Street, street)
	d.live(street, house)
	return true
}

// live writes an address as the country does.
func (d *draw) live(street, house string) {
	d.c.Street, d.c.House, d.c.Address = street, house, street+" "+house
	if d.l.houseFirst {
		d.c.Address = house + " " + street
	}
}

// street is a composed street name. A tilde in an ending asks for a space.
func (l *locale) street(r *rand.Rand) string {
	name := title(l.syllables.stem(r, 3)) + strings.Replace(pick(r, l.streetEndings), "~", " ", 1)
	if l.country == "PL" {
		return "ul. " + name
	}
	return name
}
