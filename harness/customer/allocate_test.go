package customer_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image/png"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/match"
)

func allocate(t testing.TB, seed uint64, n int, c customer.Constraints) []customer.Customer {
	t.Helper()
	customers, err := customer.Allocate(seed, n, c)
	require.NoError(t, err, "seed %d", seed)
	require.Len(t, customers, n)
	return customers
}

// The golden hash breaks when allocation changes: old runs can then no longer
// be replayed by their seed. Change it knowingly.
func TestOneSeedMakesTheSameCustomersEverywhere(t *testing.T) {
	const golden = "415829cb6212b8f6"
	record, err := json.Marshal(allocate(t, 42, 50, customer.Constraints{}))
	require.NoError(t, err)
	sum := sha256.Sum256(record)
	assert.Equal(t, golden, hex.EncodeToString(sum[:8]))
}

func TestSeedsMakeDifferentCustomersAndSeedZeroIsOneOfThem(t *testing.T) {
	assert.Equal(t, allocate(t, 0, 10, customer.Constraints{}), allocate(t, 0, 10, customer.Constraints{}))
	zero, one := allocate(t, 0, 10, customer.Constraints{}), allocate(t, 1, 10, customer.Constraints{})
	for i := range zero {
		assert.NotEqual(t, zero[i].Gift, one[i].Gift)
		assert.NotEqual(t, zero[i].Name(), one[i].Name())
	}
}

func TestTheFirstCustomersOfALargerRunAreThoseOfASmallerOne(t *testing.T) {
	small, large := allocate(t, 7, 20, customer.Constraints{}), allocate(t, 7, 200, customer.Constraints{})
	for i := range small {
		small[i].Shared, large[i].Shared = nil, nil
	}
	assert.Equal(t, small, large[:20])
}

func TestACustomerReadFromTheJournalHasTheSameMarkers(t *testing.T) {
	c := customer.Constraints{Phones: []string{"0123 456 789", "0123 456 780"}, Streets: []string{"Storgatan"}}
	for _, want := range allocate(t, 3, 12, c) {
		record, err := json.Marshal(want)
		require.NoError(t, err)
		var got customer.Customer
		require.NoError(t, json.Unmarshal(record, &got))
		assert.Equal(t, want.Markers(), got.Markers())
	}
}

func TestTenThousandCustomersShareNoStrongValueNorPartOfOne(t *testing.T) {
	seed := rand.Uint64()
	customers := allocate(t, seed, 10_000, customer.Constraints{})
	firsts, owners := map[string]string{}, map[string]string{}
	var all strings.Builder
	for i := range customers {
		c := &customers[i]
		if owner := firsts[match.Key(c.First)]; owner != "" {
			t.Fatalf("seed %d: %s and %s are both %s", seed, owner, c.ID, c.First)
		}
		firsts[match.Key(c.First)] = c.ID
		strong := 0
		for _, m := range c.Markers() {
			if m.Strength != customer.Strong {
				continue
			}
			strong++
			key := match.Key(m.Value)
			if owners[key] != "" || len(key) < 12 && m.Kind != customer.Phone {
				t.Fatalf("seed %d: %s of %s, %d bytes, is also %s's", seed, m.Value, c.ID, len(key), owners[key])
			}
			owners[key] = c.ID
			all.WriteString(key + "|")
		}
		if strong < 6 {
			t.Fatalf("seed %d: %s has %d strong markers", seed, c.ID, strong)
		}
	}
	checkParts(t, seed, owners, all.String())
}

// checkParts proves with the matcher that each key occurs once in the text of
// all keys: none is part of another.
func checkParts(t *testing.T, seed uint64, owners map[string]string, all string) {
	t.Helper()
	var patterns []match.Pattern
	var keys []string
	for key := range owners {
		// Letters and digits in one word make the pattern loose: found inside others too.
		if len(key) >= 14 {
			patterns = append(patterns, match.Pattern{ID: len(keys), Text: key})
			keys = append(keys, key)
		}
	}
	x, err := match.New(patterns)
	require.NoError(t, err)
	hits := x.SearchText(all)
	seen := map[int]int{}
	for _, h := range hits {
		if seen[h.ID]++; seen[h.ID] > 1 {
			t.Fatalf("seed %d: %s occurs again", seed, keys[h.ID])
		}
	}
	require.Len(t, seen, len(patterns))
}

func TestNumbersComeFromRangesReservedForFiction(t *testing.T) {
	ranges := map[string]*regexp.Regexp{
		"SE": regexp.MustCompile(`^(070174(060[5-9]|06[1-9]\d)|08465004\d\d|0313900[6]\d\d|04062804\d\d|09803192\d\d)$`),
		"DE": regexp.MustCompile(`^(017139200\d\d|03023125\d{3}|06990009\d{3}|04066969\d{3}|02214710\d{3}|08999998\d{3})$`),
		"GB": regexp.MustCompile(`^(07700900\d{3}|02079460\d{3}|01(1[345678]|21|31|41|51|61)\d?4960\d{3}|01914980\d{3}|02896496\d{3}|02920180\d{3}|01632960\d{3})$`),
		"US": regexp.MustCompile(`^\d{3}55501\d\d$`),
		"PL": regexp.MustCompile(`^(50|53|60|66|72|88)\d{7}$`),
	}
	seed := rand.Uint64()
	for _, c := range allocate(t, seed, 1000, customer.Constraints{}) {
		assert.Regexp(t, ranges[c.Country], match.Digits(c.Phone), "seed %d: %s", seed, c.ID)
		assert.Equal(t, c.Country != "PL", c.PhoneFictional)
		for _, m := range c.Markers() {
			if m.Kind == customer.Phone && c.Country == "PL" {
				assert.Equal(t, customer.Weak, m.Strength, "a number that may be somebody's proves nothing")
			}
		}
	}
}

