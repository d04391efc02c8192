package leak

import (
	"math"
	"slices"
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
	if in.masked == nil {
		in.masked = newMaskedValues(in.rec.customers)
	}
	f := &fit{mask: m, text: m.Text, kinds: map[string]customer.Kind{}, own: map[string]bool{}}
	for _, v := range in.masked.candidates(m) {
		c := &in.rec.customers[v.owner]
		if _, known := f.kinds[c.ID]; !known && v.fits(m) {
			f.kinds[c.ID], f.sole = v.kind, c.ID
			f.bits = in.maskBits(m, c, v.kind)
		}
	}
	if len(f.kinds) == 0 || slices.ContainsFunc(in.masked.cards, func(card string) bool { return m.Fits(card, match.ShapeText) }) {
		return nil
	}
	if len(f.kinds) > 1 {
		f.sole = ""
	}
	return f
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
	default:
		return letterBits * float64(m.Shown())
	}
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

// ownDomain says whether a mask shows the whole domain of an e-mail address,
// and nobody else's has it.
func (in *inspection) ownDomain(m match.Mask, c *customer.Customer) bool {
	_, mine, _ := strings.Cut(c.Email, "@")
	_, shown, _ := strings.Cut(m.Text, "@")
	return shown == mine && in.masked.domains[mine] == 1
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
