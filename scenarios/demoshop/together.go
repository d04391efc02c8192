package demoshop

import (
	"fmt"
	"slices"
)

// checkTogether refuses faults that this shop could not have as asked for: it
// would be said to have them, and one of them would never strike, which looks
// like a fault that nobody finds.
func checkTogether(faults []Fault, bare bool) error {
	for i, f := range faults {
		if bare && slices.Contains(edgeFaults(), f.Name) {
			return fmt.Errorf("fault %s is one of the shop's own cache, which a bare shop does not have: open the shop with it, or leave the fault to the cache in front", f)
		}
		for _, other := range faults[:i] {
			if why := other.silences(f); why != "" {
				return fmt.Errorf("faults %s and %s: %s; open a shop for each", other, f, why)
			}
		}
	}
	return nil
}

// edgeFaults stand in the edge alone. Of cached-cookie one half does, and a real
// cache in front can be the other.
func edgeFaults() []string {
	return []string{EdgeCache, CookielessCache, WrongVariant, SharedThumbnail}
}

// lookupFaults spoil one read, of which there is one way at a time: accounts.find.
func lookupFaults() []string {
	return []string{SharedVariable, ShiftedReplies, ColdStart, PooledTenant}
}

// silences says why a shop with this fault cannot have another one beside it;
// empty: it can.
func (f Fault) silences(other Fault) string {
	lookup := func(name string) bool { return slices.Contains(lookupFaults(), name) }
	caching := func(name string) bool { return name == EdgeCache || name == CookielessCache }
	switch {
	case f.Name == other.Name:
		return "a shop has a fault once"
	case lookup(f.Name) && lookup(other.Name):
		return "both stand in the one lookup of accounts, which goes wrong in one way at a time"
	case caching(f.Name) && caching(other.Name) && f.variant() == other.variant() && f.variant() != Plain:
		return "both keep the answers of one call, and one of them takes them all"
	}
	return ""
}
