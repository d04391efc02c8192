package customer

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// name draws first and last name: a real first name nobody else has, and a
// real last name joined to a composed one, so that the whole is nobody's by
// chance.
func (d *draw) name() error {
	d.c.First = d.first()
	r := d.random(Last)
	for try := range tries {
		d.c.Last = d.last(r)
		whole, left := d.c.First+" "+d.c.Last, maskedName(d.c.First, d.c.Last)
		if !d.mayBeLast(d.c.Last) || !d.apart(Name, left, try) || !d.a.ledger.takeStrong(whole, d.c.Last+" "+d.c.First) {
			continue
		}
		d.a.ledger.take(Last, d.c.Last)
		d.leave(Name, left)
		d.c.CardHolder = strings.ToUpper(ascii(whole))
		return nil
	}
	return fmt.Errorf("draw a name of at most %d letters: %w", d.a.c.MaxName, errDry)
}

// mayBeLast says whether a last name may be this customer's: one that nobody
// else has, or any of the scenario's pool.
func (d *draw) mayBeLast(name string) bool {
	if len(d.a.c.LastNames) > 0 {
		return !d.a.ledger.avoided(name)
	}
	return d.a.ledger.free(Last, name)
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
// too long, the composed one alone. A pool of the scenario's says it all.
func (d *draw) last(r *rand.Rand) string {
	if pool := d.a.c.LastNames; len(pool) > 0 {
		return pick(r, pool)
	}
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
	for try := range tries {
		tail := make([]byte, 5)
		for i := range tail {
			tail[i] = alphabet[r.IntN(len(alphabet))]
		}
		local := strings.ToLower(ascii(firstLetter(d.c.First) + "." + d.l.syllables.stem(r, 3) + string(tail)))
		d.c.Email = local + "@" + strings.ToLower(domain)
		if left := maskedEmail(d.c.Email); d.apart(Email, left, try) && d.a.ledger.takeStrong(local, d.c.Email) {
			d.leave(Email, left)
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
