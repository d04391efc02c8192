package demoshop_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

// opens says why a shop does not open; nil: it does.
func opens(t *testing.T, bare bool, faults ...string) error {
	t.Helper()
	o := demoshop.Options{Latency: -1, Bare: bare}
	for _, text := range faults {
		f, err := demoshop.ParseFault(text)
		require.NoError(t, err)
		o.Faults = append(o.Faults, f)
	}
	_, err := demoshop.New(o)
	return err
}

func TestAShopIsRefusedThatWouldNotHaveAllTheFaultsItIsSaidToHave(t *testing.T) {
	for want, c := range map[string]struct {
		bare   bool
		faults []string
	}{
		"fault edge-cache/token=0.5 is one of the shop's own cache, which a bare shop does not have": {true, []string{"edge-cache/token=0.5"}},
		"faults edge-cache and edge-cache=0.1: a shop has a fault once; open a shop for each":        {false, []string{"edge-cache", "cold-start", "edge-cache=0.1"}},
		"faults wrong-room/masked and wrong-room/token: a shop has a fault once":                     {false, []string{"wrong-room/masked", "wrong-room/token"}},
		"faults cold-start and shared-variable/token: both stand in the one lookup":                  {false, []string{"cold-start", "shared-variable/token"}},
		"faults edge-cache/token and cookieless-cache/token: both keep the answers of one call":      {false, []string{"edge-cache/token", "cookieless-cache/token"}},
	} {
		require.ErrorContains(t, opens(t, c.bare, c.faults...), "open shop: "+want)
	}
	for _, faults := range [][]string{
		{"edge-cache", "cookieless-cache", "shared-thumbnail", "wrong-variant"},
		{"edge-cache/token", "cookieless-cache/masked", "cold-start"},
		{"pooled-tenant", "process-loader", "worker-singleton"},
	} {
		assert.NoError(t, opens(t, false, faults...))
	}
}

// TestAFaultIsRefusedWhereItsInfoSaysThatItHasNoPlace holds what is refused to
// where the faults say that they stand.
func TestAFaultIsRefusedWhereItsInfoSaysThatItHasNoPlace(t *testing.T) {
	var edge, lookup []string
	for _, i := range demoshop.Faults() {
		atEdge := strings.Contains(i.Where, ".go, one of the edge's rules")
		assert.Equal(t, atEdge, opens(t, true, i.Name) != nil, "%s in a bare shop", i.Name)
		if atEdge {
			edge = append(edge, i.Name)
		}
		if strings.Contains(i.Where, "accounts.find") {
			lookup = append(lookup, i.Name)
		}
	}
	assert.Len(t, edge, 4)
	require.Len(t, lookup, 4)
	for i, one := range lookup {
		for _, other := range lookup[:i] {
			assert.Error(t, opens(t, false, one, other))
		}
	}
}
