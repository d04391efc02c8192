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
		for kind, bits := range map[Kind]float64{
			First: distinct(l.firsts), Last: last, Name: distinct(l.firsts) + last,
			Street: street, House: house, Address: street + house,
			Company: 2*open + closed + distinct(l.lasts) + distinct(l.trades),
			Email:   2*open + closed + 5*math.Log2(31),
			Gift:    8 * math.Log2(15*5),
			City:    math.Log2(float64(len(l.cities))),
		} {
			_, claimed := StrengthOf(kind)
			assert.GreaterOrEqual(t, bits, claimed, "%s in %s", kind, tag)
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
