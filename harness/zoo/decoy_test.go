package zoo_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/customer"
	"crosstalk/harness/zoo"
	"crosstalk/scenarios"
	"crosstalk/scenarios/demoshop"
)

func TestEveryDecoyOfTheShopHasARowAndEveryRowIsADecoyOfTheShop(t *testing.T) {
	shops, all := demoshop.Decoys(), zoo.Decoys()
	require.Len(t, all, len(shops))
	for i, d := range shops {
		assert.Equal(t, i+1, d.Row, "%s: one decoy for each row, in order", d.Name)
		assert.Equal(t, d.Name, all[i].Name, "in the same order")
		assert.NotEmpty(t, all[i].Why, d.Name)
	}
	assert.Len(t, shops, demoshop.DecoyRows)
}

func TestWhatADecoyNeedsIsWrittenIntoTheScenarioAsAPersonWould(t *testing.T) {
	for _, d := range zoo.Decoys() {
		t.Run(d.Name, func(t *testing.T) {
			sc, err := scenarios.Load("checkout", func(string) (string, bool) { return "", false })
			require.NoError(t, err)
			if d.Prepare == nil {
				return
			}
			before := len(sc.Allow)
			d.Prepare(sc)
			require.NoError(t, sc.Customers.Check())
			for _, a := range sc.Allow[before:] {
				assert.NotEmpty(t, a.Reason)
				assert.NotContains(t, []string{"", "*"}, a.Place, "never everywhere")
				assert.NotEqual(t, customer.Kind("*"), a.Kind, "never everything")
			}
		})
	}
}

func TestOfThreeCustomersOfTheNamesakesTwoShareLastNameAndCity(t *testing.T) {
	sc := &scenarios.Scenario{}
	for _, d := range zoo.Decoys() {
		if d.Name == demoshop.Namesakes {
			d.Prepare(sc)
		}
	}
	const seeds = 50
	for seed := range uint64(seeds) {
		all, err := customer.Allocate(seed, 3, sc.Customers)
		require.NoError(t, err, "seed %d", seed)
		twins := false
		for i := range all {
			twins = twins || all[i].Last == all[(i+1)%3].Last && all[i].City == all[(i+1)%3].City
		}
		assert.True(t, twins, "seed %d", seed)
	}
}
