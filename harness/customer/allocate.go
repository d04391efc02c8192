package customer

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"crosstalk/harness/match"
)

// MaxCustomers is how many customers one run can have.
const MaxCustomers = 50_000

// What the constraints leave open.
const (
	defaultMaxName  = 20
	leastMaxName    = 4
	defaultProducts = 8
	defaultCard     = "4242 4242 4242 4242"
	emailBase       = "shop-test.example"
)

// tries is how often a value is drawn again before the pool counts as dry.
const tries = 200

// Allocate makes n customers (1 to MaxCustomers). It is deterministic: who
// knows seed and constraints knows every customer, and the first customers of
// a larger run are those of a smaller one. Strong values are unique in the run
// with all their projections and none is part of another; weak ones are as
// distinct as their ranges allow, and what had to be shared is named in
// Customer.Shared. It fails for a number out of range, and for constraints that
// make no sense or leave no names.
func Allocate(seed uint64, n int, c Constraints) ([]Customer, error) {
	if n < 1 || n > MaxCustomers {
		return nil, fmt.Errorf("allocate customers: %d is not between 1 and %d", n, MaxCustomers)
	}
	a, err := newAllocator(seed, c)
	if err != nil {
		return nil, fmt.Errorf("allocate customers: %w", err)
	}
	customers := make([]Customer, n)
	for i := range customers {
		if customers[i], err = a.customer(i); err != nil {
			return nil, fmt.Errorf("allocate customer %d: %w", i+1, err)
		}
	}
	markShared(customers)
	return customers, nil
}

// allocator makes one customer after the other.
type allocator struct {
	seed    uint64
	c       Constraints
	locales []*locale
	ledger  *ledger
	dry     map[string]bool // kind and locale whose pool has no free value left
	masks   map[string]bool // kind and what somebody's value leaves behind a mask
	pixels  pixelBuffer
}

func newAllocator(seed uint64, c Constraints) (*allocator, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	a := &allocator{seed: seed, c: c, ledger: newLedger(c.Avoid), dry: map[string]bool{}, masks: map[string]bool{}}
	for _, tag := range c.Locales {
		l, err := localeOf(tag)
		if err != nil {
			return nil, err
		}
		l.constrain(c)
		a.locales = append(a.locales, l)
	}
	return a, nil
}

// Check says what is wrong with the constraints themselves, if anything.
func (c Constraints) Check() error {
	_, err := newAllocator(0, c)
	return err
}

// complete fills in the defaults and refuses what makes no sense.
func (c *Constraints) complete() error {
	if len(c.Locales) == 0 {
		c.Locales = DefaultLocales()
	}
	if len(c.Cards) == 0 {
		c.Cards = []string{defaultCard}
	}
	if c.MaxName == 0 {
		c.MaxName = defaultMaxName
	}
	if c.Products == 0 {
		c.Products = defaultProducts
	}
	if c.MaxName < leastMaxName {
		return fmt.Errorf("max_name is %d, at least %d letters are needed", c.MaxName, leastMaxName)
	}
	if c.Products < 1 {
		return fmt.Errorf("products is %d, at least 1 is needed", c.Products)
	}
	if c.EmailDomain != "" && !isDomain(strings.ToLower(c.EmailDomain)) {
		return fmt.Errorf("email_domain %q is not a domain name", c.EmailDomain)
	}
	return nil
}

// isDomain says whether a text in lower case is a domain name of two labels or
// more.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	for _, label := range labels {
		foreign := strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != ""
		if label == "" || foreign || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
	}
	return len(labels) > 1
}

// constrain keeps of a locale's pools what the constraints allow.
func (l *locale) constrain(c Constraints) {
	l.firsts = fitting(l.firsts, c)
	l.lasts = fitting(l.lasts, c)
	if c.ASCII {
		l.syllables.vowels = asciiOnly(l.syllables.vowels)
		l.syllables.onsets = asciiOnly(l.syllables.onsets)
		l.syllables.codas = asciiOnly(l.syllables.codas)
		l.lastEndings = asciiOnly(l.lastEndings)
	}
}

// fitting are the names of a pool that are short enough and of three letters
// or more, written as the constraints want them.
func fitting(pool []string, c Constraints) []string {
	var names []string
	for _, name := range pool {
		if c.ASCII {
			name = ascii(name)
		}
		if n := letters(name); n >= 3 && n <= c.MaxName {
			names = append(names, name)
		}
	}
	return names
}

// asciiOnly are a pool's texts that are ASCII already: transliterating the
// others would only repeat them.
func asciiOnly(pool []string) []string {
	var kept []string
	for _, s := range pool {
		if ascii(s) == s {
			kept = append(kept, s)
		}
	}
	return kept
}

// draw is what one customer's values are made from.
type draw struct {
	a *allocator
	l *locale
	i int
	c *Customer
}

// random is the source for one kind of value of this customer. Each has its
// own, so that avoiding one value changes no other.
func (d *draw) random(kind Kind) *rand.Rand {
	h := uint64(14695981039346656037) // FNV-1a
	for _, b := range []byte(kind) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return rand.New(rand.NewPCG(d.a.seed, h^uint64(d.i)*0x9e3779b97f4a7c15)) //nolint:gosec // fakes, to be repeatable
}

// tries is how often a value of this kind is drawn: once when its pool is
// known to be dry.
func (d *draw) tries(kind Kind) int {
	if d.isDry(kind) {
		return 1
	}
	return tries
}

func (d *draw) isDry(kind Kind) bool { return d.a.dry[string(kind)+" "+d.l.tag] }

// ranDry remembers that a kind's pool has nothing left that nobody has.
func (d *draw) ranDry(kind Kind) { d.a.dry[string(kind)+" "+d.l.tag] = true }

// customer makes the customer at position i.
func (a *allocator) customer(i int) (Customer, error) {
	l := a.locales[i%len(a.locales)]
	c := Customer{
		ID: fmt.Sprintf("c%02d", i+1), Country: l.country, CountryName: l.countryName,
		Locale: l.tag, Currency: l.currency, Card: a.c.Cards[i%len(a.c.Cards)], CardCVC: "123",
	}
	if len(match.Digits(c.Card)) == 15 { // American Express prints four
		c.CardCVC = "1234"
	}
	d := &draw{a: a, l: l, i: i, c: &c}
	for _, step := range []func() error{
		d.name, d.email, d.phone, d.town, d.address, d.birthday, d.company,
		d.password, d.cardDates, d.gift, d.avatar, d.basket,
	} {
		if err := step(); err != nil {
			return Customer{}, err
		}
	}
	return c, nil
}

// errDry says that a pool has nothing left that may be used.
var errDry = errors.New("nothing is left to choose from: allow longer names, or avoid less")

// markShared names, for every customer, the kinds whose value another one has
// too. Kinds that are silent anyhow need no name.
func markShared(customers []Customer) {
	for _, r := range Ratings() {
		if r.Strength == Silent {
			continue
		}
		owners := map[string]int{}
		for i := range customers {
			owners[customers[i].comparable(r.Kind)]++
		}
		for i := range customers {
			c := &customers[i]
			if owners[c.comparable(r.Kind)] > 1 && !slices.Contains(c.Shared, r.Kind) {
				c.Shared = append(c.Shared, r.Kind)
			}
		}
	}
}

// comparable is what two customers' values of a kind are compared by.
func (c *Customer) comparable(kind Kind) string {
	if kind == Phone {
		return significant(c.Phone)
	}
	return match.Key(c.value(kind))
}
