package customer

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// name draws first and last name: a real first name nobody else has, and a
// real last name joined to a composed one, so that the whole is nobody's by
// chance.
func (d *draw) name() error {
	d.c.First = d.first()
	r := d.random(Last)
	for range tries {
		d.c.Last = d.last(r)
		whole := d.c.First + " " + d.c.Last
		if !d.a.ledger.free(Last, d.c.Last) || !d.a.ledger.takeStrong(whole, d.c.Last+" "+d.c.First) {
			continue
		}
		d.a.ledger.take(Last, d.c.Last)
		d.c.CardHolder = strings.ToUpper(ascii(whole))
		return nil
	}
	return fmt.Errorf("draw a name of at most %d letters: %w", d.a.c.MaxName, errDry)
}

// first draws a first name from the pool, then composes one when the pool
// seems dry. Only where names must be very short can it end up shared.
func (d *draw) first() string {
	r := d.random(First)
	for try := range tries {
		name := d.fit(title(d.l.syllables.stem(r, 2+r.IntN(2))))
		if try < tries/4 && len(d.l.firsts) > 0 {
			name = pick(r, d.l.firsts)
		}
		if d.a.ledger.take(First, name) {
			return name
		}
	}
	return d.fit(title(d.l.syllables.stem(r, 3)))
}

// last is a real last name with a composed one behind a hyphen; where that is
// too long, the composed one alone.
func (d *draw) last(r *rand.Rand) string {
	composed := title(d.l.syllables.stem(r, 2) + pick(r, d.l.lastEndings))
	if len(d.l.lasts) > 0 {
		if both := pick(r, d.l.lasts) + "-" + composed; letters(both) <= d.a.c.MaxName {
			return both
		}
		if letters(composed)+4 <= d.a.c.MaxName {
			return "" // long names alone are in the way: draw again
		}
	}
	return d.fit(composed)
}

// fit cuts a composed name to the longest that is allowed.
func (d *draw) fit(name string) string {
	if runes := []rune(name); len(runes) > d.a.c.MaxName {
		return string(runes[:d.a.c.MaxName])
	}
	return name
}

// email draws an address whose local part is strong by itself, below a domain
// of the customer's own unless the shop takes only one domain.
func (d *draw) email() error {
	const alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
	domain := d.a.c.EmailDomain
	if domain == "" {
		domain = fmt.Sprintf("c%03d.%s", d.i+1, emailBase)
	}
	r := d.random(Email)
	for range tries {
		tail := make([]byte, 5)
		for i := range tail {
			tail[i] = alphabet[r.IntN(len(alphabet))]
		}
		local := strings.ToLower(ascii(firstLetter(d.c.First) + "." + d.l.syllables.stem(r, 3) + string(tail)))
		d.c.Email = local + "@" + strings.ToLower(domain)
		if d.a.ledger.takeStrong(local, d.c.Email) {
			return nil
		}
	}
	return fmt.Errorf("draw an e-mail address: %w", errDry)
}

