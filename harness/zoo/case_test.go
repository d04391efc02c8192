package zoo

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness"
	"crosstalk/scenarios/demoshop"
)

func TestTheWholeZooIsEveryVariantOfEveryFaultAtRateOneAndEveryDecoy(t *testing.T) {
	cases, err := Selection{}.cases()
	require.NoError(t, err)
	want := len(demoshop.Decoys())
	for _, f := range demoshop.Faults() {
		want += len(f.Variants())
	}
	assert.Len(t, cases, want)
	seeds, names := map[uint64]bool{}, map[string]bool{}
	for _, c := range cases {
		seeds[c.seed(1)], names[c.String()] = true, true
		assert.NotEqual(t, c.seed(1), c.seed(2), "the zoo's seed decides, too")
	}
	assert.Len(t, names, want)
	assert.Len(t, seeds, want, "each case has a seed of its own")
}

func TestASelectionTakesNamesVariantsAndRates(t *testing.T) {
	for want, s := range map[string]Selection{
		"edge-cache/token at 1":                          {Only: []string{"edge-cache/token"}},
		"edge-cache/plain at 1, edge-cache/plain at 0.1": {Only: []string{"edge-cache"}, Rates: []float64{0.1, 1, 0.1}, Variants: []demoshop.Variant{demoshop.Plain}},
		"edge-cache/token at 1, cold-start/token at 1":   {Only: []string{"cold-start/token", "edge-cache/token"}},
		"edge-cache/token at 1, reviews":                 {Only: []string{"reviews", "edge-cache/token"}},
		"wrong-variant/plain at 0.5, reviews":            {Only: []string{"reviews", "wrong-variant"}, Rates: []float64{0.5}},
		strings.Join(decoyNames(), ", "):                 {Only: []string{AllDecoys}},
		"edge-cache/plain at 1, edge-cache/masked at 1":  {Only: []string{"edge-cache"}, Variants: []demoshop.Variant{demoshop.Masked, demoshop.Plain}},
	} {
		cases, err := s.cases()
		require.NoError(t, err, want)
		var got []string
		for _, c := range cases {
			got = append(got, c.String())
		}
		assert.Equal(t, want, strings.Join(got, ", "))
	}
}

func TestASelectionThatCannotBeIsRefusedWithAWayOut(t *testing.T) {
	for want, s := range map[string]Selection{
		`no fault or decoy "edge-cash"; there are faults, decoys, edge-cache`: {Only: []string{"edge-cash"}},
		`fault edge-cache: unknown variant "hashed"`:                          {Only: []string{"edge-cache/hashed"}},
		"fault wrong-variant has no variant token":                            {Only: []string{"wrong-variant/token"}},
		`"edge-cache=0.1" has a rate; rates are said by --rate`:               {Only: []string{"edge-cache=0.1"}},
		`no variant "hashed"; there are plain, masked, encoded, token`:        {Variants: []demoshop.Variant{"hashed"}},
		"the rate 2 is not from 0 to 1":                                       {Rates: []float64{2}},
		"the rate NaN is not from 0 to 1":                                     {Rates: []float64{math.NaN()}},
		"nothing is left to run":                                              {Only: []string{"edge-cache/token"}, Variants: []demoshop.Variant{demoshop.Plain}},
	} {
		_, err := s.cases()
		var config *harness.ConfigError
		if assert.ErrorAs(t, err, &config, want) {
			assert.Contains(t, err.Error(), want)
		}
	}
}
