package zoo_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/harness/zoo"
	"crosstalk/scenarios/demoshop"
)

func TestEveryFaultHasOneExpectationAndEveryExpectationItsFault(t *testing.T) {
	faults, all := demoshop.Faults(), zoo.Expectations()
	require.Len(t, all, len(faults))
	classes := map[int]bool{}
	for i, f := range faults {
		classes[f.Class] = true
		assert.Equal(t, f.Name, all[i].Fault, "in the same order")
		assert.ElementsMatch(t, f.Variants(), slices.Collect(maps.Keys(all[i].Sights)), "%s: a sight for each variant", f.Name)
		assert.GreaterOrEqual(t, all[i].Sessions, 2, f.Name)
		assert.NotEmpty(t, all[i].Schedules, f.Name)
		assert.NotEmpty(t, all[i].Cause, f.Name)
		for v, s := range all[i].Sights {
			assert.NotEmpty(t, s.Rules, "%s/%s", f.Name, v)
			assert.NotEmpty(t, s.Surfaces, "%s/%s", f.Name, v)
		}
	}
	for class := 1; class <= demoshop.Classes; class++ {
		assert.True(t, classes[class], "class %d has a fault", class)
	}
	assert.Len(t, classes, demoshop.Classes, "and there is no other class")
}
