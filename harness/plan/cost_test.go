package plan_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"crosstalk/harness/plan"
	"crosstalk/scenarios"
)

// A browser that walks the built-in checkout keeps two cores busy for about a
// second; an app costs a tenth of that, or less. What a round may cost is
// therefore the number of turns (an heir takes one of its own) in browsers.
func TestARoundOfEachScheduleIsAffordable(t *testing.T) {
	sizes := map[string]struct {
		customers, parallel int
		most                map[string]int
	}{
		"smoke":   {8, 8, map[string]int{"relay": 7, "burst": 8, "mingle": 7, "abort": 7, "swap": 2, "herd": 3}},
		"nightly": {24, 16, map[string]int{"relay": 13, "burst": 16, "mingle": 13, "abort": 11, "swap": 4, "herd": 8}},
		"repro":   {2, 2, map[string]int{"relay": 4, "burst": 2, "mingle": 3, "abort": 3, "swap": 2, "herd": 2}},
	}
	for name, size := range sizes {
		s := plan.Setting{Seed: 1, Scenario: checkout(t), Customers: customers(size.customers), Parallel: size.parallel}
		p := planned(t, s)
		for i, schedule := range plan.Names() {
			most := 0
			for n := range 20 {
				browsers, apps := 0, 0
				for _, w := range p.Round(6*n + i).Walks {
					turns := 1
					if w.Heir != "" {
						turns = 2
					}
					if client(s, w) == scenarios.Browser {
						browsers += turns
					} else {
						apps += turns
					}
				}
				if n == 0 {
					require.Equal(t, size.most[schedule], browsers, "%s: the first round of %s", name, schedule)
				}
				most = max(most, browsers)
				require.LessOrEqual(t, apps, 3*size.customers, "%s: round %d of %s", name, n, schedule)
			}
			require.Equal(t, size.most[schedule], most, fmt.Sprintf("%s: the largest round of %s", name, schedule))
		}
	}
}
