package demoshop_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"crosstalk/scenarios/demoshop"
)

func TestTwoPapersOfOneSecondAreTheSameOne(t *testing.T) {
	for _, v := range demoshop.Variants() {
		for _, l := range levels {
			t.Run(string(v)+" "+l.name, func(t *testing.T) {
				var faults []demoshop.Fault
				if l.fault {
					faults = append(faults, demoshop.Fault{Name: demoshop.FileClash, Variant: v, Rate: l.rate})
				}
				p := newPair(t, faults...)
				p.order(t)
				same := false
				for range tries(l.leaks) { // the second may end between the two
					sa, sb := p.both(paperOf(v))
					if same = sa == sb; same {
						break
					}
				}
				assert.Equal(t, l.leaks, same)
				for _, other := range demoshop.Variants() {
					if other != v {
						sa, sb := p.both(paperOf(other))
						assert.NotEqual(t, sa, sb, "other papers have files of their own")
					}
				}
			})
		}
	}
}

// tries is how often something is tried that must happen, or must not.
func tries(must bool) int {
	if must {
		return 60
	}
	return 3
}

func TestAClosedShopHasRemovedItsPapers(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	p := newPair(t, demoshop.Fault{Name: demoshop.FileClash, Rate: 1})
	p.order(t)
	p.both("/api/invoice")
	there, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, there, 1)
	p.shop.Close()
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}
