package customer

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAStrongValueIsNeitherPartOfAnotherNorContainsOne(t *testing.T) {
	l := newLedger([]string{"Earlier Remembered"})
	for _, c := range []struct {
		value string
		free  bool
	}{
		{"Annabella Bergström", true},
		{"ANNABELLA BERGSTROM", false}, // the same, folded
		{"Bella Bergström", false},     // a part
		{"Joannabella Bergströmer", false},
		{"Annabella Bergstr", false},
		{"Annabella Sjögren", true},
		{"x Earlier-Remembered", false},
		{"Checkout", false}, // a word of the shop
		{"Annabella", true}, // too short to be kept clear of
		{"Annabella", false},
	} {
		assert.Equal(t, c.free, l.takeStrong(c.value), c.value)
	}
}

func TestProjectionsAreTakenTogetherOrNotAtAll(t *testing.T) {
	l := newLedger(nil)
	assert.True(t, l.takeStrong("Storgatan Tolv", "Tolv Storgatan"))
	assert.False(t, l.takeStrong("Lillgatan Fem", "Tolv Storgatan"))
	assert.True(t, l.takeStrong("Lillgatan Fem"), "what was refused is still free")
}

func TestANumberIsTakenInAllItsForms(t *testing.T) {
	l := newLedger([]string{"+46 31 390 06 00"})
	for _, c := range []struct {
		number string
		free   bool
	}{
		{"070-174 06 05", true},
		{"(070) 1740605", false},
		{"070-174 06 06", true},
		{"031-390 06 00", false}, // avoided, in another form
		{"515 550 147", true},
		{"(951) 555-0147", false}, // contains the one before
		{"(212) 555-0199", true},
		{"125 550 199", false}, // is part of the one before
	} {
		assert.Equal(t, c.free, l.takePhone(c.number), c.number)
	}
}

func TestThePartIndexAgreesWithComparingEveryPair(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	index, known := newPartIndex(), []string{}
	for range 2000 {
		key := ""
		for range partSize + r.IntN(6) {
			key += string(rune('a' + r.IntN(2)))
		}
		free := true
		for _, k := range known {
			free = free && !strings.Contains(k, key) && !strings.Contains(key, k)
		}
		if got := index.free(key); got != free {
			t.Fatalf("seed %d: free(%s) is %v among %d keys", seed, key, got, len(known))
		}
		if free {
			index.add(key)
			known = append(known, key)
		}
	}
	assert.NotEmpty(t, known, fmt.Sprint(seed))
}
