package zoo_test

import (
	"bytes"
	"slices"
	"strings"
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

func noEnv(string) (string, bool) { return "", false }

func TestWhatADecoyNeedsIsWrittenIntoTheScenarioAsAPersonWould(t *testing.T) {
	embedded, err := scenarios.Load("checkout", noEnv)
	require.NoError(t, err)
	for _, d := range zoo.Decoys() {
		t.Run(d.Name, func(t *testing.T) {
			sc, err := d.Scenario(noEnv)
			require.NoError(t, err)
			assert.Equal(t, d.Customers+d.Allow == "", bytes.Equal(embedded.Source, sc.Source), "nothing else is changed")
			assert.Equal(t, strings.Count(d.Allow, "place:"), len(sc.Allow))
			require.NoError(t, sc.Customers.Check())
			for _, a := range sc.Allow {
				assert.NotEmpty(t, a.Reason)
				assert.NotContains(t, []string{"", "*"}, a.Place, "never everywhere")
				assert.NotEqual(t, customer.Kind("*"), a.Kind, "never everything")
			}
			recorded, err := scenarios.ParseRecorded(sc.File, sc.Source, noEnv)
			require.NoError(t, err)
			assert.Equal(t, sc.Allow, recorded.Allow, "whoever judges the run again judges it under the same")
			assert.Equal(t, sc.Customers, recorded.Customers)
		})
	}
}

func TestWhatADecoyNeedsIsWrittenRightlyOrNotAtAll(t *testing.T) {
	_, err := zoo.Decoy{Name: "bad", Allow: "  - {place: everywhere}\n"}.Scenario(noEnv)
	require.ErrorContains(t, err, "write decoy bad into scenario: builtin:checkout")
}

func TestOfThreeCustomersOfTheNamesakesTwoShareLastNameAndCity(t *testing.T) {
	decoys := zoo.Decoys()
	i := slices.IndexFunc(decoys, func(d zoo.Decoy) bool { return d.Name == demoshop.Namesakes })
	sc, err := decoys[i].Scenario(noEnv)
	require.NoError(t, err)
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