func TestEachLocaleHasItsOwnPeopleAndPlaces(t *testing.T) {
	customers := allocate(t, 42, 500, customer.Constraints{})
	accented := map[string]int{}
	for i, c := range customers {
		assert.Equal(t, customer.DefaultLocales()[i%5], c.Locale)
		if c.Name() != asciiOnly(c.Name()) {
			accented[c.Country]++
		}
		assert.Regexp(t, map[string]string{
			"SE": `^\d{3} \d\d$`, "DE": `^\d{5}$`, "GB": `^[A-Z]{1,2}[1-9] \d[A-Z]{2}$`, "US": `^\d{5}$`, "PL": `^\d\d-\d{3}$`,
		}[c.Country], c.Postcode)
		assert.Equal(t, map[string]string{"SE": "SEK", "DE": "EUR", "GB": "GBP", "US": "USD", "PL": "PLN"}[c.Country], c.Currency)
		assert.Contains(t, c.Address, c.Street)
		assert.Contains(t, c.Address, c.House)
	}
	for _, country := range []string{"SE", "DE", "PL"} {
		assert.Greater(t, accented[country], 40, country)
	}
}

func asciiOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return -1
		}
		return r
	}, s)
}

func TestCustomersFillInWhatFormsAskFor(t *testing.T) {
	seed := rand.Uint64()
	baskets := map[string]bool{}
	for _, c := range allocate(t, seed, 300, customer.Constraints{}) {
		assert.Regexp(t, `[A-Z]`, c.Password)
		assert.Regexp(t, `[a-z]`, c.Password)
		assert.Regexp(t, `[0-9]`, c.Password)
		assert.Regexp(t, `^[A-Z][A-Za-z0-9!#*_-]{15}$`, c.Password)
		assert.Regexp(t, `[!#*_-]`, c.Password)
		assert.Regexp(t, `^[a-z]{14,}$`, c.Gift)
		assert.Contains(t, c.GiftNote, c.Gift)
		assert.Regexp(t, `^[a-z0-9.]+@c\d{3}\.shop-test\.example$`, c.Email)
		assert.Regexp(t, `^(0[1-9]|1[0-2])/[34]\d$`, c.CardExpiry)
		assert.Regexp(t, `^[A-Z -]+$`, c.CardHolder)
		_, err := time.Parse(time.DateOnly, c.Birthday)
		assert.NoError(t, err)
		assert.NotContains(t, c.First+c.Last+c.Street+c.Company, "%")
		key := fmt.Sprint(c.Basket)
		assert.False(t, baskets[key], "seed %d: basket %s again", seed, key)
		baskets[key] = true
		picture, err := png.Decode(bytes.NewReader(c.Avatar))
		require.NoError(t, err)
		assert.Equal(t, 64, picture.Bounds().Dx())
	}
}

func TestASmallRunSharesNothing(t *testing.T) {
	for seed := range uint64(50) {
		for _, c := range allocate(t, seed, 24, customer.Constraints{}) {
			assert.Empty(t, c.Shared, "seed %d: %s", seed, c.ID)
		}
	}
}

func TestEveryPlantedKindHasARatingAndAMarker(t *testing.T) {
	want := []customer.Kind{
		customer.First, customer.Last, customer.Name, customer.Email, customer.Phone, customer.Street, customer.House,
		customer.Address, customer.Postcode, customer.City, customer.Country, customer.Birthday, customer.Company,
		customer.Password, customer.CardHolder, customer.CardExpiry, customer.Gift, customer.Avatar, customer.Locale,
		customer.Currency,
	}
	var got []customer.Kind
	for _, r := range customer.Ratings() {
		got = append(got, r.Kind)
		assert.Positive(t, r.Bits, r.Kind)
		assert.Equal(t, r.Strength == customer.Strong, !r.Typed, "%s: what is weak counts only in a typed place", r.Kind)
		if r.Strength == customer.Strong {
			assert.GreaterOrEqual(t, r.Bits, 33.0, r.Kind)
		}
	}
	assert.Equal(t, want, got)
	c := allocate(t, 1, 1, customer.Constraints{})[0]
	markers := strengths(c)
	for _, kind := range want {
		if _, ok := markers[kind]; !ok {
			assert.Equal(t, customer.CardHolder, kind, "only the card holder says what the name says")
		}
	}
	strength, bits := customer.StrengthOf("order")
	assert.Equal(t, customer.Silent, strength)
	assert.Zero(t, bits)
}

func BenchmarkAllocate(b *testing.B) {
	for _, n := range []int{24, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				allocate(b, 42, n, customer.Constraints{})
			}
		})
	}
}
