package leak

import (
	"math"
	"strings"
	"unicode"

	"crosstalk/harness/customer"
	"crosstalk/harness/history"
	"crosstalk/harness/match"
)

// fit is whose values a mask can have been made from.
type fit struct {
	mask  match.Mask
	text  string
	kinds map[string]customer.Kind // by customer: the first kind that fits
	sole  string                   // the one customer whom it fits; "" for several
	bits  float64                  // what it shows carries
	own   map[string]bool          // by customer: fits anything of theirs; as asked for
}

// maskedKinds are what shops mask, and of which a mask can say whose it is.
// Cards are not among them: everybody pays with the same test cards.
func maskedKinds() []customer.Kind {
	return []customer.Kind{customer.Email, customer.Phone, customer.Name, customer.CardHolder}
}

// leastShown is how many characters a mask must show to fit anybody.
const leastShown = 2

// fit answers whom a mask fits, each mask once; nil when that is nobody, or
// when a card fits it that several pay with.
func (in *inspection) fit(m match.Mask) *fit {
	f, known := in.fits[m.Text]
	if known {
		return f
	}
	m.Text = strings.Clone(m.Text)
	f = in.fitting(m)
	in.fits[m.Text] = f
	return f
}

func (in *inspection) fitting(m match.Mask) *fit {
	if m.Shown() < leastShown {
		return nil
	}
	f := &fit{mask: m, text: m.Text, kinds: map[string]customer.Kind{}, own: map[string]bool{}}
	for i := range in.rec.customers {
		c := &in.rec.customers[i]
		if c.Card != "" && m.Fits(c.Card, match.ShapeText) {
			return nil
		}
		if kind, ok := fitsOf(m, c); ok {
			f.kinds[c.ID], f.sole = kind, c.ID
			f.bits = in.maskBits(m, c, kind)
		}
	}
	switch len(f.kinds) {
	case 0:
		return nil
	case 1:
	default:
		f.sole = ""
	}
	return f
}

// fitsOf is the first kind of a customer's values that a mask fits.
func fitsOf(m match.Mask, c *customer.Customer) (customer.Kind, bool) {
	for _, kind := range maskedKinds() {
		for _, spelling := range c.Spellings(kind) {
			if m.Fits(spelling, customer.ShapeOf(kind)) {
				return kind, true
			}
		}
	}
	return "", false
}

// Bits of a character that a mask shows.
const (
	digitBits  = 3.3
	letterBits = 4.0
	domainBits = 8.0 // a domain that no other customer's address has
)

// maskBits is what a mask shows of a value, in bits. The domain of an e-mail
// address is the shop's choice: it says whose it is when it is one customer's
// own, and nothing when they share it.
func (in *inspection) maskBits(m match.Mask, c *customer.Customer, kind customer.Kind) float64 {
	switch kind {
	case customer.Phone:
		return digitBits * float64(m.Shown())
	case customer.Email:
		_, domain, _ := strings.Cut(m.Text, "@")
		shown := countShown(domain)
		bits := letterBits * float64(max(0, m.Shown()-shown))
		if shown > 0 && in.ownDomain(m, c) {
			bits += domainBits
		}
		return bits
	}
	return letterBits * float64(m.Shown())
}

func countShown(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// ownDomain says whether the domain of a masked address fits one customer's
// alone, whatever stands before it.
func (in *inspection) ownDomain(m match.Mask, c *customer.Customer) bool {
	_, mine, _ := strings.Cut(c.Email, "@")
	_, shown, _ := strings.Cut(m.Text, "@")
	if shown != mine {
		return false // a part of it is masked as well
	}
	for i := range in.rec.customers {
		other := &in.rec.customers[i]
		if _, domain, _ := strings.Cut(other.Email, "@"); other.ID != c.ID && domain == mine {
			return false
		}
	}
	return true
}

// chanceOf is how often one of so many customers fits what carries so many
// bits.
func chanceOf(customers int, bits float64) float64 { return float64(customers) / math.Exp2(bits) }

// ownMask says whether a mask fits anything that is the viewer's: it then is
// theirs, whoever else it fits.
func (in *inspection) ownMask(f *fit, viewer string) bool {
	if _, fits := f.kinds[viewer]; fits || viewer == history.Nobody {
		return fits
	}
	own, known := f.own[viewer]
	if !known {
		own = in.fitsAnything(f.mask, viewer)
		f.own[viewer] = own
	}
	return own
}

func (in *inspection) fitsAnything(m match.Mask, viewer string) bool {
	for i := range in.rec.customers {
		c := &in.rec.customers[i]
		if c.ID != viewer {
			continue
		}
		for _, r := range customer.Ratings() {
			for _, spelling := range c.Spellings(r.Kind) {
				if r.Kind != customer.Avatar && m.Fits(spelling, customer.ShapeOf(r.Kind)) {
					return true
				}
			}
		}
	}
	for _, m2 := range in.own.markers {
		if m2.Learned && m2.Owner == viewer && m.Fits(m2.Value, match.ShapeText) {
			return true
		}
	}
	return false
}
