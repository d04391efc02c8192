package customer

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// leftBehindMasks are what the usual masks leave of a customer's values.
func leftBehindMasks(c *Customer) map[Kind]string {
	return map[Kind]string{Email: maskedEmail(c.Email), Phone: maskedPhone(c.Phone), Name: maskedName(c.First, c.Last)}
}

func TestAMaskFitsOneCustomerOfANightlyRunAlone(t *testing.T) {
	for _, n := range []int{8, 24, 60} {
		for seed := range uint64(20) {
			all, err := Allocate(seed, n, Constraints{})
			require.NoError(t, err)
			who := map[string]string{}
			for i := range all {
				for kind, left := range leftBehindMasks(&all[i]) {
					key := fmt.Sprint(kind, " ", left)
					require.Empty(t, who[key], "%s and %s look alike behind a mask (%s), seed %d of %d", who[key], all[i].ID, key, seed, n)
					who[key] = all[i].ID
				}
			}
		}
	}
}

func TestMasksThatRunOutStopNobodyFromBeingMade(t *testing.T) {
	all, err := Allocate(3, 2000, Constraints{Locales: []string{"pl-PL"}})
	require.NoError(t, err)
	require.Len(t, all, 2000)
}
