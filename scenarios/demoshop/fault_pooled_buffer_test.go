package demoshop_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"crosstalk/scenarios/demoshop"
)

func TestAPooledBufferShowsWhatTheNextOneWroteIntoIt(t *testing.T) {
	for _, l := range levels {
		t.Run(l.name, func(t *testing.T) {
			var faults []demoshop.Fault
			if l.fault {
				faults = append(faults, demoshop.Fault{Name: demoshop.PooledBuffer, Rate: l.rate})
			}
			p := newPair(t, faults...)
			p.order(t)
			assert.Equal(t, demoshop.Variants(), shown(p.a.api("GET", "/api/me", p.ta, "").body, p.ofA), "one alone is right")
			calls, names := false, false
			for range tries(l.leaks) {
				if calls && names {
					break
				}
				sa, sb := p.both("/api/me")
				calls = calls || strings.Contains(sa, jan().email) || strings.Contains(sb, zoe().email)
				na, nb := p.names("/api/invoice")
				names = names || strings.Contains(na, "%C5%81ukasz") || strings.Contains(nb, zoe().last)
			}
			assert.Equal(t, l.leaks, calls, "in the answer to a call")
			assert.Equal(t, l.leaks, names, "in the name of a file")
		})
	}
}

// names are what two are told that their files are called, who ask at the same
// moment.
func (p pair) names(path string) (na, nb string) {
	var both sync.WaitGroup
	both.Go(func() { na = p.a.api("GET", path, p.ta, "").header.Get("Content-Disposition") })
	both.Go(func() { nb = p.b.api("GET", path, p.tb, "").header.Get("Content-Disposition") })
	both.Wait()
	return na, nb
}

func TestEachVariantOfAPooledBufferShowsItsPartAlone(t *testing.T) {
	for _, v := range demoshop.Variants()[1:] {
		t.Run(string(v), func(t *testing.T) {
			p := newPair(t, demoshop.Fault{Name: demoshop.PooledBuffer, Variant: v, Rate: 1})
			p.order(t)
			got := eventually(func() []demoshop.Variant {
				sa, sb := p.both(callOf(v))
				return append(shown(sa, p.ofB), shown(sb, p.ofA)...)
			})
			assert.Contains(t, got, v)
			assert.Subset(t, []demoshop.Variant{v}, got)
			for range tries(false) {
				sa, sb := p.both("/api/me")
				assert.Empty(t, append(shown(sa, p.ofB), shown(sb, p.ofA)...), "other texts go through no buffer")
				na, nb := p.names("/api/invoice")
				assert.NotContains(t, na, "%C5%81ukasz")
				assert.NotContains(t, nb, zoe().last)
			}
		})
	}
}
