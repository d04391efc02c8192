package customer

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"crosstalk/harness/match"
)

// distinct is log2 of how many folded values a pool has.
func distinct(pool []string) float64 {
	keys := map[string]bool{}
	for _, s := range pool {
		keys[match.Key(s)] = true
	}
	return math.Log2(float64(len(keys)))
}

func TestNoLocaleCarriesFewerBitsThanTheTableSays(t *testing.T) {
	for _, tag := range DefaultLocales() {
		l, err := localeOf(tag)
		assert.NoError(t, err)
		open := distinct(l.syllables.onsets) + distinct(l.syllables.vowels)
		closed := open + distinct(l.syllables.codas)
		last := distinct(l.lasts) + open + closed + distinct(l.lastEndings)
		street := 2*open + closed + distinct(l.streetEndings)
		house := math.Log2(899)
		counted := map[Kind]float64{
			First: distinct(l.firsts), Last: last, Name: distinct(l.firsts) + last, CardHolder: distinct(l.firsts) + last,
			Street: street, House: house, Address: street + house,
			Company:  2*open + closed + distinct(l.lasts) + distinct(l.trades),
			Email:    2*open + closed + 5*math.Log2(31),
			Gift:     8 * math.Log2(15*5),
			City:     math.Log2(float64(len(l.cities))),
			Postcode: math.Log2(postcodes(l)),
			Phone:    10 * math.Log2(10),
			Birthday: math.Log2(20_000),
			// A letter of each case, a digit and a symbol stand in any order; that
			// only adds to this.
			Password:   math.Log2(24) + math.Log2(24) + math.Log2(8) + math.Log2(5) + 12*math.Log2(24+24+8),
			CardExpiry: math.Log2(12 * 15),
			Avatar:     32 * math.Log2(4),
			Country:    math.Log2(float64(len(DefaultLocales()))),
			Locale:     math.Log2(float64(len(DefaultLocales()))),
			Currency:   math.Log2(5),
		}
		for _, r := range Ratings() {
			bits, known := counted[r.Kind]
			assert.True(t, known, "%s is not counted", r.Kind)
			assert.GreaterOrEqual(t, bits, r.Bits, "%s in %s", r.Kind, tag)
		}
	}
}

// postcodes is how many there are in a country's towns.
func postcodes(l *locale) float64 {
	total := 0.0
	for _, c := range l.cities {
		n := 1.0
		for _, r := range c.postcodes {
			switch r {
			case '#':
				n *= 9 // no district is called 0
			case '@':
				n *= 20
			}
		}
		total += n
	}
	return total
}

func TestEveryRatingSaysWhereItsBitsComeFrom(t *testing.T) {
	for _, r := range append(Ratings(), LearnedRatings()...) {
		assert.NotEmpty(t, r.Why, r.Kind)
		assert.Equal(t, r.Strength == Strong, !r.Typed, r.Kind)
		if r.Strength == Strong {
			assert.GreaterOrEqual(t, r.Bits, 33.0, r.Kind)
		}
	}
}

func TestPoolsHoldNoNameTwice(t *testing.T) {
	for _, tag := range DefaultLocales() {
		l, err := localeOf(tag)
		assert.NoError(t, err)
		for _, pool := range [][]string{l.firsts, l.lasts} {
			seen := map[string]bool{}
			for _, name := range pool {
				assert.False(t, seen[name] && tag != "en-US", "%s twice in %s", name, tag)
				seen[name] = true
			}
		}
	}
}