func firstLetter(name string) string {
	for _, r := range name {
		return string(r)
	}
	return ""
}

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
	for range d.tries(Phone) {
		d.c.Phone = number(r)
		if d.a.ledger.takePhone(d.c.Phone) {
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

// choose picks the position of a pool's value that nobody has yet, else of
// one that is shared.
func (d *draw) choose(kind Kind, r *rand.Rand, n int, at func(int) string) int {
	l := d.a.ledger
	return d.pickFrom(kind, r, n, func(i int) answer {
		switch value := at(i); {
		case l.take(kind, value):
			return claimed
		case l.avoided(value):
			return barred
		}
		return shared
	})
}

// answer is what became of an attempt to take a pool's value.
type answer int

const (
	claimed answer = iota // it is this customer's alone
	shared                // somebody else has it
	barred                // it must not be anyone's
)

// pickFrom goes through a pool from a random place on until a value can be
// claimed. When none can, it takes one that is shared; when all are barred, it
// takes one of those and makes the kind silent: a form must be filled in, and
// what is not a marker proves nothing wrong.
func (d *draw) pickFrom(kind Kind, r *rand.Rand, n int, try func(int) answer) int {
	start, second := r.IntN(n), -1
	dry := d.isDry(kind)
	for i := range n {
		k := (start + i) % n
		switch try(k) {
		case claimed:
			return k
		case shared:
			if second < 0 {
				second = k
			}
		case barred:
		}
		if dry && second >= 0 {
			return second
		}
	}
	d.ranDry(kind)
	if second < 0 {
		d.c.Shared = append(d.c.Shared, kind)
		return start
	}
	return second
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

// birthday draws a day on which an adult was born.
func (d *draw) birthday() error {
	const days = 20_000
	day := func(i int) string {
		return time.Date(1950, time.January, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	d.c.Birthday = day(d.choose(Birthday, d.random(Birthday), days, day))
	return nil
}

// company draws a firm that nobody has heard of.
func (d *draw) company() error {
	r := d.random(Company)
	for range tries {
		partner := d.l.lastEndings
		if len(d.l.lasts) > 0 {
			partner = d.l.lasts
		}
		d.c.Company = fmt.Sprintf("%s & %s %s %s", title(d.l.syllables.stem(r, 3)), title(pick(r, partner)), pick(r, d.l.trades), d.l.legalForm)
		if d.a.c.ASCII {
			d.c.Company = ascii(d.c.Company)
		}
		if d.a.ledger.takeStrong(d.c.Company) {
			return nil
		}
	}
	return fmt.Errorf("draw a company: %w", errDry)
}

// password draws sixteen characters with all four classes that forms ask for,
// and none that has to be escaped anywhere or is misread.
func (d *draw) password() error {
	const (
		lower, upper, digits = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
		symbols              = "!#*-_"
		all                  = lower + upper + digits
		length               = 16
	)
	r := d.random(Password)
	for range tries {
		word := make([]byte, 0, length)
		for _, class := range []string{upper, lower, digits, symbols} {
			word = append(word, class[r.IntN(len(class))])
		}
		for len(word) < length {
			word = append(word, all[r.IntN(len(all))])
		}
		// Not the first: some forms want a letter there.
		r.Shuffle(length-1, func(i, j int) { word[i+1], word[j+1] = word[j+1], word[i+1] })
		d.c.Password = string(word)
		if d.a.ledger.takeStrong(d.c.Password) {
			return nil
		}
	}
	return fmt.Errorf("draw a password: %w", errDry)
}

// cardDates draws a card's expiry in 2030 to 2044: far enough for the life of
// a seed, near enough for a form.
func (d *draw) cardDates() error {
	r := d.random(CardExpiry)
	const years = 15
	expiry := func(i int) string { return fmt.Sprintf("%02d/%02d", 1+i%12, 30+i/12) }
	d.c.CardExpiry = expiry(d.choose(CardExpiry, r, 12*years, expiry))
	return nil
}

// gift draws the one long pronounceable word, and the note around it.
func (d *draw) gift() error {
	const consonants, vowels, length = "bdfghjklmnprstvz", "aeiou", 16
	r := d.random(Gift)
	for range tries {
		word := make([]byte, 0, length)
		for len(word) < length {
			word = append(word, consonants[r.IntN(len(consonants))], vowels[r.IntN(len(vowels))])
		}
		d.c.Gift = string(word)
		if d.a.ledger.takeStrong(d.c.Gift) {
			d.c.GiftNote = fmt.Sprintf(pick(r, d.l.giftNotes), d.c.Gift)
			return nil
		}
	}
	return fmt.Errorf("draw a gift word: %w", errDry)
}

// basket draws a choice and quantities that differ from everyone else's while
// the shop's products allow it: up to three lines, up to five pieces each.
func (d *draw) basket() error {
	r := d.random("basket")
	products := d.a.c.Products
	for range d.tries("basket") {
		chosen := r.Perm(products)[:min(1+r.IntN(3), products)]
		d.c.Basket = d.c.Basket[:0]
		for _, product := range chosen {
			d.c.Basket = append(d.c.Basket, Line{Product: product, Quantity: 1 + r.IntN(5)})
		}
		if d.a.ledger.takeBasket(d.c.Basket) {
			return nil
		}
	}
	d.ranDry("basket")
	return nil
}
